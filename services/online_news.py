"""What a provider says of a payment, put on record: the same whoever asked or was told, in whatever order it comes, and however often."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from models import LedgerEntry, OnlinePayment, Order, Payment, PaymentAllocation, PaymentRefund, Refund
from models.base import new_id
from rules.accounts import Account
from rules.billing import PaymentMethod, PaymentStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import Side, step_for
from rules.people import Actor, CompanyKind, Scope
from rules.postings import late_posting, payback_posting
from rules.problems import Unavailable
from rules.rails import (
    Expected,
    News,
    ProviderRefundStatus,
    Refunded,
    RefundReason,
    Refusal,
    is_covering,
    is_too_late,
    mismatch,
    status_after,
)
from rules.terms import local_date
from services import clock, ledger
from services.alerts import Alert, alert
from services.booking import book_money
from services.desk import note
from services.obligations import advance_spent, open_prepayment, owe_again
from services.settlements import given_up, refunded, watch_held
from services.settling import as_settled, settle_if_done
from services.silent_funds import confirmed_from

NAMES = {PaymentMethod.ALIPAY: "Alipay", PaymentMethod.WECHAT_PAY: "WeChat Pay"}
"""What events call them, in any language."""


async def apply_news(payment_id: UUID, news: News) -> Refusal | None:
    """Put proven news on record, under the order's lock; nothing changes where they are not about what was asked for."""
    order, online = await opened(payment_id)
    payment = online.payment
    expected = Expected(online.app_id, online.payee, payment.currency, payment.amount, online.transaction_id)
    if (refusal := mismatch(expected, news) or await _elsewhere(online, news)) is not None:
        return refusal
    step_for("apply_news", order, Side.CLOCK)
    online.transaction_id = online.transaction_id or news.transaction_id or None
    after = status_after(payment.status, news.state)
    if after is PaymentStatus.CLOSED and after is not payment.status:
        await _close(order, online, after)
    elif after is not payment.status:
        await _pay(order, online, news)
    await _give_back(order, online, news)
    # Not in which statement it was found, which is written down without the order's lock.
    await online.save(update_fields=["transaction_id", "paid_at", "confirm_at", "refunded"])
    return None


async def _elsewhere(online: OnlinePayment, news: News) -> Refusal | None:
    """Why they are another payment's, whatever else they say: by our number, or by the provider's."""
    if news.number != online.number:
        return Refusal.UNKNOWN_PAYMENT
    is_known = online.transaction_id is not None
    is_taken = not is_known and await OnlinePayment.has_taken(online.method, news.transaction_id)
    return Refusal.OTHER_TRANSACTION if is_taken else None


async def opened(payment_id: UUID) -> tuple[Order, OnlinePayment]:
    """A payment as it is under its order's lock."""
    order = await Order.locked((await OnlinePayment.of(payment_id)).payment.order_id)
    return order, await OnlinePayment.of(payment_id)


async def end_unpaid(payment_id: UUID, status: PaymentStatus, reason: str | None = None) -> None:
    """The payment is closed, or was refused by the provider; nothing happens where something came first."""
    order, online = await opened(payment_id)
    if online.payment.status is PaymentStatus.AWAITING_CHANNEL:
        await _close(order, online, status, reason)


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


async def _refund_opened(refund_id: UUID) -> tuple[PaymentRefund, Order, OnlinePayment]:
    order, online = await opened((await PaymentRefund.named(refund_id)).payment_id)
    return await PaymentRefund.named(refund_id), order, online


def speaker(order: Order, method: PaymentMethod) -> Actor:
    """The provider, who speaks for the supplier."""
    return speaker_for(order.supplier_id, method)


def speaker_for(supplier_id: UUID, method: PaymentMethod) -> Actor:
    """The provider, who speaks for this supplier."""
    scopes = frozenset({Scope.READ, Scope.BILLING})
    return Actor(company=supplier_id, kind=CompanyKind.SUPPLIER, scopes=scopes, name=NAMES[method])


def told(payment: Payment, **facts: object) -> dict[str, object]:
    """What events say of a payment."""
    said = {"paymentId": str(payment.id), "amount": str(payment.amount), "paymentStatus": payment.status}
    return {**said, **facts}


async def _close(order: Order, online: OnlinePayment, status: PaymentStatus, reason: str | None = None) -> None:
    payment = online.payment
    payment.status, payment.failure_reason = status, reason
    await _write(order, online, EventKind.PAYMENT_CLOSED)


async def _pay(order: Order, online: OnlinePayment, news: News) -> None:
    payment = online.payment
    online.paid_at = news.paid_at or clock.now()
    payment.paid_on = local_date(online.paid_at, order.delivery_zone)
    parts = await PaymentAllocation.of(payment.id)
    owed = await LedgerEntry.receivables([part.invoice_id for part in parts])
    room = sum((min(owed[part.invoice_id], part.amount) for part in parts), ZERO)
    room += min(await open_prepayment(order), payment.advance)
    was_covering = is_covering(payment.status, online.expires_at, clock.now())
    too_late = is_too_late(order.status, room, payment.amount, was_covering=was_covering)
    payment.status, payment.failure_reason = PaymentStatus.CHANNEL_CONFIRMED, None
    if too_late:
        for part in parts:
            await part.become(ZERO)
        payment.advance = ZERO
        await ledger.post(order, payment.id, late_posting(payment.amount))
    else:
        payment.received = payment.amount
        await book_money({order.id: order}, payment, Account.CASH_AT_PROVIDER)
        online.confirm_at = await confirmed_from(order)
    await online.save(update_fields=["paid_at"])
    await watch_held(online)
    await _write(order, online, EventKind.PAYMENT_PAID)
    if too_late:
        await _owe(order, online)


async def _owe(order: Order, online: OnlinePayment) -> None:
    """Open the task to pay money back, and raise the alarm."""
    payment = online.payment
    refund = _refund(online, new_id().hex, payment.amount, RefundReason.PAID_TOO_LATE)
    refund.status = ProviderRefundStatus.DUE
    await refund.save()
    alert(Alert.REFUND_DUE, payment=payment.number, order=str(order.id))
    await note(order, EventKind.REFUND_DUE, speaker(order, online.method), told(payment, why=refund.why))


async def _give_back(order: Order, online: OnlinePayment, news: News) -> None:
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
    refund = await less_due(known, _refund(online, number, amount, RefundReason.MADE_ELSEWHERE))
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


def _refund(online: OnlinePayment, number: str, amount: Decimal, why: RefundReason) -> PaymentRefund:
    return PaymentRefund(
        id=new_id(),
        payment_id=online.payment_id,
        order_id=online.payment.order_id,
        number=number,
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
        await _write(order, online, EventKind.REFUND_FAILED, refunded=str(refund.amount))
        return
    await _book_refund(order, payment, refund)
    online.refunded += refund.amount
    if online.refunded == payment.amount:
        payment.status = PaymentStatus.REFUNDED
    await refunded(online, refund)
    await _write(order, online, EventKind.PAYMENT_REFUNDED, refunded=str(refund.amount))


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


async def _write(order: Order, online: OnlinePayment, kind: EventKind, **facts: object) -> None:
    payment = online.payment
    payment.version += 1
    await payment.save()
    await settle_if_done(order)
    await note(order, kind, speaker(order, online.method), told(payment, **facts, **as_settled(order)))
