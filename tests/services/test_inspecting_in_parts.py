"""Receipts in parts, with photos and codes; receipts taken back before anything stands on them."""

from decimal import Decimal as D

import pytest

from models import Attachment, Event, Shipment, ShipmentLine
from rules.acceptance import GoodsFault
from rules.lifecycle import OrderStatus
from rules.problems import InvalidInput, NotFound, QuantityExceeded, WrongStatus
from rules.quantity import Inspection
from rules.shipping import ShipmentStatus
from services import ledger
from services.receiving import receive_shipment, reverse_receipt
from tests.file_makers import make_attachment
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_lines_are_received_one_after_the_other_and_the_last_completes_the_order(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10", "20"], ["1", "1"])
    shipment = await make_shipment(parties, order)
    first, second = await lines_of(order)
    half = await receive_shipment(
        parties.buyer, shipment.id, shipment.version, {first.id: Inspection(D(10))}, is_partial=True
    )
    assert (half.status, half.received_at) == (ShipmentStatus.ARRIVED, None)
    booked = await ledger.line_quantities(order)
    assert [booked[line.id].under_way for line in (first, second)] == [0, 20]
    event = await Event.filter(shipment_id=shipment.id).order_by("-seq").first()
    assert event is not None
    assert event.kind == "SHIPMENT_INSPECTED"
    with pytest.raises(InvalidInput, match="was inspected already"):
        await make_receipt(parties, half, {first.id: Inspection(D(10))})
    whole = await make_receipt(parties, half)
    assert whole.status is ShipmentStatus.RECEIVED
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_a_part_of_nothing_is_no_receipt(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    with pytest.raises(InvalidInput, match="name what was inspected"):
        await receive_shipment(parties.buyer, shipment.id, shipment.version, {}, is_partial=True)


async def test_photos_hang_on_the_shipment_and_its_line_and_a_code_stands_for_words(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10"])
    shipment, photo = await make_shipment(parties, order), await make_attachment(parties.buyer)
    [line] = await lines_of(order)
    found = Inspection(D(9), D(1), fault=GoodsFault.DAMAGED, photos=(photo.id,))
    await make_receipt(parties, shipment, {line.id: found})
    hanging = await Attachment.get(id=photo.id)
    assert (hanging.shipment_id, hanging.order_line_id, hanging.order_id) == (shipment.id, line.id, order.id)
    [received] = await ShipmentLine.of(shipment.id)
    assert (received.fault, received.reason) == (GoodsFault.DAMAGED, None)


async def test_somebody_else_s_photo_is_none_and_nothing_was_received(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10"])
    shipment, photo = await make_shipment(parties, order), await make_attachment(parties.supplier)
    [line] = await lines_of(order)
    with pytest.raises(NotFound):
        await make_receipt(parties, shipment, {line.id: Inspection(D(10), photos=(photo.id,))})
    assert (await Shipment.get(id=shipment.id)).status is ShipmentStatus.DESPATCHED


@pytest.mark.parametrize("fault", [None, GoodsFault.OTHER])
async def test_what_is_no_code_needs_words(parties: Parties, fault: GoodsFault | None) -> None:
    order = await make_contracted_order(parties, ["10"])
    shipment = await make_shipment(parties, order)
    [line] = await lines_of(order)
    with pytest.raises(InvalidInput, match="reason"):
        await make_receipt(parties, shipment, {line.id: Inspection(D(9), D(1), fault=fault)})
    await make_receipt(parties, shipment, {line.id: Inspection(D(9), D(1), reason="bent", fault=fault)})
    assert [line.fault for line in await ShipmentLine.of(shipment.id)] == [GoodsFault.OTHER]


async def test_a_receipt_is_taken_back_and_done_anew(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_receipt(parties, await make_shipment(parties, order, "60"))
    shipment = await reverse_receipt(parties.buyer, shipment.id, shipment.version, "counted wrongly")
    assert (shipment.status, shipment.received_at) == (ShipmentStatus.ARRIVED, None)
    [line] = await lines_of(order)
    booked = (await ledger.line_quantities(order))[line.id]
    assert (booked.accepted, booked.under_way) == (D(0), D(60))
    await make_receipt(parties, shipment, {line.id: Inspection(D(55), D(3), D(2), "scratched")})
    booked = (await ledger.line_quantities(order))[line.id]
    assert (booked.accepted, booked.rejected, booked.short) == (D(55), D(3), D(2))


async def test_no_receipt_is_taken_back_once_an_invoice_stands_on_it(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_receipt(parties, await make_shipment(parties, order, "60"))
    await make_invoice(parties, order, "10")
    with pytest.raises(QuantityExceeded) as refused:
        await reverse_receipt(parties.buyer, shipment.id, shipment.version, "counted wrongly")
    assert (refused.value.requested, refused.value.remaining) == (D(60), D(50))


async def test_no_receipt_is_taken_back_once_what_was_short_is_sent_again(parties: Parties) -> None:
    """Otherwise more would be on its way than was ordered."""
    order = await make_contracted_order(parties, ["100", "1"], ["1", "1"])
    first, _ = await lines_of(order)
    shipment = await make_shipment(parties, order, "100", "0")
    shipment = await make_receipt(parties, shipment, {first.id: Inspection(D(90), D(0), D(10), "missing")})
    await make_shipment(parties, order, "6", "0")
    with pytest.raises(QuantityExceeded) as refused:
        await reverse_receipt(parties.buyer, shipment.id, shipment.version, "they were behind the door")
    assert (refused.value.requested, refused.value.remaining) == (D(10), D(4))


async def test_a_completed_order_never_goes_back(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_receipt(parties, await make_shipment(parties, order))
    with pytest.raises(WrongStatus):
        await reverse_receipt(parties.buyer, shipment.id, shipment.version, "all wrong")


async def test_what_was_not_inspected_has_no_receipt_to_take_back(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    with pytest.raises(WrongStatus):
        await reverse_receipt(parties.buyer, shipment.id, shipment.version, "nothing yet")
