"""Official invoices (发票): recorded by the supplier for what it invoiced or credited, and voided where the record was wrong."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import Attachment, CreditNote, CreditNoteLine, Invoice, InvoiceLine, OfficialInvoice, Order
from models.base import new_id
from rules.events import EventKind
from rules.fapiao import (
    CURRENCY,
    Fapiao,
    FapiaoStatus,
    Sums,
    check_covered,
    check_fapiao,
    check_same,
    tolerance_of,
)
from rules.lifecycle import step_for
from rules.people import Actor
from rules.problems import Conflict, NotFound, WrongStatus, invalid
from services import clock
from services.attaching import hang
from services.desk import lock_order, note
from services.fapiao_files import read_fapiao
from services.verb import creating, verb

CHINA = "Asia/Shanghai"
"""Official invoices are dated by the calendar there."""
Document = Invoice | CreditNote


@dataclass(frozen=True)
class FapiaoFor:
    """What an official invoice is for, its file, and the wrong record it takes the place of."""

    invoice_id: UUID | None = None
    credit_note_id: UUID | None = None
    attachment_id: UUID | None = None
    replaces_id: UUID | None = None


async def record_official_invoice(
    actor: Actor, wish: FapiaoFor, fapiao: Fapiao, *, idempotency_key: str
) -> OfficialInvoice:
    """The official invoice, on record. A file that says it for machines has to say the same."""
    actor.must("record_official_invoice")
    read = await _read(actor, wish.attachment_id)
    return await _record_official_invoice(actor, wish, fapiao, found=read, idempotency_key=idempotency_key)


@creating(OfficialInvoice)
async def _record_official_invoice(
    actor: Actor, wish: FapiaoFor, fapiao: Fapiao, *, found: Fapiao | None, idempotency_key: str
) -> OfficialInvoice:
    document = await _document(actor, wish)
    order = await lock_order(actor, document.order_id)
    step_for("record_official_invoice", order, order.side_of(actor))
    if document.currency != CURRENCY:
        raise invalid("input.invoiceId", "is not in CNY, which official invoices are made out in")
    check_fapiao(fapiao, clock.today(CHINA))
    if found is not None:
        check_same(fapiao, found)
    if wish.replaces_id is not None:
        await _void(await _counted(order, document, wish.replaces_id))
    recorded = [*await OfficialInvoice.counted(document), fapiao.sums]
    claimed = Sums(document.net, document.tax, document.total)
    check_covered(claimed, recorded, tolerance_of(await _lines(document)))
    made = await _written(actor, order, document, wish, fapiao)
    body = {"officialInvoiceId": str(made.id), "replacedId": wish.replaces_id and str(wish.replaces_id)}
    await note(order, EventKind.OFFICIAL_INVOICE_RECORDED, actor, body)
    return made


@verb
async def void_official_invoice(actor: Actor, official_invoice_id: UUID, reason: str) -> OfficialInvoice:
    """The record, which counts no more; its number may be recorded anew."""
    found = await OfficialInvoice.visible_to(actor).get_or_none(id=official_invoice_id)
    if found is None:
        raise NotFound("OfficialInvoice", official_invoice_id)
    order = await lock_order(actor, found.order_id)
    step_for("void_official_invoice", order, order.side_of(actor))
    await found.refresh_from_db()
    await _void(found, reason)
    await note(order, EventKind.OFFICIAL_INVOICE_VOIDED, actor, {"officialInvoiceId": str(found.id), "reason": reason})
    return found


async def _read(actor: Actor, attachment_id: UUID | None) -> Fapiao | None:
    """What the file says; None where there is none, or none for machines. Whether it may be hung on the order is asked later."""
    if attachment_id is None:
        return None
    attachment = await Attachment.visible_to(actor).get_or_none(id=attachment_id)
    return None if attachment is None else await read_fapiao(attachment)


async def _document(actor: Actor, wish: FapiaoFor) -> Document:
    """The one it is for; whatever is named has to be there, before anything else is looked at."""
    named: tuple[tuple[Any, UUID | None], ...] = (
        (Invoice, wish.invoice_id),
        (CreditNote, wish.credit_note_id),
        (OfficialInvoice, wish.replaces_id),
        (Attachment, wish.attachment_id),
    )
    found = []
    for kind, key in named:
        if key is None:
            continue
        row = await kind.visible_to(actor).get_or_none(id=key)
        if row is None:
            raise NotFound(kind.__name__, key)
        found.append(row)
    documents = [row for row in found if isinstance(row, Invoice | CreditNote)]
    if len(documents) != 1:
        raise invalid("input.invoiceId", "name either an invoice or a credit note")
    return documents[0]


async def _lines(document: Document) -> int:
    of = InvoiceLine.of if isinstance(document, Invoice) else CreditNoteLine.of
    return len(await of(document.id))


async def _counted(order: Order, document: Document, official_invoice_id: UUID) -> OfficialInvoice:
    """The record that is to be replaced, if it is one of the same document."""
    found = await OfficialInvoice.of(order.id).get_or_none(id=official_invoice_id)
    if found is None or document.id not in (found.invoice_id, found.credit_note_id):
        raise NotFound("OfficialInvoice", official_invoice_id)
    return found


async def _void(found: OfficialInvoice, reason: str | None = None) -> None:
    if found.status is not FapiaoStatus.RECORDED:
        raise WrongStatus("void_official_invoice", found.status, (FapiaoStatus.RECORDED,))
    found.status, found.void_reason, found.voided_at = FapiaoStatus.VOIDED, reason, clock.now()
    await found.save(update_fields=["status", "void_reason", "voided_at"])


async def _written(actor: Actor, order: Order, document: Document, wish: FapiaoFor, fapiao: Fapiao) -> OfficialInvoice:
    """Conflict where the supplier recorded that number before, on whatever order, also at the same moment."""
    hung = [] if wish.attachment_id is None else await hang(actor, order, [wish.attachment_id])
    made = OfficialInvoice(
        id=new_id(),
        supplier_id=order.supplier_id,
        order_id=order.id,
        invoice_id=wish.invoice_id,
        credit_note_id=wish.credit_note_id,
        type=fapiao.type,
        code=fapiao.code,
        number=fapiao.number,
        issued_on=fapiao.issued_on,
        net=fapiao.sums.net,
        tax=fapiao.sums.tax,
        total=fapiao.sums.total,
        rates=[{"rate": str(one.rate), "net": str(one.net), "tax": str(one.tax)} for one in fapiao.rates],
        attachment_id=hung[0].id if hung else None,
        replaces_id=wish.replaces_id,
        created_at=clock.now(),
    )
    if not await made.written():
        raise Conflict("number")
    return made
