"""A prepayment is asked for, paid, used up by invoices, and given back; and whoever does not pay in time is told once."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from models import Company, Event, OnlinePayment, Order, PaymentObligation, PaymentReminder
from models.transaction import transact
from rules.accounts import OrderPaymentStatus
from rules.billing import PaymentStatus
from rules.lifecycle import OrderStatus
from rules.obligations import Obligation, ObligationKind
from rules.prepayment_problems import PrepaymentAwaited
from rules.problems import AmountMismatch, NotFound
from rules.rails import COVERS_FOR
from services import clock, ledger
from services.bouncing import bounce_cheque
from services.changing import agree_change, propose_change, propose_short_close
from services.collecting import CollectionPolicy, set_collection_policy
from services.contract_changes import Change
from services.obligations import look_at, obligations_of, unreported_prepayment
from services.paying import confirm_funds, reject_transfer
from services.refunding import confirm_refund
from services.sweeping import sweep
from services.terminating import agree_termination, propose_termination
from tests.billing_makers import make_confirmed, make_credit_note, make_prepayment, make_refund
from tests.carrier_makers import as_admin
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
    make_signed,
    make_transfer,
)
from tests.payment_makers import make_online_payment, make_online_prepayment

NONE = D(0)
pytestmark = pytest.mark.usefixtures("database")
# 1000 pieces at 0.333, freight 50.00, taxes: 430.79 in all, of which 30 % are 129.24.
TERMS: dict[str, Any] = {"prepaid_share": D("0.3"), "payment_net_days": 30}


async def make_prepaying(parties: Parties, **terms: Any) -> Order:
    """A contracted order that asks for 129.24 ahead."""
    return await make_contracted_order(parties, **(TERMS | terms))


async def shown(order: Order) -> list[tuple[str, str, str, str]]:
    """Kind, amount, what is paid and what is open."""
    return [(one.kind, str(one.amount), str(one.paid), str(one.open)) for one in await obligations_of(order)]


async def collecting(parties: Parties, **policy: Any) -> None:
    """The supplier collects like this from now on."""
    company = await Company.named(parties.supplier.home)
    await set_collection_policy(as_admin(parties.supplier), company.version, CollectionPolicy(**policy))


async def deliver(parties: Parties, order: Order, *quantities: str) -> None:
    """So much arrives and is accepted."""
    await make_receipt(parties, await make_shipment(parties, order, *quantities))


async def make_agreed(parties: Parties, order: Order) -> Order:
    """The order with what its supplier proposed, agreed by its buyer and signed by both."""
    await agree_change(parties.buyer, order.id, (await fresh(order)).version)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    return order


async def kinds(order: Order) -> list[str]:
    """What the order's stream told of due dates."""
    told = Event.filter(stream=order.id, kind__in=["PAYMENT_DUE_SOON", "PAYMENT_OVERDUE"]).order_by("seq")
    return [event.kind async for event in told]


async def test_a_prepayment_is_paid_then_the_rest_and_the_order_is_settled() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    assert await shown(order) == [("PREPAYMENT", "129.24", "0.00", "129.24")]
    payment = await make_confirmed(parties, await make_prepayment(parties, order, "129.24"))
    assert (payment.advance, payment.received) == (D("129.24"), D("129.24"))
    now = await ledger.standing(order)
    assert (now.advance, now.credit, now.status) == (D("129.24"), NONE, OrderPaymentStatus.PARTIALLY_PAID)
    await deliver(parties, order, "200")
    first = await make_invoice(parties, order)
    assert (await ledger.standing(order)).owed == max(first.total - D("129.24"), D(0))
    await deliver(parties, order, "800")
    second = await make_invoice(parties, order)
    open_now = first.total + second.total - D("129.24")
    assert [kind for kind, *_ in await shown(order)] == ["PREPAYMENT", "INVOICE", "INVOICE"]
    assert sum(one.open for one in await obligations_of(order)) == (await ledger.standing(order)).owed == open_now
    for invoice in (first, second):
        left = next(one.open for one in await obligations_of(order) if one.invoice == invoice.id)
        if left:
            await make_confirmed(parties, await make_transfer(parties, invoice, str(left)))
    assert (await fresh(order)).settled_at is not None
    assert {one.open for one in await obligations_of(order)} == {D("0.00")}
    assert not await PaymentObligation.filter(order_id=order.id, look_on__isnull=False).exists()


