"""Online payments: what a provider says of one, what it makes of the payment, and what is never believed although it is signed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rules.billing import PaymentMethod, PaymentStatus
from rules.lifecycle import BILLED, OrderStatus
from rules.phrase import Phrase

ONLINE = frozenset({PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY})
"""Methods whose money goes through a provider that tells of it."""

SLUGS = {PaymentMethod.ALIPAY: "alipay", PaymentMethod.WECHAT_PAY: "wechat-pay"}
"""What the providers are called in an address."""

OPEN_FOR = timedelta(minutes=30)
"""How long a started payment can be paid; then it is asked for once more, and closed."""

COVERS_FOR = timedelta(hours=2)
"""For so long after that, while no provider says what became of it, nobody is to pay otherwise what it is for: four of the longest pauses
between two questions. What comes in after that is held against what is owed then."""

_PAYEES = {
    PaymentMethod.ALIPAY: (re.compile(r"2088\d{12}", re.ASCII), Phrase("must be a PID: 2088 and 12 more digits")),
    PaymentMethod.WECHAT_PAY: (re.compile(r"\d{8,32}", re.ASCII), Phrase("must be a mchid: 8 to 32 digits")),
}
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)


class PaymentFlow(StrEnum):
    """Where the payer pays: a code to scan, a page in the browser, the provider's app called by another, or, called by a page or a mini
    program that was opened inside of WeChat, there."""

    QR = "QR"
    PAGE = "PAGE"
    APP = "APP"
    JSAPI = "JSAPI"


_ANYWHERE = frozenset({PaymentFlow.QR, PaymentFlow.PAGE, PaymentFlow.APP})
FLOWS = {PaymentMethod.ALIPAY: _ANYWHERE, PaymentMethod.WECHAT_PAY: _ANYWHERE | {PaymentFlow.JSAPI}}
"""Where one can pay through whom."""


class ChannelState(StrEnum):
    """What a provider says of one payment."""

    WAITING = "WAITING"
    CLOSED = "CLOSED"
    PAID = "PAID"


class NoticeStatus(StrEnum):
    """What became of a provider's notice that was proven to be its own."""

    APPLIED = "APPLIED"
    REFUSED = "REFUSED"


class Refusal(StrEnum):
    """Why a notice changes nothing."""

    UNSIGNED = "UNSIGNED"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    WRONG_ALGORITHM = "WRONG_ALGORITHM"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    STALE = "STALE"
    PROBE = "PROBE"
    UNREADABLE = "UNREADABLE"
    UNKNOWN_PAYMENT = "UNKNOWN_PAYMENT"
    WRONG_APP = "WRONG_APP"
    WRONG_PAYEE = "WRONG_PAYEE"
    WRONG_CURRENCY = "WRONG_CURRENCY"
    WRONG_AMOUNT = "WRONG_AMOUNT"
    OTHER_TRANSACTION = "OTHER_TRANSACTION"


class ProviderRefundStatus(StrEnum):
    """Where money that goes back stands."""

    DUE = "DUE"
    REQUESTED = "REQUESTED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


UNDECIDED = (ProviderRefundStatus.DUE, ProviderRefundStatus.REQUESTED)
"""Money is still to go back, or may have."""


class RefundReason(StrEnum):
    """Why money goes back."""

    REQUESTED = "REQUESTED"
    PAID_TOO_LATE = "PAID_TOO_LATE"
    MADE_ELSEWHERE = "MADE_ELSEWHERE"


@dataclass(frozen=True)
class Refunded:
    """One refund as the provider tells of it; None of `has_succeeded` while nobody knows."""

    number: str
    amount: Decimal
    has_succeeded: bool | None
    reason: str = ""
    """The provider's own word for its state where it failed, or where nobody will know before somebody has acted at its desk."""


