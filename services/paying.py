"""Money by bank transfer or cheque: the buyer shows proof, the supplier says whether it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import Attachment, Invoice, LedgerEntry, Order, Payment, PaymentAllocation, PaymentRefund
from models.base import new_id
from rules.accounts import Account
from rules.billing import CONFIRMABLE, PaymentMethod, PaymentStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import OrderStatus, step_for
from rules.money import check_amount
from rules.people import Actor
from rules.postings import payout_posting
from rules.problems import AmountMismatch, Conflict, NotFound, invalid
from services import clock, ledger
from services.attaching import hang
from services.booking import Orders, book_money, close_payment, note_each, open_payment
from services.desk import lock_orders, number
from services.obligations import unreported_prepayment
from services.settling import settle_if_done
from services.verb import creating, verb


@dataclass(frozen=True)
class Transfer:
    """A transfer or cheque as the buyer reports it; `proof_sha256` is the fingerprint of the bank's slip, `proof_id` the slip itself.

    What is more than the invoices it is for is refused, unless it is meant to be credit.
    """

    amount: Decimal
    paid_on: date
    bank_reference: str
    proof_sha256: str | None = None
    remark: str | None = None
    proof_id: UUID | None = None
    surplus_as_credit: bool = False


@creating(Payment)
async def submit_bank_transfer(
    actor: Actor,
    invoice_id: UUID | None,
    transfer: Transfer,
    others: tuple[UUID, ...] = (),
    *,
    order_id: UUID | None = None,
    idempotency_key: str,
) -> Payment:
    """Report a transfer for an invoice, and then for others of the same supplier, or for an order's prepayment; it counts once the
    supplier has seen the money."""
    named = invoice_id, *others
    return await _submit(actor, "submit_bank_transfer", PaymentMethod.BANK_TRANSFER, named, order_id, transfer)


@creating(Payment)
async def submit_cheque(
    actor: Actor,
    invoice_id: UUID | None,
    cheque: Transfer,
    others: tuple[UUID, ...] = (),
    *,
    order_id: UUID | None = None,
    idempotency_key: str,
) -> Payment:
    """Report a cheque likewise; `bank_reference` is its number. It may still bounce after its money was confirmed."""
    named = invoice_id, *others
    return await _submit(actor, "submit_cheque", PaymentMethod.CHEQUE, named, order_id, cheque)


@creating(Payment)
async def confirm_funds(
    actor: Actor,
    payment_id: UUID,
    expected_version: int,
    amount: Decimal,
    *,
    takes_difference: bool = False,
    idempotency_key: str,
) -> Payment:
    """The supplier has the money: what was reported, or another amount where it says so. Settles the orders of which nothing is open."""
    orders, payment = await open_payment(actor, payment_id, expected_version, "confirm_funds", *CONFIRMABLE)
    check_amount("input.amount", amount, payment.currency)
    if amount <= 0 or (amount != payment.amount and not takes_difference):
        raise AmountMismatch(payment.amount, amount, payment.currency)
    await have_funds(orders, payment, amount, actor)
    return payment


async def have_funds(orders: Orders, payment: Payment, amount: Decimal, actor: Actor) -> None:
    """Its money is there, and its orders may be settled; the caller holds their locks."""
    if payment.status is PaymentStatus.CHANNEL_CONFIRMED:  # booked when the provider said that it was paid
        await take_out(orders, payment, amount)
    else:
        payment.received = amount
        await book_money(orders, payment, Account.BANK)
    payment.status, payment.confirmed_at = PaymentStatus.FUNDS_CONFIRMED, clock.now()
    await close_payment(payment)
    for order in orders.values():
        await settle_if_done(order)
    await note_each(orders, EventKind.FUNDS_CONFIRMED, actor, payment)


@verb
async def reject_transfer(actor: Actor, payment_id: UUID, expected_version: int, reason: str) -> Payment:
    """The money did not come: the invoice is open again, unless something else has paid it; then the order may be settled."""
    orders, payment = await open_payment(
        actor, payment_id, expected_version, "reject_transfer", PaymentStatus.PROOF_SUBMITTED
    )
    payment.status, payment.failure_reason = PaymentStatus.FAILED, reason
    await close_payment(payment)
    for order in orders.values():
        await settle_if_done(order)
    await note_each(orders, EventKind.PAYMENT_REJECTED, actor, payment, {"reason": reason})
    return payment


async def take_out(orders: Orders, payment: Payment, amount: Decimal) -> None:
    """What the provider has of the payment came to the bank, all of it."""
    if amount != payment.amount:
        raise AmountMismatch(payment.amount, amount, payment.currency)
    order, refunds = orders[payment.order_id], await PaymentRefund.of(payment.id)
    held = await LedgerEntry.held(order.supplier_id, [payment.id, *(refund.id for refund in refunds)])
    await ledger.post(order, payment.id, payout_posting(held))


async def _submit(
    actor: Actor,
    action: str,
    method: PaymentMethod,
    named: Sequence[UUID | None],
    order_id: UUID | None,
    transfer: Transfer,
) -> Payment:
    invoices = await _named(actor, named)
    invoice_ids = tuple(one.id for one in invoices)
    order_ids = [one.order_id for one in invoices] + ([order_id] if order_id else [])
    if transfer.proof_id is not None and not await Attachment.is_loose(actor, transfer.proof_id):
        raise NotFound("Attachment", transfer.proof_id)
    orders = await lock_orders(actor, order_ids)
    check_subject(order_id, *invoice_ids)
    for order in orders.values():
        step_for(action, order, order.side_of(actor))
    first = orders[order_ids[0]]
    payable = await open_amounts(invoice_ids)
    ahead = await unreported_prepayment(first) if order_id else ZERO
    _check(transfer, first, sum(payable.values(), ahead))
    if await Payment.has_reference(orders, transfer.bank_reference):
        raise Conflict("bankReference")
    parts = dict.fromkeys(invoice_ids, ZERO) | ledger.shares(transfer.amount, payable)
    proof = await _proof(actor, first, transfer)
    payment = await _write(first, method, transfer, proof, min(transfer.amount, ahead))
    await PaymentAllocation.write_all(
        PaymentAllocation(
            payment_id=payment.id, invoice_id=invoice, position=place, amount=part, created_at=payment.created_at
        )
        for place, (invoice, part) in enumerate(parts.items(), 1)
    )
    await note_each(orders, EventKind.PAYMENT_SUBMITTED, actor, payment)
    return payment


def _check(transfer: Transfer, order: Order, still_open: Decimal) -> None:
    check_amount("input.amount", transfer.amount, order.currency)
    # What is more than is open of a contract that has ended would only go back.
    keeps_more = transfer.surplus_as_credit and order.status is not OrderStatus.TERMINATED
    if transfer.amount <= 0 or (transfer.amount > still_open and not keeps_more):
        raise AmountMismatch(still_open, transfer.amount, order.currency)


def check_subject(order_id: UUID | None, *invoices: UUID | None) -> None:
    """Refuse to pay invoices and a prepayment in one, or nothing."""
    if (order_id is None) != any(invoices):
        raise invalid("input.orderId", "name either invoices or an order")


async def _named(actor: Actor, named: Sequence[UUID | None]) -> list[Invoice]:
    """Each of the invoices once, in the order in which they are paid: all between the same two in the same currency. The first that is
    named may be none; the others are a list of the caller's."""
    wanted = [one for one in dict.fromkeys(named) if one is not None]
    seen = Invoice.visible_to(actor).filter(id__in=wanted).select_related("order")
    found = {invoice.id: invoice async for invoice in seen}
    for one in wanted:
        if one not in found:
            raise NotFound("Invoice", one)
        if _book(found[one]) != _book(found[wanted[0]]):
            path = f"input.otherInvoiceIds[{named.index(one) - 1}]"
            raise invalid(path, "is between other parties, or in another currency")
    return [found[one] for one in wanted]


