"""What the clock finds wrong with goods under way, at the delivery place's calendar, and who expected them when."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models import EtaRevision, Event, Order, Shipment
from rules.shipping import SILENT_AFTER, ShipmentDelay, ShipmentStatus, TrackingCode, delay_of
from services import clock
from services.despatching import Report, record_tracking
from services.watching import watch
from tests.address_makers import make_divided_order
from tests.order_makers import Parties, fresh, make_contracted_order, make_parties, make_receipt, make_shipment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def make_promised(parties: Parties, days: int = 1) -> tuple[Shipment, datetime]:
    """Goods that left now and are promised in so many days; and when that day is over at the place."""
    order = await make_contracted_order(parties)
    assert order.delivery_zone == "Asia/Shanghai"
    day = clock.today("Asia/Shanghai") + timedelta(days=days)
    over = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
    return await make_shipment(parties, order, promised_on=day), over.astimezone(UTC)


async def delays(shipment: Shipment) -> list[object]:
    """What both sides were told."""
    events = await Event.filter(shipment_id=shipment.id, kind="SHIPMENT_DELAYED").order_by("seq")
    return [event.body["delay"] for event in events]


async def test_the_promised_day_is_over_when_it_is_over_at_the_place(parties: Parties) -> None:
    shipment, over = await make_promised(parties)
    with clock.held_at(over - timedelta(milliseconds=1)):
        assert await watch() == 0
    with clock.held_at(over):
        assert await watch() == 1
        assert await watch() == 0
    assert (await Shipment.get(id=shipment.id)).delay is ShipmentDelay.OVERDUE
    [event] = await Event.filter(shipment_id=shipment.id, kind="SHIPMENT_DELAYED")
    assert event.readers == [parties.buyer.company, parties.supplier.company]
    assert event.seq == (await Order.get(id=shipment.order_id)).version


async def test_goods_that_all_go_elsewhere_are_judged_by_the_calendar_there(parties: Parties) -> None:
    """An hour before the day is over where the order goes; with a line for each place the order's counts."""
    order = await make_divided_order(parties, "芝浦1丁目", "Asia/Tokyo")
    day = clock.today("Asia/Tokyo") + timedelta(days=1)
    there, both = [await make_shipment(parties, order, much, "3", promised_on=day) for much in ("0", "5")]
    over = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Tokyo")) + timedelta(days=1)
    with clock.held_at(over - timedelta(milliseconds=1)):
        assert await watch() == 0
    with clock.held_at(over):
        assert await watch() == 1
        assert (await delays(there), await delays(both)) == ([ShipmentDelay.OVERDUE], [])
    with clock.held_at(over + timedelta(hours=1)):
        assert await watch() == 1
        assert await delays(both) == [ShipmentDelay.OVERDUE]


async def test_an_expected_arrival_after_the_promise_is_told_before_the_day_and_mended_by_better_news(
    parties: Parties,
) -> None:
    shipment, over = await make_promised(parties, days=5)
    late = Report("late", TrackingCode.IN_TRANSIT, clock.now(), eta=over)
    await record_tracking(parties.supplier, shipment.id, late)
    assert await watch() == 1
    assert (await Shipment.get(id=shipment.id)).delay is ShipmentDelay.EXPECTED_LATE
    better = Report("better", TrackingCode.IN_TRANSIT, clock.now(), eta=over - timedelta(milliseconds=1))
    assert (await record_tracking(parties.supplier, shipment.id, better)).delay is None
    assert await watch() == 0
    assert await delays(shipment) == ["EXPECTED_LATE"]


async def test_silence_is_told_once_and_ends_with_any_news(parties: Parties) -> None:
    shipment, _ = await make_promised(parties, days=30)
    with clock.held_at(shipment.despatched_at + SILENT_AFTER - timedelta(milliseconds=1)):
        assert await watch() == 0
    with clock.held_at(shipment.despatched_at + SILENT_AFTER):
        assert [await watch(), await watch()] == [1, 0]
        assert (await Shipment.get(id=shipment.id)).delay is ShipmentDelay.SILENT
        news = Report("at last", TrackingCode.IN_TRANSIT, clock.now())
        assert (await record_tracking(parties.supplier, shipment.id, news)).delay is None
    assert await delays(shipment) == ["SILENT"]


async def test_goods_that_have_arrived_are_neither_late_nor_silent(parties: Parties) -> None:
    shipment, over = await make_promised(parties)
    await record_tracking(parties.supplier, shipment.id, Report("there", TrackingCode.DELIVERED, clock.now()))
    received = await make_receipt(parties, (await make_promised(parties))[0])
    with clock.held_at(over + timedelta(days=3)):
        assert await watch() == 0
    assert [await delays(one) for one in (shipment, received)] == [[], []]


async def test_what_is_worse_is_told_as_well(parties: Parties) -> None:
    shipment, over = await make_promised(parties, days=3)
    for moment in (shipment.despatched_at + SILENT_AFTER, over):
        with clock.held_at(moment):
            assert await watch() == 1
    assert await delays(shipment) == ["SILENT", "OVERDUE"]


async def test_who_expected_the_goods_when_is_kept(parties: Parties) -> None:
    first = clock.now() + timedelta(days=2)
    shipment = await make_shipment(parties, await make_contracted_order(parties), eta=first)
    later, now = first + timedelta(hours=5), clock.now()
    for name, eta, at in (
        ("later", later, now),
        ("same", later, now),
        ("old news", first, now - timedelta(hours=1)),
        ("silent", None, now),
    ):
        report = Report(name, TrackingCode.IN_TRANSIT, at, eta=eta)
        await record_tracking(parties.supplier, shipment.id, report)
    said = await EtaRevision.filter(shipment_id=shipment.id).order_by("id")
    assert [(one.eta, one.said_by) for one in said] == [
        (first, parties.supplier.name),
        (later, parties.supplier.name),
    ]
    assert (await Shipment.get(id=shipment.id)).eta == later
    assert (await fresh(await Order.get(id=shipment.order_id))).version > 0


@pytest.mark.parametrize(
    ("at", "wrong"),
    [("2026-12-02T07:30Z", None), ("2026-12-02T07:59:59.999999Z", None), ("2026-12-02T08:00Z", ShipmentDelay.OVERDUE)],
)
def test_a_day_at_los_angeles_ends_there(at: str, wrong: ShipmentDelay | None) -> None:
    """Scenario 16: promised for 2026-12-01 at Los Angeles."""
    now = datetime.fromisoformat(at)
    found = delay_of(
        ShipmentStatus.IN_TRANSIT,
        promised_on=date(2026, 12, 1),
        zone="America/Los_Angeles",
        eta=None,
        last_news=now,
        now=now,
    )
    assert found is wrong
