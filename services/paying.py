"""Money by bank transfer: the buyer shows proof, the supplier says whether it came."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import Invoice, LedgerEntry, OnlinePayment, Order, Payment, PaymentAllocation
from models.base import new_id
from rules.accounts import ZERO, Account, payment_posting, payout_posting
from rules.billing import CONFIRMABLE, PaymentMethod, PaymentStatus
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import step_for
from rules.money import check_amount
from rules.people import Actor
from rules.problems import AmountMismatch, Conflict, NotFound, StaleVersion, WrongStatus
from services import clock, ledger
from services.desk import lock_order, note, number
from services.settling import settle_if_done
from services.verb import creating, verb

PROVED = (PaymentStatus.PROOF_SUBMITTED,)


@dataclass(frozen=True)
class Transfer:
    """A bank transfer as the buyer reports it; `proof_sha256` is the fingerprint of the bank's slip."""

    amount: Decimal
    paid_on: date
    bank_reference: str
    proof_sha256: str | None = None
    remark: str | None = None


@creating(Payment)
async def submit_bank_transfer(actor: Actor, invoice_id: UUID, transfer: Transfer, *, idempotency_key: str) -> Payment:
    """Report a transfer for an invoice; it counts as paid only once the supplier has seen the money."""
    invoice = await Invoice.visible_to(actor).get_or_none(id=invoice_id)
    if invoice is None:
        raise NotFound("Invoice", invoice_id)
    order = await lock_order(actor, invoice.order_id)
    step_for("submit_bank_transfer", order, order.side_of(actor))
    check_amount("input.amount", transfer.amount, invoice.currency)
    await must_be_open(invoice, transfer.amount)
    if await Payment.has_reference(order.id, transfer.bank_reference):
        raise Conflict("bankReference")
    payment = await _write(order, invoice, transfer)
    await note(order, EventKind.PAYMENT_SUBMITTED, actor, _body(payment))
    return payment


@creating(Payment)
async def confirm_funds(
    actor: Actor, payment_id: UUID, expected_version: int, amount: Decimal, *, idempotency_key: str
) -> Payment:
    """The supplier has the money, exactly the amount reported; settles the order if nothing is open."""
    order, payment = await open_payment(actor, payment_id, expected_version, "confirm_funds", CONFIRMABLE)
    if amount != payment.amount:
        raise AmountMismatch(payment.amount, amount, payment.currency)
    payment.confirmed_at = clock.now()
    if payment.status is PaymentStatus.CHANNEL_CONFIRMED:
        await ledger.post(order, payment.id, payout_posting((await OnlinePayment.of(payment.id)).kept))
    else:
        await book_money(order, payment, Account.BANK)
    payment.status = PaymentStatus.FUNDS_CONFIRMED
    await _close(payment)
    await settle_if_done(order)
    await note(order, EventKind.FUNDS_CONFIRMED, actor, {**_body(payment), "settled": order.settled_at is not None})
    return payment


@verb
async def reject_transfer(actor: Actor, payment_id: UUID, expected_version: int, reason: str) -> Payment:
    """The money did not come; the invoice is open again."""
    order, payment = await open_payment(actor, payment_id, expected_version, "reject_transfer", PROVED)
    payment.status, payment.failure_reason = PaymentStatus.FAILED, reason
    await _close(payment)
    await note(order, EventKind.PAYMENT_REJECTED, actor, {**_body(payment), "reason": reason})
    return payment


async def book_money(order: Order, payment: Payment, into: Account) -> None:
    """Let the money pay what it was meant for, as far as that is still owed; what is beyond it is the buyer's credit."""
    meant = await PaymentAllocation.of(payment.id)
    owed = await LedgerEntry.receivables([one.invoice_id for one in meant])
    parts = {one.invoice_id: min(one.amount, max(owed[one.invoice_id], ZERO)) for one in meant}
    for one in meant:
        await one.become(parts[one.invoice_id])
    surplus = payment.amount - sum(parts.values(), ZERO)
    await ledger.post(order, payment.id, payment_posting(parts, surplus, into))


async def must_be_open(invoice: Invoice, amount: Decimal) -> None:
    """Refuse to pay more of an invoice than is open, or nothing."""
    still_open = await open_amount(invoice.id)
    if not 0 < amount <= still_open:
        raise AmountMismatch(still_open, amount, invoice.currency)


async def open_amount(invoice_id: UUID) -> Decimal:
    """What is owed of an invoice, and nothing that is on its way covers."""
    owed = (await LedgerEntry.receivables([invoice_id]))[invoice_id]
    return owed - (await PaymentAllocation.reported([invoice_id]))[invoice_id]


async def open_payment(
    actor: Actor, payment_id: UUID, expected_version: int, action: str, allowed: tuple[PaymentStatus, ...]
) -> tuple[Order, Payment]:
    """The payment and its order, locked: the caller may see it, has read its newest version, and it has this step now."""
    payment = await Payment.visible_to(actor).get_or_none(id=payment_id)
    if payment is None:
        raise NotFound("Payment", payment_id)
    order = await lock_order(actor, payment.order_id)
    await payment.refresh_from_db()
    if payment.version != expected_version:
        raise StaleVersion(payment.version)
    step_for(action, order, order.side_of(actor))
    if payment.status not in allowed:
        raise WrongStatus(action, payment.status, allowed)
    return order, payment


async def _close(payment: Payment) -> None:
    payment.version += 1
    await payment.save()


async def _write(order: Order, invoice: Invoice, transfer: Transfer) -> Payment:
    moment = clock.now()
    payment = await Payment.create(
        id=new_id(),
        number=number(Series.PAYMENT),
        order_id=order.id,
        method=PaymentMethod.BANK_TRANSFER,
        status=PaymentStatus.PROOF_SUBMITTED,
        currency=invoice.currency,
        amount=transfer.amount,
        paid_on=transfer.paid_on,
        bank_reference=transfer.bank_reference,
        proof_sha256=transfer.proof_sha256,
        remark=transfer.remark,
        created_at=moment,
    )
    await PaymentAllocation.create(
        payment_id=payment.id, invoice_id=invoice.id, amount=transfer.amount, created_at=moment
    )
    return payment


def _body(payment: Payment) -> dict[str, object]:
    return {"paymentId": str(payment.id), "amount": str(payment.amount)}
