"""Official invoices (发票): what their numbers look like, whether they add up, and whether they come to what was invoiced."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.decimals import ZERO
from rules.money import Currency, check_amount
from rules.problems import AmountMismatch, FieldFault, InvalidInput, invalid

CURRENCY = Currency.CNY
"""What the law has official invoices made out in (发票管理办法, article 22)."""
FEN = Decimal("0.01")
NOT_ITS_FORM = "does not have the form it has on this type of official invoice"
MOST_RATES = 20
"""Rates that one official invoice may name; the law has fewer."""


class FapiaoType(StrEnum):
    """Which official invoice it is: fully digitalised (数电票), electronic (电子发票), or on paper; special ones let the buyer deduct."""

    DIGITAL_SPECIAL = "DIGITAL_SPECIAL"
    DIGITAL_ORDINARY = "DIGITAL_ORDINARY"
    ELECTRONIC_SPECIAL = "ELECTRONIC_SPECIAL"
    ELECTRONIC_ORDINARY = "ELECTRONIC_ORDINARY"
    SPECIAL = "SPECIAL"
    ORDINARY = "ORDINARY"


class FapiaoStatus(StrEnum):
    """Whether what was recorded still counts."""

    RECORDED = "RECORDED"
    VOIDED = "VOIDED"


class Coverage(StrEnum):
    """How much of an invoice or credit note the official ones recorded for it come to."""

    NONE = "NONE"
    PARTIAL = "PARTIAL"
    COMPLETE = "COMPLETE"


T = FapiaoType
# fmt: off
_FORMS = {
    #                       code              number
    T.DIGITAL_SPECIAL:     ("",               "[0-9]{20}"),
    T.DIGITAL_ORDINARY:    ("",               "[0-9]{20}"),
    T.ELECTRONIC_SPECIAL:  ("[0-9]{12}",      "[0-9]{8}"),
    T.ELECTRONIC_ORDINARY: ("[0-9]{12}",      "[0-9]{8}"),
    T.SPECIAL:             ("[0-9]{10}",      "[0-9]{8}"),
    T.ORDINARY:            ("[0-9]{10}|[0-9]{12}", "[0-9]{8}"),
}
# fmt: on


@dataclass(frozen=True)
class Sums:
    """Net, tax and total; those of a red one (红字发票) are above zero, too, as a credit note's are."""

    net: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(self.net + other.net, self.tax + other.tax, self.total + other.total)

    def __sub__(self, other: "Sums") -> "Sums":
        """How much more these are."""
        return Sums(self.net - other.net, self.tax - other.tax, self.total - other.total)

    def is_within(self, tolerance: Decimal) -> bool:
        """Whether none of the three is further from nothing."""
        return max(abs(self.net), abs(self.tax), abs(self.total)) <= tolerance


@dataclass(frozen=True)
class RateLine:
    """What of an official invoice is taxed at one rate."""

    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Fapiao:
    """An official invoice as its paper or file has it; `code` is empty for a fully digitalised one."""

    type: FapiaoType
    code: str
    number: str
    issued_on: date
    sums: Sums
    rates: tuple[RateLine, ...] = ()


def check_fapiao(fapiao: Fapiao, today: date) -> None:
    """Refuse numbers that none has, a day to come, nothing, and figures that do not add up."""
    code, number = _FORMS[fapiao.type]
    faults = [
        FieldFault(f"input.{field}", NOT_ITS_FORM)
        for field, value, form in (("code", fapiao.code, code), ("number", fapiao.number, number))
        if not re.fullmatch(form, value)
    ]
    if fapiao.issued_on > today:
        faults.append(FieldFault("input.issuedOn", "lies in the future"))
    if faults:
        raise InvalidInput(tuple(faults))
    for field in ("net", "tax", "total"):
        check_amount(f"input.{field}", getattr(fapiao.sums, field), CURRENCY)
    if fapiao.sums.total <= 0:
        raise invalid("input.total", "must be more than 0")
    _check_sums(fapiao)


def _check_sums(fapiao: Fapiao) -> None:
    sums = fapiao.sums
    if sums.net + sums.tax != sums.total:
        raise AmountMismatch(sums.net + sums.tax, sums.total, CURRENCY)
    if len({line.rate for line in fapiao.rates}) < len(fapiao.rates):
        raise invalid("input.rates", "name a rate twice")
    if fapiao.rates:
        nets, taxes = (sum((getattr(line, part) for line in fapiao.rates), ZERO) for part in ("net", "tax"))
        for expected, found in ((sums.net, nets), (sums.tax, taxes)):
            if expected != found:
                raise AmountMismatch(expected, found, CURRENCY)


def tolerance_of(lines: int) -> Decimal:
    """How far official invoices may be from a document with so many lines: tax is rounded line by line there, and maybe not here."""
    return FEN * lines


def check_covered(document: Sums, recorded: Iterable[Sums], tolerance: Decimal) -> None:
    """Refuse official invoices that come to more than the document which they are for, roundings left aside."""
    found = sum(recorded, Sums())
    for part in ("net", "tax", "total"):
        expected, much = getattr(document, part), getattr(found, part)
        if much > expected + tolerance:
            raise AmountMismatch(expected, much, CURRENCY)


def coverage(document: Sums, recorded: Sums, tolerance: Decimal) -> Coverage:
    """How much of the document is covered."""
    if recorded == Sums():
        return Coverage.NONE
    return Coverage.COMPLETE if (recorded - document).is_within(tolerance) else Coverage.PARTIAL


def check_same(given: Fapiao, read: Fapiao) -> None:
    """Refuse what is recorded otherwise than its own file has it."""
    for field, ours, theirs in (
        ("number", given.number, read.number),
        ("issuedOn", given.issued_on.isoformat(), read.issued_on.isoformat()),
    ):
        if ours != theirs:
            raise invalid(f"input.{field}", "is another one in the file", theirs)
    for part in ("net", "tax", "total"):
        ours, theirs = getattr(given.sums, part), getattr(read.sums, part)
        if ours != theirs:
            raise AmountMismatch(theirs, ours, CURRENCY)
