"""What the provider's own ledger says of two companies' payments, once everything is told and done that was under way."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from models import Errand, OnlinePayment, PaymentRefund, Settlement
from partners.payments.simulator.bank import Refused
from rules.errands import ErrandKind
from rules.rails import ChannelState, ProviderRefundStatus
from rules.settlement import SettlementStatus
from services import clock
from services.errand_works import work_at_once
from services.reconciliations import reconcile_payments
from services.retrying import retry_settlement
from services.settlements import terms_of
from tests.money_books import NONE, Books, Folders, is_collected
from tests.money_moves import Walked
from tests.payment_makers import ALIPAY
from tests.rail_moves import days_of, tell, trade_of
from tests.split_makers import rail

LATER = timedelta(days=5)
"""Whatever is to be held back is free by then, and what nobody has paid is too old to be paid."""
ROUNDS = 4
"""What waits for one another is done by then: what was refused is asked for again, split, taken back, refunded."""
KINDS = (
    ErrandKind.START_PAYMENT,
    ErrandKind.FOLLOW_PAYMENT,
    ErrandKind.SPLIT_PAYMENT,
    ErrandKind.REFUND_PAYMENT,
    ErrandKind.TAKE_BACK_SHARE,
)


async def come_to_rest(walked: Walked, books: Books) -> None:
    """The provider, from now on flawless, tells everything once more, the clock does all it has to, and the operator has asked again
    what was refused: then its ledger and all books say the same."""
    walked.now += LATER
    with clock.held_at(walked.now):
        for _ in range(ROUNDS):
            await _tell_all(walked, books)
            await _do_all(walked, books)
        await _reconcile_all(walked, books)
        folders = await books.check()
        for online in await OnlinePayment.filter(payment__order_id__in=books.orders).select_related("payment"):
            await _agree(walked, folders, online)


async def _tell_all(walked: Walked, books: Books) -> None:
    """All that it has not told yet; the same notice once more would move nothing."""
    for online in await OnlinePayment.filter(payment__order_id__in=books.orders).order_by("id"):
        try:
            trade = trade_of(walked.account, online.number)
        except Refused:
            continue
        if trade.state is ChannelState.PAID:
            for number in [one for one in ("", *trade.refunds) if (trade.number, "", one) not in walked.told]:
                with suppress(Refused):  # it is to be told later
                    await tell(walked, trade, refund=number)
                await books.check()


async def _do_all(walked: Walked, books: Books) -> None:
    for errand in await Errand.filter(kind__in=KINDS, done_at__isnull=True).order_by("id"):
        await work_at_once(errand.kind, errand.subject_id)
        await books.check()
    for failed in await Settlement.filter(order_id__in=books.orders, status=SettlementStatus.FAILED):
        await retry_settlement(walked.operator, failed.id, failed.version)
        await books.check()


async def _reconcile_all(walked: Walked, books: Books) -> None:
    """Each day on which money moved, so that all fees are posted."""
    days = set[date]()
    for online in await OnlinePayment.filter(payment__order_id__in=books.orders):
        with suppress(Refused):
            days |= days_of(trade_of(walked.account, online.number))
    with clock.held_at(walked.now + LATER):
        for day in sorted(days):
            await reconcile_payments(walked.parties.supplier, ALIPAY, day)


def agree_where_known(walked: Walked, folders: Folders) -> None:
    """The provider has given back and given away what the documents say, but for what it was asked and has not answered yet."""
    for one in folders.rows["payments"]:
        returns, refunds = (folders.of_payment(kind, one["id"]) for kind in ("returns", "paybacks"))
        is_asked = one["split"] == "PROCESSING" or any(row["status"] == "REVERSING" for row in returns)
        if is_collected(one) and not is_asked and all(row["status"] != "REQUESTED" for row in refunds):
            done = [row for row in refunds if row["status"] == "SUCCEEDED"]
            number, told, gone = one["id"].hex, {row["number"] for row in done}, folders.gone(one["id"])
            trade = trade_of(walked.account, number)
            assert rail().given(number) == one["share"]
            # What was made elsewhere may be known before its number is.
            assert {row["number"] for row in done if row["why"] == "REQUESTED"} <= trade.refunds.keys()
            assert gone <= trade.refunded
            assert not told >= trade.refunds.keys() or gone == trade.refunded


async def _agree(walked: Walked, folders: Folders, online: OnlinePayment) -> None:
    """Of one payment the provider has collected, given back and given away what the documents say, and the platform has its due."""
    try:
        trade = trade_of(walked.account, online.number)
    except Refused:  # a code that nobody scanned, a page that nobody opened
        trade = None
    is_paid = trade is not None and trade.state is ChannelState.PAID
    mine = next((one for one in folders.rows["payments"] if one["id"] == online.payment_id and is_collected(one)), None)
    assert is_paid == (mine is not None)
    if trade is None or mine is None:
        return
    refunds = await PaymentRefund.of(online.payment_id)
    assert not [one for one in refunds if one.status is ProviderRefundStatus.REQUESTED]
    assert trade.refunded == folders.gone(online.payment_id) == online.refunded
    assert rail().given(online.number) == mine["share"]
    assert all(one["status"] != "REVERSING" for one in folders.of_payment("returns", online.payment_id))
    fees = {row["document_id"]: row["fee"] for row in folders.rows["fees"]}
    assert fees.get(online.payment_id, NONE) == _fee(trade.amount)
    for refund in refunds:
        # What several refunds came to before they were told apart is none of the statement's.
        if trade.refunds.get(refund.number) == refund.amount:
            assert fees.get(refund.id, NONE) == -_fee(refund.amount)
    if mine["split"] is not None:
        is_awaited = any(
            one.status is ProviderRefundStatus.DUE for one in refunds
        )  # what came too late is not split before
        assert mine["split"] in (("DUE",) if is_awaited else ("SETTLED", "REVERSED"))
        due = terms_of(online).commission(trade.amount - trade.refunded)
        # What came back before a refund that was refused then stays with the supplier.
        has_failed = any(one.status is ProviderRefundStatus.FAILED for one in refunds)
        assert mine["share"] == (NONE if is_awaited else due) or (has_failed and mine["share"] < due)


def _fee(much: Decimal) -> Decimal:
    """What the provider keeps of so much: six in a thousand."""
    return (much * Decimal("0.006")).quantize(NONE, ROUND_HALF_UP)
