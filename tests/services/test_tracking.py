"""What becomes known of a shipment: each report once, in the order of events and not of their arrival."""

from datetime import timedelta

import pytest

from models import Event, Shipment, TrackingEvent
from rules.problems import InvalidInput, NotFound, WrongStatus
from rules.shipping import ShipmentStatus, TrackingCode
from services import clock
from services.despatching import CLOCKS_APART, Report, record_tracking
from tests.order_makers import (
    Parties,
    make_contracted_order,
    make_parties,
    make_receipt,
    make_shipment,
    make_sighting,
)
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_the_same_report_counts_once_however_often_it_comes(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    report = Report("carrier-1", TrackingCode.PICKED_UP, clock.now())
    seen, refused = await at_once(*(record_tracking(parties.supplier, shipment.id, report) for _ in range(5)))
    assert (len(seen), refused) == (5, [])
    assert await TrackingEvent.filter(shipment_id=shipment.id).count() == 1
    assert (await Shipment.get(id=shipment.id)).version == 2
    events = await Event.filter(shipment_id=shipment.id).order_by("shipment_seq")
    assert [event.shipment_seq for event in events] == [1, 2]


async def test_late_news_is_kept_and_moves_nothing(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    eta = clock.now() + timedelta(days=3)
    noon = Report("noon", TrackingCode.DELIVERED, clock.now(), eta=eta)
    morning = Report("morning", TrackingCode.EXCEPTION, clock.now() - timedelta(hours=4), eta=eta + timedelta(days=9))
    for report in (noon, morning):
        shipment = await record_tracking(parties.supplier, shipment.id, report)
    assert shipment.status is ShipmentStatus.ARRIVED
    assert (shipment.arrived_at, shipment.eta) == (noon.occurred_at, eta)
    assert [event.event_id for event in await TrackingEvent.of(shipment.id)] == ["morning", "noon"]


async def test_a_report_from_the_future_is_refused_for_it_would_hide_all_that_follow(parties: Parties) -> None:
    """A carrier's clock may be a little ahead."""
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    with clock.held_at(clock.now()):
        latest = clock.now() + CLOCKS_APART
        too_late = Report("tomorrow", TrackingCode.DELIVERED, latest + timedelta(microseconds=1))
        with pytest.raises(InvalidInput, match=r"input\.occurredAt: must not be in the future"):
            await record_tracking(parties.supplier, shipment.id, too_late)
        assert await TrackingEvent.filter(shipment_id=shipment.id).count() == 0
        await record_tracking(parties.supplier, shipment.id, Report("now", TrackingCode.PICKED_UP, latest))
    assert await TrackingEvent.filter(shipment_id=shipment.id).count() == 1


async def test_the_first_arrival_is_the_one_that_counts(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    for code, at in ((TrackingCode.READY_FOR_PICKUP, "2026-12-02T07:30"), (TrackingCode.DELIVERED, "2026-12-04T07:30")):
        shipment = await make_sighting(parties, shipment, code, at)
    assert shipment.arrived_at is not None
    assert shipment.arrived_at.isoformat() == "2026-12-02T07:30:00+00:00"


async def test_only_the_supplier_reports_and_what_comes_after_the_receipt_moves_nothing(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    report = Report("x", TrackingCode.PICKED_UP, clock.now())
    with pytest.raises(WrongStatus):
        await record_tracking(parties.buyer, shipment.id, report)
    with pytest.raises(NotFound):
        await record_tracking((await make_parties()).supplier, shipment.id, report)
    await make_receipt(parties, shipment)
    late = await record_tracking(parties.supplier, shipment.id, report)
    assert late.status is ShipmentStatus.RECEIVED
