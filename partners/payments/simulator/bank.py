"""What the simulated providers know: their merchants, and what was paid, closed and given back. All of it is forgotten when they end,
unless it is remembered in a folder."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from threading import RLock

from rules.billing import PaymentMethod
from rules.rails import ChannelState

NONE = Decimal("0.00")
HELD_FOR = timedelta(days=30)
"""After the payment, how long both providers keep what is to be split; then all of it is the merchant's. Sources: docs/payments.md."""


class Refused(Exception):
    """What a provider answers instead, by its own code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Customer:
    """A merchant of the simulated provider: who signs with which key."""

    method: PaymentMethod
    app_id: str
    payee: str
    public_key: str
    certificate_serial: str = ""
    secret: str = field(default="", repr=False)


@dataclass
class Share:
    """What a split gave away of a trade; nobody gets nothing, where it only let the merchant have what was held."""

    number: str
    receiver: str
    amount: Decimal
    returns: dict[str, Decimal] = field(default_factory=dict)

    @property
    def kept(self) -> Decimal:
        """What the receiver has not given back."""
        return self.amount - sum(self.returns.values(), NONE)


@dataclass
class Trade:
    """One payment, as its provider sees it."""

    customer: Customer
    number: str
    amount: Decimal
    subject: str
    notify_url: str
    transaction_id: str
    opened_at: datetime
    expires_at: datetime
    state: ChannelState = ChannelState.WAITING
    paid_at: datetime | None = None
    refunds: dict[str, Decimal] = field(default_factory=dict)
    refund_url: str = ""
    is_to_split: bool = False
    is_face_to_face: bool = False
    """Paid by a scanned code, of which Alipay takes shares back by itself when it refunds."""
    held: Decimal = NONE
    """What is kept from the merchant until it was split."""
    shares: dict[str, Share] = field(default_factory=dict)
    refunded_at: dict[str, datetime] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    """Refunds that have left the merchant and that the payer's card takes only once somebody has seen to it."""
    to_merchant: set[str] = field(default_factory=set)
    """Refunds that somebody had sent to the merchant's own bank, since the payer's card took nothing."""
    closed_refunds: dict[str, Decimal] = field(default_factory=dict)
    """Refunds of which nothing came."""

    @property
    def refunded(self) -> Decimal:
        """How much went back."""
        return sum(self.refunds.values(), NONE)


class Bank:
    """Both providers' books."""

    def __init__(self) -> None:
        self.customers: dict[tuple[PaymentMethod, str], Customer] = {}
        self.balances: defaultdict[tuple[PaymentMethod, str], Decimal] = defaultdict(lambda: NONE)
        """What the owner of an account can dispose of, by method and payee."""
        self._trades: dict[tuple[PaymentMethod, str, str], Trade] = {}
        self._numbers = count(1)
        self.lock = RLock()

    def recall(self, trades: Iterable[Trade], balances: Mapping[tuple[PaymentMethod, str], Decimal]) -> None:
        """Know what happened at another bank, before anything happens here."""
        self._trades |= {(one.customer.method, one.customer.payee, one.number): one for one in trades}
        self.balances |= balances
        self._numbers = count(len(self._trades) + 1)

    def register(self, customer: Customer) -> None:
        """Let this merchant's requests be understood."""
        self.customers[customer.method, customer.app_id] = customer
        self.customers[customer.method, customer.payee] = customer

    def __iter__(self) -> Iterator[Trade]:
        return iter(list(self._trades.values()))

    def open(self, wanted: Trade) -> Trade:
        """The trade; the same one again where the merchant repeats itself, Refused where it contradicts itself."""
        with self.lock:
            key = (wanted.customer.method, wanted.customer.payee, wanted.number)
            known = self._trades.get(key)
            if known is not None and (known.amount, known.subject) != (wanted.amount, wanted.subject):
                raise Refused("CONTRADICTION")
            if known is not None and known.state is not ChannelState.WAITING:
                raise Refused("PAID" if known.state is ChannelState.PAID else "CLOSED")
            if known is None:
                day = wanted.opened_at.strftime("%Y%m%d")
                known = replace(wanted, transaction_id=f"{day}22001{next(self._numbers):015d}")
                self._trades[key] = known
            return known

    def trade(self, customer: Customer, number: str) -> Trade:
        """The merchant's trade of this number; Refused where there is none."""
        try:
            return self._trades[customer.method, customer.payee, number]
        except KeyError:
            raise Refused("UNKNOWN") from None

    def by_transaction(self, transaction_id: str) -> Trade | None:
        """The trade by the provider's own number."""
        return next((trade for trade in self if trade.transaction_id == transaction_id), None)

    def transaction(self, customer: Customer, transaction_id: str) -> Trade:
        """The merchant's trade by the provider's own number; Refused where there is none."""
        found = self.by_transaction(transaction_id)
        if found is None or found.customer != customer:
            raise Refused("UNKNOWN")
        return found

    def pay(self, trade: Trade, now: datetime) -> bool:
        """Somebody pays; False where it cannot be paid any more."""
        with self.lock:
            if trade.state is not ChannelState.WAITING or now >= trade.expires_at:
                return False
            trade.state, trade.paid_at = ChannelState.PAID, now
            if trade.is_to_split:
                trade.held = trade.amount
            else:
                self.balances[account_of(trade)] += trade.amount
            return True

    def release(self, now: datetime) -> None:
        """Let merchants have what was not split in time."""
        with self.lock:
            for trade in self:
                if trade.held and trade.paid_at and now >= trade.paid_at + HELD_FOR:
                    self.balances[account_of(trade)] += trade.held
                    trade.held = NONE

    def close(self, trade: Trade) -> None:
        """Nobody can pay it any more; Refused where somebody did."""
        with self.lock:
            if trade.state is ChannelState.PAID:
                raise Refused("PAID")
            trade.state = ChannelState.CLOSED

    def refund(
        self,
        trade: Trade,
        number: str,
        amount: Decimal,
        notify_url: str = "",
        now: datetime | None = None,
        first: Callable[[], None] = lambda: None,
    ) -> bool:
        """Give so much back; False where this number gave it back before. Refused where it is too much, another amount, or the
        merchant has not so much. `first` is done before anything new is given back, and may refuse it."""
        with self.lock:
            if trade.state is not ChannelState.PAID:
                raise Refused("UNPAID")
            known = trade.refunds.get(number)
            if known is not None and known != amount:
                raise Refused("CONTRADICTION")
            if known is None:
                if not 0 < amount <= trade.amount - trade.refunded:
                    raise Refused("TOO_MUCH")
                first()
                self._pay_back(trade, amount)
            trade.refunds[number] = amount
            if known is None and now is not None:
                trade.refunded_at[number] = now
            trade.refund_url = notify_url or trade.notify_url
            return known is None

    def _pay_back(self, trade: Trade, amount: Decimal) -> None:
        """From what is held of it first."""
        held = min(trade.held, amount)
        if self.balances[account_of(trade)] < amount - held:
            raise Refused("NO_BALANCE")
        trade.held -= held
        self.balances[account_of(trade)] -= amount - held


def account_of(trade: Trade) -> tuple[PaymentMethod, str]:
    """The merchant's."""
    return trade.customer.method, trade.customer.payee
