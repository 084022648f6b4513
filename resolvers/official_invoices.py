"""Official invoices (发票) as the schema shows them, and how to find one."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
from models.official_invoice import red_of
from models.rows import Row, related_rows, row
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.node import Node
from resolvers.relations import One, derived, related, shows
from resolvers.words import label
from rules.fapiao import CURRENCY, Coverage, FapiaoStatus, FapiaoType, Sums, coverage, tolerance_of

if TYPE_CHECKING:
    from resolvers.attachments import Attachment
    from resolvers.billing import Invoice
    from resolvers.credit_notes import CreditNote
    from resolvers.orders import Order

LazyAttachment = Annotated["Attachment", strawberry.lazy("resolvers.attachments")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("resolvers.billing")]
LazyCreditNote = Annotated["CreditNote", strawberry.lazy("resolvers.credit_notes")]
LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]

described(
    FapiaoType,
    "OfficialInvoiceType",
    "Which official invoice (发票) it is; with a special one the buyer deducts the tax. Expect new ones.",
    {
        "DIGITAL_SPECIAL": "Fully digitalised, special (数电票·增值税专用发票): a number of 20 digits and no code.",
        "DIGITAL_ORDINARY": "Fully digitalised, ordinary (数电票·普通发票): a number of 20 digits and no code.",
        "ELECTRONIC_SPECIAL": "Electronic, special (增值税电子专用发票): a code of 12 digits and a number of 8.",
        "ELECTRONIC_ORDINARY": "Electronic, ordinary (增值税电子普通发票): a code of 12 digits and a number of 8.",
        "SPECIAL": "On paper, special (增值税专用发票): a code of 10 digits and a number of 8.",
        "ORDINARY": "On paper, ordinary (增值税普通发票): a code of 10 or 12 digits and a number of 8.",
    },
)
described(
    FapiaoStatus,
    "OfficialInvoiceStatus",
    "Whether the record of an official invoice still counts; expect new ones.",
    {"RECORDED": "It counts.", "VOIDED": "It was wrong and counts no more."},
)
described(
    Coverage,
    "OfficialInvoiceCoverage",
    "How much of an invoice or credit note the official ones come to; expect new ones.",
    {
        "NONE": "None is recorded.",
        "PARTIAL": "There is less than was invoiced or credited, or their tax is another.",
        "COMPLETE": "They come to it, but for a cent a line that comes from rounding.",
    },
)


@strawberry.type(description="What of an official invoice is taxed at one rate, in CNY.")
class OfficialInvoiceRate:
    """Net and tax at a rate."""

    rate: Decimal = strawberry.field(description="VAT as a share, such as 0.13.")
    net: Decimal = strawberry.field(description="The amount without tax.")
    tax: Decimal = strawberry.field(description="The tax on it.")


def _rates(row: Any) -> list[OfficialInvoiceRate]:
    return [OfficialInvoiceRate(**{part: Decimal(one[part]) for part in ("rate", "net", "tax")}) for one in row.rates]


def _cny(column: str, description: str) -> Any:
    return derived(lambda row: Money(amount=getattr(row, column), currency=CURRENCY), description=description)


@strawberry.type(
    description="An official invoice (发票) that the supplier issued at the tax authority and recorded here; a red one (红字发票) where "
    "it is for a credit note, its amounts above zero, too."
)
@shows(models.OfficialInvoice)
class OfficialInvoice(Node):
    """An official invoice."""

    id: strawberry.ID = derived(lambda row: encode_id("OfficialInvoice", row.id), description="Opaque id.")
    type: FapiaoType = strawberry.field(description="Which it is.")
    type_label: str = derived(
        lambda row, context: label("fapiao_type", row.type, context.locale),
        description="Which it is, in words of the caller's language.",
    )
    status: FapiaoStatus = strawberry.field(description="Whether it counts.")
    code: str | None = derived(
        lambda row: row.code or None, description="The code (发票代码); null for a fully digitalised one."
    )
    number: str = strawberry.field(description="The number (发票号码).")
    issued_on: date = strawberry.field(description="The day of issue (开票日期), as a date in China.")
    net: Money = _cny("net", "The amount without tax.")
    tax: Money = _cny("tax", "The tax.")
    total: Money = _cny("total", "Both together (价税合计).")
    rates: list[OfficialInvoiceRate] = derived(_rates, description="The same by rate; empty where that was not said.")
    void_reason: str | None = strawberry.field(
        description="Why the record was wrong; null while it counts, and where another took its place."
    )
    voided_at: datetime | None = strawberry.field(description="When it was voided; null while it counts.")
    created_at: datetime = strawberry.field(description="When it was recorded.")
    attachment: LazyAttachment | None = related(
        One(models.Attachment, "attachment_id", visible=True), description="Its file; null where none was given."
    )
    invoice: LazyInvoice | None = related(
        One(models.Invoice, "invoice_id"), description="The invoice it is for; null for a red one."
    )
    credit_note: LazyCreditNote | None = related(
        One(models.CreditNote, "credit_note_id"), description="The credit note it is for; null for a blue one."
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")


async def named(_context: Context, documents: Sequence["OfficialInvoicing"]) -> list[list[Row]]:
    """The official invoices of each document; asked only where there are any."""
    ids = [key for document in documents for key in document.ids]
    found = {row.id: row for row in await related_rows(models.OfficialInvoice, by="id", ids=ids)} if ids else {}
    return [[found[key] for key in document.ids] for document in documents]


@strawberry.type(
    description="The official invoices (发票) recorded for a document, and how those that count compare with it."
)
class OfficialInvoicing:
    """What is recorded, and what is missing."""

    coverage: Coverage = strawberry.field(description="How much of the document they come to.")
    recorded: Money = strawberry.field(description="The total of those that count, in CNY.")
    difference: Money = strawberry.field(
        description="How much more that is than the document's total, below zero where some is missing; in the document's currency."
    )
    ids: strawberry.Private[Sequence[UUID]]
    official_invoices: list[OfficialInvoice] = related(
        named, description="Each of them, void ones among them, the oldest first."
    )


def official_invoicing(document: Any, recorded: Sums, lines: int, ids: Sequence[UUID]) -> OfficialInvoicing:
    """The comparison of a document that has so many lines."""
    claimed = Sums(document.net, document.tax, document.total)
    return OfficialInvoicing(
        coverage=coverage(claimed, recorded, tolerance_of(lines)),
        recorded=Money(amount=recorded.total, currency=CURRENCY),
        difference=Money(amount=recorded.total - document.total, currency=document.currency),
        ids=ids,
    )


async def of_credit_notes(_context: Context, notes: Sequence[Any]) -> list[OfficialInvoicing]:
    """The red ones of each credit note."""
    found = await red_of([note.id for note in notes])
    return [
        official_invoicing(note, Sums(red.net, red.tax, red.total), red.line_count, red.ids)
        for note, red in ((note, found[note.id]) for note in notes)
    ]


@strawberry.type
class OfficialInvoiceQuery:
    """How to find an official invoice."""

    @strawberry.field(description="An official invoice by its id; null if there is none that the caller may see.")
    async def official_invoice(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> OfficialInvoice | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("OfficialInvoice", id)
        return await row(models.OfficialInvoice.visible_to(info.context.actor).filter(id=key)) if key else None
