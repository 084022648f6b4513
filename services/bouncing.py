"""A cheque whose money was confirmed, and which the bank did not honour after all."""

from uuid import UUID

from models import Payment, PaymentAllocation
from rules.accounts import Account
from rules.billing import PaymentMethod, PaymentStatus
from rules.events import EventKind
from rules.people import Actor
from rules.problems import invalid
from services import clock, ledger
from services.booking import close_payment, note_each, open_payment
from services.obligations import owe_again
from services.settling import settle_if_done
from services.verb import verb


@verb
async def bounce_cheque(actor: Actor, payment_id: UUID, expected_version: int, reason: str) -> Payment:
    """Take back what the cheque paid, by postings the other way round: its invoices are owed again, however late the bank says so.

    What it paid too much, and is used up elsewhere or paid back by now, is owed again on invoices that stand, the one it was first for
    before others, or of none.
    """
    orders, payment = await open_payment(
        actor, payment_id, expected_version, "bounce_cheque", PaymentStatus.FUNDS_CONFIRMED
    )
    if payment.method is not PaymentMethod.CHEQUE:
        raise invalid("input.paymentId", "is not a cheque")
    payment.status, payment.bounced_at, payment.failure_reason = PaymentStatus.BOUNCED, clock.now(), reason
    await close_payment(payment)
    await ledger.reverse(orders, payment.id)
    meant = {one.invoice_id: one.invoice.order_id for one in await PaymentAllocation.of(payment.id)}
    for order in orders.values():
        await ledger.claim_again(order, payment.id, [invoice for invoice, place in meant.items() if place == order.id])
        await ledger.set_off(order, payment.id, Account.ADVANCES, Account.REFUNDS, Account.CREDIT)
        await owe_again(order)
        await settle_if_done(order)
    await note_each(orders, EventKind.CHEQUE_BOUNCED, actor, payment, {"reason": reason})
    return payment
