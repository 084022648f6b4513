"""Held money that its provider lets the supplier have before it is split: somebody is told some days before, and then it is on record
that the commission is lost, so that nothing waits for it any more."""

from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from models import CommissionReceiver, Errand, OnlinePayment, Order, PaymentRefund, Settlement
from rules.billing import PaymentStatus
from rules.decimals import NOTHING
from rules.errands import LONGEST_PAUSE
from rules.events import EventKind
from rules.lifecycle import BILLED
from rules.rails import UNDECIDED
from rules.settlement import DONE, WARNED_BEFORE, LapseReason, SettlementStatus, split_by
from services import clock
from services.alerts import Alert, alert
from services.online_desk import opened
from services.settlements import is_void, tell
from services.settling import settle_for_split
from services.verb import committed

log = structlog.get_logger(__name__)


async def watch(errand: Errand) -> datetime | None:
    """Say that a payment's money will be free soon, and look again when it is."""
    return await committed(partial(_look, errand.subject_id))


async def _look(payment_id: UUID) -> datetime | None:
    order, online = await opened(payment_id)
    settlement, now = await Settlement.of(payment_id), clock.now()
    if not _may_lapse(order, online, settlement):
        return None
    ends = split_by(online.method, online.paid_at or now)
    if now < ends - WARNED_BEFORE:
        return ends - WARNED_BEFORE
    standing = settlement.status if settlement else order.status
    facts = {"payment": online.payment.number, "order": order.number, "until": ends.isoformat(), "status": standing}
    if now < ends:
        log.warning("held money will be free before it is split", **facts)
        return ends
    if settlement is None:  # it lapses as soon as the goods are accepted
        alert(Alert.HELD_MONEY_FREE, **facts)
        return None
    if settlement.status is SettlementStatus.PROCESSING:
        # The provider was told in time; what it made of that is not known yet.
        return now + LONGEST_PAUSE
    if not await ends_void(order, online, settlement):
        await lapse(order, online, settlement)
    return None


def _may_lapse(order: Order, online: OnlinePayment, settlement: Settlement | None) -> bool:
    if settlement is not None:
        return settlement.status not in (*DONE, SettlementStatus.REVERSING)
    return order.status in BILLED and online.payment.status is not PaymentStatus.REFUNDED


async def ends_void(order: Order, online: OnlinePayment, settlement: Settlement) -> bool:
    """Whether all of the payment went back before it was split: then nothing is to be, and the order waits for it no longer."""
    if not await is_void(online, settlement):
        return False
    await settle_for_split(order)
    return True


async def lapse(order: Order, online: OnlinePayment, settlement: Settlement, refusal: str | None = None) -> None:
    """It is too late: the platform has nothing of the payment, and is to settle that with the supplier otherwise."""
    lost, settlement.commission = settlement.commission, NOTHING
    settlement.status = SettlementStatus.LAPSED
    settlement.failure_reason = refusal or settlement.failure_reason or await _why(online, settlement)
    reason = settlement.failure_reason
    alert(Alert.SPLIT_LAPSED, settlement=settlement.number, lost=str(lost), reason=reason)
    await tell(settlement, EventKind.SETTLEMENT_LAPSED, reason=reason, lost=str(lost))
    await settle_for_split(order)


async def _why(online: OnlinePayment, settlement: Settlement) -> LapseReason:
    if settlement.due_at >= settlement.split_by:
        return LapseReason.DUE_TOO_LATE
    if any(one.status in UNDECIDED for one in await PaymentRefund.of(online.payment_id)):
        return LapseReason.REFUND_UNDECIDED
    if await CommissionReceiver.by(online.method) is None:
        return LapseReason.NO_RECEIVER
    return LapseReason.NOT_ASKED
