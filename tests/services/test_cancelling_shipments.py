"""A despatch is taken back before the carrier has the goods, and gives its quantities back; afterwards it is not."""

from decimal import Decimal as D

import pytest

from models import Event, Product
from rules.problems import NotFound, StaleVersion, WrongStatus
from rules.shipping import ShipmentStatus, TrackingCode
from services import clock, ledger
from services.despatching import cancel_shipment
from services.terminating import agree_termination, propose_termination
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_contracted_order,
    make_goods,
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


async def test_what_was_cancelled_is_due_and_on_the_shelf_again_and_may_leave_under_the_same_waybill(
    parties: Parties,
) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(1500))
    order = await make_contracted_order(parties, goods=[bolts])
    shipment = await make_shipment(parties, order, "400", waybill="SF123")
    cancelled = await cancel_shipment(parties.supplier, shipment.id, shipment.version, "the wrong pallet")
    assert cancelled.status is ShipmentStatus.CANCELLED
    [line] = await lines_of(order)
    booked = (await ledger.line_quantities(order))[line.id]
    assert (booked.despatched, booked.to_despatch, booked.under_way) == (D(0), D(1000), D(0))
    shelf = await Product.get(id=bolts.id)
    assert (shelf.stock_on_hand, shelf.stock_reserved) == (D(1500), D(1000))
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.body["reason"], event.shipment_seq) == ("SHIPMENT_CANCELLED", "the wrong pallet", 2)
    await make_shipment(parties, order, "1000", waybill="SF123")


async def test_nothing_is_cancelled_once_the_carrier_has_it(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    shipment = await make_sighting(parties, shipment, TrackingCode.PICKED_UP, clock.now())
    with pytest.raises(WrongStatus) as refused:
        await cancel_shipment(parties.supplier, shipment.id, shipment.version, "too late")
    assert refused.value.status is ShipmentStatus.IN_TRANSIT
    [line] = await lines_of(order)
    assert (await ledger.line_quantities(order))[line.id].despatched == 1000


async def test_what_was_cancelled_is_neither_received_nor_seen_on_its_way(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    shipment = await cancel_shipment(parties.supplier, shipment.id, shipment.version, "not today")
    with pytest.raises(WrongStatus):
        await make_receipt(parties, shipment)
    late = await make_sighting(parties, shipment, TrackingCode.DELIVERED, clock.now())
    assert (late.status, late.arrived_at) == (ShipmentStatus.CANCELLED, None)


async def test_one_of_several_who_cancel_at_once_gives_the_quantity_back(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order, "400")
    done, refused = await at_once(
        *(cancel_shipment(parties.supplier, shipment.id, shipment.version, "again") for _ in range(3))
    )
    assert (len(done), [type(problem) for problem in refused]) == (1, [StaleVersion, StaleVersion])
    [line] = await lines_of(order)
    assert (await ledger.line_quantities(order))[line.id].despatched == 0


async def test_only_the_supplier_cancels_and_a_stranger_learns_nothing(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    with pytest.raises(WrongStatus):
        await cancel_shipment(parties.buyer, shipment.id, shipment.version, "no")
    with pytest.raises(NotFound):
        await cancel_shipment((await make_parties()).supplier, shipment.id, shipment.version, "no")


async def test_a_contract_can_be_ended_once_all_that_had_left_was_cancelled(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    await cancel_shipment(parties.supplier, shipment.id, shipment.version, "no lorry")
    order = await fresh(order)
    order = await propose_termination(parties.buyer, order.id, order.version, "no lorry")
    await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))
