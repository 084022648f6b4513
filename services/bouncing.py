"""A cheque whose money was confirmed, and which the bank did not honour after all."""

from uuid import UUID

from models import Order, Payment, PaymentAllocation, Refund
from rules.accounts import Account, set_off_posting
from rules.billing import PaymentMethod, PaymentStatus
from rules.events import EventKind
from rules.people import Actor
from rules.problems import WrongStatus
from services import clock, ledger
from services.booking import close_payment, note_each, open_payment
from services.settling import settle_if_done
from services.verb import verb


@verb
async def bounce_cheque(actor: Actor, payment_id: UUID, expected_version: int, reason: str) -> Payment:
    """Take back what the cheque paid, by postings the other way round: its invoices are owed again, however late the bank says so.

    What it paid too much, and is used up elsewhere by now, is owed on the invoice it was first for.
    """
    orders, payment = await open_payment(
        actor, payment_id, expected_version, "bounce_cheque", PaymentStatus.FUNDS_CONFIRMED
    )
    if payment.method is not PaymentMethod.CHEQUE:
        raise WrongStatus("bounce_cheque", payment.method, (PaymentMethod.CHEQUE,))
    payment.status, payment.bounced_at, payment.failure_reason = PaymentStatus.BOUNCED, clock.now(), reason
    await close_payment(payment)
    await ledger.reverse(orders, payment.id)
    await _claim_used_credit(orders[payment.order_id], payment)
    for order in orders.values():
        await ledger.set_off(order, payment.id, Account.REFUNDS)
        await ledger.set_off(order, payment.id, Account.CREDIT)
        await settle_if_done(order)
    await note_each(orders, EventKind.CHEQUE_BOUNCED, actor, payment, {"reason": reason})
    return payment


async def _claim_used_credit(order: Order, payment: Payment) -> None:
    """What is on its way back to the buyer counts as used."""
    _, sent = await Refund.on_its_way(order.id)
    missing = sent - (await ledger.standing(order)).credit
    if missing > 0:
        first, *_ = await PaymentAllocation.of(payment.id)
        await ledger.post(order, payment.id, set_off_posting({first.invoice_id: -missing}, Account.CREDIT))
