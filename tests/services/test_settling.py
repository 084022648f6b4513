"""Settled means that nothing is open: goods accepted, all of them invoiced, nothing disputed, and the supplier has seen the money."""

from decimal import Decimal as D

import pytest

from models import Event, Order, Payment
from rules.contract import ContractStatus
from rules.lifecycle import OrderStatus
from rules.quantity import Inspection
from services.invoicing import dispute_invoice
from services.paying import confirm_funds, reject_transfer
from tests.billing_makers import make_confirmed
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_completed_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_settled_order,
    make_shipment,
    make_transfer,
)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def is_settled(order: Order) -> bool:
    """Whether the order is settled and, in the same moment, its contract fulfilled."""
    settled = (await fresh(order)).settled_at is not None
    assert ((await contract_of(order)).status is ContractStatus.FULFILLED) == settled
    return settled


async def confirm(parties: Parties, payment: Payment) -> None:
    """The supplier has the money."""
    await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())


async def test_each_step_is_needed_and_the_last_one_settles(parties: Parties) -> None:
    order = await make_completed_order(parties)
    assert not await is_settled(order)
    invoice = await make_invoice(parties, order)
    assert not await is_settled(order)
    payment = await make_transfer(parties, invoice)
    assert not await is_settled(order)
    await confirm(parties, payment)
    assert await is_settled(order)
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.body["settled"]) == ("FUNDS_CONFIRMED", True)


async def test_a_part_of_the_money_settles_nothing(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    await confirm(parties, await make_transfer(parties, invoice, "430.78"))
    assert not await is_settled(order)
    await confirm(parties, await make_transfer(parties, invoice, "0.01"))
    assert await is_settled(order)


async def test_what_never_came_keeps_it_open_no_longer_once_that_is_said(parties: Parties) -> None:
    """The buyer reported it in two parts, and sent it in one."""
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    first, second = await make_transfer(parties, invoice, "230.79"), await make_transfer(parties, invoice, "200.00")
    await make_confirmed(parties, first, "430.79")
    assert not await is_settled(order)
    await reject_transfer(parties.supplier, second.id, second.version, "it was all in one")
    assert await is_settled(order)


async def test_goods_that_are_not_invoiced_keep_it_open(parties: Parties) -> None:
    order = await make_completed_order(parties)
    await confirm(parties, await make_transfer(parties, await make_invoice(parties, order, "999")))
    assert not await is_settled(order)
    await confirm(parties, await make_transfer(parties, await make_invoice(parties, order)))
    assert await is_settled(order)


async def test_goods_that_are_not_received_keep_it_open(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    await make_receipt(parties, await make_shipment(parties, order, "400"))
    await confirm(parties, await make_transfer(parties, await make_invoice(parties, order)))
    assert not await is_settled(order)
    shipment = await make_shipment(parties, order, "600")
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(0), D(600), reason="rusty")})
    assert await is_settled(order)


async def test_a_disputed_invoice_keeps_it_open_although_it_was_paid(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    await dispute_invoice(parties.buyer, invoice.id, invoice.version, "the price is wrong")
    await confirm(parties, await make_transfer(parties, invoice))
    assert not await is_settled(order)


async def test_where_nothing_was_accepted_there_is_nothing_to_pay(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(0), D(1000), reason="rusty")})
    assert (await fresh(order)).status is OrderStatus.COMPLETED
    assert await is_settled(order)


async def test_goods_free_of_charge_are_settled_by_their_invoice(parties: Parties) -> None:
    order = await make_completed_order(parties, prices=["0"], freight="0")
    assert not await is_settled(order)
    assert (await make_invoice(parties, order)).total == 0
    assert await is_settled(order)


async def test_another_order_of_the_same_parties_changes_nothing(parties: Parties) -> None:
    waiting = await make_completed_order(parties)
    assert await is_settled(await make_settled_order(parties))
    assert not await is_settled(waiting)