async def test_no_more_is_prepaid_than_is_asked_for_and_nobody_else_s_order() -> None:
    parties, others = await make_parties(), await make_parties()
    order = await make_prepaying(parties)
    with pytest.raises(AmountMismatch) as refused:
        await make_prepayment(parties, order, "129.25")
    assert (refused.value.expected, refused.value.found) == (D("129.24"), D("129.25"))
    reported = await make_prepayment(parties, order, "100.00")
    with pytest.raises(AmountMismatch) as covered:
        await make_prepayment(parties, order, "29.25")
    assert covered.value.expected == D("29.24")
    with pytest.raises(NotFound):
        await make_prepayment(others, order, "1.00")
    await reject_transfer(parties.supplier, reported.id, reported.version, "never came")
    more = await make_confirmed(parties, await make_prepayment(parties, order, "200.00", credit=True))
    now = await ledger.standing(order)
    assert (more.advance, now.advance, now.credit) == (D("129.24"), D("129.24"), D("70.76"))


async def test_what_comes_after_the_invoice_pays_it_at_once() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    reported = await make_prepayment(parties, order, "129.24")
    await deliver(parties, order)
    await make_invoice(parties, order)
    assert await shown(order) == [("PREPAYMENT", "129.24", "0.00", "129.24"), ("INVOICE", "301.55", "0.00", "301.55")]
    await make_confirmed(parties, reported)
    now = await ledger.standing(order)
    assert (now.owed, now.advance) == (D("301.55"), NONE)
    assert await shown(order) == [("PREPAYMENT", "129.24", "129.24", "0.00"), ("INVOICE", "301.55", "0.00", "301.55")]


async def test_a_terminated_contract_gives_the_deposit_back() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    await make_confirmed(parties, await make_prepayment(parties, order, "100.00"))
    late = await make_prepayment(parties, order, "29.24")
    order = await propose_termination(parties.buyer, order.id, (await fresh(order)).version, "no longer needed")
    order = await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))
    now = await ledger.standing(order)
    assert (now.refund_due, now.advance, now.status) == (D("100.00"), NONE, OrderPaymentStatus.REFUND_DUE)
    assert await shown(order) == [("PREPAYMENT", "0.00", "0.00", "0.00")]
    await make_confirmed(parties, late)  # what was on its way comes in all the same, and goes back
    refund = await make_refund(parties, order, "129.24")
    await confirm_refund(parties.buyer, refund.id, refund.version)
    now = await ledger.standing(order)
    assert (now.refund_due, now.refunded, now.status) == (NONE, D("129.24"), OrderPaymentStatus.REFUNDED)
    with pytest.raises(AmountMismatch) as nothing:
        await make_prepayment(parties, await fresh(order), "1.00", credit=True)
    assert nothing.value.expected == NONE


async def test_what_is_left_of_a_prepayment_goes_back_at_the_end() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties, prepaid_share=D(1))
    await make_confirmed(parties, await make_prepayment(parties, order, "430.79"))
    await deliver(parties, order, "500")
    invoice = await make_invoice(parties, order)
    order = await fresh(order)
    await propose_short_close(parties.supplier, order.id, order.version_for(parties.supplier), "no more")
    order = await make_agreed(parties, order)
    now = await ledger.standing(order)
    assert (now.advance, now.refund_due) == (NONE, D("430.79") - invoice.total)
    assert (await contract_of(order)).total == invoice.total
    assert [one[3] for one in await shown(order)] == ["0.00", "0.00"]


async def test_a_bounced_cheque_leaves_its_prepayment_open_also_where_an_invoice_used_it() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    cheque = await make_confirmed(parties, await make_prepayment(parties, order, "129.24", cheque=True))
    await deliver(parties, order)
    await make_invoice(parties, order)
    assert (await ledger.standing(order)).owed == D("301.55")
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no cover")
    now = await ledger.standing(order)
    assert (now.owed, now.advance, now.credit) == (D("430.79"), NONE, NONE)
    assert [one[3] for one in await shown(order)] == ["129.24", "301.55"]


