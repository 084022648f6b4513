"""What a supplier takes back of an invoice."""

from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.credit_notes import CreditNote
from resolvers.inputs import Items, Number, check
from resolvers.problems import CHANGING, CREATING, MOVING, PAYING, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from rules.accounts import Excess
from rules.crediting import CreditWish
from rules.line_sheets import MOST_LINES
from services import crediting


@strawberry.input(description="How much of one line of the invoice is taken back: all that is left of it unless said.")
class CreditNoteLineInput:
    """A line of a credit note."""

    invoice_line_id: strawberry.ID = strawberry.field(description="The line of the invoice.")
    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] | None = strawberry.field(
        default=None,
        description="How many of the goods, in the order line's unit, with at most 6 decimals; they may be invoiced again. "
        "Allowances and charges follow in proportion, unless they are named themselves.",
    )
    net: Annotated[Decimal, Number(least=-(10**12), most=10**12, places=2)] | None = strawberry.field(
        default=None,
        description="By which amount without tax the line becomes cheaper, its quantity staying; below zero for an allowance.",
    )


@strawberry.input(description="What of an invoice is taken back, and why.")
class IssueCreditNoteInput:
    """A credit note to be issued."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    expected_version: int = strawberry.field(description="The invoice's version that was read.")
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")
    lines: Annotated[list[CreditNoteLineInput], Items(1, MOST_LINES)] | None = strawberry.field(
        default=None,
        description="Each line that is credited once: 1 to 5000; all that is left of the invoice unless said.",
    )
    excess: Excess = strawberry.field(
        default=Excess.REFUND, description="What becomes of money that was paid for it already."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.type(description="The credit note is issued.")
class IssueCreditNoteSuccess:
    """The credit note as it was issued."""

    credit_note: CreditNote = strawberry.field(description="The new credit note.")


def _wishes(given: IssueCreditNoteInput) -> tuple[CreditWish, ...] | None:
    if given.lines is None:
        return None
    return tuple(
        CreditWish(known("InvoiceLine", line.invoice_line_id), line.quantity, line.net) for line in given.lines
    )


@strawberry.type
class CreditingMutation:
    """The supplier's way to take back what it claimed."""

    @strawberry.mutation(
        graphql_type=answers(IssueCreditNoteSuccess, *CREATING, *CHANGING, *MOVING, *PAYING),
        description="Take back an invoice, or parts of it; what a return is resolved with is credited without asking.",
    )
    async def issue_credit_note(self, info: Info[Context, None], input: IssueCreditNoteInput) -> IssueCreditNoteSuccess:
        """The credit note, issued."""
        check(input)
        invoice_id = known("Invoice", input.invoice_id)
        made = await crediting.issue_credit_note(
            info.context.actor,
            invoice_id,
            input.expected_version,
            input.reason,
            _wishes(input),
            input.excess,
            idempotency_key=input.idempotency_key,
        )
        return IssueCreditNoteSuccess(credit_note=shown(made))
