"""What the split of a payment is about: it falls due, its base shrinks with refunds, and after it the platform gives back its part of
them. All of it under the order's lock, and none of it in the order's own stream: the buyer learns nothing."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from models import Company, OnlinePayment, Order, PaymentRefund, Settlement, SettlementReturn
from models.base import new_id
from rules.decimals import NOTHING
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.people import CLOCK, Actor
from rules.rails import ProviderRefundStatus
from rules.settlement import (
    UNSPLIT,
    WARNED_BEFORE,
    SettlementStatus,
    ShareReturnStatus,
    Terms,
    due_at,
    may_return,
    split_by,
)
from services import clock, errands
from services.alerts import Alert, alert
from services.streams import note_apart


def terms_of(online: OnlinePayment) -> Terms:
    """The commission that the payment bears, as it was when it was started."""
    return Terms.read(online.terms or [])


async def open_due(order: Order) -> None:
    """Let each payment of a completed order that is paid and to be split be split once its time has come."""
    for online in await Settlement.unopened(order.id):
        if online.paid_at is None:
            raise ValueError("what is paid says when")
        terms, key = terms_of(online), new_id()
        settlement = Settlement(
            id=key,
            payment_id=online.payment_id,
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=key.hex,
            status=SettlementStatus.DUE,
            base=online.kept,
            commission=terms.commission(online.kept),
            due_at=due_at(order.completed_at or clock.now(), terms.hold_days),
            split_by=split_by(online.method, online.paid_at),
            created_at=clock.now(),
        )
        await tell(settlement, EventKind.SETTLEMENT_DUE)
        looks_at = min(settlement.due_at, settlement.split_by)
        await errands.send(ErrandKind.SPLIT_PAYMENT, settlement.id, max(looks_at, clock.now()))


async def watch_held(online: OnlinePayment) -> None:
    """Let somebody look, before the provider lets go of what it holds of a payment, whether that is split; not of what came too late."""
    if online.terms is not None and online.paid_at is not None and online.payment.received is not None:
        looks_at = split_by(online.method, online.paid_at) - WARNED_BEFORE
        await errands.send(ErrandKind.WATCH_HELD_MONEY, online.payment_id, max(looks_at, clock.now()))


async def refunded(online: OnlinePayment, refund: PaymentRefund) -> None:
    """Money went back: what is not split yet is of less, and of what was the platform gives its part back, if it has not already."""
    settlement = await Settlement.of(online.payment_id)
    idle = (SettlementStatus.LAPSED, SettlementStatus.PROCESSING)  # of the latter it is looked at when that is over
    if settlement is None or settlement.status in idle:
        return
    if settlement.status not in UNSPLIT:
        await _part_from(online, settlement, refund)
        await send_back(await give_back(online, settlement, refund))
        return
    if not await is_void(online, settlement):
        await settlement.save()


async def is_void(online: OnlinePayment, settlement: Settlement) -> bool:
    """Let what is not split be of what has not gone back; of nothing nothing is split, which is told, and nothing waits for it."""
    settlement.base, settlement.commission = online.kept, terms_of(online).commission(online.kept)
    if settlement.base:
        return False
    settlement.status = SettlementStatus.REVERSED
    await tell(settlement, EventKind.SETTLEMENT_REVERSED)
    return True


async def catch_up(online: OnlinePayment, settlement: Settlement) -> None:
    """Give back the platform's part of what went back while the provider was splitting."""
    if not terms_of(online).to_return(settlement.commission, online.kept):
        return
    gone = [one for one in await PaymentRefund.of(online.payment_id) if one.status is ProviderRefundStatus.SUCCEEDED]
    await send_back(await give_back(online, settlement, gone[-1]))


