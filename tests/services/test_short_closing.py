"""Closing an order short: what has not left is owed no more once both sides have signed, and what was delivered stays owed and paid."""

from decimal import Decimal as D

import pytest

from models import Contract, ContractLine, Order
from rules.acceptance import GoodsFault
from rules.contract import ContractStatus
from rules.lifecycle import Amendment, OrderStatus, Side, actions
from rules.people import Actor
from rules.problems import InvalidInput, NotFound, QuantityExceeded
from rules.quantity import Inspection
from services import ledger
from services.changing import agree_change, propose_short_close, refuse_change
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
    make_signed,
)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def propose(order: Order, actor: Actor) -> Contract:
    """The last version, proposed by one side."""
    order = await fresh(order)
    return await propose_short_close(actor, order.id, order.version_for(actor), "the rest is not needed")


async def close(parties: Parties, order: Order) -> Order:
    """The order after the buyer has proposed to close it short, and both have agreed and signed."""
    await propose(order, parties.buyer)
    order = await fresh(order)
    await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))
    for actor in (parties.supplier, parties.buyer):
        order = await make_signed(order, actor)
    return order


async def test_what_was_delivered_is_all_that_is_owed_and_the_order_is_complete(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100", "7"), ("1", "2"), freight="0")
    [bolts, nuts] = await lines_of(order)
    shipment = await make_shipment(parties, order, "60", "0")
    await make_receipt(
        parties, shipment, {bolts.id: Inspection(D(55), D(3), D(2), "bent, and two are missing", GoodsFault.DAMAGED)}
    )
    assert "propose_short_close" in actions(await fresh(order), Side.BUYER)
    order = await close(parties, order)
    assert (order.status, order.amendment, order.completed_at is None) == (OrderStatus.COMPLETED, None, False)
    booked = await ledger.line_quantities(order)
    assert [(booked[line.id].agreed, booked[line.id].to_despatch) for line in (bolts, nuts)] == [
        (D(58), D(0)),
        (D(0), D(0)),
    ]
    [_first, last] = await Contract.filter(order_id=order.id).order_by("version")
    assert (last.status, [line.quantity for line in await ContractLine.of(last.id)]) == (ContractStatus.EFFECTIVE, [58])
    assert (await make_invoice(parties, order)).net == D("55.00")


async def test_goods_under_way_are_received_before_it_is_complete(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    shipment = await make_shipment(parties, order, "60")
    order = await close(parties, order)
    assert order.status is OrderStatus.CONTRACTED
    with pytest.raises(QuantityExceeded):
        await make_shipment(parties, order, "1")
    await make_receipt(parties, shipment)
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_it_takes_both_sides(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_receipt(parties, await make_shipment(parties, order, "60"))
    await propose(order, parties.supplier)
    order = await fresh(order)
    assert (order.status, order.amendment, order.turn) == (
        OrderStatus.CONTRACTED,
        Amendment.CHANGE_PROPOSED,
        Side.BUYER,
    )
    await refuse_change(parties.buyer, order.id, order.version_for(parties.buyer), "the rest is needed")
    await make_receipt(parties, await make_shipment(parties, order, "40"))
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_what_left_after_the_proposal_cannot_be_signed_away(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_shipment(parties, order, "60")
    await propose(order, parties.buyer)
    await make_shipment(parties, order, "40")
    order = await fresh(order)
    with pytest.raises(QuantityExceeded):
        await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))


@pytest.mark.parametrize(("despatched", "why"), [("0", "nothing has left"), ("100", "everything has left")])
async def test_there_must_be_something_to_keep_and_something_to_close(
    parties: Parties, despatched: str, why: str
) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    if despatched != "0":
        await make_shipment(parties, order, despatched)
    before = (await fresh(order)).version
    with pytest.raises(InvalidInput, match=why):
        await propose(order, parties.buyer)
    assert (await fresh(order)).version == before


async def test_nobody_else_learns_of_the_order(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_shipment(parties, order, "60")
    with pytest.raises(NotFound):
        await propose_short_close((await make_parties()).buyer, order.id, order.version, "why")
