"""What a provider says of a payment, put on record: the same whoever asked or was told, in whatever order it comes, and however often."""

from uuid import UUID

from models import LedgerEntry, OnlinePayment, Order, PaymentAllocation
from rules.accounts import Account
from rules.billing import PaymentStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import Side, step_for
from rules.postings import late_posting
from rules.rails import (
    Expected,
    News,
    Refusal,
    is_covering,
    is_too_late,
    mismatch,
    status_after,
)
from rules.terms import local_date
from services import clock, ledger
from services.booking import book_money
from services.obligations import open_prepayment
from services.online_desk import opened, write
from services.online_refunds import give_back, owe
from services.settlements import watch_held
from services.silent_funds import confirmed_from


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
    await give_back(order, online, news)
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


async def end_unpaid(payment_id: UUID, status: PaymentStatus, reason: str | None = None) -> None:
    """The payment is closed, or was refused by the provider; nothing happens where something came first."""
    order, online = await opened(payment_id)
    if online.payment.status is PaymentStatus.AWAITING_CHANNEL:
        await _close(order, online, status, reason)


async def _close(order: Order, online: OnlinePayment, status: PaymentStatus, reason: str | None = None) -> None:
    payment = online.payment
    payment.status, payment.failure_reason = status, reason
    await write(order, online, EventKind.PAYMENT_CLOSED)


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
    await write(order, online, EventKind.PAYMENT_PAID)
    if too_late:
        await owe(order, online)
