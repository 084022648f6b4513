"""Invoices and payments as the schema shows them, and how to find one."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
import resolvers.billing_enums  # noqa: F401  # describes the enums below
from models.rows import row
from resolvers.amounts import Money, amount_of
from resolvers.checkouts import Checkout, PaymentRefund
from resolvers.context import Context
from resolvers.credit_notes import CreditNote
from resolvers.ids import decode_id, encode_id
from resolvers.matches import InvoiceMatch, match_of
from resolvers.node import Node
from resolvers.order_lines import OrderLine
from resolvers.printouts import INVOICE_PATH, Printout
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.accounts import Owed
from rules.billing import InvoiceStatus, PaymentMethod, PaymentStatus
from rules.money import RoundingMode, TaxInclusion, TaxLevel
from services import clock

if TYPE_CHECKING:
    from resolvers.attachments import Attachment
    from resolvers.orders import Order
    from resolvers.settlements import Settlement

LazyAttachment = Annotated["Attachment", strawberry.lazy("resolvers.attachments")]

LazySettlement = Annotated["Settlement", strawberry.lazy("resolvers.settlements")]
LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]


@strawberry.type(description="What has come in for an invoice, and what was taken back.")
class InvoiceBalance:
    """The four parts of an invoice's total: beyond it goes what was paid before it was credited."""

    credited: Money = strawberry.field(description="What credit notes took back.")
    paid: Money = strawberry.field(description="What the supplier confirmed, or what was set off.")
    reported: Money = strawberry.field(description="What the buyer reported and the supplier has not seen yet.")
    open: Money = strawberry.field(description="What nobody has transferred yet: the most that can be reported now.")


async def balances(context: Context, invoices: Sequence[Any]) -> list[InvoiceBalance]:
    """What has come in for each invoice, and what was taken back."""
    ids = [invoice.id for invoice in invoices]
    owed = await models.LedgerEntry.owed(ids)
    reported = await models.PaymentAllocation.reported(ids, clock.now())
    return [_balance(one, owed[one.id], reported[one.id]) for one in invoices]


def _balance(invoice: Any, owed: Owed, reported: Decimal) -> InvoiceBalance:
    def shown(amount: Decimal) -> Money:
        return Money(amount=amount, currency=invoice.currency)

    still_open = max(owed.now - reported, Decimal("0.00"))
    return InvoiceBalance(
        credited=shown(owed.credited), paid=shown(owed.paid), reported=shown(reported), open=shown(still_open)
    )


