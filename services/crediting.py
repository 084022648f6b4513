"""What the supplier takes back of an invoice: by its own word, or because goods came back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from models import Company, CreditNote, CreditNoteLine, Invoice, LedgerEntry, Order
from models.base import new_id
from models.crediting import left_of
from rules.accounts import Excess
from rules.billing import BillingDocument, InvoiceStatus
from rules.crediting import CreditWish, Left, Part, check_total, chosen, whole
from rules.decimals import ZERO
from rules.events import EventKind
from rules.people import Actor
from rules.postings import credit_note_posting
from rules.problems import invalid
from rules.quantity import Movement
from services import budgets, clock, ledger
from services.billing_papers import write_paper
from services.desk import note
from services.invoicing import open_invoice
from services.series import next_number
from services.settling import as_settled, settle_if_done
from services.verb import creating

CREDITABLE = (InvoiceStatus.ISSUED, InvoiceStatus.ACCEPTED, InvoiceStatus.DISPUTED)


@creating(CreditNote)
async def issue_credit_note(
    actor: Actor,
    invoice_id: UUID,
    expected_version: int,
    reason: str,
    wishes: tuple[CreditWish, ...] | None = None,
    excess: Excess = Excess.REFUND,
    *,
    idempotency_key: str,
) -> CreditNote:
    """Take back an invoice, or parts of it. Goods that are credited by quantity may be invoiced again; an amount makes them cheaper.

    It answers a dispute: the buyer may say anew whether the rest is right.
    """
    order, invoice = await open_invoice(actor, invoice_id, expected_version, "issue_credit_note", *CREDITABLE)
    await budgets.hold_still(order)  # before the series of numbers, as everybody does
    lines = (await left_of([invoice.id]))[invoice.id]
    if wishes is not None and not wishes:
        raise invalid("input.lines", "name what is credited")
    parts = whole(lines.values()) if wishes is None else chosen(lines, wishes, invoice.rounding)
    check_total(lines.values(), parts, invoice.rounding)
    if invoice.status is InvoiceStatus.DISPUTED:
        invoice.status = InvoiceStatus.ISSUED
    made = await _credit(order, invoice, lines, parts, CreditNote(reason=reason, excess=excess))
    await settle_if_done(order)
    body = {"creditNoteId": str(made.id), "invoiceId": str(invoice.id), "invoiceStatus": invoice.status}
    await note(order, EventKind.CREDIT_NOTE_ISSUED, actor, {**body, "total": str(made.total), **as_settled(order)})
    return made


async def credit_goods(
    order: Order, goods: Mapping[UUID, Decimal], reason: str, excess: Excess, return_id: UUID
) -> dict[str, object]:
    """Credit so much of each order line as was claimed for what is gone, of the newest invoices first; what an event says of it."""
    booked = await ledger.line_quantities(order)
    wanted = {line: min(much, -booked[line].to_invoice) for line, much in goods.items()}
    invoices = await Invoice.of(order.id).order_by("-id")
    left = await left_of([invoice.id for invoice in invoices])
    notes, gone = [], []
    for invoice in invoices:
        wishes = _wishes(left[invoice.id].values(), wanted)
        if wishes:
            parts = chosen(left[invoice.id], wishes, invoice.rounding)
            blank = CreditNote(reason=reason, excess=excess, return_request_id=return_id)
            notes.append(await _credit(order, invoice, left[invoice.id], parts, blank))
            gone += [str(invoice.id)] if invoice.status is InvoiceStatus.CREDITED else []
    return {"creditNoteIds": [str(one.id) for one in notes], "creditedInvoiceIds": gone} if notes else {}


def _wishes(lines: Iterable[Left], wanted: dict[UUID, Decimal]) -> list[CreditWish]:
    """What of the wanted goods this invoice claimed; it is then no longer wanted."""
    found = []
    for line in lines:
        much = min(wanted.get(line.order_line, ZERO), line.quantity) if line.order_line else ZERO
        if much > 0 and line.order_line:
            wanted[line.order_line] -= much
            found.append(CreditWish(line.id, much))
    return found


async def _credit(
    order: Order, invoice: Invoice, left: Mapping[UUID, Left], parts: list[Part], made: CreditNote
) -> CreditNote:
    made.net, made.tax = sum((part.net for part in parts), ZERO), sum((part.tax for part in parts), ZERO)
    made.total = made.net + made.tax
    await _write(order, invoice, parts, made)
    goods = {left[part.line].order_line: part.quantity for part in parts}
    await ledger.record(Movement.CREDITED, made.id, {line: much for line, much in goods.items() if line})
    owed = (await LedgerEntry.receivables([invoice.id]))[invoice.id]
    await ledger.post(order, made.id, credit_note_posting(invoice.id, made.net, made.tax, owed, made.excess))
    await ledger.set_off(order, made.id)
    await write_paper(made, order)
    taken = {part.line: part for part in parts}
    if all(line.is_gone(taken.get(line.id)) for line in left.values()):
        invoice.status = InvoiceStatus.CREDITED
    invoice.version += 1
    await invoice.save()
    return made


async def _write(order: Order, invoice: Invoice, parts: list[Part], made: CreditNote) -> None:
    today = clock.today((await Company.named(order.supplier_id)).delivery_zone)
    made.id, made.created_at, made.issued_on = new_id(), clock.now(), today
    made.number = await next_number(BillingDocument.CREDIT_NOTE, order.supplier_id, today.year)
    made.order_id, made.invoice_id, made.supplier_id = order.id, invoice.id, order.supplier_id
    made.currency = invoice.currency
    await made.save(force_create=True)
    await CreditNoteLine.write_all(
        CreditNoteLine(
            credit_note_id=made.id,
            invoice_line_id=part.line,
            position=place,
            quantity=part.quantity,
            net=part.net,
            tax=part.tax,
            created_at=made.created_at,
        )
        for place, part in enumerate(parts, 1)
    )
