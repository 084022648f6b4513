"""Nobody's silence counts unwarned, nor while the buyer objects."""

import asyncio
from datetime import timedelta

import pytest

from models import Event, Shipment
from rules.acceptance import INSPECTION_DAYS, NOTICE
from rules.problems import WrongStatus
from rules.shipping import ShipmentStatus, TrackingCode
from services import clock
from services.objecting import close_shipment_dispute, dispute_shipment
from services.sweeping import sweep
from tests.makers import make_platform
from tests.order_makers import Parties, make_contracted_order, make_parties, make_receipt, make_shipment, make_sighting

SILENCE = timedelta(days=INSPECTION_DAYS)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def arrived(parties: Parties) -> Shipment:
    """A shipment at its place."""
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    return await make_sighting(parties, shipment, TrackingCode.DELIVERED, clock.now())


async def test_who_was_warned_late_has_as_much_time_from_then(parties: Parties) -> None:
    shipment = await arrived(parties)
    late = clock.now() + SILENCE * 2
    with clock.held_at(late):
        assert await sweep() == 1
        assert await sweep() == 0
    await shipment.refresh_from_db()
    assert (shipment.status, shipment.accept_by) == (ShipmentStatus.ARRIVED, late + NOTICE)
    with clock.held_at(late + NOTICE):
        assert await sweep() == 1
    await shipment.refresh_from_db()
    assert shipment.status is ShipmentStatus.RECEIVED


@pytest.mark.parametrize("days", [2, 30])
async def test_the_period_for_inspection_is_the_contract_s(parties: Parties, days: int) -> None:
    order = await make_contracted_order(parties, inspection_days=days)
    shipment = await make_sighting(parties, await make_shipment(parties, order), TrackingCode.DELIVERED, clock.now())
    ends = shipment.created_at.replace(microsecond=0) + timedelta(days=days)
    found = []
    for moment in (ends - timedelta(hours=1), ends + NOTICE):
        with clock.held_at(moment):
            await sweep()
        await shipment.refresh_from_db()
        found.append(shipment.status)
    assert found == [ShipmentStatus.ARRIVED, ShipmentStatus.RECEIVED]


async def test_two_sweepers_warn_once(parties: Parties) -> None:
    shipment = await arrived(parties)
    with clock.held_at(clock.now() + SILENCE):
        await asyncio.gather(sweep(), sweep())
    assert await Event.filter(shipment_id=shipment.id, kind="ACCEPTANCE_NEAR").count() == 1


async def test_a_dispute_stops_the_clock_and_its_end_starts_it_anew(parties: Parties) -> None:
    shipment = await arrived(parties)
    shipment = await dispute_shipment(parties.buyer, shipment.id, shipment.version, "the crates are wet")
    assert (shipment.accept_by, shipment.dispute_reason) == (None, "the crates are wet")
    much_later = clock.now() + timedelta(days=100)
    with clock.held_at(much_later):
        assert await sweep() == 0
        shipment = await close_shipment_dispute(parties.buyer, shipment.id, shipment.version, "they dried")
    assert (shipment.accept_by, shipment.disputed_at) == (much_later + SILENCE, None)


async def test_the_operator_closes_what_the_two_cannot_and_the_supplier_does_not(parties: Parties) -> None:
    shipment = await arrived(parties)
    shipment = await dispute_shipment(parties.buyer, shipment.id, shipment.version, "wet")
    with pytest.raises(WrongStatus):
        await close_shipment_dispute(parties.supplier, shipment.id, shipment.version, "dry")
    await close_shipment_dispute(await make_platform(), shipment.id, shipment.version, "dry enough")


async def test_only_what_arrived_and_is_not_disputed_yet_is_disputed(parties: Parties) -> None:
    under_way = await make_shipment(parties, await make_contracted_order(parties))
    with pytest.raises(WrongStatus):
        await dispute_shipment(parties.buyer, under_way.id, under_way.version, "no")
    shipment = await arrived(parties)
    with pytest.raises(WrongStatus):
        await close_shipment_dispute(parties.buyer, shipment.id, shipment.version, "no")
    shipment = await dispute_shipment(parties.buyer, shipment.id, shipment.version, "wet")
    with pytest.raises(WrongStatus):
        await dispute_shipment(parties.buyer, shipment.id, shipment.version, "wet")
    assert (await make_receipt(parties, shipment)).status is ShipmentStatus.RECEIVED
