"""Claims for accepted goods, and what the buyer says to them."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.billing import Invoice
from resolvers.context import Context
from resolvers.inputs import Items, Number, check
from resolvers.problems import CHANGING, CREATING, MOVING, TAXING, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from resolvers.tax_inputs import TaxRateChanges, rate_changes
from rules.line_sheets import MOST_LINES
from services import invoicing


@strawberry.input(description="How much of one order line is claimed.")
class InvoiceLineInput:
    """A line of a claim."""

    order_line_id: strawberry.ID = strawberry.field(description="What is claimed.")
    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How much of what was accepted, in the line's unit, with at most 6 decimals."
    )


@strawberry.input(description="A claim for accepted goods at the contract's price.")
class IssueInvoiceInput:
    """An invoice to be issued."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int = strawberry.field(description="The order's version that was read.")
    lines: Annotated[list[InvoiceLineInput], Items(1, MOST_LINES)] | None = strawberry.field(
        default=None, description="Each line that is claimed once: 1 to 5000; all accepted goods unless said."
    )
    tax_rates: TaxRateChanges = strawberry.field(
        default_factory=list,
        description="The rates of VAT that the law has instead of those in the contract, at most 10; only where the contract's are valid "
        "neither today nor were when the last goods were despatched. Prices stay as they are stated.",
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="An invoice, as it was read.")
class AcceptInvoiceInput:
    """Which invoice is right."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    expected_version: int = strawberry.field(description="The invoice's version that was read.")


@strawberry.input(description="An invoice, as it was read, and what is wrong with it.")
class DisputeInvoiceInput(AcceptInvoiceInput):
    """Which invoice is wrong."""

    reason: Reason = strawberry.field(description="What is wrong: 1 to 1000 characters.")


@strawberry.type(description="The invoice is issued.")
class IssueInvoiceSuccess:
    """The invoice as it was issued."""

    invoice: Invoice = strawberry.field(description="The new invoice.")


@strawberry.type(description="The buyer agrees with the invoice.")
class AcceptInvoiceSuccess:
    """The invoice, accepted."""

    invoice: Invoice = strawberry.field(description="The invoice as it is now.")


@strawberry.type(description="The buyer disputes the invoice.")
class DisputeInvoiceSuccess:
    """The invoice, disputed."""

    invoice: Invoice = strawberry.field(description="The invoice as it is now.")


def _quantities(given: IssueInvoiceInput) -> tuple[tuple[UUID, Decimal], ...] | None:
    if given.lines is None:
        return None
    return tuple((known("OrderLine", line.order_line_id), line.quantity) for line in given.lines)


@strawberry.type
class InvoicingMutation:
    """Both sides' steps on claims."""

    @strawberry.mutation(
        graphql_type=answers(IssueInvoiceSuccess, *CREATING, *CHANGING, *MOVING, *TAXING),
        description="Claim accepted goods at the contract's price; freight comes with the first invoice.",
    )
    async def issue_invoice(self, info: Info[Context, None], input: IssueInvoiceInput) -> IssueInvoiceSuccess:
        """The invoice, issued."""
        check(input)
        order_id = known("Order", input.order_id)
        invoice = await invoicing.issue_invoice(
            info.context.actor,
            order_id,
            input.expected_version,
            _quantities(input),
            rate_changes(input.tax_rates),
            idempotency_key=input.idempotency_key,
        )
        return IssueInvoiceSuccess(invoice=shown(invoice))

    @strawberry.mutation(
        graphql_type=answers(AcceptInvoiceSuccess, *CHANGING), description="Agree that an invoice is right."
    )
    async def accept_invoice(self, info: Info[Context, None], input: AcceptInvoiceInput) -> AcceptInvoiceSuccess:
        """The invoice, accepted."""
        invoice_id = known("Invoice", input.invoice_id)
        invoice = await invoicing.accept_invoice(info.context.actor, invoice_id, input.expected_version)
        return AcceptInvoiceSuccess(invoice=shown(invoice))

    @strawberry.mutation(
        graphql_type=answers(DisputeInvoiceSuccess, *CHANGING), description="Say what is wrong with an invoice."
    )
    async def dispute_invoice(self, info: Info[Context, None], input: DisputeInvoiceInput) -> DisputeInvoiceSuccess:
        """The invoice, disputed."""
        check(input)
        invoice_id = known("Invoice", input.invoice_id)
        invoice = await invoicing.dispute_invoice(info.context.actor, invoice_id, input.expected_version, input.reason)
        return DisputeInvoiceSuccess(invoice=shown(invoice))
