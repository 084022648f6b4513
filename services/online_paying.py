"""Money through a provider: the buyer starts a payment and may give it up, the supplier pays it back. What became of it, only the
provider says; the verbs write an errand, and do it themselves once they are committed, because somebody waits."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Invoice, MerchantAccount, OnlinePayment, Order, Payment, PaymentAllocation, PaymentRefund
from models.base import new_id
from rules.billing import PaymentMethod, PaymentStatus
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import step_for
from rules.money import Currency, check_amount
from rules.people import Actor
from rules.problems import AmountMismatch, NotFound, PaymentUnavailable, invalid
from rules.rails import FLOWS, ONLINE, OPEN_FOR, PaymentFlow, ProviderRefundStatus, RefundReason
from services import clock, errands, partners
from services.booking import close_payment as save_payment
from services.booking import open_payment
from services.commissions import terms_to_split
from services.desk import lock_orders, note, number
from services.errand_works import work_at_once
from services.giving_up import give_up
from services.obligations import unreported_prepayment
from services.online_desk import told
from services.online_errands import FIRST_QUERY
from services.online_refunds import less_due, new_refund
from services.paying import check_subject, open_amounts
from services.verb import creating, verb

HERE = "127.0.0.1"
PAID = (PaymentStatus.CHANNEL_CONFIRMED, PaymentStatus.FUNDS_CONFIRMED)


@dataclass(frozen=True)
class Checkout:
    """How the buyer wants to pay: so much, or all that is open."""

    method: PaymentMethod
    flow: PaymentFlow
    amount: Decimal | None = None
    payer_openid: str | None = None
    """Who will pay, by the provider's name for them: WeChat's openid, which JSAPI wants to know before."""


async def start_payment(
    actor: Actor,
    invoice_id: UUID | None,
    checkout: Checkout,
    *,
    order_id: UUID | None = None,
    idempotency_key: str,
    address: str = HERE,
) -> Payment:
    """A payment that can be paid now, or, if the provider does not answer, soon: of an invoice, or of an order's prepayment; `address`
    is the payer's."""
    payment = await _start_payment(
        actor, invoice_id, checkout, order_id=order_id, idempotency_key=idempotency_key, found=address
    )
    await work_at_once(ErrandKind.START_PAYMENT, payment.id)
    await payment.refresh_from_db()
    return payment


@creating(Payment)
async def _start_payment(
    actor: Actor,
    invoice_id: UUID | None,
    checkout: Checkout,
    *,
    order_id: UUID | None,
    idempotency_key: str,
    found: str,
) -> Payment:
    order, invoice = await _subject(actor, invoice_id, order_id)
    step_for("start_payment", order, order.side_of(actor))
    offered = await MerchantAccount.offered(order.supplier_id) if partners.public_address() else {}
    methods = tuple(offered) if order.currency is Currency.CNY else ()
    if checkout.method not in methods:
        raise PaymentUnavailable(checkout.method, methods)
    _check_flow(checkout)
    still_open = (await open_amounts((invoice.id,)))[invoice.id] if invoice else await unreported_prepayment(order)
    amount = still_open if checkout.amount is None else checkout.amount
    check_amount("input.amount", amount, order.currency)
    if not 0 < amount <= still_open:
        raise AmountMismatch(still_open, amount, order.currency)
    account = offered[checkout.method]
    payment = await _write(order, invoice, account, amount)
    await _write_online(order, invoice, payment, account, checkout, found)
    if invoice is not None:
        moment = payment.created_at
        await PaymentAllocation.create(payment_id=payment.id, invoice_id=invoice.id, amount=amount, created_at=moment)
    await errands.send(ErrandKind.START_PAYMENT, payment.id, errands.unless_done_at_once())
    await errands.send(ErrandKind.FOLLOW_PAYMENT, payment.id, clock.now() + FIRST_QUERY)
    await note(order, EventKind.PAYMENT_STARTED, actor, told(payment))
    return payment


def _check_flow(checkout: Checkout) -> None:
    if checkout.flow not in FLOWS[checkout.method]:
        raise invalid("input.flow", "must not be JSAPI, which is WeChat Pay's alone")
    if checkout.flow is PaymentFlow.JSAPI and not checkout.payer_openid:
        raise invalid("input.payerOpenid", "must be the payer's openid")
    if checkout.flow is not PaymentFlow.JSAPI and checkout.payer_openid:
        raise invalid("input.payerOpenid", "must be left out of any flow but JSAPI")


