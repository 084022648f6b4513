"""What is asked of payment providers: to start a payment, what became of it, and to pay it back. Nothing of it in a transaction, and all
of it again under the same number until the outcome is known."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog

from models import Errand, MerchantAccount, OnlinePayment, PaymentRefund
from partners.payments import Bill, Declined, RefundWish, Unsure
from rules.billing import PaymentStatus
from rules.errands import HEAD_START, pause_after
from rules.events import EventKind
from rules.rails import SLUGS, ProviderRefundStatus, is_covering
from services import clock, partners, splitting
from services.alerts import Alert, alert
from services.online_desk import opened, write
from services.online_news import apply_news, end_unpaid
from services.online_queries import called as _called
from services.online_refunds import conclude_refund, refund_is_stuck
from services.payment_notices import keep_refused
from services.verb import committed

FIRST_QUERY = timedelta(seconds=15)
"""After how long a provider is asked about a payment that it has said nothing of."""

log = structlog.get_logger(__name__)


def notify_url(account: MerchantAccount) -> str:
    """Where the provider writes to."""
    return f"{partners.public_address() or ''}/payments/{SLUGS[account.method]}/{account.endpoint}"


async def start(errand: Errand) -> datetime | None:
    """Ask for what the payer is given; a payment that the provider refuses to start has failed."""
    online, account, provider, merchant = await _called(errand.subject_id)
    payment, now = online.payment, clock.now()
    if payment.status is not PaymentStatus.AWAITING_CHANNEL or online.content or online.close_asked_at:
        return None
    bill = Bill(
        online.number,
        payment.number,
        payment.amount,
        online.flow,
        notify_url(account),
        online.expires_at,
        online.payer_address,
        online.terms is not None,
        payer_openid=online.payer_openid or "",
    )
    try:
        content = await provider.start(bill, merchant, now)
    except Unsure as trouble:
        return _later(errand, trouble) if now < online.expires_at else None
    except Declined as no:
        failed = PaymentStatus.FAILED
        await committed(partial(end_unpaid, payment.id, failed, str(no)[:1000]))
        return None
    is_late = errand.attempts > 1 or now >= online.created_at + HEAD_START  # nobody waits for it any more
    await committed(partial(_give, payment.id, content, is_late))
    return None


async def follow(errand: Errand) -> datetime | None:
    """Ask what became of a payment until it is decided; close what nobody has paid in time, or is to pay any more. Where the answer is of
    something else nothing is decided, and after its time nothing is asked: people have to look."""
    online, account, provider, merchant = await _called(errand.subject_id)
    if online.payment.status is not PaymentStatus.AWAITING_CHANNEL:
        return None
    now = clock.now()
    try:
        news = await provider.query(online.number, merchant, now)
        if news is not None and (refusal := await committed(partial(apply_news, online.payment_id, news))) is not None:
            alert(Alert.ANSWER_OF_ANOTHER, payment=online.payment.number, reason=refusal)
            if now < online.expires_at:
                return now + pause_after(errand.attempts)
            return await committed(partial(keep_refused, account, news, refusal))
        online = await OnlinePayment.of(online.payment_id)
        if online.payment.status is not PaymentStatus.AWAITING_CHANNEL:
            return None
        if online.close_asked_at is None and now < online.expires_at:
            return min(now + pause_after(errand.attempts + 2), online.expires_at)
        await provider.close(online.number, merchant, now)
    except (Unsure, Declined) as trouble:  # declined: somebody pays at this moment, and the next query will tell
        if not is_covering(online.payment.status, online.expires_at, now):
            alert(Alert.PAYMENT_UNTOLD, payment=online.payment.number, account=str(account.id))
        return _later(errand, trouble)
    await committed(partial(end_unpaid, online.payment_id, PaymentStatus.CLOSED))
    return None


async def refund(errand: Errand) -> datetime | None:
    """Ask for a refund once the platform has given its share of it back, and again by the same number until the provider says what became
    of it."""
    wanted = await PaymentRefund.named(errand.subject_id)
    if wanted.status is not ProviderRefundStatus.REQUESTED:
        return None
    online, account, provider, merchant = await _called(wanted.payment_id)
    if not await splitting.share_is_back(wanted, online):
        return clock.now() + pause_after(errand.attempts)
    wish = RefundWish(
        wanted.number, online.number, wanted.amount, online.amount, wanted.remark or "refund", notify_url(account)
    )
    try:
        told = await provider.refund(wish, merchant, clock.now())
    except Unsure as trouble:
        return _later(errand, trouble)
    except Declined as no:
        if await splitting.is_short(wanted, no):
            return clock.now() + pause_after(errand.attempts)
        await committed(partial(conclude_refund, wanted.id, False, str(no)))
        return None
    if told.has_succeeded is None:
        if told.reason:
            await committed(partial(refund_is_stuck, wanted.id, told.reason))
        return clock.now() + pause_after(errand.attempts + 2)
    await committed(partial(conclude_refund, wanted.id, told.has_succeeded, told.reason))
    await splitting.share_came(wanted)
    return None


async def _give(payment_id: UUID, content: str, is_late: bool) -> None:
    order, online = await opened(payment_id)
    is_open = online.payment.status is PaymentStatus.AWAITING_CHANNEL and online.close_asked_at is None
    if is_open and online.content is None:
        online.content, online.payer_openid = content, None
        await online.save(update_fields=["content", "payer_openid"])
        if is_late:
            await write(order, online, EventKind.PAYMENT_READY)


def _later(errand: Errand, trouble: Exception) -> datetime:
    log.warning(
        "a payment provider left us in doubt", kind=errand.kind, subject=str(errand.subject_id), why=str(trouble)
    )
    return clock.now() + pause_after(errand.attempts)
