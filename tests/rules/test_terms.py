"""Dates belong to places, approvals to amounts."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from rules.terms import PaymentMoment, credit_days, due_date, is_on_time, is_zone, local_date

LOS_ANGELES, SHANGHAI = "America/Los_Angeles", "Asia/Shanghai"
PROMISED = date(2026, 12, 1)


def test_scenario_16_an_arrival_is_on_time_by_the_calendar_of_its_place() -> None:
    """Promised 2026-12-01 at Los Angeles: 2026-12-02T07:30Z is still half past eleven at night there."""
    arrival = datetime(2026, 12, 2, 7, 30, tzinfo=UTC)

    assert local_date(arrival, LOS_ANGELES) == PROMISED
    assert is_on_time(arrival, PROMISED, LOS_ANGELES)
    assert not is_on_time(arrival, PROMISED, SHANGHAI)


def test_on_time_ends_with_the_day() -> None:
    midnight = datetime(2026, 12, 2, 8, tzinfo=UTC)

    assert is_on_time(midnight - timedelta(microseconds=1), PROMISED, LOS_ANGELES)
    assert not is_on_time(midnight, PROMISED, LOS_ANGELES)


def test_the_date_at_a_place_is_the_same_from_wherever_the_moment_is_told() -> None:
    moment = datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    told_in_shanghai = moment.astimezone(timezone(timedelta(hours=8)))

    assert told_in_shanghai.date() == date(2026, 12, 2)
    assert local_date(told_in_shanghai, LOS_ANGELES) == local_date(moment, LOS_ANGELES) == PROMISED


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # The clocks of Los Angeles are an hour ahead in summer: its midnight is at 07:00Z then, at 08:00Z in winter.
        (datetime(2026, 7, 2, 6, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 2, 7, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 2, 7, 59, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 2, 8, 0, tzinfo=UTC), date(2026, 12, 2)),
    ],
)
def test_summer_time_is_kept(moment: datetime, day: date) -> None:
    assert local_date(moment, LOS_ANGELES) == day


@pytest.mark.parametrize("name", [SHANGHAI, LOS_ANGELES, "UTC", "Asia/Kathmandu"])
def test_a_zone_is_known_by_its_iana_name(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "name", ["", "Shanghai", "GMT+8", "asia/shanghai", "Asia/Shanghai ", "../etc/passwd", "/etc/localtime", "Asia\0"]
)
def test_any_other_text_is_no_zone(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize(
    ("invoiced_on", "net_days", "due"),
    [
        (date(2026, 12, 20), 30, date(2027, 1, 19)),
        (date(2028, 2, 1), 28, date(2028, 2, 29)),
        (date(2026, 12, 20), 0, date(2026, 12, 20)),
    ],
)
def test_an_invoice_is_due_so_many_calendar_days_later(invoiced_on: date, net_days: int, due: date) -> None:
    assert due_date(invoiced_on, net_days) == due


@pytest.mark.parametrize(
    ("share", "moment", "days"),
    [
        ("0", PaymentMoment.AFTER_INVOICE, 30),
        ("0.01", PaymentMoment.AFTER_INVOICE, 0),
        ("0", PaymentMoment.ON_RECEIPT, 0),
    ],
)
def test_credit_is_what_is_lent_whole_and_after_the_invoice(share: str, moment: PaymentMoment, days: int) -> None:
    assert credit_days(30, Decimal(share), moment) == days