async def _subject(actor: Actor, invoice_id: UUID | None, order_id: UUID | None) -> tuple[Order, Invoice | None]:
    """The order, locked, and the invoice that is to be paid, if it is not the order's prepayment."""
    invoice = await Invoice.visible_to(actor).get_or_none(id=invoice_id) if invoice_id else None
    if invoice is None and invoice_id is not None:
        raise NotFound("Invoice", invoice_id)
    orders = await lock_orders(actor, [one for one in (order_id, invoice and invoice.order_id) if one])
    check_subject(order_id, invoice_id)
    return orders[invoice.order_id if invoice else order_id or new_id()], invoice


async def close_payment(actor: Actor, payment_id: UUID, expected_version: int) -> Payment:
    """The payment, closed; or paid, if somebody was faster; or as it was, while the provider does not answer."""
    payment = await _close_payment(actor, payment_id, expected_version)
    await work_at_once(ErrandKind.FOLLOW_PAYMENT, payment.id)
    await payment.refresh_from_db()
    return payment


@verb
async def _close_payment(actor: Actor, payment_id: UUID, expected_version: int) -> Payment:
    _, payment = await open_payment(
        actor, payment_id, expected_version, "close_payment", PaymentStatus.AWAITING_CHANNEL
    )
    await give_up([payment.id], errands.unless_done_at_once())
    return payment


async def refund_payment(
    actor: Actor, payment_id: UUID, expected_version: int, amount: Decimal, reason: str, *, idempotency_key: str
) -> Payment:
    """The payment, with a refund that the provider was asked for; once it has said so, the money is back."""
    refund = await _refund_payment(actor, payment_id, expected_version, amount, reason, idempotency_key=idempotency_key)
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    return (await OnlinePayment.of(refund.payment_id)).payment


@creating(PaymentRefund)
async def _refund_payment(
    actor: Actor, payment_id: UUID, expected_version: int, amount: Decimal, reason: str, *, idempotency_key: str
) -> PaymentRefund:
    orders, payment = await open_payment(actor, payment_id, expected_version, "refund_payment", *PAID)
    order = orders[payment.order_id]
    if payment.method not in ONLINE:
        raise invalid("input.paymentId", "was not made through a provider: send the money back yourself")
    check_amount("input.amount", amount, payment.currency)
    known = await PaymentRefund.of(payment.id)
    running = [
        one.amount for one in known if one.status in (ProviderRefundStatus.REQUESTED, ProviderRefundStatus.SUCCEEDED)
    ]
    left = payment.amount - sum(running, Decimal(0))
    if not 0 < amount <= left:
        raise AmountMismatch(left, amount, payment.currency)
    refund = await less_due(known, new_refund(payment, amount, RefundReason.REQUESTED))
    refund.status, refund.remark = ProviderRefundStatus.REQUESTED, reason
    await refund.save()
    await save_payment(payment)
    await errands.send(ErrandKind.REFUND_PAYMENT, refund.id, errands.unless_done_at_once())
    await note(order, EventKind.REFUND_REQUESTED, actor, told(payment, refunded=str(amount), reason=reason))
    return refund


async def _write(order: Order, invoice: Invoice | None, account: MerchantAccount, amount: Decimal) -> Payment:
    moment, key = clock.now(), new_id()
    return await Payment.create(
        id=key,
        number=number(Series.PAYMENT),
        order_id=order.id,
        method=account.method,
        status=PaymentStatus.AWAITING_CHANNEL,
        currency=order.currency,
        amount=amount,
        advance=amount if invoice is None else Decimal(0),
        paid_on=clock.today(order.delivery_zone),
        bank_reference=key.hex,
        is_sandbox=account.is_sandbox,
        created_at=moment,
    )


async def _write_online(
    order: Order, invoice: Invoice | None, payment: Payment, account: MerchantAccount, checkout: Checkout, address: str
) -> None:
    await OnlinePayment.create(
        payment_id=payment.id,
        account_id=account.id,
        method=checkout.method,
        flow=checkout.flow,
        number=payment.id.hex,
        app_id=account.app_id,
        payee=account.payee,
        is_sandbox=account.is_sandbox,
        payer_address=address,
        payer_openid=checkout.payer_openid,
        terms=await terms_to_split(order, invoice.id if invoice else None, checkout.method),
        expires_at=payment.created_at + OPEN_FOR,
        amount=payment.amount,
        created_at=payment.created_at,
    )
