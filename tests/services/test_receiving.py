"""Goods are inspected: every unit accounted for, once; with the last of them the order is completed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest

from models import Event, Order, Shipment, ShipmentLine
from rules.acceptance import INSPECTION_DAYS, NOTICE
from rules.lifecycle import OrderStatus
from rules.people import Role
from rules.problems import InvalidInput, NotAllowed, NotFound, StaleVersion, WrongStatus
from rules.quantity import Inspection, LineQuantities
from rules.shipping import ShipmentStatus, TrackingCode
from services import clock, ledger
from services.receiving import receive_shipment
from services.sweeping import sweep
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_contracted_order,
    make_parties,
    make_receipt,
    make_shipment,
    make_sighting,
)
from tests.races import at_once

SILENCE = timedelta(days=INSPECTION_DAYS)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def first_line(order: Order) -> LineQuantities:
    """What the ledger says of the order's first line."""
    [line, *_] = await lines_of(order)
    return (await ledger.line_quantities(order))[line.id]


async def test_55_accepted_3_rejected_and_2_short_leave_42_to_come(parties: Parties) -> None:
    """Scenario 10: 60 of 100 arrive."""
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order, "60")
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(55), D(3), D(2), "scratched, two missing")})
    booked = await first_line(order)
    assert (booked.accepted, booked.rejected, booked.short) == (D(55), D(3), D(2))
    assert (booked.to_despatch, booked.to_invoice, booked.under_way) == (D(42), D(55), D(0))
    assert (await fresh(order)).status is OrderStatus.CONTRACTED
    await make_receipt(parties, await make_shipment(parties, order, "42"))
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_lines_that_are_not_named_are_accepted_as_despatched(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10", "20"], ["1", "1"])
    shipment = await make_shipment(parties, order)
    first, second = await lines_of(order)
    received = await make_receipt(parties, shipment, {second.id: Inspection(D(0), D(20), reason="wrong size")})
    assert received.status is ShipmentStatus.RECEIVED
    assert received.received_at == received.arrived_at
    found = {line.order_line_id: line for line in await ShipmentLine.of(shipment.id)}
    assert (found[first.id].accepted, found[first.id].reason) == (D(10), None)
    assert (found[second.id].rejected, found[second.id].reason) == (D(20), "wrong size")


async def test_the_order_is_completed_by_the_last_of_its_shipments(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10"])
    shipments = [await make_shipment(parties, order, part) for part in ("4", "6")]
    await make_receipt(parties, shipments[1])
    half = await fresh(order)
    assert (half.status, half.completed_at) == (OrderStatus.CONTRACTED, None)
    await make_receipt(parties, shipments[0])
    whole = await fresh(order)
    assert whole.status is OrderStatus.COMPLETED
    assert whole.completed_at is not None
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.body["status"], event.seq) == ("SHIPMENT_RECEIVED", "COMPLETED", whole.version)


async def test_two_shipments_received_at_once_complete_the_order_once(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10"])
    shipments = [await make_shipment(parties, order, part) for part in ("4", "6")]
    received, refused = await at_once(*(make_receipt(parties, shipment) for shipment in shipments))
    assert (len(received), refused) == (2, [])
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_a_shipment_is_received_once(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10", "1"], ["1", "1"])
    shipment = await make_shipment(parties, order, "10", "0")
    received, refused = await at_once(*(make_receipt(parties, shipment) for _ in range(3)))
    assert len(received) == 1
    assert [type(problem) for problem in refused] == [StaleVersion, StaleVersion]
    assert (await first_line(order)).accepted == 10
    with pytest.raises(WrongStatus) as again:
        await make_receipt(parties, received[0])
    assert again.value.status is ShipmentStatus.RECEIVED


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (Inspection(D(9)), r"input\.lines\[0\]: accepted \+ rejected \+ short is 9, but 10 were despatched"),
        (Inspection(D(9), D(1)), r"input\.lines\[0\]\.reason"),
        (Inspection(D(11), D(-1), reason="x"), "negative"),
    ],
)
async def test_an_inspection_that_does_not_add_up_leaves_nothing_behind(
    parties: Parties, found: Inspection, fault: str
) -> None:
    order = await make_contracted_order(parties, ["7", "10"], ["1", "1"])
    shipment = await make_shipment(parties, order)
    _, second = await lines_of(order)
    with pytest.raises(InvalidInput, match=fault):
        await make_receipt(parties, shipment, {second.id: found})
    assert (await first_line(order)).accepted == 0
    assert (await Shipment.get(id=shipment.id)).status is ShipmentStatus.DESPATCHED


async def test_only_lines_of_the_shipment_are_inspected(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10", "10"], ["1", "1"])
    shipment = await make_shipment(parties, order, "10", "0")
    _, second = await lines_of(order)
    with pytest.raises(NotFound):
        await make_receipt(parties, shipment, {second.id: Inspection(D(10))})


async def test_only_the_buyer_s_warehouse_receives_what_it_has_read(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    with pytest.raises(WrongStatus):
        await receive_shipment(parties.supplier, shipment.id, shipment.version, {})
    finance = replace(parties.buyer, roles=frozenset({Role.FINANCE}))
    with pytest.raises(NotAllowed):
        await receive_shipment(finance, shipment.id, shipment.version, {})
    with pytest.raises(NotFound):
        await receive_shipment((await make_parties()).buyer, shipment.id, shipment.version, {})
    with pytest.raises(StaleVersion):
        await receive_shipment(parties.buyer, shipment.id, shipment.version - 1, {})


async def test_silence_after_arrival_is_acceptance_but_not_a_moment_too_early(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    shipment = await make_sighting(parties, shipment, TrackingCode.DELIVERED, "2026-12-01T12:00")
    assert shipment.arrived_at is not None
    late = shipment.arrived_at + SILENCE
    with clock.held_at(late - NOTICE - timedelta(microseconds=1)):
        assert await sweep() == 0
    with clock.held_at(late - NOTICE):
        assert await sweep() == 1
        assert await sweep() == 0
    warning = await Event.filter(stream=order.id).order_by("-seq").first()
    assert warning is not None
    assert (warning.kind, warning.body["acceptBy"]) == ("ACCEPTANCE_NEAR", late.isoformat())
    with clock.held_at(late - timedelta(microseconds=1)):
        assert await sweep() == 0
    with clock.held_at(late):
        assert await sweep() == 1
        assert await sweep() == 0
    assert (await fresh(order)).status is OrderStatus.COMPLETED
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.actor_company_id) == ("SHIPMENT_RECEIVED", None)


async def test_silence_does_not_count_before_arrival(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    await make_sighting(parties, shipment, TrackingCode.OUT_FOR_DELIVERY, "2026-12-01T12:00")
    with clock.held_at("2027-12-01T12:00:00+00:00"):
        assert await sweep() == 0


async def test_a_buyer_who_receives_while_the_sweeper_comes_by_is_heard_once(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    shipment = await make_sighting(parties, shipment, TrackingCode.DELIVERED, clock.now())
    assert shipment.accept_by is not None
    [line] = await lines_of(order)
    fault = {line.id: Inspection(D(900), D(100), reason="rusty")}
    with clock.held_at(shipment.accept_by - NOTICE):
        await sweep()
    await shipment.refresh_from_db()
    with clock.held_at(shipment.accept_by):
        await at_once(sweep(), make_receipt(parties, shipment, fault))
    booked = await first_line(order)
    assert booked.accepted + booked.rejected == 1000
    assert await Event.filter(shipment_id=shipment.id, kind="SHIPMENT_RECEIVED").count() == 1
