"""Commission rules, and payments that are split: by a rail that keeps a ledger of its own, as a provider does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from models import CommissionRule, OnlinePayment, Order, Payment, PaymentRefund, Settlement
from partners.payments import Declined, Merchant, Split, SplitReturn, SplitWish, Unsure
from partners.payments.alipay import Alipay
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.bank import HELD_FOR, Trade
from rules.billing import PaymentMethod
from rules.errands import ErrandKind
from rules.people import Actor
from rules.rails import PaymentFlow
from services import clock, partners
from services.commissions import RuleWish, create_commission_rule, set_commission_receiver
from services.errand_works import work_at_once
from services.online_paying import Checkout, refund_payment, start_payment
from services.paying import confirm_funds
from tests.makers import make_key, make_platform
from tests.order_makers import Parties, fresh, make_completed_order, make_invoice
from tests.payment_makers import ADDRESS, ALIPAY, WECHAT, Started, line, make_merchant, make_online_payment

PLATFORM_PAYEE = {ALIPAY: "2088000000000001", WECHAT: "1900000001"}
LONG_AGO = date(2020, 1, 1)


@dataclass
class Habits:
    """What the rail does wrong."""

    is_deaf: bool = False
    is_dumb: bool = False
    """It does as it is told, and nobody hears the answer."""
    refuses: str = ""
    is_poor: bool = False
    """The receiver has not the money to give back."""


class Rail(Alipay):
    """Alipay that splits: a number has one effect, and says the same again."""

    def __init__(self) -> None:
        super().__init__(sandbox=f"{ADDRESS}/gateway.do", call=line().call)
        self.habits = Habits()
        self.admitted: set[str] = set()
        self.names: dict[str, str] = {}
        """The only one by which whoever is to receive may be admitted."""
        self.splits: dict[str, SplitWish] = {}
        self.returns: dict[str, SplitReturn] = {}
        self.asked: list[str] = []
        self.refunded_before: dict[str, Decimal] = {}
        """What had gone back to the payer when a share was asked back, by the return's number."""

    def check(self, merchant: Merchant) -> None:
        """Nothing: these keys are the tests' own, and to look through them takes longer than a payment."""

    async def admit(self, receiver: str, name: str, merchant: Merchant, now: datetime) -> None:
        """From now on it may be given to, if that is its name."""
        if self.names.setdefault(receiver, name) != name:
            raise Declined("NAME_MISMATCH")
        self.admitted.add(receiver)

    async def split(self, wish: SplitWish, merchant: Merchant, now: datetime) -> Split:
        """Refused where it is more than may be, or contradicts what the number has done."""
        self.asked.append(wish.number)
        self._listen()
        trade, known = self.trade(wish.payment_number), self.splits.get(wish.number)
        if self.habits.refuses and known is None:
            raise Declined(self.habits.refuses)
        if known not in (None, wish):
            raise Declined("CONTRADICTION")
        free = (trade.amount - trade.refunded) * Decimal("0.3")
        if known is None and wish.amount and now >= (trade.paid_at or now) + HELD_FOR:
            raise Declined("NOTHING_HELD")
        if known is None and (wish.amount > free or (wish.amount and wish.receiver not in self.admitted)):
            raise Declined("NOT_ALLOWED")
        self.splits[wish.number] = wish
        return self._said(Split(wish.number, wish.amount, has_succeeded=True))

    async def take_back(self, wish: SplitReturn, merchant: Merchant, now: datetime) -> Split:
        """Only what was given, and only while the receiver has it."""
        self.asked.append(wish.number)
        self.refunded_before[wish.number] = self.trade(wish.payment_number).refunded
        self._listen()
        if self.habits.is_poor:
            return Split(wish.number, wish.amount, has_succeeded=False, reason="BALANCE_NOT_ENOUGH")
        if self.returns.setdefault(wish.number, wish) != wish or self.given(wish.payment_number) < 0:
            raise Declined("CONTRADICTION")
        return self._said(Split(wish.number, wish.amount, has_succeeded=True))

    def given(self, number: str) -> Decimal:
        """What the platform has of a payment."""
        gave = (one.amount for one in self.splits.values() if one.payment_number == number)
        back = (one.amount for one in self.returns.values() if one.payment_number == number)
        return sum(gave, Decimal("0.00")) - sum(back, Decimal("0.00"))

    def kept(self, number: str) -> Decimal:
        """What the supplier has of it."""
        trade = self.trade(number)
        return trade.amount - trade.refunded - self.given(number)

    def trade(self, number: str) -> Trade:
        """The payment itself."""
        return next(one for one in reversed(list(line().office.bank)) if one.number == number)

    def _listen(self) -> None:
        if self.habits.is_deaf:
            raise Unsure("no answer")

    def _said(self, answer: Split) -> Split:
        if self.habits.is_dumb:
            raise Unsure("no answer")
        return answer


