"""One random try at each step of money that goes through a provider, the platform's share of it with it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal as D
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from models import (
    Errand,
    Invoice,
    MerchantAccount,
    OnlinePayment,
    Payment,
    PaymentRefund,
    Reconciliation,
    Settlement,
    SettlementReturn,
)
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.bank import Refused, Trade
from rules.billing import PaymentStatus
from rules.errands import ErrandKind
from rules.rails import ChannelState, PaymentFlow, ProviderRefundStatus
from rules.reconciliation import ZONE
from rules.settlement import SettlementStatus
from rules.terms import local_date
from services import clock
from services import online_paying as paying
from services.errand_works import work_at_once
from services.obligations import unreported_prepayment
from services.online_paying import PAID, Checkout
from services.paying import confirm_funds, open_amounts
from services.payment_notices import receive_notice
from services.reconciliations import reconcile_payments
from services.retrying import retry_settlement as retry
from tests.makers import make_key
from tests.money_moves import MoneyTurn, Walked
from tests.payment_makers import ALIPAY, cut, line
from tests.reconciliation_makers import morning_after
from tests.split_makers import doing

REASON = "退款 · refund"
UNPAID = (PaymentStatus.AWAITING_CHANNEL, PaymentStatus.CLOSED, PaymentStatus.FAILED)
LATER = 503
_numbers = count(1)


@contextmanager
def in_a_mood(turn: MoneyTurn) -> Iterator[None]:
    """Now and then the provider does not hear, is not heard, refuses a split, or the platform has not its share any more."""
    mood = turn.chance.choice([None] * 8 + ["is_deaf", "is_dumb", "is_poor", "refuses", "refuses", "cut", "mute"])
    if mood in ("cut", "mute"):
        with cut(is_deaf=mood == "cut", is_dumb=mood == "mute"):
            yield
    else:
        with doing(**{mood: "SYSTEM" if mood == "refuses" else True} if mood else {}):
            yield


async def start_payment(turn: MoneyTurn) -> Payment:
    """Of an invoice or of what is to be prepaid, of all that is open or a part, by a code or a page."""
    invoices = tuple(one.id for one in await Invoice.filter(order_id=turn.order.id).order_by("id"))
    owing = [one for one, much in (await open_amounts(invoices)).items() if much > 0]
    ahead = [None] if await unreported_prepayment(turn.order) else []
    invoice = turn.pick([*ahead, *owing])
    flow, part = turn.chance.choice([PaymentFlow.QR, PaymentFlow.PAGE]), D(turn.chance.randrange(1, 20_000)) / 100
    wish = Checkout(ALIPAY, flow, turn.chance.choice([None, part]))
    order_id = None if invoice else turn.order.id
    return await paying.start_payment(turn.actor, invoice, wish, order_id=order_id, idempotency_key=make_key())


async def pay_at_once(turn: MoneyTurn) -> object:
    """A payment is started and made."""
    return await _pay(turn, await start_payment(turn))


async def pay_started(turn: MoneyTurn) -> object:
    """Somebody pays what was started, perhaps when it is closed or paid otherwise by now."""
    started = Payment.filter(order_id=turn.order.id, method=ALIPAY, status__in=UNPAID).order_by("id")
    return await _pay(turn, turn.pick(await started))


async def _pay(turn: MoneyTurn, payment: Payment) -> object:
    """The payer's device opens the page, where it is one; mostly the provider tells of it, twice now and then."""
    online = await OnlinePayment.of(payment.id)
    if online.flow is PaymentFlow.PAGE and online.content:
        line().office.alipay.opened(fields_of(urlsplit(online.content).query.encode()), clock.now())
    trade = trade_of(turn.walked.account, online.number)
    if not line().office.bank.pay(trade, clock.now()):
        raise Refused("EXPIRED")
    for _ in range(turn.chance.choice([0, 1, 1, 2])):
        await tell(turn.walked, trade)
    return payment


async def tell_of_payment(turn: MoneyTurn) -> object:
    """What the provider said, or has not said yet, of a payment that somebody made."""
    trades = [trade for _, trade in await trades_of(turn) if trade.state is ChannelState.PAID]
    return await tell(turn.walked, turn.pick(trades))


async def tell_of_closing(turn: MoneyTurn) -> object:
    """The provider says that it has closed what nobody has paid; somebody may all the same."""
    trades = [trade for _, trade in await trades_of(turn) if trade.state is ChannelState.WAITING]
    return await tell(turn.walked, turn.pick(trades), status="TRADE_CLOSED")


async def tell_of_refund(turn: MoneyTurn) -> object:
    trade = turn.pick([trade for _, trade in await trades_of(turn) if trade.refunds])
    return await tell(turn.walked, trade, refund=turn.chance.choice(sorted(trade.refunds)))


async def refund_payment(turn: MoneyTurn) -> object:
    """What is left of it or is due, a part, or too much."""
    payment = turn.pick(await Payment.filter(order_id=turn.order.id, method=ALIPAY, status__in=PAID).order_by("id"))
    known = await PaymentRefund.of(payment.id)
    due = [one.amount for one in known if one.status is ProviderRefundStatus.DUE]
    left = payment.amount - sum((one.amount for one in known if one.status != ProviderRefundStatus.FAILED), D(0))
    part = D(turn.chance.randrange(1, max(int(left * 60), 2))) / 100
    amount = turn.chance.choice([*due, *due, part, part, max(left, part)])
    return await paying.refund_payment(
        turn.actor, payment.id, payment.version, amount, REASON, idempotency_key=make_key()
    )


