"""A payment through a provider as it is under its order's lock, who speaks for the provider, and what is said of it."""

from uuid import UUID

from models import OnlinePayment, Order, Payment
from rules.billing import PaymentMethod
from rules.events import EventKind
from rules.people import Actor, CompanyKind, Scope
from services.desk import note
from services.settling import as_settled, settle_if_done

NAMES = {PaymentMethod.ALIPAY: "Alipay", PaymentMethod.WECHAT_PAY: "WeChat Pay"}
"""What events call them, in any language."""


async def opened(payment_id: UUID) -> tuple[Order, OnlinePayment]:
    """A payment as it is under its order's lock."""
    order = await Order.locked((await OnlinePayment.of(payment_id)).payment.order_id)
    return order, await OnlinePayment.of(payment_id)


def speaker(order: Order, method: PaymentMethod) -> Actor:
    """The provider, who speaks for the supplier."""
    return speaker_for(order.supplier_id, method)


def speaker_for(supplier_id: UUID, method: PaymentMethod) -> Actor:
    """The provider, who speaks for this supplier."""
    scopes = frozenset({Scope.READ, Scope.BILLING})
    return Actor(company=supplier_id, kind=CompanyKind.SUPPLIER, scopes=scopes, name=NAMES[method])


def told(payment: Payment, **facts: object) -> dict[str, object]:
    """What events say of a payment."""
    said = {"paymentId": str(payment.id), "amount": str(payment.amount), "paymentStatus": payment.status}
    return {**said, **facts}


async def write(order: Order, online: OnlinePayment, kind: EventKind, **facts: object) -> None:
    """Put the payment's change on record, and say so."""
    payment = online.payment
    payment.version += 1
    await payment.save()
    await settle_if_done(order)
    await note(order, kind, speaker(order, online.method), told(payment, **facts, **as_settled(order)))
