"""The scalars of the schema: exact decimals, aware times, dates; and which text no input may contain."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from graphql import GraphQLError, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

# What every numeric column of ours can hold: NUMERIC(20, 6).
INTEGER_DIGITS = 14
DECIMAL_PLACES = 6
TEXT_LENGTH = 10_000

# Far from where a calendar ends: a zone's offset, or some days more, must not lead out of it, and the driver takes the last
# microsecond of the year 9999 for infinity.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_DECIMAL = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{INTEGER_DIGITS - 1}}})(?:\.[0-9]{{1,{DECIMAL_PLACES}}})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
# Unicode category Cc without tab, line feed and carriage return; and surrogates, which no encoder can write.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def text_fault(text: str) -> str | None:
    """What is wrong with a text from outside, or None.

    PostgreSQL cannot store NUL, UTF-8 cannot carry a lone surrogate, and the other control characters forge lines
    in logs and documents.
    """
    if len(text) > TEXT_LENGTH:
        return f"is longer than {TEXT_LENGTH} characters"
    if found := _FORBIDDEN.search(text):
        return f"contains the forbidden character U+{ord(found.group()):04X}"
    return None


def parse_decimal(text: object) -> Decimal:
    """An exact number from a plain decimal string; numbers, exponents, NaN and overlong digits are refused."""
    if not isinstance(text, str):
        raise GraphQLError('must be a decimal number in a string, such as "12.50"')
    if not _DECIMAL.fullmatch(text):
        raise GraphQLError(
            f"must be a plain decimal number with at most {INTEGER_DIGITS} digits before "
            f"and {DECIMAL_PLACES} after the point"
        )
    return Decimal(text) + 0  # minus zero becomes zero


def show_decimal(number: object) -> str:
    """The number in plain digits, never with an exponent."""
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    if not isinstance(number, Decimal) or not number.is_finite():
        raise TypeError(f"not a finite decimal: {type(number).__name__}")
    text = str(number)
    return text if "E" not in text else format(number, "f")  # str is three times as fast, and mostly right


def parse_datetime(text: object) -> datetime:
    """A moment from RFC 3339 text; a time without its offset is refused, since it names no moment."""
    if not isinstance(text, str) or not _DATETIME.fullmatch(text):
        raise GraphQLError('must be an RFC 3339 time with its offset, such as "2026-11-30T08:00:00Z"')
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError("is not a time of the calendar") from None
    _within_reach(moment.year)
    return moment


def show_datetime(moment: object) -> str:
    """The moment in UTC, ending in Z."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise TypeError("not an aware datetime")
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat() + "Z"


def parse_date(text: object) -> date:
    """A calendar day from YYYY-MM-DD."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise GraphQLError('must be a date such as "2026-11-30"')
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise GraphQLError("is not a day of the calendar") from None
    _within_reach(day.year)
    return day


def _within_reach(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise GraphQLError(f"must be in the years {FIRST_YEAR} to {LAST_YEAR}")


def show_date(day: object) -> str:
    """The day as YYYY-MM-DD."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError("not a date")
    return day.isoformat()


def _scalar(
    name: str, description: str, parse: Callable[[object], Any], show: Callable[[object], str], url: str | None = None
) -> ScalarDefinition:
    def parse_literal(node: ValueNode, _variables: Mapping[str, Any] | None = None) -> Any:
        # Only a quoted literal is text; an unquoted 12345678901234567.89 would already have lost digits elsewhere.
        return parse(node.value if isinstance(node, StringValueNode) else None)

    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=url,
        serialize=show,
        parse_value=parse,
        parse_literal=parse_literal,
    )


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: _scalar(
        "Decimal",
        'An exact decimal number as a string in plain digits, such as `"12.50"`: no exponent, no thousands separator, '
        f"at most {INTEGER_DIGITS} digits before and {DECIMAL_PLACES} after the point.",
        parse_decimal,
        show_decimal,
    ),
    datetime: _scalar(
        "DateTime",
        "A moment in RFC 3339, with its offset when sent, in UTC when received, such as `2026-11-30T08:00:00Z`; "
        f"sent ones are in the years {FIRST_YEAR} to {LAST_YEAR}.",
        parse_datetime,
        show_datetime,
        "https://scalars.graphql.org/andimarek/date-time",
    ),
    date: _scalar(
        "Date",
        f"A calendar day such as `2026-11-30`, without a time zone; sent ones are in the years {FIRST_YEAR} to {LAST_YEAR}.",
        parse_date,
        show_date,
        "https://scalars.graphql.org/andimarek/local-date",
    ),
}
"""For `StrawberryConfig(scalar_map=SCALARS)`: a field annotated Decimal, datetime or date uses ours."""