@strawberry.type(description="Accepted goods at the contract's price, or freight where there is no order line.")
@shows(models.InvoiceLine)
class InvoiceLine:
    """A line of an invoice."""

    id: strawberry.ID = derived(lambda row: encode_id("InvoiceLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The line's place on the invoice, from 1.")
    quantity: Decimal = strawberry.field(description="How many, in the order line's unit; 1 for freight.")
    unit_price: Decimal = strawberry.field(
        description="The price of one unit, stated as the invoice's `taxInclusion` says, in its currency."
    )
    tax_rate: Decimal = strawberry.field(description="VAT as a share, such as 0.13.")
    net: Decimal = strawberry.field(
        description="What it comes to without tax, in the invoice's currency: so that all invoices together claim what is agreed to the "
        "smallest unit, it may differ by one from quantity times price."
    )
    tax: Decimal = strawberry.field(description="The tax on it, in the invoice's currency.")
    allowance: str | None = strawberry.field(
        description="What an allowance or charge is for; null for goods and freight."
    )
    order_line: OrderLine | None = related(
        One(models.OrderLine, "order_line_id"),
        description="What of the order it is; null for freight, allowances and charges.",
    )


@strawberry.type(description="A claim for accepted goods; never edited, never deleted.")
@shows(models.Invoice)
class Invoice(Node):
    """What a supplier claims of a buyer."""

    id: strawberry.ID = derived(lambda row: encode_id("Invoice", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The supplier's gapless number, such as IN-2026-000001.")
    version: int = strawberry.field(
        description="Rises by one with each answer and each credit note: what mutations expect."
    )
    status: InvoiceStatus = strawberry.field(description="What the buyer said to it, or that nothing of it is left.")
    status_label: str = derived(
        lambda row, context: label("invoice_status", row.status, context.locale),
        description="What the buyer said to it, in words of the caller's language.",
    )
    tax_inclusion: TaxInclusion = strawberry.field(description="How the prices of its lines are stated.")
    rounding_mode: RoundingMode = strawberry.field(
        description="How its amounts are rounded, and those of credit notes on it, as its contract says."
    )
    tax_level: TaxLevel = strawberry.field(description="Where its tax is rounded, and that of credit notes on it.")
    net: Money = amount_of("net", "All without tax.")
    tax: Money = amount_of("tax", "All tax.")
    total: Money = amount_of("total", "What is to be paid.")
    issued_on: date = strawberry.field(description="The day of issue, as a date at the supplier.")
    due_on: date = strawberry.field(description="By which day it is to be paid, by the contract's terms.")
    dispute_reason: str | None = strawberry.field(description="What is wrong with it; null unless disputed.")
    created_at: datetime = strawberry.field(description="When it was issued.")
    pdf: Printout = derived(
        lambda row, context: Printout.at(context, INVOICE_PATH, "Invoice", row.id),
        description="The invoice on paper, PDF/A-2b in Chinese and English: the same as long as it exists. It is no official fapiao.",
    )
    match: InvoiceMatch = related(
        match_of, description="How it compares with the contract, what was accepted, and the official invoices."
    )
    balance: InvoiceBalance = related(balances, description="What has come in for it, and what was taken back.")
    credit_notes: list[CreditNote] = related(
        Many(models.CreditNote, by="invoice_id", order_by=("id",)), description="What was taken back, oldest first."
    )
    lines: list[InvoiceLine] = related(
        Many(models.InvoiceLine, by="invoice_id", order_by=("position",)),
        description="The goods, then freight, then allowances and charges.",
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")


@strawberry.type(description="How much of a payment belongs to which invoice.")
@shows(models.PaymentAllocation)
class PaymentAllocation:
    """A part of a payment."""

    amount: Decimal = strawberry.field(description="The part, in the payment's currency.")
    invoice: Invoice = related(One(models.Invoice, "invoice_id"), description="The invoice it pays.")


@strawberry.type(description="One transfer of money, or cheque, for an order or several between the same two.")
@shows(models.Payment)
class Payment(Node):
    """A transfer, with what was shown as proof of it."""

    id: strawberry.ID = derived(lambda row: encode_id("Payment", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people.")
    version: int = strawberry.field(description="Rises by one with each step: what mutations expect.")
    method: PaymentMethod = strawberry.field(description="How the money travels.")
    status: PaymentStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("payment_status", row.status, context.locale),
        description="Where it stands, in words of the caller's language.",
    )
    amount: Money = amount_of("amount", "How much, as it was reported.")
    prepayment: Money = amount_of(
        "advance",
        "How much of it is for the order's prepayment: as it was meant, and once the money is booked, as it went.",
    )
    paid_on: date = strawberry.field(description="The day on the bank's slip or the cheque, or of an online payment.")
    bank_reference: str = strawberry.field(
        description="The bank's number for the transfer, the cheque's, or ours with the provider."
    )
    proof_sha256: str | None = strawberry.field(description="SHA-256 of the bank's slip, in hex, where one was shown.")
    remark: str | None = strawberry.field(description="What the buyer added.")
    failure_reason: str | None = strawberry.field(
        description="Why the supplier says that it did not come, or that it bounced; or, in its words, why the provider did not start it."
    )
    created_at: datetime = strawberry.field(description="When the buyer reported it.")
    confirmed_at: datetime | None = strawberry.field(description="When the supplier confirmed the money; null before.")
    confirmed_by_clock: bool = strawberry.field(
        description="Whether it counts as confirmed because the supplier had said nothing for the days it chose (`setCollectionPolicy`)."
    )
    received: Money | None = derived(
        lambda row: None if row.received is None else Money(amount=row.received, currency=row.currency),
        description="What came in, by the supplier's word or its provider's; null before.",
    )
    bounced_at: datetime | None = strawberry.field(description="When the supplier said that the cheque bounced.")
    proof: LazyAttachment | None = related(
        One(models.Attachment, "proof_id", visible=True),
        description="The bank's slip itself; null if it was not uploaded.",
    )
    allocations: list[PaymentAllocation] = related(
        Many(models.PaymentAllocation, by="payment_id", order_by=("position",)),
        description="Which invoices it pays, and in which order; empty where it is for a prepayment.",
    )
    is_sandbox: bool = strawberry.field(
        description="Whether it goes to a simulated provider, where no money moves: nothing of it will reach any account.",
    )
    checkout: Checkout | None = related(
        One(models.OnlinePayment, "id", to="payment_id", visible=True),
        description="How to pay it online, for the payer's FINANCE; null for everybody else and where it does not go online.",
    )
    refunds: list[PaymentRefund] = related(
        Many(models.PaymentRefund, by="payment_id", order_by=("id",)),
        description="What of it went back through its provider, or is to, the oldest first.",
    )
    settlement: LazySettlement | None = related(
        One(models.Settlement, "id", to="payment_id", visible=True),
        description="How it is split between the platform and the supplier, for the supplier's FINANCE and ADMIN and the platform; "
        "null for everybody else.",
    )
    order: LazyOrder = related(
        One(models.Order, "order_id"),
        description="The order of the first invoice it pays, or whose prepayment it pays.",
    )


@strawberry.type
class BillingQuery:
    """How to find an invoice or a payment."""

    @strawberry.field(description="An invoice by its id; null if there is none that the caller may see.")
    async def invoice(self, info: Info[Context, None], id: Id) -> Invoice | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Invoice", id)
        return await row(models.Invoice.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(description="A payment by its id; null if there is none that the caller may see.")
    async def payment(self, info: Info[Context, None], id: Id) -> Payment | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Payment", id)
        return await row(models.Payment.visible_to(info.context.actor).filter(id=key)) if key else None
