"""A prepayment that was paid online and used up by an invoice goes back through its provider when the goods do."""

from decimal import Decimal as D

import pytest

from models import LedgerEntry, OnlinePayment, Order, Payment, PaymentRefund, Settlement
from rules.accounts import OrderPaymentStatus
from rules.billing import PaymentStatus
from rules.errands import ErrandKind
from rules.problems import AmountMismatch
from rules.returns import Resolution
from rules.settlement import SettlementStatus
from services import ledger, partners
from services.changing import agree_change, propose_short_close
from services.errand_works import work_at_once
from services.obligations import obligations_of
from services.online_paying import refund_payment
from services.paying import confirm_funds
from services.refunding import confirm_refund
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_prepayment, make_refund
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
    make_signed,
    make_transfer,
)
from tests.payment_makers import Started, cut, make_online_payment, make_online_prepayment
from tests.return_makers import make_resolved, make_return
from tests.split_makers import make_receiver, make_rule, rail

pytestmark = pytest.mark.usefixtures("database")
NONE = D(0)


async def prepaid(parties: Parties, *parts: str) -> Started:
    """Ten at 100.00, 1130.00 with tax, of which 40 % were paid ahead; delivered, at once or in these parts, and invoiced, which used
    these 452.00 up."""
    order = await make_contracted_order(parties, ["10"], ["100"], freight="0", prepaid_share=D("0.4"))
    started = await make_online_prepayment(parties, order)
    await started.pay()
    for part in parts or ("10",):
        await make_receipt(parties, await make_shipment(parties, order, part))
        started.invoice = await make_invoice(parties, order)
    now = await ledger.standing(order)
    assert (now.owed, now.advance) == (D("678.00"), NONE)
    return started


async def returned(started: Started, quantity: str) -> None:
    """So many were defective, and their price goes back."""
    await make_resolved(started.parties, await make_return(started.parties, started.order, quantity), Resolution.REFUND)


async def refunded(started: Started, amount: str) -> Payment:
    """The supplier pays so much back through the provider."""
    now = await started.now()
    supplier, key = started.parties.supplier, make_key()
    return await refund_payment(supplier, now.id, now.version, D(amount), "returned", idempotency_key=key)


async def dues(order: Order) -> list[tuple[str, str, str]]:
    """What is to be paid, and what of it is open."""
    return [(one.kind, str(one.amount), str(one.open)) for one in await obligations_of(order)]


async def test_what_was_paid_for_returned_goods_goes_back_but_for_what_is_on_its_way_by_bank_already() -> None:
    """226.00 are due back, and 26.00 of them were sent: whoever has 252.00 then owes these."""
    started = await prepaid(await make_parties())
    parties, order = started.parties, started.order
    await make_confirmed(parties, await make_transfer(parties, started.invoice, "678.00"))
    now = await started.now()
    await confirm_funds(parties.supplier, now.id, now.version, now.amount, idempotency_key=make_key())
    assert (await fresh(order)).settled_at is not None
    await returned(started, "2")
    sent = await make_refund(parties, order, "26.00")
    payment = await refunded(started, "226.00")
    books = await ledger.standing(order)
    assert (books.refund_due, books.owed, books.refunded) == (D("26.00"), D("26.00"), D("200.00"))
    await confirm_refund(parties.buyer, sent.id, sent.version)
    books = await ledger.standing(order)
    assert (books.refund_due, books.owed, books.advance) == (NONE, D("26.00"), NONE)
    assert sum(D(one[2]) for one in await dues(order)) == D("26.00")
    await make_confirmed(parties, await make_transfer(parties, started.invoice, "26.00"))
    assert (await ledger.standing(order)).paid == D("904.00")
    assert (await fresh(order)).settled_at is not None
    assert started.trade.refunded == (await OnlinePayment.of(payment.id)).refunded == D("226.00")
    with pytest.raises(AmountMismatch):
        await refunded(started, "226.01")


