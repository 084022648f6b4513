"""Invoices and credit notes on paper: their text is written down when they are issued, and printed whenever it is fetched."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from models import (
    BillingPaper,
    BillingProfile,
    Company,
    Contract,
    ContractLine,
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    Order,
    OrderLine,
    Quotation,
)
from rules.contract import canonical
from rules.people import Actor
from rules.problems import NotFound
from rules.quantity import plain
from services import clock
from services.awarding import branded
from services.packing_papers import Printout
from services.partners import printer
from services.printing import aside

INVOICE, CREDIT_NOTE = "dinghuo-commercial-invoice/1", "dinghuo-credit-note/1"
Document = Invoice | CreditNote


async def invoice_paper(actor: Actor, invoice_id: UUID) -> Printout:
    """An invoice as it was issued."""
    invoice = await Invoice.visible_to(actor).get_or_none(id=invoice_id)
    if invoice is None:
        raise NotFound("Invoice", invoice_id)
    return await _printed(actor, invoice)


async def credit_note_paper(actor: Actor, credit_note_id: UUID) -> Printout:
    """A credit note as it was issued."""
    note = await CreditNote.visible_to(actor).get_or_none(id=credit_note_id)
    if note is None:
        raise NotFound("CreditNote", credit_note_id)
    return await _printed(actor, note)


async def write_paper(document: Document, order: Order) -> BillingPaper:
    """What the document says, written down once: of two who do so at once both get the same."""
    told = await (_invoice(document, order) if isinstance(document, Invoice) else _credit_note(document, order))
    paper = BillingPaper.holding(document, canonical(told), clock.now())
    return paper if await paper.written() else await BillingPaper.of(document) or paper


async def _printed(actor: Actor, document: Document) -> Printout:
    """Documents from before texts were kept get theirs now."""
    paper = await BillingPaper.of(document)
    if paper is None:
        paper = await write_paper(document, await Order.visible_to(actor).get(id=document.order_id))
    text = paper.text
    return Printout(f"{document.number}.pdf", paper.sha256, await aside(lambda: printer().printout(text)))


async def _invoice(invoice: Invoice, order: Order) -> dict[str, Any]:
    lines = await InvoiceLine.of(invoice.id)
    return {
        **await _heading(invoice, invoice, order, INVOICE),
        "dueOn": invoice.due_on.isoformat(),
        "lines": [_line(line, line.position, plain(line.quantity), line.net, line.tax) for line in lines],
        "goods": await _goods(order, lines),
    }


async def _credit_note(note: CreditNote, order: Order) -> dict[str, Any]:
    invoice = await Invoice.named(note.invoice_id)
    claimed = {line.id: line for line in await InvoiceLine.of(invoice.id)}
    taken = await CreditNoteLine.of(note.id)
    return {
        **await _heading(note, invoice, order, CREDIT_NOTE),
        "corrects": {"number": invoice.number, "issuedOn": invoice.issued_on.isoformat()},
        "reason": note.reason,
        "lines": [
            _line(claimed[one.invoice_line_id], one.position, plain(one.quantity), one.net, one.tax) for one in taken
        ],
        "goods": await _goods(order, claimed.values()),
    }


async def _heading(document: Document, invoice: Invoice, order: Order, template: str) -> dict[str, Any]:
    """What either has above and below its lines; decimals and dates as strings, so that there is one spelling of it."""
    contract = await Contract.in_force(order.id)
    return {
        "template": template,
        "number": document.number,
        "drawnUpAt": document.created_at.isoformat(),
        "issuedOn": document.issued_on.isoformat(),
        "order": order.number,
        "contract": contract and {"number": contract.number, "version": str(contract.version)},
        "taxInclusion": contract and contract.tax_inclusion,
        "payment": contract and _terms(await Quotation.named(contract.quotation_id)),
        "buyer": await _party(order.buyer_id),
        "supplier": await _party(order.supplier_id),
        "deliverTo": order.delivery_place,
        "amounts": {
            "currency": document.currency,
            "net": str(document.net),
            "tax": str(document.tax),
            "total": str(document.total),
            "rounding": invoice.rounding_mode,
            "taxLevel": invoice.tax_level,
        },
    }


async def _party(company_id: UUID) -> dict[str, Any]:
    company, profile = await Company.named(company_id), await BillingProfile.of(company_id, clock.now())
    return {
        **branded(company),
        "address": profile.address,
        "phone": profile.phone,
        "bank": {"name": profile.bank_name, "account": profile.bank_account},
    }


def _terms(quotation: Quotation) -> Mapping[str, str]:
    return {
        "prepaidShare": plain(quotation.prepaid_share),
        "netDays": str(quotation.payment_net_days),
        "moment": quotation.payment_moment,
    }


async def _goods(order: Order, lines: Iterable[InvoiceLine]) -> dict[str, Any]:
    """What the lines are about, by their order lines: what was agreed on, which may be an alternative to what was ordered."""
    wanted, contract = {line.order_line_id for line in lines}, await Contract.in_force(order.id)
    agreed = {line.order_line_id: line for line in await ContractLine.of(contract.id)} if contract else {}
    return {
        str(line.id): _named(line, agreed.get(line.id)) for line in await OrderLine.of(order.id) if line.id in wanted
    }


def _named(ordered: OrderLine, agreed: ContractLine | None) -> dict[str, str]:
    named = agreed or ordered
    return {"sku": named.sku, "nameZh": named.name_zh, "nameEn": named.name_en, "unit": ordered.unit}


def _line(line: InvoiceLine, position: int, quantity: str, net: object, tax: object) -> dict[str, Any]:
    return {
        "position": str(position),
        "orderLine": line.order_line_id and str(line.order_line_id),
        "allowance": line.allowance,
        "quantity": quantity,
        "unitPrice": plain(line.unit_price),
        "taxRate": plain(line.tax_rate),
        "net": str(net),
        "tax": str(tax),
    }
