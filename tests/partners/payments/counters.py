"""Two merchants and the simulated providers behind them, in this process: keys are made once, for they take a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from threading import Thread

from partners.payments import Bill, Merchant, Notice
from partners.payments.alipay import Alipay
from partners.payments.rsa import new_key, public_half
from partners.payments.simulator.bank import Customer, Trade
from partners.payments.simulator.office import Keys, Office
from partners.payments.simulator.serving import Simulator
from partners.payments.simulator.wechat_side import KEY_ID
from partners.payments.wechat_pay import WeChatPay
from rules.billing import PaymentMethod
from rules.rails import PaymentFlow

NOW = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
SEAL = "0123456789abcdef0123456789ABCDEF"
NUMBER = "0193a1b2c3d4e5f60718293a4b5c6d7e"
AMOUNT = Decimal("1130.00")


@cache
def keys() -> Keys:
    """The providers'."""
    return Keys(new_key(), new_key())


@cache
def own_key() -> str:
    """The merchants'."""
    return new_key()


@cache
def other_key() -> str:
    """A stranger's."""
    return new_key()


@cache
def merchant_of(method: PaymentMethod, is_sandbox: bool = True) -> Merchant:
    """The supplier's account with a provider."""
    if method is PaymentMethod.ALIPAY:
        their = {"": public_half(keys().alipay)}
        return Merchant("2021000122671234", "2088102146225135", own_key(), their, is_sandbox=is_sandbox)
    their = {KEY_ID: public_half(keys().wechat_pay)}
    serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
    return Merchant("wx8888888888888888", "1900009191", own_key(), their, serial, SEAL, is_sandbox)


@cache
def customer_of(method: PaymentMethod) -> Customer:
    """The same account as the provider knows it."""
    known = merchant_of(method)
    public = public_half(own_key())
    return Customer(method, known.app_id, known.payee, public, known.certificate_serial, known.secret)


def office(post: object = None, pace: int = 1) -> Office:
    """Both providers, who write to nobody unless told how."""
    made = Office(keys(), post or (lambda url, notice: (200, b"success")), pace)  # type: ignore[arg-type]
    for method in (PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY):
        made.bank.register(customer_of(method))
    return made


def paid(method: PaymentMethod, office: Office, number: str = NUMBER, amount: Decimal = AMOUNT) -> Trade:
    """A payment that somebody made."""
    url = "https://shop.example/payments"
    trade = Trade(customer_of(method), number, amount, "PO-1", url, "", NOW, NOW + timedelta(hours=1))
    trade = office.bank.open(trade)
    office.bank.pay(trade, NOW)
    return trade


def bill(flow: PaymentFlow, number: str = NUMBER, amount: Decimal = AMOUNT, now: datetime = NOW) -> Bill:
    """What is to be paid."""
    url = "https://shop.example/payments/x"
    return Bill(number, "PO-7F3K-9Q2M 订单", amount, flow, url, now + timedelta(minutes=30))


def respelt(signature: str) -> str:
    """Base64 that decodes to the same bytes: the last letter before the padding has four bits that mean nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return signature[:-3] + letters[letters.index(signature[-3]) + 1] + signature[-2:]


def with_header(notice: Notice, **headers: str) -> Notice:
    """The notice with other headers; underscores stand for hyphens."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(notice, headers={**notice.headers, **changed})


@dataclass(frozen=True)
class Counter:
    """The simulator on a socket, and our adapters that call it."""

    simulator: Simulator
    alipay: Alipay
    wechat_pay: WeChatPay

    def provider(self, method: PaymentMethod) -> Alipay | WeChatPay:
        """The adapter of this method."""
        return self.alipay if method is PaymentMethod.ALIPAY else self.wechat_pay


@contextmanager
def open_counter() -> Iterator[Counter]:
    """The simulator, listening while this lasts; letters are delivered when a test says so."""
    public = dict.fromkeys(PaymentMethod, "")
    simulator = Simulator(keys(), public, 0, 1, None)
    for method in (PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY):
        simulator.office.bank.register(customer_of(method))
    Thread(target=simulator.serve, daemon=True).start()
    try:
        address = simulator.address
        yield Counter(simulator, Alipay(sandbox=f"{address}/gateway.do"), WeChatPay(sandbox=address))
    finally:
        simulator.end()