def _book(invoice: Invoice) -> tuple[UUID, UUID, str]:
    return invoice.order.buyer_id, invoice.supplier_id, invoice.currency


async def open_amounts(invoice_ids: tuple[UUID, ...]) -> dict[UUID, Decimal]:
    """What is owed of each invoice, in their order, and no reported payment covers; never below zero."""
    owed = await LedgerEntry.receivables(invoice_ids)
    reported = await PaymentAllocation.reported(invoice_ids, clock.now())
    return {invoice: max(owed[invoice] - reported[invoice], ZERO) for invoice in invoice_ids}


async def _proof(actor: Actor, order: Order, transfer: Transfer) -> Attachment | None:
    if transfer.proof_id is None:
        return None
    [proof] = await hang(actor, order, [transfer.proof_id], path="input.proofId")
    return proof


async def _write(
    order: Order, method: PaymentMethod, transfer: Transfer, proof: Attachment | None, ahead: Decimal
) -> Payment:
    return await Payment.create(
        id=new_id(),
        number=number(Series.PAYMENT),
        order_id=order.id,
        method=method,
        status=PaymentStatus.PROOF_SUBMITTED,
        currency=order.currency,
        amount=transfer.amount,
        advance=ahead,
        paid_on=transfer.paid_on,
        bank_reference=transfer.bank_reference,
        proof_sha256=proof.sha256 if proof else transfer.proof_sha256,
        proof_id=proof and proof.id,
        remark=transfer.remark,
        created_at=clock.now(),
    )
