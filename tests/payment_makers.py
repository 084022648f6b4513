"""Suppliers' accounts with payment providers, and payments through the simulated ones, which sit in this process and answer at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import IO, Any
from urllib.parse import urlsplit

from models import Invoice, MerchantAccount, OnlinePayment, Order, Payment
from partners.payments import Answer, Notice, Unsure
from partners.payments.alipay import Alipay
from partners.payments.alipay_statements import AlipayStatements
from partners.payments.calling import Reply
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.bank import Trade
from partners.payments.simulator.office import Office
from partners.payments.wechat_pay import WeChatPay
from partners.payments.wechat_statements import WeChatStatements
from rules.billing import PaymentMethod
from rules.people import Actor
from rules.rails import PaymentFlow
from services import clock, partners
from services.merchants import MerchantCredentials, set_merchant_account
from services.online_paying import Checkout, start_payment
from services.payment_notices import receive_notice
from services.secret import Secret
from services.terminating import agree_termination, propose_termination
from tests.carrier_makers import as_admin
from tests.makers import make_key
from tests.order_makers import Parties, fresh, make_completed_order, make_contracted_order, make_invoice
from tests.partners.payments.counters import customer_of, merchant_of, office

ADDRESS = "https://orders.example"
ALIPAY, WECHAT = PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY
_numbers = count(1)


@dataclass
class Line:
    """The line to the providers: what was asked over it, and whether it is cut, before they hear or before they are heard."""

    office: Office
    asked: int = 0
    is_deaf: bool = False
    is_dumb: bool = False

    async def call(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """What the provider answers."""
        self.asked += 1
        if self.is_deaf:
            raise Unsure("no answer")
        parts, now = urlsplit(url), clock.now()
        if parts.path == "/gateway.do":
            reply = Reply(200, self.office.alipay.answer(fields_of(body), now), {})
        else:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            reply = self.office.wechat_pay.answer(method, path, headers, body, now)
        if self.is_dumb:
            raise Unsure("no answer")
        return reply

    async def download(self, url: str, headers: Mapping[str, str], into: IO[bytes]) -> int:
        """Whether a provider gives what is behind the URL, and into the file what that is."""
        self.asked += 1
        if self.is_deaf or self.is_dumb:
            raise Unsure("no answer")
        reply = self.office.statement(url.removeprefix(ADDRESS), headers, clock.now())
        into.write(reply.body)
        return reply.status


@cache
def line() -> Line:
    """The one line of this process."""
    one = Line(office())
    one.office.alipay.bills.address = one.office.wechat_pay.bills.address = ADDRESS
    return one


def use_line() -> None:
    """Let money be taken over it, as the wiring does for a server."""
    partners.use_public_address(ADDRESS)
    call = line().call
    partners.use_payment_providers(
        (Alipay(sandbox=f"{ADDRESS}/gateway.do", call=call), WeChatPay(sandbox=ADDRESS, call=call))
    )
    download = line().download
    partners.use_statement_sources(
        (
            AlipayStatements(sandbox=f"{ADDRESS}/gateway.do", call=call, download=download),
            WeChatStatements(sandbox=ADDRESS, call=call, download=download),
        )
    )


use_line()


@contextmanager
def cut(*, is_deaf: bool = False, is_dumb: bool = False) -> Iterator[Line]:
    """While this lasts the providers do not hear, or are not heard."""
    one = line()
    one.is_deaf, one.is_dumb = is_deaf, is_dumb
    try:
        yield one
    finally:
        one.is_deaf = one.is_dumb = False


def credentials_of(method: PaymentMethod) -> MerchantCredentials:
    """What a supplier tells of its account."""
    known = merchant_of(method)
    return MerchantCredentials(
        known.app_id,
        known.payee,
        Secret(known.private_key),
        known.provider_keys,
        known.certificate_serial,
        Secret(known.secret),
        is_sandbox=True,
    )


def merchant_input(method: PaymentMethod = ALIPAY) -> dict[str, Any]:
    """The same as a client writes it."""
    known = merchant_of(method)
    return {
        "method": method,
        "appId": known.app_id,
        "payee": known.payee,
        "privateKey": known.private_key,
        "providerKeys": [{"name": name, "publicKey": key} for name, key in known.provider_keys.items()],
        "certificateSerial": known.certificate_serial,
        "apiV3Key": known.secret,
        "isSandbox": True,
    }


async def make_merchant(actor: Actor, method: PaymentMethod = ALIPAY) -> MerchantAccount:
    """The supplier's account with a provider, which sits in this process from now on, whatever a server here has wired."""
    use_line()
    return await set_merchant_account(as_admin(actor), method, credentials_of(method))


