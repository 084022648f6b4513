"""A number, a time and a text mean exactly one thing, or are refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError, parse_value

from resolvers.scalars import SCALARS, show_date, show_datetime, show_decimal, text_fault

DECIMAL, DATETIME, DATE = SCALARS[Decimal], SCALARS[datetime], SCALARS[date]


def read(scalar: Any, value: Any) -> Any:
    """The value as a variable; a string also as a literal, which has to mean the same."""
    given = scalar.parse_value(value)
    if isinstance(value, str):
        assert scalar.parse_literal(parse_value(f'"{value}"'), None) == given
    return given


def is_refused(scalar: Any, value: Any) -> bool:
    """Whether neither a variable nor a literal may have the value."""
    try:
        scalar.parse_value(value)
    except GraphQLError:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0", "0"),
        ("12.50", "12.50"),
        ("-0.000001", "-0.000001"),
        ("-0", "0"),
        ("99999999999999.999999", "99999999999999.999999"),
        ("-99999999999999.999999", "-99999999999999.999999"),
    ],
)
def test_a_decimal_comes_back_as_it_was_sent(text: str, shown: str) -> None:
    assert show_decimal(read(DECIMAL, text)) == shown


@pytest.mark.parametrize(
    "value",
    [1, 1.5, True, None, [], {}, "", " 1", "1 ", "+1", "01", "1.", ".5", "1e3", "1E400", "NaN", "Infinity", "-Infinity",
     "1,000", "1_000", "0x1", "１２", "٣", "100000000000000", "0.0000001", "1" * 6000, "--1", "1\n"],
)  # fmt: skip
def test_what_is_not_a_plain_decimal_string_is_refused(value: Any) -> None:
    assert is_refused(DECIMAL, value)


@pytest.mark.parametrize("literal", ["1", "1.5", "12345678901234567.89", "true", "ENUM", "[]", "{}"])
def test_a_number_without_quotes_is_refused_before_it_loses_digits(literal: str) -> None:
    with pytest.raises(GraphQLError):
        DECIMAL.parse_literal(parse_value(literal), None)  # type: ignore[misc]


def test_a_decimal_is_shown_without_exponent_and_only_if_it_is_one() -> None:
    assert show_decimal(Decimal("1E+3")) == "1000"
    assert show_decimal(Decimal("1E-6")) == "0.000001"
    assert show_decimal(7) == "7"
    for value in (1.5, True, "1", None, Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(TypeError):
            show_decimal(value)


@pytest.mark.parametrize(
    ("text", "moment", "shown"),
    [
        ("2026-11-30T08:00:00Z", datetime(2026, 11, 30, 8, tzinfo=UTC), "2026-11-30T08:00:00Z"),
        ("2026-11-30t08:00:00z", datetime(2026, 11, 30, 8, tzinfo=UTC), "2026-11-30T08:00:00Z"),
        (
            "2026-11-30T08:00:00.5+08:00",
            datetime(2026, 11, 30, 0, 0, 0, 500_000, tzinfo=UTC),
            "2026-11-30T00:00:00.500000Z",
        ),
    ],
)
def test_a_moment_is_understood_with_its_offset_and_shown_in_utc(text: str, moment: datetime, shown: str) -> None:
    assert read(DATETIME, text) == moment
    assert show_datetime(moment) == shown
    assert show_datetime(moment.astimezone(timezone(timedelta(hours=-5)))) == shown


@pytest.mark.parametrize(
    "value",
    [0, 1764489600, None, "", "2026-11-30", "2026-11-30T08:00:00", "2026-11-30 08:00:00Z", "2026-11-30T08:00Z",
     "2026-02-30T08:00:00Z", "2026-11-30T24:00:01Z", "2026-11-30T08:00:60Z", "2026-11-30T08:00:00+25:00",
     "2026-11-30T08:00:00.1234567Z", "20261130T080000Z", "2026-W48-1T08:00:00Z", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-14:00", "２０２６-11-30T08:00:00Z", "1899-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z",
     "2199-12-31T23:00:00-02:00"],
)  # fmt: skip
def test_a_time_that_names_no_moment_is_refused(value: Any) -> None:
    assert is_refused(DATETIME, value)


def test_the_calendar_s_ends_are_out_of_reach() -> None:
    """Beyond them a zone's offset leads nowhere, and the driver reads infinity."""
    for moment in ("1900-01-01T00:00:00Z", "2199-12-31T23:59:59.999999Z", "2200-01-01T01:00:00+02:00"):
        assert read(DATETIME, moment)
    assert read(DATE, "1900-01-01") < read(DATE, "2199-12-31")


def test_a_naive_time_is_never_shown() -> None:
    for value in (datetime(2026, 11, 30), date(2026, 11, 30), "2026-11-30T08:00:00Z"):  # noqa: DTZ001
        with pytest.raises(TypeError):
            show_datetime(value)


def test_a_day_is_a_day() -> None:
    assert read(DATE, "2028-02-29") == date(2028, 2, 29)
    assert show_date(date(2028, 2, 29)) == "2028-02-29"
    with pytest.raises(TypeError):
        show_date(datetime(2028, 2, 29, tzinfo=UTC))


@pytest.mark.parametrize(
    "value",
    [20280229, None, "", "2027-02-29", "2028-2-29", "20280229", "2028-W09-2", "2028-02-29T00:00:00Z", "1899-12-31", "2200-01-01"],
)  # fmt: skip
def test_what_is_not_a_day_is_refused(value: Any) -> None:
    assert is_refused(DATE, value)


@pytest.mark.parametrize("text", ["", "订货 M8×20 螺栓 🎉", "a\tb\r\nc", "x" * 10_000, "e\u0301", "\ufffd"])
def test_texts_of_people_are_fine(text: str) -> None:
    assert text_fault(text) is None


@pytest.mark.parametrize("text", ["\x00", "a\x1b[31m", "\x07", "\x7f", "\x85", "\ud800", "\udfff!", "x" * 10_001])
def test_texts_that_no_table_or_log_can_hold_are_refused(text: str) -> None:
    assert text_fault(text) is not None