@cache
def rail() -> Rail:
    """The one rail of this process."""
    return Rail()


@contextmanager
def doing(**habits: Any) -> Iterator[Rail]:
    """While this lasts the rail does it wrong."""
    rail().habits = Habits(**habits)
    try:
        yield rail()
    finally:
        rail().habits = Habits()


async def make_rule(rate: str = "0.05", **facts: Any) -> CommissionRule:
    """A rule for everybody, unless said, with no time to wait."""
    wish = RuleWish(**{"rate": Decimal(rate), "hold_days": 0, "valid_from": LONG_AGO, **facts})
    return await create_commission_rule(await make_platform(), wish, idempotency_key=make_key())


async def make_receiver() -> Actor:
    """The operator, who has said where the platform's share goes."""
    operator = await make_platform()
    for method, payee in PLATFORM_PAYEE.items():
        await set_commission_receiver(operator, method, payee, "平台")
    return operator


@dataclass
class Shared(Started):
    """An online payment that bears a commission."""

    refunds: list[PaymentRefund] = field(default_factory=list)

    async def paid_at_once(self) -> None:
        """The payer's own device opens the page, where it is one, and the payer pays."""
        online = await OnlinePayment.of(self.payment.id)
        if online.flow is PaymentFlow.PAGE:
            page = urlsplit(online.content or "").query.encode()
            line().office.alipay.opened(fields_of(page), clock.now())
        await self.pay()

    async def settlement(self) -> Settlement:
        """Its split, as it is now."""
        return await Settlement.get(payment_id=self.payment.id)

    async def split(self) -> Settlement:
        """The clock does what it has to about it."""
        await work_at_once(ErrandKind.SPLIT_PAYMENT, (await self.settlement()).id)
        return await self.settlement()

    async def refund(self, amount: str) -> PaymentRefund:
        """The supplier pays so much back."""
        now = await self.now()
        await refund_payment(
            self.parties.supplier, now.id, now.version, Decimal(amount), "returned", idempotency_key=make_key()
        )
        return (await PaymentRefund.of(now.id))[-1]

    async def confirm(self) -> Payment:
        """The supplier has the money."""
        now = await self.now()
        return await confirm_funds(self.parties.supplier, now.id, now.version, now.amount, idempotency_key=make_key())


async def make_simulated(parties: Parties, method: PaymentMethod, flow: PaymentFlow) -> Shared:
    """A payment of 600.00 through the simulator that ships with the product."""
    await make_receiver()
    invoice = await make_invoice(parties, await make_completed_order(parties, ("10",), ("100",), freight="0"))
    started = await make_online_payment(parties, invoice, method=method, flow=flow, amount="600.00")
    shared = Shared(parties, started.order, invoice, started.payment, started.account)
    await shared.paid_at_once()
    return shared


async def make_shared(parties: Parties, amount: str = "600.00", *, order: Order | None = None) -> Shared:
    """A payment of 600.00 that was made, of an invoice of 1130.00, unless said; the rules made before that are the ones."""
    await make_receiver()
    account = await make_merchant(parties.supplier)
    partners.use_payment_providers((rail(),))
    order = order or await make_completed_order(parties, ("10",), ("100",), freight="0")
    invoice = await make_invoice(parties, order)
    wish = Checkout(ALIPAY, PaymentFlow.PAGE, Decimal(amount))
    payment = await start_payment(parties.buyer, invoice.id, wish, idempotency_key=make_key())
    shared = Shared(parties, await fresh(order), invoice, payment, account)
    await shared.paid_at_once()
    return shared
