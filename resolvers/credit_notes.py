"""Credit notes as the schema shows them, and how to find one."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.amounts import Money, amount_of
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.node import Node
from resolvers.official_invoices import OfficialInvoicing, of_credit_notes
from resolvers.printouts import CREDIT_NOTE_PATH, Printout
from resolvers.relations import Many, One, derived, related, shows
from rules.accounts import Excess

if TYPE_CHECKING:
    from resolvers.billing import Invoice, InvoiceLine
    from resolvers.orders import Order
    from resolvers.returns import ReturnRequest

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("resolvers.billing")]
LazyInvoiceLine = Annotated["InvoiceLine", strawberry.lazy("resolvers.billing")]
LazyReturnRequest = Annotated["ReturnRequest", strawberry.lazy("resolvers.returns")]

described(
    Excess,
    "CreditExcess",
    "What becomes of money that was paid for what is credited; expect new ones.",
    {
        "REFUND": "It is paid back, unless something else is owed on the order.",
        "CREDIT_BALANCE": "It is the buyer's credit, and pays other invoices of the same supplier.",
    },
)


@strawberry.type(description="How much of a line of the invoice is taken back.")
@shows(models.CreditNoteLine)
class CreditNoteLine:
    """A line of a credit note."""

    id: strawberry.ID = derived(lambda row: encode_id("CreditNoteLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The line's place on the credit note, from 1.")
    quantity: Decimal = strawberry.field(
        description="How many, in the order line's unit; 0 where only the amount becomes less."
    )
    net: Decimal = strawberry.field(description="The amount without tax, in the credit note's currency.")
    tax: Decimal = strawberry.field(description="The tax on it, in the credit note's currency.")
    invoice_line: LazyInvoiceLine = related(
        One(models.InvoiceLine, "invoice_line_id"), description="What of the invoice it takes back."
    )


@strawberry.type(
    description="What a supplier takes back of one of its invoices (红字发票; UBL CreditNote, EN 16931 type code 381); "
    "never edited, never deleted."
)
@shows(models.CreditNote)
class CreditNote(Node):
    """A credit note; its amounts count against the invoice's."""

    id: strawberry.ID = derived(lambda row: encode_id("CreditNote", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The supplier's gapless number, such as CN-2026-000001.")
    net: Money = amount_of("net", "All without tax.")
    tax: Money = amount_of("tax", "All tax.")
    total: Money = amount_of("total", "What is owed less, or what the buyer gets back.")
    issued_on: date = strawberry.field(description="The day of issue, as a date at the supplier.")
    reason: str = strawberry.field(description="Why it is credited; the return's reason where it is the result of one.")
    excess: Excess = strawberry.field(description="What becomes of money that was paid for it already.")
    created_at: datetime = strawberry.field(description="When it was issued.")
    pdf: Printout = derived(
        lambda row, context: Printout.at(context, CREDIT_NOTE_PATH, "CreditNote", row.id),
        description="The credit note on paper, PDF/A-2b in Chinese and English: the same as long as it exists. It is no official fapiao.",
    )
    official_invoicing: OfficialInvoicing = related(
        of_credit_notes,
        description="The red official invoices (红字发票) recorded for it, and how they compare with it.",
    )
    lines: list[CreditNoteLine] = related(
        Many(models.CreditNoteLine, by="credit_note_id", order_by=("position",)), description="What is taken back."
    )
    invoice: LazyInvoice = related(One(models.Invoice, "invoice_id"), description="The invoice it is against.")
    return_request: LazyReturnRequest | None = related(
        One(models.ReturnRequest, "return_request_id"), description="The return it is the result of; null without one."
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")


@strawberry.type
class CreditNoteQuery:
    """How to find a credit note."""

    @strawberry.field(description="A credit note by its id; null if there is none that the caller may see.")
    async def credit_note(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> CreditNote | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("CreditNote", id)
        return await row(models.CreditNote.visible_to(info.context.actor).filter(id=key)) if key else None
