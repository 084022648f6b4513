"""Settled means that nothing is open: goods accepted, all of them invoiced, nothing disputed, and the supplier has seen the money."""

from decimal import Decimal as D

import pytest

from models import Event, Invoice, InvoiceLine, Order, Payment
from rules.accounts import Excess
from rules.contract import ContractStatus
from rules.crediting import CreditWish
from rules.lifecycle import OrderStatus
from rules.quantity import Inspection
from services.bouncing import bounce_cheque
from services.crediting import issue_credit_note
from services.invoicing import dispute_invoice
from services.online_paying import refund_payment
from services.paying import confirm_funds, reject_transfer
from services.refunding import reject_refund
from services.using_credit import apply_credit
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_refund
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
from tests.payment_makers import make_online_payment


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def is_settled(order: Order) -> bool:
    """Whether the order is settled and, in the same moment, its contract fulfilled."""
    settled = (await fresh(order)).settled_at is not None
    assert ((await contract_of(order)).status is ContractStatus.FULFILLED) == settled
    return settled


async def told(order: Order) -> tuple[str, bool]:
    """What happened to the order last, and whether it says that it is settled since, which is true."""
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert event.body["settled"] is await is_settled(order)
    return event.kind, event.body["settled"]


async def confirm(parties: Parties, payment: Payment) -> None:
    """The supplier has the money."""
    await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())


async def credit(parties: Parties, invoice: Invoice) -> None:
    """Goods of 1.00 and their tax are taken off the invoice."""
    await invoice.refresh_from_db()
    less = (CreditWish((await InvoiceLine.first_of(invoice.id)).id, net=D("1.00")),)
    await issue_credit_note(parties.supplier, invoice.id, invoice.version, "late", less, idempotency_key=make_key())


async def test_each_step_is_needed_and_the_last_one_settles(parties: Parties) -> None:
    order = await make_completed_order(parties)
    assert not await is_settled(order)
    invoice = await make_invoice(parties, order)
    assert not await is_settled(order)
    payment = await make_transfer(parties, invoice)
    assert not await is_settled(order)
    await confirm(parties, payment)
    assert await is_settled(order)
    assert await told(order) == ("FUNDS_CONFIRMED", True)


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
    assert await told(order) == ("PAYMENT_REJECTED", True)


async def test_what_was_rejected_says_that_the_order_is_still_open(parties: Parties) -> None:
    order = await make_completed_order(parties)
    payment = await make_transfer(parties, await make_invoice(parties, order))
    await reject_transfer(parties.supplier, payment.id, payment.version, "nothing came")
    assert await told(order) == ("PAYMENT_REJECTED", False)


async def test_a_credit_note_says_whether_it_settled_the_order_or_opened_it_again(parties: Parties) -> None:
    """All is paid but 1.13, which is credited, and then another 1.13, which has to go back and does not come."""
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    assert await told(order) == ("INVOICE_ISSUED", False)
    await confirm(parties, await make_transfer(parties, invoice, "429.66"))
    for settled in (True, False):
        await credit(parties, invoice)
        assert await told(order) == ("CREDIT_NOTE_ISSUED", settled)
    refund = await make_refund(parties, order, "1.13")
    await reject_refund(parties.buyer, refund.id, refund.version, "not here")
    assert await told(order) == ("REFUND_MISSED", False)


async def test_a_cheque_says_that_it_opened_the_order_and_credit_that_it_settled_it(parties: Parties) -> None:
    order, other = await make_completed_order(parties), await make_settled_order(parties)
    invoice = await make_invoice(parties, order)
    cheque = await make_confirmed(parties, await make_cheque(parties, invoice, "430.79"))
    assert await told(order) == ("FUNDS_CONFIRMED", True)
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    assert await told(order) == ("CHEQUE_BOUNCED", False)
    paid = await Invoice.get(order_id=other.id)
    await make_credit_note(parties, paid, excess=Excess.CREDIT_BALANCE)
    await apply_credit(parties.buyer, invoice.id, idempotency_key=make_key())
    assert await told(order) == ("CREDIT_APPLIED", True)


async def test_what_a_provider_tells_says_whether_the_order_is_settled(parties: Parties) -> None:
    """Paid, confirmed, 1.13 credited, and that given back by the provider."""
    started = await make_online_payment(parties)
    await started.pay()
    assert await told(started.order) == ("PAYMENT_PAID", False)
    await confirm(parties, await started.now())
    assert await told(started.order) == ("FUNDS_CONFIRMED", True)
    await credit(parties, started.invoice)
    assert await told(started.order) == ("CREDIT_NOTE_ISSUED", False)
    paid = await started.now()
    await refund_payment(parties.supplier, paid.id, paid.version, D("1.13"), "late", idempotency_key=make_key())
    assert await told(started.order) == ("PAYMENT_REFUNDED", True)


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