@dataclass(frozen=True)
class News:
    """What a provider says of a payment, in a notice or an answer; `event_id` is the same whenever it is told again."""

    event_id: str
    number: str
    """Our number of the payment with the provider."""
    transaction_id: str
    """The provider's; empty while it has none."""
    state: ChannelState
    amount: Decimal | None
    """None where the provider leaves it out, which it does not once somebody has paid."""
    currency: str
    payee: str
    app_id: str | None
    """None where this kind of notice does not say it."""
    paid_at: datetime | None = None
    refund: Refunded | None = None
    refunded: Decimal | None = None
    """How much went back in all, where the provider says that."""


@dataclass(frozen=True)
class Expected:
    """What was asked for, against which news are held."""

    app_id: str
    payee: str
    currency: str
    amount: Decimal
    transaction_id: str | None


def mismatch(expected: Expected, news: News) -> Refusal | None:
    """The first thing in the news that was not asked for; None where everything fits."""
    if news.app_id is not None and news.app_id != expected.app_id:
        return Refusal.WRONG_APP
    if news.payee != expected.payee:
        return Refusal.WRONG_PAYEE
    if news.currency != expected.currency:
        return Refusal.WRONG_CURRENCY
    unsaid = news.amount is None and news.state is not ChannelState.PAID
    if not (unsaid or news.amount == expected.amount) or _too_much(news, expected.amount):
        return Refusal.WRONG_AMOUNT
    if expected.transaction_id and news.transaction_id and news.transaction_id != expected.transaction_id:
        return Refusal.OTHER_TRANSACTION
    return None


def _too_much(news: News, amount: Decimal) -> bool:
    parts = (news.refunded, news.refund.amount if news.refund else None)
    return any(part is not None and not 0 <= part <= amount for part in parts)


def payee_fault(method: PaymentMethod, payee: str) -> str | None:
    """What is wrong with the name of an account with a provider, where it could be nobody's; None where it could."""
    form, fault = _PAYEES[method]
    return None if form.fullmatch(payee) else fault


# A status further down is never undone by news of one above it: notices come late, doubled and in any order.
_RANKS = {
    PaymentStatus.AWAITING_CHANNEL: 0,
    PaymentStatus.FAILED: 1,
    PaymentStatus.CLOSED: 1,
    PaymentStatus.CHANNEL_CONFIRMED: 2,
    PaymentStatus.FUNDS_CONFIRMED: 3,
    PaymentStatus.REFUNDED: 4,
}
_SAID = {
    ChannelState.WAITING: PaymentStatus.AWAITING_CHANNEL,
    ChannelState.CLOSED: PaymentStatus.CLOSED,
    ChannelState.PAID: PaymentStatus.CHANNEL_CONFIRMED,
}


def status_after(status: PaymentStatus, said: ChannelState) -> PaymentStatus:
    """The payment's status after such news: the same for every order in which news come."""
    new = _SAID[said]
    return new if _RANKS[new] > _RANKS[status] else status


def is_covering(status: PaymentStatus, expires_at: datetime, now: datetime) -> bool:
    """Whether what a payment is for is not to be paid otherwise: it was started, and its time has not long been over."""
    return status is PaymentStatus.AWAITING_CHANNEL and now < expires_at + COVERS_FOR


def is_too_late(order: OrderStatus, owed: Decimal, amount: Decimal, *, was_covering: bool) -> bool:
    """Whether money that has just come in has nothing to pay any more: the order ended, and no longer owes so much; or, while the
    payment covered the invoice no longer, something else paid that. What is only reported or started has paid nothing yet."""
    return owed < amount and not (was_covering and order in BILLED)


def yuan(text: object) -> Decimal | None:
    """An amount in yuan with at most two decimals, as Alipay writes it; None for anything else."""
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        return None
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def from_fen(number: object) -> Decimal | None:
    """An amount from whole hundredths, as WeChat Pay counts; None for anything else."""
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 10**14:
        return None
    return Decimal(number).scaleb(-2)


def to_fen(amount: Decimal) -> int:
    """Whole hundredths; raises ValueError where the amount has a finer part."""
    fen = amount.scaleb(2)
    if fen != fen.to_integral_value():
        raise ValueError("finer than a hundredth")
    return int(fen)