async def make_own_merchant(supplier: Actor, method: PaymentMethod = ALIPAY, payee: str = "") -> MerchantAccount:
    """An account whose app nobody else has, nor its payee unless that is named: its statements are of its payments alone."""
    number = next(_numbers)
    names = f"2021{number:012d}", f"2088{number:012d}"
    app, own = names if method is ALIPAY else (f"wx{number:016d}", f"19{number:08d}")
    payee = payee or own
    line().office.bank.register(replace(customer_of(method), app_id=app, payee=payee))
    return await set_merchant_account(
        as_admin(supplier), method, replace(credentials_of(method), app_id=app, payee=payee)
    )


@dataclass
class Started:
    """An online payment, and the accounts it goes through."""

    parties: Parties
    order: Order
    invoice: Invoice
    payment: Payment
    account: MerchantAccount

    @property
    def trade(self) -> Trade:
        """The payment as its provider sees it."""
        return line().office.bank.trade(
            line().office.bank.customers[self.account.method, self.account.app_id], self.number
        )

    @property
    def number(self) -> str:
        """Our number of it with its provider."""
        return self.payment.id.hex

    async def now(self) -> Payment:
        """The payment as it is in the database."""
        return (await OnlinePayment.of(self.payment.id)).payment

    def notice(self, status: str = "", refund: str = "", at: datetime | None = None) -> Notice:
        """What the provider says of it."""
        desk, now = line().office, at or clock.now()
        if self.account.method is ALIPAY:
            return desk.alipay.notice(self.trade, now, status, refund)
        return desk.wechat_pay.notice(self.trade, now, refund)

    async def told(self, notice: Notice) -> Answer:
        """What the provider hears."""
        return await receive_notice(self.account.method, self.account.endpoint, notice)

    async def pay(self) -> Answer:
        """The payer pays, and the provider says so."""
        line().office.bank.pay(self.trade, clock.now())
        return await self.told(self.notice())


async def make_online_payment(
    parties: Parties,
    invoice: Invoice | None = None,
    *,
    method: PaymentMethod = ALIPAY,
    flow: PaymentFlow = PaymentFlow.QR,
    amount: str | None = None,
) -> Started:
    """A payment that can be paid: of an invoice of 430.79 unless there is one."""
    account = await make_merchant(parties.supplier, method)
    invoice = invoice or await make_invoice(parties, await make_completed_order(parties))
    payer = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" if flow is PaymentFlow.JSAPI else None
    wish = Checkout(method, flow, None if amount is None else Decimal(amount), payer)
    payment = await start_payment(parties.buyer, invoice.id, wish, idempotency_key=make_key())
    order = await fresh(await Order.get(id=invoice.order_id))
    return Started(parties, order, invoice, payment, account)


async def make_online_prepayment(
    parties: Parties, order: Order, amount: str | None = None, *, method: PaymentMethod = ALIPAY
) -> Started:
    """A payment of what the order's contract asks for ahead, or of so much of it, which can be paid."""
    account = await make_merchant(parties.supplier, method)
    wish = Checkout(method, PaymentFlow.QR, None if amount is None else Decimal(amount))
    payment = await start_payment(parties.buyer, None, wish, order_id=order.id, idempotency_key=make_key())
    return Started(parties, order, None, payment, account)  # type: ignore[arg-type]


async def make_ended(parties: Parties, method: PaymentMethod = ALIPAY) -> Started:
    """A prepayment that was started, of a contract that both sides have ended since."""
    order = await make_contracted_order(parties, prepaid_share=Decimal("0.3"))
    started = await make_online_prepayment(parties, order, method=method)
    order = await fresh(order)
    order = await propose_termination(parties.buyer, order.id, order.version_for(parties.buyer), "no longer needed")
    await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))
    return started