async def test_goods_wait_for_the_prepayment_where_the_supplier_says_so() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    await collecting(parties, despatch_after_prepayment=True)
    await make_confirmed(parties, await make_prepayment(parties, order, "129.23"))
    with pytest.raises(PrepaymentAwaited) as refused:
        await make_shipment(parties, order)
    assert (refused.value.open, refused.value.currency) == (D("0.01"), "CNY")
    await collecting(parties)
    await make_shipment(parties, order, "1")
    await collecting(parties, despatch_after_prepayment=True)
    await make_confirmed(parties, await make_prepayment(parties, order, "0.01"))
    await deliver(parties, order, "500")
    await make_invoice(parties, order)
    assert (await ledger.standing(order)).owed > 0
    await make_shipment(parties, order, "499")


# Contracts that bind on a Thursday; before a Sunday that is worked for the New Year; before the Spring Festival, 15 to 23 February.
@pytest.mark.parametrize(
    ("bound", "days", "due"),
    [
        ("2026-11-26T03:00Z", 0, date(2026, 11, 27)),
        ("2026-11-27T03:00Z", 0, date(2026, 11, 30)),
        ("2026-01-03T03:00Z", 0, date(2026, 1, 4)),
        ("2026-02-14T03:00Z", 0, date(2026, 2, 24)),
        ("2026-02-10T03:00Z", 10, date(2026, 2, 24)),
    ],
)
async def test_a_prepayment_is_due_on_a_working_day(bound: str, days: int, due: date) -> None:
    parties = await make_parties()
    await collecting(parties, prepayment_days=days)
    with clock.held_at(bound):
        order = await make_prepaying(parties)
        [one] = await obligations_of(order)
        assert (one.kind, one.due_on) == (ObligationKind.PREPAYMENT, due)


async def overdue(parties: Parties) -> tuple[Order, Obligation]:
    """An order whose prepayment was due on Friday, 27 November 2026."""
    with clock.held_at("2026-11-26T03:00Z"):
        order = await make_prepaying(parties)
        [one] = await obligations_of(order)
    return order, one


async def test_an_unpaid_obligation_is_told_once_whoever_sweeps() -> None:
    order, one = await overdue(await make_parties())
    with clock.held_at("2026-11-27T15:59:59Z"):  # midnight in Shanghai is still to come
        assert not one.is_overdue(clock.now())
        await sweep()
        assert await kinds(order) == []
    with clock.held_at("2026-11-27T16:00:00Z"):
        assert one.is_overdue(clock.now())
        await asyncio.gather(*(transact(lambda: look_at(one.id)) for _ in range(2)))
        await sweep()
        assert await kinds(order) == ["PAYMENT_OVERDUE"]
    [event] = await Event.filter(stream=order.id, kind="PAYMENT_OVERDUE")
    assert (event.body["open"], event.body["dueOn"], event.body["invoiceId"]) == ("129.24", "2026-11-27", None)
    assert event.readers == [order.buyer_id, order.supplier_id]
    assert await PaymentReminder.filter(obligation_id=one.id).count() == 1


async def test_an_invoice_is_reminded_of_three_days_before_and_not_once_it_is_paid() -> None:
    parties = await make_parties()
    with clock.held_at("2026-11-26T03:00Z"):
        order = await make_prepaying(parties, prepaid_share=D(0))
        await deliver(parties, order)
        invoice = await make_invoice(parties, order)
    due = invoice.due_on
    with clock.held_at(f"{due - timedelta(days=3)}T03:00Z"):
        await sweep()
        await sweep()
        assert await kinds(order) == ["PAYMENT_DUE_SOON"]
        await make_confirmed(parties, await make_transfer(parties, invoice))
    with clock.held_at(f"{due + timedelta(days=1)}T03:00Z"):
        await sweep()
        assert await kinds(order) == ["PAYMENT_DUE_SOON"]


