"""When a supplier's silence counts as having the money: only of online payments, and only where the supplier wants that."""

from datetime import datetime, timedelta
from uuid import UUID

from models import Company, OnlinePayment, Order
from rules.billing import PaymentStatus
from rules.lifecycle import Side, step_for
from rules.people import CLOCK
from services import clock
from services.paying import have_funds


async def confirmed_from(order: Order) -> datetime | None:
    """When money that its provider tells of now counts as confirmed by itself; None where the supplier says so itself."""
    days = (await Company.named(order.supplier_id)).confirm_funds_after_days
    return None if days is None else clock.now() + timedelta(days=days)


async def confirm_silently(payment_id: UUID) -> None:
    """What the clock does once these days are over; nothing where somebody was faster, or the supplier wants it no more."""
    order = await Order.locked((await OnlinePayment.of(payment_id)).payment.order_id)
    online = await OnlinePayment.of(payment_id)
    if online.confirm_at is None or online.confirm_at > clock.now():
        return
    online.confirm_at = None
    await online.save(update_fields=["confirm_at"])
    payment = online.payment
    wanted = (await Company.named(order.supplier_id)).confirm_funds_after_days is not None
    if wanted and payment.status is PaymentStatus.CHANNEL_CONFIRMED:
        step_for("confirm_silently", order, Side.CLOCK)
        payment.confirmed_by_clock = True
        await have_funds({order.id: order}, payment, payment.amount, CLOCK)
