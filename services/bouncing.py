"""A cheque whose money was confirmed, and which the bank did not honour after all."""

from uuid import UUID

from models import Invoice, Order, Payment, PaymentAllocation, Refund
from rules.accounts import ZERO, Account
from rules.billing import PaymentMethod, PaymentStatus
from rules.events import EventKind
from rules.people import Actor
from rules.postings import release_posting, set_off_posting
from rules.problems import WrongStatus
from services import clock, ledger
from services.booking import close_payment, note_each, open_payment
from services.obligations import advance_spent
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
    own = orders[payment.order_id]
    await _claim_used_advance(own, payment)
    await _claim_used_credit(own, payment)
    for order in orders.values():
        await ledger.set_off(order, payment.id, Account.ADVANCES)
        await ledger.set_off(order, payment.id, Account.REFUNDS)
        await ledger.set_off(order, payment.id, Account.CREDIT)
        await settle_if_done(order)
    await note_each(orders, EventKind.CHEQUE_BOUNCED, actor, payment, {"reason": reason})
    return payment


async def _claim_used_advance(order: Order, payment: Payment) -> None:
    """What it paid in advance, and invoices have used by now, is owed on the newest of them; what was to go back does not."""
    missing = -(await ledger.standing(order)).advance
    if missing <= 0:
        return
    spent = await advance_spent(order, missing)
    if spent:
        back = {invoice: -amount for invoice, amount in spent.items()}
        await ledger.post(order, payment.id, set_off_posting(back, Account.ADVANCES))
    rest = missing - sum(spent.values(), ZERO)
    if rest:
        await ledger.post(order, payment.id, release_posting(-rest))


async def _claim_used_credit(order: Order, payment: Payment) -> None:
    """What is on its way back to the buyer counts as used."""
    _, sent = await Refund.on_its_way(order.id)
    missing = sent - (await ledger.standing(order)).credit
    if missing > 0:
        meant = [part.invoice_id for part in await PaymentAllocation.of(payment.id)]
        meant += [invoice.id for invoice in await Invoice.of(order.id).order_by("id")]
        if meant:
            await ledger.post(order, payment.id, set_off_posting({meant[0]: -missing}, Account.CREDIT))
