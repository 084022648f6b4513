"""Identifiers with check characters: document numbers for people, and China's unified social credit code."""

from collections.abc import Callable
from enum import StrEnum

# Crockford's base 32: no I, L, O or U, so that a number can be read over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


class Series(StrEnum):
    """The prefixes of document numbers."""

    ENQUIRY = "RQ"
    ORDER = "PO"
    QUOTATION = "QT"
    CONTRACT = "CT"
    AGREEMENT = "FA"
    SHIPMENT = "DA"
    RETURN = "RA"
    INVOICE = "IN"
    CREDIT_NOTE = "CN"
    PAYMENT = "PY"
    REFUND = "RF"


def document_number(series: Series, chance: Callable[[int], int]) -> str:
    """A number such as PO-7F3K-9Q2M whose last character checks the rest; `chance(n)` gives an unpredictable 0 <= x < n."""
    body = "".join(_ALPHABET[chance(32)] for _ in range(7))
    body += _check_character(body)
    return f"{series}-{body[:4]}-{body[4:]}"


def is_document_number(text: str) -> bool:
    """Whether the check character fits."""
    body = text.partition("-")[2].replace("-", "")
    return len(body) == 8 and set(body) <= set(_ALPHABET) and _check_character(body[:-1]) == body[-1]


def _check_character(body: str) -> str:
    """Luhn mod N: finds every single wrong character and nearly every swap of neighbours."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = _ALPHABET.index(character) * (2 - place % 2)
        total += value // 32 + value % 32
    return _ALPHABET[-total % 32]


def gapless_number(series: Series, year: int, ordinal: int) -> str:
    """The ordinal-th document of this kind in a supplier's year: gapless, as the law wants it of invoices and credit notes."""
    return f"{series}-{year}-{ordinal:06d}"


def is_credit_code(text: str) -> bool:
    """Whether an 18-character unified social credit code carries the right check character (GB 32100-2015, mod 31)."""
    if len(text) != 18 or not set(text) <= set(_CREDIT_CODE_ALPHABET):
        return False
    return credit_code_check(text[:17]) == text[17]


def credit_code_check(body: str) -> str:
    """The check character of the first 17 (GB 32100-2015 §4.5)."""
    total = sum(_CREDIT_CODE_ALPHABET.index(c) * w for c, w in zip(body, _CREDIT_CODE_WEIGHTS, strict=True))
    return _CREDIT_CODE_ALPHABET[-total % 31]
