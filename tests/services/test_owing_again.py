"""Money that is taken back after it was paid back or used otherwise is owed again: of invoices as far as they stand, or of none."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal as D
from functools import partial
from typing import Any

import pytest

from models import Event, Order, Payment, PaymentObligation, PaymentRefund
from models.account_lines import Account as Books
from models.ageing import Ageing
from models.rows import Row
from models.transaction import transact
from rules.accounts import Account, Excess, OrderPaymentStatus, Standing
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.money import Currency
from rules.obligations import ObligationKind
from rules.problems import AmountMismatch
from rules.rails import PaymentFlow, ProviderRefundStatus
from services import clock, ledger
from services.bouncing import bounce_cheque
from services.errand_works import work_at_once
from services.obligations import obligations_of
from services.online_paying import Checkout, close_payment, refund_payment, start_payment
from services.paying import Transfer, submit_bank_transfer, submit_cheque
from services.refunding import confirm_refund
from services.sweeping import sweep
from services.terminating import agree_termination, propose_termination
from services.using_credit import apply_credit
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_refund
from tests.credit_makers import check_credit
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    make_completed_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_transfer,
)
from tests.payment_makers import ALIPAY, Started, cut, make_merchant, make_online_payment, make_online_prepayment

pytestmark = pytest.mark.usefixtures("database")
NONE, FAR = D(0), "2027-01-31"


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def money(order: Order) -> Standing:
    """What the ledger says, of which nothing is below zero."""
    now = await ledger.standing(order)
    assert min(now.owed, now.credit, now.advance, now.refund_due) >= 0
    return now


async def prepaid(parties: Parties, order: Order, amount: str, submit: Any = submit_cheque) -> Payment:
    """So much came for the order itself, by cheque unless said; what is more than its prepayment is credit."""
    said = Transfer(D(amount), clock.now().date(), make_key(), surplus_as_credit=True)
    payment = await submit(parties.buyer, None, said, order_id=order.id, idempotency_key=make_key())
    return await make_confirmed(parties, payment)


async def bounce(parties: Parties, cheque: Payment) -> None:
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")


async def paid_back(parties: Parties, order: Order, amount: str) -> None:
    """The buyer has it."""
    refund = await make_refund(parties, order, amount)
    await confirm_refund(parties.buyer, refund.id, refund.version)


async def ended(parties: Parties, order: Order) -> Order:
    """Both sides end the contract."""
    order = await propose_termination(parties.buyer, order.id, (await fresh(order)).version, "no need")
    return await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))


async def make_owed_on_an_ended_contract(parties: Parties) -> Order:
    """129.24 were prepaid by a cheque, and paid back as the contract ended, before the bank did not honour it."""
    order = await make_contracted_order(parties, prepaid_share=D("0.3"))
    cheque = await prepaid(parties, order, "129.24")
    await ended(parties, order)
    await paid_back(parties, order, "129.24")
    await bounce(parties, cheque)
    return await fresh(order)


async def test_a_prepayment_that_was_paid_back_before_its_cheque_bounced_is_owed_again(parties: Parties) -> None:
    order = await make_owed_on_an_ended_contract(parties)
    now = await money(order)
    assert (now.owed, now.refund_due, now.paid, now.status) == (
        D("129.24"),
        NONE,
        D("-129.24"),
        OrderPaymentStatus.UNPAID,
    )
    [one] = await obligations_of(order)
    assert (one.kind, one.amount, one.open) == (ObligationKind.PREPAYMENT, D("129.24"), D("129.24"))
    await check_credit(parties)


@pytest.mark.parametrize("submit", [submit_bank_transfer, submit_cheque])
async def test_what_is_owed_on_an_ended_contract_is_told_of_once_and_paid(parties: Parties, submit: Any) -> None:
    order = await make_owed_on_an_ended_contract(parties)
    [one] = await obligations_of(order)
    with clock.held_at(clock.now() + timedelta(days=30)):
        for _ in range(2):
            await sweep()
        events = Event.filter(stream=order.id, kind__in=[EventKind.PAYMENT_DUE_SOON, EventKind.PAYMENT_OVERDUE])
        assert [event.kind async for event in events] == [EventKind.PAYMENT_OVERDUE]
        assert not await PaymentObligation.filter(id=one.id, look_on__isnull=False).exists()
        more = Transfer(D("129.25"), clock.now().date(), make_key(), surplus_as_credit=True)
        with pytest.raises(AmountMismatch) as none:  # it would only go back
            await submit(parties.buyer, None, more, order_id=order.id, idempotency_key=make_key())
        assert none.value.expected == D("129.24")
        await prepaid(parties, order, "129.24", submit)
        now = await money(order)
        assert (now.owed, now.refund_due, now.credit, now.status) == (NONE, NONE, NONE, OrderPaymentStatus.REFUNDED)
        assert not (await obligations_of(order))[0].is_overdue(clock.now())


async def test_it_is_paid_through_a_provider_and_goes_back_where_something_was_faster(parties: Parties) -> None:
    order = await make_owed_on_an_ended_contract(parties)
    first, second = await make_online_prepayment(parties, order, "100.00"), await make_online_prepayment(parties, order)
    assert second.payment.amount == D("29.24")
    await first.pay()
    assert (await money(order)).owed == D("29.24")
    said = Transfer(D("0.01"), clock.now().date(), make_key())
    with pytest.raises(AmountMismatch):  # all of it is under way
        await submit_bank_transfer(parties.buyer, None, said, order_id=order.id, idempotency_key=make_key())
    await close_payment(parties.buyer, second.payment.id, second.payment.version)
    await prepaid(parties, order, "29.24", submit_bank_transfer)
    second.trade.state = second.trade.state.WAITING
    await second.pay()
    now = await money(order)
    assert (now.owed, now.refund_due, now.credit) == (NONE, D("29.24"), NONE)
    [task] = await PaymentRefund.of(second.payment.id)
    assert (task.status, task.amount) == (ProviderRefundStatus.DUE, D("29.24"))


async def test_money_that_comes_when_the_contract_has_ended_pays_what_is_owed_again_before_it_goes_back(
    parties: Parties,
) -> None:
    order = await make_contracted_order(parties, prepaid_share=D("0.3"))
    cheque = await prepaid(parties, order, "129.24")
    said = Transfer(D("29.24"), clock.now().date(), make_key(), surplus_as_credit=True)
    coming = await submit_bank_transfer(parties.buyer, None, said, order_id=order.id, idempotency_key=make_key())
    order = await ended(parties, order)
    await paid_back(parties, order, "129.24")
    await bounce(parties, cheque)
    await make_confirmed(parties, coming)
    now = await money(order)
    assert (now.owed, now.refund_due, now.credit) == (D("100.00"), NONE, NONE)


async def test_credit_that_was_used_before_its_cheque_bounced_is_owed_again_where_there_is_no_invoice(
    parties: Parties,
) -> None:
    order, other = await make_contracted_order(parties), await make_completed_order(parties)
    invoice = await make_invoice(parties, other)
    cheque = await prepaid(parties, order, "100.00")
    await apply_credit(parties.buyer, invoice.id, D(70), idempotency_key=make_key())
    await bounce(parties, cheque)
    now, then = await money(order), await money(other)
    assert (now.owed, now.credit, then.owed) == (D(70), NONE, invoice.total - 70)
    assert [(one.amount, one.open) for one in await obligations_of(order)] == [(D(70), D(70))]
    for account, actor in ((Account.RECEIVABLE, parties.supplier), (Account.PAYABLE, parties.buyer)):
        day = clock.now().date().fromisoformat(FAR)
        ages = await Ageing(actor, account, Currency.CNY, day, clock.now()).totals()
        assert (ages.total, ages.invoices) == (now.owed + then.owed, 1)
        other_side = parties.buyer if actor is parties.supplier else parties.supplier
        shown = await Ageing(actor, account, Currency.CNY, day, clock.now()).invoices([other_side.home], 1)
        assert [row.id for row in shown] == [invoice.id]  # the other is due first, and is no invoice
        books = Books(actor.home, other_side.home, Currency.CNY, clock.now(), clock.now())
        rows = await transact(partial(read, books.open(1)))
        assert sorted(abs(row.owed) for row in rows) == [D(70), then.owed]
        assert (len(rows), sum(row.owed for row in rows)) == await books.open_in_all()
    assert (await check_credit(parties)).used == now.owed + then.owed


async def read(pages: AsyncIterator[list[Row]]) -> list[Row]:
    """All of them."""
    return [row async for page in pages for row in page]


async def test_what_is_owed_of_no_invoice_is_paid_for_the_order_and_by_what_is_kept_of_it(parties: Parties) -> None:
    order, other = await make_contracted_order(parties), await make_completed_order(parties)
    invoice = await make_invoice(parties, other)
    cheque = await prepaid(parties, order, "100.00")
    await apply_credit(parties.buyer, invoice.id, D(70), idempotency_key=make_key())
    await bounce(parties, cheque)
    said = Transfer(D("70.01"), clock.now().date(), make_key())
    with pytest.raises(AmountMismatch):
        await submit_bank_transfer(parties.buyer, None, said, order_id=order.id, idempotency_key=make_key())
    await prepaid(parties, order, "50.00", submit_bank_transfer)
    assert ((await money(order)).owed, (await obligations_of(order))[0].open) == (D(20), D(20))
    await prepaid(parties, order, "50.00", submit_bank_transfer)
    now = await money(order)
    assert (now.owed, now.credit, now.advance) == (NONE, D(30), NONE)


async def test_of_a_credited_invoice_nothing_is_owed_again_however_late_its_cheque_bounces(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    cheque = await make_confirmed(parties, await make_cheque(parties, invoice, "430.79"))
    await make_credit_note(parties, invoice)
    await paid_back(parties, order, "430.79")
    await bounce(parties, cheque)
    assert (await money(order)).owed == D("430.79")
    assert [(one.invoice, one.amount, one.open) for one in await obligations_of(order)] == [
        (None, D("430.79"), D("430.79")),
        (invoice.id, NONE, NONE),
    ]


async def refunded(started: Started, amount: str) -> Payment:
    """So much of it went back through its provider."""
    now = await started.now()
    supplier = started.parties.supplier
    return await refund_payment(supplier, now.id, now.version, D(amount), "返还", idempotency_key=make_key())


async def test_what_a_provider_pays_back_once_more_than_is_due_is_owed_again(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await started.pay()
    await make_credit_note(parties, started.invoice)
    await make_refund(parties, started.order, "430.79")
    await refunded(started, "430.79")
    now = await money(started.order)
    assert (now.owed, now.refund_due) == (D("430.79"), D("430.79"))  # this is on its way, and pays nothing
    assert [(one.amount, one.open) for one in await obligations_of(started.order)] == [
        (D("430.79"), D("430.79")),
        (NONE, NONE),
    ]


async def test_credit_from_a_provider_that_was_used_is_owed_again_when_it_pays_it_back(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await started.pay()
    await make_credit_note(parties, started.invoice, excess=Excess.CREDIT_BALANCE)
    other = await make_completed_order(parties)
    await apply_credit(parties.buyer, (await make_invoice(parties, other)).id, idempotency_key=make_key())
    await refunded(started, "400.00")
    now = await money(started.order)
    assert (now.owed, now.credit) == (D("400.00"), NONE)
    await check_credit(parties)


async def make_too_late(parties: Parties) -> Started:
    """430.79 that came in when its payment was closed, and half of its invoice was paid otherwise."""
    await make_merchant(parties.supplier)
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    wish = Checkout(ALIPAY, PaymentFlow.QR)
    payment = await start_payment(parties.buyer, invoice.id, wish, idempotency_key=make_key())
    started = Started(parties, order, invoice, payment, await make_merchant(parties.supplier))
    trade = started.trade
    await close_payment(parties.buyer, payment.id, payment.version)
    await make_confirmed(parties, await make_transfer(parties, invoice, "200.00"))
    trade.state = trade.state.WAITING  # somebody was faster than the closing
    await started.pay()
    return started


async def test_what_came_too_late_goes_back_the_way_it_came_and_pays_nothing_meanwhile(parties: Parties) -> None:
    started = await make_too_late(parties)
    assert (await money(started.order)).refund_due == D("430.79")
    with pytest.raises(AmountMismatch) as none:
        await make_refund(parties, started.order, "1.00")
    assert none.value.expected == 0
    await make_credit_note(parties, started.invoice, "1")  # where what is due back is set off
    now = await money(started.order)
    assert now.refund_due == D("430.79")
    assert now.owed > 0
    await refunded(started, "430.79")
    assert ((await money(started.order)).refund_due, (await money(started.order)).owed) == (NONE, now.owed)


async def test_a_part_of_what_came_too_late_leaves_so_much_less_to_pay_back(parties: Parties) -> None:
    started = await make_too_late(parties)
    with cut(is_deaf=True):
        await refunded(started, "30.79")
    await make_credit_note(parties, started.invoice, "1")
    assert (await money(started.order)).refund_due == D("430.79")  # all of it is on its way
    [_, part] = await PaymentRefund.of(started.payment.id)
    await work_at_once(ErrandKind.REFUND_PAYMENT, part.id)
    assert [(one.status, one.amount) for one in await PaymentRefund.of(started.payment.id)] == [
        (ProviderRefundStatus.DUE, D("400.00")),
        (ProviderRefundStatus.SUCCEEDED, D("30.79")),
    ]
    assert (await money(started.order)).refund_due == D("400.00")
    with pytest.raises(AmountMismatch):
        await refunded(started, "400.01")
    await refunded(started, "400.00")
    assert (await money(started.order)).refund_due == NONE
    assert {one.status for one in await PaymentRefund.of(started.payment.id)} == {ProviderRefundStatus.SUCCEEDED}
