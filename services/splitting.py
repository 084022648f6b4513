"""What providers are asked about splits: to give the platform its share, and to take it back. Nothing of it in a transaction, and all
of it again under the same number until the outcome is known."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

import structlog

from models import (
    CommissionReceiver,
    Company,
    Errand,
    MerchantAccount,
    OnlinePayment,
    Order,
    PaymentRefund,
    Settlement,
    SettlementReturn,
)
from models.base import new_id
from partners.payments import Declined, PaymentProvider, Split, SplitReturn, SplitWish, Unsure
from rules.accounts import Account
from rules.decimals import NOTHING
from rules.errands import pause_after
from rules.events import EventKind
from rules.postings import income_posting, split_posting
from rules.rails import UNDECIDED
from rules.settlement import (
    UNSPLIT,
    SettlementStatus,
    ShareReturnStatus,
    comes_with_refund,
    is_for_want_of_share,
    may_return,
)
from services import clock, ledger, partners
from services.alerts import Alert, alert
from services.lapsing import ends_void, lapse
from services.merchants import merchant_of
from services.online_desk import opened, speaker
from services.settlements import catch_up, give_back, status_with, tell
from services.settling import settle_for_split
from services.verb import committed

WAITS = timedelta(seconds=30)
"""Until it is looked again whether what stands in the way of a split is over."""

DESCRIPTION = "平台佣金 commission"
log = structlog.get_logger(__name__)


async def split(errand: Errand) -> datetime | None:
    """Ask for a split that is due, and again under its number until the provider says what became of it."""
    begun = await committed(partial(_begin, errand.subject_id))
    if not isinstance(begun, Settlement):
        return begun
    outcome = await _asked(_split(begun, await OnlinePayment.of(begun.payment_id)), begun.number, begun.commission)
    if outcome is None:
        return clock.now() + pause_after(errand.attempts)
    await committed(partial(_conclude, begun.id, outcome))
    return None


async def take_back(errand: Errand) -> datetime | None:
    """Ask for a share that has to come back, and again under its number until it has."""
    return None if await return_share(errand.subject_id) else clock.now() + pause_after(errand.attempts)


async def share_is_back(refund: PaymentRefund, online: OnlinePayment) -> bool:
    """Whether nothing stands in the way of a refund: what of it is with the platform is asked for now, or comes with it."""
    row = await committed(partial(_prepare, refund))
    if isinstance(row, bool):
        return row
    return comes_with_refund(online.method, online.flow) or await return_share(row.id)


async def is_short(refund: PaymentRefund, no: Declined) -> bool:
    """Whether a refund that brings its share along was refused for want of that; then the alarm is raised."""
    row = await SettlementReturn.because_of(refund.id)
    if row is None or row.status is not ShareReturnStatus.REVERSING or not is_for_want_of_share(no.code):
        return False
    await committed(partial(_refused, row.id, str(no)))
    return True


async def share_came(refund: PaymentRefund) -> None:
    """Put on record what came back with a refund."""
    row = await SettlementReturn.because_of(refund.id)
    if row is not None:
        await return_share(row.id)


async def return_share(return_id: UUID) -> bool:
    """Ask the provider to take a share back; whether nothing more is to be done about it."""
    row = await SettlementReturn.named(return_id)
    if row.status is not ShareReturnStatus.REVERSING:
        return True
    online = await OnlinePayment.of(row.settlement.payment_id)
    if not may_return(online.method, row.settlement.settled_at or clock.now(), clock.now()):
        await committed(partial(_returned, row.id, ShareReturnStatus.LAPSED))
        return True
    outcome = await _asked(_take_back(row, online), row.number, row.amount)
    if outcome is None:
        return False
    if not outcome.has_succeeded:
        await committed(partial(_refused, row.id, outcome.reason, is_final=outcome.is_final))
        return False
    await committed(partial(_returned, row.id, ShareReturnStatus.REVERSED))
    return True


async def _begin(settlement_id: UUID) -> Settlement | datetime | None:
    """The split as it is asked for: once begun it is not changed before the provider has said no. Or when to look again, or nothing."""
    order, online = await opened((await Settlement.named(settlement_id)).payment_id)
    settlement, now = await Settlement.named(settlement_id), clock.now()
    if settlement.status is SettlementStatus.DUE:
        if now >= settlement.split_by:
            await lapse(order, online, settlement)
            return None
        if now < settlement.due_at:
            return min(settlement.due_at, settlement.split_by)
        receiver = await CommissionReceiver.by(online.method)
        if receiver is None or any(one.status in UNDECIDED for one in await PaymentRefund.of(online.payment_id)):
            return now + WAITS
        if await ends_void(order, online, settlement):
            return None
        settlement.status = SettlementStatus.PROCESSING
        settlement.receiver, settlement.receiver_name = receiver.payee, receiver.name
    if settlement.status is not SettlementStatus.PROCESSING:
        return None
    settlement.attempts += 1
    await settlement.save()
    return settlement


async def _split(settlement: Settlement, online: OnlinePayment) -> Split:
    provider, account = await _called(online)
    merchant, receiver = merchant_of(account), settlement.receiver or ""
    if settlement.commission:
        await provider.admit(receiver, settlement.receiver_name or "", merchant, clock.now())
    wish = SplitWish(
        settlement.number, online.number, online.transaction_id or "", receiver, settlement.commission, DESCRIPTION
    )
    return await provider.split(wish, merchant, clock.now())


async def _take_back(row: SettlementReturn, online: OnlinePayment) -> Split:
    provider, account = await _called(online)
    wish = SplitReturn(
        row.number,
        row.settlement.number,
        online.number,
        online.transaction_id or "",
        row.settlement.receiver or "",
        row.amount,
        DESCRIPTION,
        online.flow,
    )
    return await provider.take_back(wish, merchant_of(account), clock.now())


async def _called(online: OnlinePayment) -> tuple[PaymentProvider, MerchantAccount]:
    return partners.payment_provider(online.method), await MerchantAccount.named(online.account_id)


async def _asked(question: Awaitable[Split], number: str, amount: object) -> Split | None:
    """What the provider says for certain; None while nobody knows."""
    try:
        outcome = await question
    except Unsure as trouble:
        log.warning("a payment provider left us in doubt", number=number, why=str(trouble))
        return None
    except Declined as no:
        return Split(number, NOTHING, has_succeeded=False, reason=str(no))
    if outcome.has_succeeded and (outcome.number, outcome.amount) != (number, amount):
        alert(Alert.ANSWER_OF_ANOTHER, number=number, answered=outcome.number)
        return None
    return None if outcome.has_succeeded is None else outcome


async def _conclude(settlement_id: UUID, outcome: Split) -> None:
    """The split went through, or was refused; nothing happens where that is known."""
    order, online = await opened((await Settlement.named(settlement_id)).payment_id)
    settlement = await Settlement.named(settlement_id)
    if settlement.status is not SettlementStatus.PROCESSING:
        return
    if not outcome.has_succeeded:
        await _fail(order, online, settlement, outcome)
        return
    settlement.status, settlement.failure_reason = SettlementStatus.SETTLED, None
    settlement.settled_at = clock.now()
    await _book(order, online, settlement, settlement.commission)
    await tell(settlement, EventKind.SETTLEMENT_SETTLED, speaker(order, online.method))
    await catch_up(online, settlement)
    await settle_for_split(order)


async def _fail(order: Order, online: OnlinePayment, settlement: Settlement, outcome: Split) -> None:
    """The provider said no: nothing was split, and what went back meanwhile leaves so much less to split, or nothing at all."""
    reason = outcome.reason[:200]
    alert(Alert.SPLIT_FAILED, settlement=settlement.number, reason=reason)
    if await ends_void(order, online, settlement):
        return
    if clock.now() >= settlement.split_by:
        await lapse(order, online, settlement, reason)
        return
    settlement.status, settlement.failure_reason = SettlementStatus.FAILED, reason
    if outcome.is_final:
        settlement.number = new_id().hex
    await tell(settlement, EventKind.SETTLEMENT_FAILED, speaker(order, online.method), reason=reason)


async def _prepare(refund: PaymentRefund) -> SettlementReturn | bool:
    """What has to come back before the refund; True where it may go at once, False where nobody knows yet."""
    _, online = await opened(refund.payment_id)
    settlement = await Settlement.of(refund.payment_id)
    if settlement is None or settlement.status in (*UNSPLIT, SettlementStatus.LAPSED):
        return True
    if settlement.status is SettlementStatus.PROCESSING:
        return False
    return await give_back(online, settlement, refund)


async def _refused(return_id: UUID, reason: str, *, is_final: bool = False) -> None:
    """The receiver did not give it back, such as for want of balance: the alarm is raised, and it is asked again."""
    row = await SettlementReturn.named(return_id)
    order, online = await opened(row.settlement.payment_id)
    row = await SettlementReturn.named(return_id)
    alert(Alert.SHARE_NOT_RETURNED, settlement=row.settlement.number, number=row.number, reason=reason)
    if row.status is not ShareReturnStatus.REVERSING or (row.failure_reason == reason[:200] and not is_final):
        return
    row.failure_reason = reason[:200]
    row.number = new_id().hex if is_final else row.number
    await row.save(update_fields=["failure_reason", "number"])
    actor = speaker(order, online.method)
    await tell(row.settlement, EventKind.SETTLEMENT_REVERSING, actor, reason=reason[:200])


async def _returned(return_id: UUID, status: ShareReturnStatus) -> None:
    """A share came back, or it is too late for that; nothing happens where that is known."""
    row = await SettlementReturn.named(return_id)
    order, online = await opened(row.settlement.payment_id)
    row = await SettlementReturn.named(return_id)
    if row.status is not ShareReturnStatus.REVERSING:
        return
    settlement = row.settlement
    row.status, row.done_at = status, clock.now()
    await row.save()
    rows = await SettlementReturn.of(settlement.id)
    came = row.amount if status is ShareReturnStatus.REVERSED else NOTHING
    if came:
        settlement.returned += came
        await _book(order, online, settlement, -came)
    else:
        alert(Alert.SHARE_RETURN_LAPSED, settlement=settlement.number, amount=str(row.amount))
    settlement.status = status_with(settlement, rows)
    await tell(settlement, EventKind.SETTLEMENT_REVERSED, speaker(order, online.method), returned=str(came))
    await settle_for_split(order)


async def _book(order: Order, online: OnlinePayment, settlement: Settlement, share: Decimal) -> None:
    """In the supplier's books it came out of what the provider holds, or out of the bank after the payout; below zero it came back."""
    out_of = Account.CASH_AT_PROVIDER if online.payment.confirmed_at is None else Account.BANK
    await ledger.post(order, online.payment_id, split_posting(share, out_of))
    platform = await Company.platform()
    if platform is not None:
        await ledger.post_apart(order, settlement.id, platform.id, income_posting(share))