async def test_what_a_change_asks_to_be_prepaid_on_top_has_a_due_date_of_its_own() -> None:
    parties = await make_parties()
    order, _ = await overdue(parties)
    await make_confirmed(parties, await make_prepayment(parties, order, "129.24"))
    with clock.held_at("2026-12-03T03:00Z"):
        order = await fresh(order)
        change = Change("fuel", (), D("150.00"))
        await propose_change(parties.supplier, order.id, order.version_for(parties.supplier), change)
        order = await make_agreed(parties, order)
        [one] = await obligations_of(order)
        assert (one.amount, one.open, one.due_on) == (D("161.94"), D("32.70"), date(2026, 12, 4))
        assert not one.is_overdue(clock.now())


async def test_credit_takes_no_prepayment_back_and_a_credit_note_asks_for_none_again() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    await make_confirmed(parties, await make_prepayment(parties, order, "129.24"))
    await deliver(parties, order)
    await make_credit_note(parties, await make_invoice(parties, order))
    now = await ledger.standing(order)
    assert (now.refund_due, now.owed, now.advance) == (D("129.24"), NONE, NONE)
    assert sum(one.open for one in await obligations_of(order)) == 0


async def test_a_prepayment_is_paid_online() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    started = await make_online_prepayment(parties, order)
    assert (started.payment.amount, started.payment.advance) == (D("129.24"), D("129.24"))
    with pytest.raises(AmountMismatch):
        await make_prepayment(parties, order, "0.01")
    await started.pay()
    now = await ledger.standing(order)
    assert (now.advance, now.credit, now.refund_due) == (D("129.24"), NONE, NONE)
    assert await shown(order) == [("PREPAYMENT", "129.24", "129.24", "0.00")]


async def test_a_prepayment_of_which_nobody_says_anything_can_be_paid_otherwise_after_a_while() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    started = await make_online_prepayment(parties, order)
    ends = (await OnlinePayment.of(started.payment.id)).expires_at + COVERS_FOR
    with clock.held_at(ends - timedelta(microseconds=1)):
        assert await unreported_prepayment(order) == 0
    with clock.held_at(ends):
        assert await unreported_prepayment(order) == D("129.24")


async def test_a_prepayment_that_comes_after_the_end_is_to_be_paid_back() -> None:
    parties = await make_parties()
    order = await make_prepaying(parties)
    started = await make_online_prepayment(parties, order)
    order = await propose_termination(parties.buyer, order.id, (await fresh(order)).version, "no longer needed")
    await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))
    await started.pay()
    assert (await started.now()).advance == NONE
    assert (await ledger.standing(order)).refund_due == D("129.24")
    assert (await fresh(order)).status is OrderStatus.TERMINATED


async def test_the_clock_confirms_what_a_provider_told_where_the_supplier_wants_it() -> None:
    parties = await make_parties()
    await collecting(parties, confirm_funds_after_days=2)
    paid = await make_online_payment(parties)
    await paid.pay()
    later = clock.now() + timedelta(days=2)
    with clock.held_at(later - timedelta(minutes=1)):
        await sweep()
        assert (await paid.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    with clock.held_at(later + timedelta(minutes=1)):
        await asyncio.gather(sweep(), sweep())
        await sweep()
    payment = await paid.now()
    assert (payment.status, payment.confirmed_by_clock) == (PaymentStatus.FUNDS_CONFIRMED, True)
    [event] = await Event.filter(stream=paid.order.id, kind="FUNDS_CONFIRMED")
    assert (event.actor_name, event.body["settled"]) == ("clock", True)


async def test_the_clock_confirms_nothing_for_whoever_says_so_itself() -> None:
    parties = await make_parties()
    await collecting(parties, confirm_funds_after_days=2)
    dropped = await make_online_payment(parties)
    await dropped.pay()
    await collecting(parties)
    with clock.held_at(clock.now() + timedelta(days=3)):
        await sweep()
    payment = await dropped.now()
    assert (payment.status, payment.confirmed_by_clock) == (PaymentStatus.CHANNEL_CONFIRMED, False)
    seen = await confirm_funds(
        parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key()
    )
    assert seen.confirmed_by_clock is False
