"""Money of a payment through a provider that goes back, or has to: wanted here, or made at the provider's own desk."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from models import LedgerEntry, OnlinePayment, Order, Payment, PaymentAllocation, PaymentRefund, Refund
from models.base import new_id
from rules.accounts import Account
from rules.billing import PaymentStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.postings import payback_posting
from rules.problems import Unavailable
from rules.rails import (
    News,
    ProviderRefundStatus,
    Refunded,
    RefundReason,
)
from services import clock, ledger
from services.alerts import Alert, alert
from services.desk import note
from services.obligations import advance_spent, owe_again
from services.online_desk import opened, speaker, told, write
from services.settlements import given_up, refunded


async def conclude_refund(refund_id: UUID, has_succeeded: bool, reason: str | None = None) -> None:
    """A refund that was asked for went through, or was refused; nothing happens where that is known."""
    refund, order, online = await _refund_opened(refund_id)
    if refund.status is ProviderRefundStatus.REQUESTED:
        await _conclude(order, online, refund, has_succeeded, reason)
        await online.save(update_fields=["refunded"])


async def refund_is_stuck(refund_id: UUID, reason: str) -> None:
    """A refund that was asked for waits until somebody acts at the provider's desk; nothing happens where it does no more."""
    refund, _, online = await _refund_opened(refund_id)
    await _raise_alarm(online, refund, reason)


async def give_back(order: Order, online: OnlinePayment, news: News) -> None:
    """What the news say of refunds: of one that was asked for here, or of more than those.

    Raises Unavailable, so that they are told again later, where they give no more than the sum of all, and one that was asked for here
    is undecided: nobody could say what of the sum is whose. What such a sum told of a refund that had failed is not counted again.
    """
    known = await PaymentRefund.of(online.payment_id)
    told_of = news.refund
    mine = next((one for one in known if told_of and one.number == told_of.number), None)
    is_undecided = any(one.status is ProviderRefundStatus.REQUESTED for one in known)
    has_failed = mine is not None and mine.status is ProviderRefundStatus.FAILED
    if told_of and (mine is None or has_failed) and not told_of.amount and is_undecided:
        raise Unavailable
    beyond = ZERO if news.refunded is None else news.refunded - _running(known)
    if mine and told_of and not (has_failed and news.refunded is not None and beyond < mine.amount):
        await _hear_of(order, online, mine, told_of)
    if news.refunded is not None:
        beyond = news.refunded - _running(known)
    elif told_of and mine is None and told_of.has_succeeded:
        beyond = told_of.amount
    if beyond > 0:
        number = told_of.number if told_of and mine is None else news.event_id[:64]
        await _made_elsewhere(order, online, number, beyond, known)


async def owe(order: Order, online: OnlinePayment) -> None:
    """Open the task to pay money back, and raise the alarm."""
    payment = online.payment
    refund = new_refund(payment, payment.amount, RefundReason.PAID_TOO_LATE)
    refund.status = ProviderRefundStatus.DUE
    await refund.save()
    alert(Alert.REFUND_DUE, payment=payment.number, order=str(order.id))
    await note(order, EventKind.REFUND_DUE, speaker(order, online.method), told(payment, why=refund.why))


async def _refund_opened(refund_id: UUID) -> tuple[PaymentRefund, Order, OnlinePayment]:
    order, online = await opened((await PaymentRefund.named(refund_id)).payment_id)
    return await PaymentRefund.named(refund_id), order, online


def _running(known: list[PaymentRefund]) -> Decimal:
    counted = (ProviderRefundStatus.REQUESTED, ProviderRefundStatus.SUCCEEDED)
    return sum((one.amount for one in known if one.status in counted), ZERO)


async def _hear_of(order: Order, online: OnlinePayment, refund: PaymentRefund, told_of: Refunded) -> None:
    """Money that went back has: that counts as well of a refund that was called failed before, and nothing takes it back."""
    may_still = (ProviderRefundStatus.REQUESTED, *((ProviderRefundStatus.FAILED,) if told_of.has_succeeded else ()))
    if told_of.has_succeeded is None:
        await _raise_alarm(online, refund, told_of.reason)
    elif refund.status in may_still:
        await _conclude(order, online, refund, told_of.has_succeeded, told_of.reason)