async def test_where_the_rest_was_never_paid_the_prepayment_goes_back_once_and_nothing_is_owed() -> None:
    started = await prepaid(await make_parties())
    await returned(started, "10")
    now = await ledger.standing(started.order)
    assert (now.owed, now.refund_due, now.status) == (NONE, D("452.00"), OrderPaymentStatus.REFUND_DUE)
    with cut(is_dumb=True):
        await refunded(started, "452.00")
    assert (await ledger.standing(started.order)).refund_due == D("452.00"), "the provider did it, and nobody knows"
    with pytest.raises(AmountMismatch):
        await refunded(started, "0.01")
    [refund] = await PaymentRefund.of(started.payment.id)
    for _ in range(2):
        await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    await started.told(started.notice(refund=refund.number))
    now = await ledger.standing(started.order)
    assert ((await started.now()).status, now.status) == (PaymentStatus.REFUNDED, OrderPaymentStatus.REFUNDED)
    assert (started.trade.refunded, now.refunded) == (D("452.00"), D("452.00"))
    assert (now.refund_due, now.credit, now.paid) == (NONE, NONE, NONE)
    assert await dues(started.order) == [("PREPAYMENT", "0.00", "0.00"), ("INVOICE", "0.00", "0.00")]
    assert (await fresh(started.order)).settled_at is not None


async def test_what_goes_back_beyond_what_is_due_is_owed_again_of_the_newest_invoice_that_had_used_it() -> None:
    started = await prepaid(await make_parties(), "2", "8")
    await make_credit_note(started.parties, started.invoice, "2")
    assert (await ledger.standing(started.order)).owed == D("452.00"), "what is owed becomes less first"
    payment = await refunded(started, "100.00")
    now = await ledger.standing(started.order)
    assert (now.owed, now.credit, payment.advance) == (D("552.00"), NONE, D("352.00"))
    assert sum(D(one[2]) for one in await dues(started.order)) == D("552.00")
    assert (await LedgerEntry.receivables([started.invoice.id]))[started.invoice.id] == D("552.00")
    await make_confirmed(started.parties, await make_cheque(started.parties, started.invoice, "652.00"))
    now = await ledger.standing(started.order)
    assert (now.owed, now.paid, now.status) == (NONE, D("1004.00"), OrderPaymentStatus.OVERPAID)
    await make_refund(started.parties, started.order, "100.00")
    await refunded(started, "352.00")
    now = await ledger.standing(started.order)
    assert (now.owed, now.credit) == (D("352.00"), D("100.00")), "the credit is on its way back by bank"
    assert (await started.now()).advance == NONE


async def test_what_was_prepaid_pays_at_once_what_another_refund_left_open() -> None:
    parties = await make_parties()
    order = await make_contracted_order(parties, ["10"], ["100"], freight="0", prepaid_share=D("0.4"))
    await make_receipt(parties, await make_shipment(parties, order, "2"))
    started = await make_online_payment(parties, await make_invoice(parties, order))
    await started.pay()
    await make_confirmed(parties, await make_prepayment(parties, order, "226.00"))
    await refunded(started, "226.00")
    now = await ledger.standing(order)
    assert (now.owed, now.advance) == (NONE, NONE)
    order = await fresh(order)
    await propose_short_close(parties.supplier, order.id, order.version_for(parties.supplier), "no more")
    await agree_change(parties.buyer, order.id, (await fresh(order)).version)
    for actor in (parties.buyer, parties.supplier):
        await make_signed(order, actor)
    now = await ledger.standing(order)
    assert (now.owed, now.advance, now.refund_due) == (NONE, NONE, NONE)


async def test_the_platform_gives_its_share_of_it_back_first() -> None:
    await make_rule()
    await make_receiver()
    parties = await make_parties()
    order = await make_contracted_order(parties, ["10"], ["100"], freight="0", prepaid_share=D("0.4"))
    started = await make_online_prepayment(parties, order)
    partners.use_payment_providers((rail(),))
    await started.pay()
    await make_receipt(parties, await make_shipment(parties, order))
    await make_invoice(parties, order)
    settlement = await Settlement.get(payment_id=started.payment.id)
    await work_at_once(ErrandKind.SPLIT_PAYMENT, settlement.id)
    assert (rail().given(started.number), rail().kept(started.number)) == (D("22.60"), D("429.40"))
    await returned(started, "10")
    await refunded(started, "226.00")
    await settlement.refresh_from_db()
    assert (settlement.status, settlement.returned) == (SettlementStatus.SETTLED, D("11.30"))
    assert (rail().given(started.number), rail().kept(started.number)) == (D("11.30"), D("214.70"))
    await refunded(started, "226.00")
    await settlement.refresh_from_db()
    assert (settlement.status, rail().given(started.number)) == (SettlementStatus.REVERSED, NONE)
    assert (await ledger.standing(order)).status is OrderPaymentStatus.REFUNDED