async def give_back(online: OnlinePayment, settlement: Settlement, refund: PaymentRefund) -> SettlementReturn:
    """What of the platform's share goes back because of a refund, decided once: what it has beyond its due of what then is left."""
    rows = await SettlementReturn.of(settlement.id)
    if known := next((row for row in rows if row.refund_id == refund.id), None):
        return known
    left = online.amount - _gone(
        await PaymentRefund.of(online.payment_id), {refund.id, *(row.refund_id for row in rows if row.refund_id)}
    )
    amount = terms_of(online).to_return(share_left(settlement, rows), left)
    status = ShareReturnStatus.REVERSING if amount else ShareReturnStatus.REVERSED
    if amount and not may_return(online.method, settlement.settled_at or clock.now(), clock.now()):
        status = ShareReturnStatus.LAPSED
        alert(Alert.SHARE_RETURN_LAPSED, settlement=settlement.number, amount=str(amount))
    key, now = new_id(), clock.now()
    row = await SettlementReturn.create(
        id=key,
        settlement_id=settlement.id,
        refund_id=refund.id,
        number=key.hex,
        status=status,
        amount=amount,
        done_at=None if status is ShareReturnStatus.REVERSING else now,
        created_at=now,
    )
    if status is ShareReturnStatus.REVERSING:
        settlement.status = SettlementStatus.REVERSING
        await tell(settlement, EventKind.SETTLEMENT_REVERSING)
    elif status is ShareReturnStatus.LAPSED:
        await tell(settlement, EventKind.SETTLEMENT_REVERSED, returned=str(NOTHING))
    return row


async def _part_from(online: OnlinePayment, settlement: Settlement, refund: PaymentRefund) -> None:
    """A refund that had failed has gone through after all: what it had brought back counts for another refund by now, or was given up.
    That stays on record, and more comes back because of this one."""
    rows = await SettlementReturn.of(settlement.id)
    known = next((row for row in rows if row.refund_id == refund.id), None)
    if known and terms_of(online).to_return(share_left(settlement, rows), online.kept):
        known.refund_id = None
        await known.save(update_fields=["refund_id"])


async def given_up(refund: PaymentRefund) -> None:
    """The refund was refused that was to bring the share back: nothing of it has come, and nothing is to."""
    row = await SettlementReturn.because_of(refund.id)
    if row is None or row.status is not ShareReturnStatus.REVERSING:
        return
    row.amount, row.status, row.done_at = NOTHING, ShareReturnStatus.REVERSED, clock.now()
    await row.save()
    settlement = row.settlement
    settlement.status = status_with(settlement, await SettlementReturn.of(settlement.id))
    await tell(settlement, EventKind.SETTLEMENT_REVERSED, returned=str(NOTHING))


def status_with(settlement: Settlement, rows: Iterable[SettlementReturn]) -> SettlementStatus:
    """Where a split stands of which this went back, or is to."""
    if any(row.status is ShareReturnStatus.REVERSING for row in rows):
        return SettlementStatus.REVERSING
    return SettlementStatus.SETTLED if settlement.returned < settlement.commission else SettlementStatus.REVERSED


async def send_back(row: SettlementReturn) -> None:
    """Let the share come back some time: nobody waits for it."""
    if row.status is ShareReturnStatus.REVERSING:
        await errands.send(ErrandKind.TAKE_BACK_SHARE, row.id)


def share_left(settlement: Settlement, rows: Iterable[SettlementReturn]) -> Decimal:
    """What the platform keeps when all has come back that is on its way."""
    kept: Decimal = settlement.commission - sum((row.amount for row in rows), NOTHING)
    return kept


async def tell(settlement: Settlement, kind: EventKind, actor: Actor = CLOCK, **facts: object) -> None:
    """Save the split and its event under the next number, for the supplier and the platform."""
    settlement.version += 1
    await settlement.save()
    platform = await Company.platform()
    readers = [settlement.supplier_id, *([platform.id] if platform else [])]
    body = {"paymentId": str(settlement.payment_id), "settlementStatus": settlement.status, **facts}
    await note_apart(settlement, settlement.version, kind, actor, readers, body)


def _gone(refunds: Sequence[PaymentRefund], counted: set[UUID]) -> Decimal:
    """What has gone back, or is about to once its share is back."""
    return sum(
        (
            one.amount
            for one in refunds
            if one.status is ProviderRefundStatus.SUCCEEDED
            or (one.id in counted and one.status is ProviderRefundStatus.REQUESTED)
        ),
        NOTHING,
    )
