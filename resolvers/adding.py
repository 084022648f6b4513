"""Lines pasted or sent into a draft, and what each row of a pasted list stands for."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.catalogue import Product
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id
from resolvers.import_reports import CellFault, ImportReport
from resolvers.inputs import Items, Text, check
from resolvers.ordering import OrderLineInput, line_wishes
from resolvers.problems import CHANGING, CREATING, IMPORTING, answers, known
from resolvers.steps import KEY, Key, OrderNow, OrderStepInput, shown
from resolvers.units import UNITS, Unit
from rules.line_sheets import MOST_LINES
from rules.problems import invalid
from rules.quick_entry import LONGEST_TEXT, OnError, WhenDuplicate
from services import adding
from services.checking_lines import report

described(
    OnError,
    "OnError",
    "What becomes of the right rows when others are wrong.",
    {
        "REFUSE": "Nothing is added unless all rows are right.",
        "SKIP": "The right rows are added, the others reported; nothing if no row is right.",
    },
)
described(
    WhenDuplicate,
    "WhenDuplicate",
    "What becomes of a row whose product is on the draft already, or in a row before.",
    {
        "ADD_UP": "Its quantity is added to the line that wants the same at the same time, place and quality; without one it is a "
        "line of its own.",
        "KEEP_APART": "It is a line of its own.",
        "REFUSE": "It is wrong: somebody has to say what is meant.",
    },
)
_TEXT = (
    "A row for each line: article number, quantity, and if need be unit and date, set apart by tabs, blanks, commas or semicolons, "
    "Chinese ones as well; rows with tabs may have headings above. At most 5000 rows and 500,000 characters."
)


@strawberry.input(description="A pasted list, and whose articles it names: a supplier's, or those for a draft.")
class QuickEntryInput:
    """What is to be looked up."""

    text: Annotated[str, Text(1, LONGEST_TEXT)] = strawberry.field(description=_TEXT)
    supplier_id: strawberry.ID | None = strawberry.field(default=None, description="A supplier; null with a draft.")
    order_id: strawberry.ID | None = strawberry.field(
        default=None, description="A draft of the caller's company; null with a supplier."
    )


@strawberry.input(description="A draft, as it was read, and what is to be added to it, as lines or as a text.")
class AddLinesInput(OrderStepInput):
    """What is added where."""

    lines: Annotated[list[OrderLineInput], Items(1, MOST_LINES)] | None = strawberry.field(
        default=None, description="1 to 5000 lines; null with a text."
    )
    text: Annotated[str, Text(1, LONGEST_TEXT)] | None = strawberry.field(
        default=None, description=f"{_TEXT} Null with lines."
    )
    on_error: OnError = strawberry.field(
        default=OnError.REFUSE, description="What becomes of the right rows when others are wrong."
    )
    when_duplicate: WhenDuplicate = strawberry.field(
        default=WhenDuplicate.REFUSE, description="What becomes of products that are there already."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.type(description="What one row of a pasted list stands for.")
class QuickEntryRow:
    """A row."""

    row: int = strawberry.field(description="The row, from 1; blank rows count, so that it is found again.")
    sku: str | None = strawberry.field(description="The article number as it was written; null where it cannot be one.")
    product: Product | None = strawberry.field(
        description="The article of that number; null if the supplier offers none."
    )
    quantity: Decimal | None = strawberry.field(description="How many; null where no number can be read.")
    unit: Unit | None = strawberry.field(description="The unit that was written; null where none was.")
    requested_on: date | None = strawberry.field(description="When it is needed; null where no date was written.")
    is_right: bool = strawberry.field(description="Whether it could be added as it is.")
    faults: list[CellFault] = strawberry.field(description="What is wrong with it, and what would be right.")
    repeats_row: int | None = strawberry.field(description="The first row with the same product; null for that itself.")
    on_line: int | None = strawberry.field(
        description="The position of the draft's first line with the same product; null where there is none."
    )

    @classmethod
    def of(cls, entry: adding.Entry, locale: str) -> "QuickEntryRow":
        """The row in the caller's language."""
        checked = entry.checked
        return cls(
            row=checked.line.row + 1,
            sku=checked.line.sku,
            product=None if checked.product is None else shown(checked.product),
            quantity=checked.line.quantity,
            unit=UNITS.get(checked.line.unit) if checked.line.unit else None,
            requested_on=checked.line.requested_on,
            is_right=checked.wish is not None,
            faults=[CellFault.of(fault, locale) for fault in checked.faults],
            repeats_row=None if entry.repeats_row is None else entry.repeats_row + 1,
            on_line=entry.on_line,
        )


@strawberry.type(description="What a pasted list stands for; nothing was changed.")
class QuickEntry:
    """All rows."""

    report: ImportReport = strawberry.field(description="How many rows are right, and the first faults.")
    rows: list[QuickEntryRow] = strawberry.field(description="Each row that holds something, in order.")


@strawberry.type(description="The draft has more lines, or more on its lines.")
class AddLinesSuccess(OrderNow):
    """The lines were added."""

    report: ImportReport | None = strawberry.field(
        description="What was found, with the rows that were left out; null for a repeated request, which adds nothing."
    )


@strawberry.type
class QuickEntryQuery:
    """How to look at a list before it is added."""

    @strawberry.field(
        description="What the rows of a pasted list stand for; null if there is no such supplier or draft, or the caller orders nothing."
    )
    async def quick_entry(
        self,
        info: Info[Context, None],
        input: Annotated[QuickEntryInput, strawberry.argument(description="The list.")],
    ) -> QuickEntry | None:
        """A missing, a malformed and a stranger's id look the same."""
        check(input)
        _one_of("input.supplierId", input.supplier_id, input.order_id)
        entries = await adding.quick_entry(
            info.context.actor,
            input.text,
            supplier_id=decode_id("Company", input.supplier_id or ""),
            order_id=decode_id("Order", input.order_id or ""),
        )
        if entries is None:
            return None
        locale = info.context.locale
        found = report([entry.checked for entry in entries])
        return QuickEntry(
            report=ImportReport.of(found, locale), rows=[QuickEntryRow.of(entry, locale) for entry in entries]
        )


@strawberry.type
class AddingMutation:
    """Lines added to what is there."""

    @strawberry.mutation(
        graphql_type=answers(AddLinesSuccess, *CHANGING, *CREATING, *IMPORTING),
        description="Add lines to a draft, below those it has. Nothing is added unless all rows are right, or the caller says otherwise.",
    )
    async def add_lines(self, info: Info[Context, None], input: AddLinesInput) -> AddLinesSuccess:
        """The draft, with more lines."""
        check(input)
        _one_of("input.text", input.text, input.lines)
        addition = adding.Addition(
            lines=line_wishes(input.lines),
            text=input.text,
            on_error=input.on_error,
            when_duplicate=input.when_duplicate,
        )
        found, order = await adding.add_lines(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            addition,
            idempotency_key=input.idempotency_key,
        )
        told = None if found is None else ImportReport.of(found, info.context.locale)
        return AddLinesSuccess(order=shown(order), report=told)


def _one_of(path: str, this: object, that: object) -> None:
    if (this is None) == (that is None):
        raise invalid(path, "give one of the two and not the other")
