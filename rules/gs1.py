"""GS1's number for a logistic unit, the SSCC (GS1 General Specifications, AI 00), and the prefix that a company makes its own with."""

LENGTH = 18
EXTENSIONS = 10
"""The digits that an SSCC may begin with, before the company prefix; a company uses them as it likes."""
SHORTEST_PREFIX, LONGEST_PREFIX = 4, 12


def is_sscc(text: str) -> bool:
    """Whether these are 18 digits of which the last checks the others."""
    return len(text) == LENGTH and _are_digits(text) and check_digit(text[:-1]) == text[-1]


def is_company_prefix(text: str) -> bool:
    """Whether this may be a GS1 company prefix: 4 to 12 digits. Whose it is, only GS1 knows."""
    return SHORTEST_PREFIX <= len(text) <= LONGEST_PREFIX and _are_digits(text)


def capacity(prefix: str) -> int:
    """How many SSCCs there are with this company prefix."""
    return int(EXTENSIONS * 10 ** _serial_digits(prefix))


def sscc(prefix: str, ordinal: int) -> str:
    """The ordinal-th SSCC of a company, from 0: serial references first, then extension digits. ValueError beyond its capacity."""
    extension, serial = divmod(ordinal, 10 ** _serial_digits(prefix))
    if not 0 <= extension < EXTENSIONS:
        raise ValueError(f"the prefix {prefix} has no SSCC number {ordinal}")
    body = f"{extension}{prefix}{serial:0{_serial_digits(prefix)}d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The last digit: weights 3 and 1 from the right (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _serial_digits(prefix: str) -> int:
    """What is left of 18 digits beside extension digit, prefix and check digit."""
    return LENGTH - 2 - len(prefix)


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