async def refund_elsewhere(turn: MoneyTurn) -> object:
    """At the provider's own desk, of which it tells mostly at once."""
    found = [
        (payment, trade)
        for payment, trade in await trades_of(turn)
        if payment.status in PAID and trade.refunded < trade.amount
    ]
    _, trade = turn.pick(found)
    left = trade.amount - trade.refunded
    number, part = f"ELSEWHERE{next(_numbers)}", D(turn.chance.randrange(1, max(int(left * 60), 2))) / 100
    line().office.bank.refund(trade, number, turn.chance.choice([part, part, left]), now=clock.now())
    return await tell(turn.walked, trade, refund=number)


async def confirm_collected(turn: MoneyTurn) -> object:
    """The supplier has the provider's money."""
    told = Payment.filter(order_id=turn.order.id, status=PaymentStatus.CHANNEL_CONFIRMED).order_by("id")
    payment = turn.pick(await told)
    return await confirm_funds(turn.actor, payment.id, payment.version, payment.amount, idempotency_key=make_key())


async def retry_settlement(turn: MoneyTurn) -> object:
    failed = await Settlement.filter(order_id=turn.order.id, status=SettlementStatus.FAILED).order_by("id")
    settlement = turn.pick(failed)
    return await retry(turn.walked.operator, settlement.id, settlement.version)


async def reconcile(turn: MoneyTurn) -> Reconciliation:
    """A day on which money moved is held against the provider's statement, not before the morning after, and its fees are posted."""
    days = {day for _, trade in await trades_of(turn) for day in days_of(trade)}
    day = turn.pick(sorted(days))
    turn.walked.now = max(turn.walked.now, morning_after(day))
    with clock.held_at(turn.walked.now):
        return await reconcile_payments(turn.actor, ALIPAY, day)


def days_of(trade: Trade) -> set[date]:
    """When it was paid, and paid back."""
    moments = [trade.paid_at, *trade.refunded_at.values()]
    return {local_date(moment, ZONE) for moment in moments if moment is not None}


def errand(kind: ErrandKind) -> Callable[[MoneyTurn], Awaitable[object]]:
    """The clock does one of these about the order, however long it would wait with it."""

    async def work(turn: MoneyTurn) -> object:
        waiting = await Errand.filter(kind=kind, subject_id__in=await subjects(turn), done_at__isnull=True).order_by(
            "id"
        )
        await work_at_once(kind, (one := turn.pick(waiting)).subject_id)
        return one

    return work


async def subjects(turn: MoneyTurn) -> list[Any]:
    """What errands of the order are about."""
    found: list[Any] = []
    for model, path in (
        (Payment, "order_id"),
        (PaymentRefund, "order_id"),
        (Settlement, "order_id"),
        (SettlementReturn, "settlement__order_id"),
    ):
        found += [row["id"] for row in await model.filter(**{path: turn.order.id}).values("id")]
    return found


def trade_of(account: MerchantAccount, number: str) -> Trade:
    """The payment as its provider sees it; Refused where it has none of this number."""
    bank = line().office.bank
    return bank.trade(bank.customers[ALIPAY, account.app_id], number)


async def trades_of(turn: MoneyTurn) -> list[tuple[Payment, Trade]]:
    """The order's payments of which the provider knows."""
    found = []
    for payment in await Payment.filter(order_id=turn.order.id, method=ALIPAY).order_by("id"):
        try:
            found.append((payment, trade_of(turn.walked.account, payment.id.hex)))
        except Refused:
            continue
    return found


async def tell(walked: Walked, trade: Trade, *, status: str = "", refund: str = "") -> Trade:
    """The provider tells of it and is heard; or, of a refund made elsewhere while ours is undecided, is to tell it later: Refused."""
    notice = line().office.alipay.notice(trade, clock.now(), status, refund)
    answer = await receive_notice(ALIPAY, walked.account.endpoint, notice)
    if answer.status == LATER:
        known = await PaymentRefund.filter(payment_id=UUID(trade.number))
        assert refund not in {one.number for one in known if one.status is not ProviderRefundStatus.FAILED}
        assert ProviderRefundStatus.REQUESTED in {one.status for one in known}
        raise Refused("LATER")
    assert answer.status == 200, answer
    walked.told.add((trade.number, status, refund))
    return trade


RAIL_TRIES: dict[str, Callable[[Any], Awaitable[object]]] = {
    one.__name__: one
    for one in (
        start_payment, pay_at_once, pay_started, tell_of_payment, tell_of_closing, tell_of_refund, refund_payment, refund_elsewhere,
        confirm_collected, retry_settlement, reconcile,
    )
} | {f"work_{kind.lower()}": errand(kind) for kind in (
    ErrandKind.FOLLOW_PAYMENT, ErrandKind.REFUND_PAYMENT, ErrandKind.SPLIT_PAYMENT, ErrandKind.TAKE_BACK_SHARE,
)}  # fmt: skip