async def _raise_alarm(online: OnlinePayment, refund: PaymentRefund, reason: str) -> None:
    """Once for each reason: it is asked for, and told, again and again."""
    if refund.status is ProviderRefundStatus.REQUESTED and reason and refund.failure_reason != reason[:200]:
        alert(Alert.REFUND_STUCK, payment=online.payment.number, number=refund.number, reason=reason)
        refund.failure_reason = reason[:200]
        await refund.save(update_fields=["failure_reason"])


async def _made_elsewhere(
    order: Order, online: OnlinePayment, number: str, amount: Decimal, known: list[PaymentRefund]
) -> None:
    """A refund that the supplier made at the provider's own desk; it may be just the one that is due."""
    refund = await less_due(known, new_refund(online.payment, amount, RefundReason.MADE_ELSEWHERE, number))
    refund.number = number
    await refund.save()
    await _conclude(order, online, refund, True)


async def less_due(known: list[PaymentRefund], new: PaymentRefund) -> PaymentRefund:
    """The new refund, or the task to pay back what came too late, where it is the whole of that; a part leaves so much less to do."""
    due = next((one for one in known if one.status is ProviderRefundStatus.DUE), None)
    if due is None:
        return new
    if due.amount <= new.amount:
        due.amount = new.amount
        return due
    due.amount -= new.amount
    await due.save(update_fields=["amount"])
    new.why = due.why
    return new


def new_refund(payment: Payment, amount: Decimal, why: RefundReason, number: str | None = None) -> PaymentRefund:
    """A refund that was asked for, under a number of ours unless it has one."""
    key = new_id()
    return PaymentRefund(
        id=key,
        payment_id=payment.id,
        order_id=payment.order_id,
        number=number or key.hex,
        status=ProviderRefundStatus.REQUESTED,
        why=why,
        amount=amount,
        created_at=clock.now(),
    )


async def _conclude(
    order: Order, online: OnlinePayment, refund: PaymentRefund, has_succeeded: bool, reason: str | None = None
) -> None:
    payment = online.payment
    refund.status = ProviderRefundStatus.SUCCEEDED if has_succeeded else ProviderRefundStatus.FAILED
    refund.failure_reason, refund.done_at = (reason or "")[:200] or None, clock.now()
    await refund.save(update_fields=["status", "failure_reason", "done_at"])
    if not has_succeeded:
        alert(Alert.REFUND_FAILED, payment=payment.number, reason=reason)
        await given_up(refund)
        await ledger.set_off(order, refund.id)
        await write(order, online, EventKind.REFUND_FAILED, refunded=str(refund.amount))
        return
    await _book_refund(order, payment, refund)
    online.refunded += refund.amount
    if online.refunded == payment.amount:
        payment.status = PaymentStatus.REFUNDED
    await refunded(online, refund)
    await write(order, online, EventKind.PAYMENT_REFUNDED, refunded=str(refund.amount))


async def _book_refund(order: Order, payment: Payment, refund: PaymentRefund) -> None:
    out_of = Account.BANK if payment.status is PaymentStatus.FUNDS_CONFIRMED else Account.CASH_AT_PROVIDER
    meant = await PaymentAllocation.of(payment.id)
    now, (due_sent, credit_sent) = await ledger.standing(order), await Refund.on_its_way(order.id)
    free = replace(now, refund_due=now.refund_due - due_sent, credit=now.credit - credit_sent)
    paid = {part.invoice_id: part.amount for part in meant} or await advance_spent(order, payment.advance - now.advance)
    posting = payback_posting(refund.amount, free, await _standing_of(paid), out_of, payment.advance)
    await ledger.post(order, refund.id, posting)
    await ledger.set_off(order, refund.id, Account.ADVANCES)
    await owe_again(order)
    owed = {entry.invoice: entry.amount for entry in posting if entry.invoice is not None}
    for part in meant:
        await part.become(part.amount - owed.get(part.invoice_id, ZERO))
    if payment.advance:
        ahead = sum((entry.amount for entry in posting if entry.account is Account.ADVANCES), ZERO)
        payment.advance -= ahead + sum(owed.values(), ZERO)


async def _standing_of(paid: dict[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Of what was paid of invoices, what can be owed again of them: not what was credited meanwhile."""
    owed = await LedgerEntry.owed(paid)
    return {invoice: min(much, max(owed[invoice].settled, ZERO)) for invoice, much in paid.items()}
