"""What was found in a spreadsheet or a pasted list, as the schema shows it: the same whether it was taken or refused."""

from typing import Protocol, Self

import strawberry

from resolvers.enums import described
from resolvers.words import spoken
from rules import problems
from rules.line_sheets import Column

SheetColumn = described(
    Column,
    "SheetColumn",
    "What a column of a list says of order lines.",
    {
        "SKU": "The supplier's article number.",
        "QUANTITY": "How many of the product's unit.",
        "REQUESTED_ON": "When the line is needed.",
        "QUALITY": "What the line must fulfil.",
        "DELIVER_TO": "What the buyer's address book calls the place where the line goes; blank: where the order goes.",
        "UNIT": "The unit of the quantity, to be sure of it; nothing is converted.",
    },
)


class Found(Protocol):
    """A report of the services, or the refusal that carries one."""

    @property
    def rows(self) -> int:
        """Rows that hold something."""

    @property
    def wrong_rows(self) -> int:
        """Those with a fault."""

    @property
    def fault_count(self) -> int:
        """All faults."""

    @property
    def faults(self) -> tuple[problems.CellFault, ...]:
        """The first of them."""


@strawberry.type(description="One wrong cell of a spreadsheet, or of a pasted list.")
class CellFault:
    """Where, what, and what would be right."""

    cell: str = strawberry.field(description="The cell's name, such as `B17`.")
    row: int = strawberry.field(description="The row, from 1, as spreadsheet programs count.")
    column: Column = strawberry.field(description="What the column says.")
    value: str = strawberry.field(description="What stands there, at most 100 characters of it.")
    fault: str = strawberry.field(description="What is wrong, in the caller's language.")
    suggestion: str | None = strawberry.field(description="What would be right, where that is known.")

    @classmethod
    def of(cls, wrong: problems.CellFault, locale: str) -> Self:
        """The fault in the caller's language."""
        return cls(
            cell=wrong.cell,
            row=wrong.row,
            column=Column(wrong.column),
            value=wrong.value,
            fault=spoken(wrong.fault, locale),
            suggestion=wrong.suggestion,
        )


@strawberry.type(description="What was found in a list, row by row; headings and blank rows are not counted.")
class ImportReport:
    """The whole of it, with as many faults as anybody reads."""

    rows: int = strawberry.field(description="Rows that hold something.")
    right_rows: int = strawberry.field(description="Rows with nothing wrong.")
    wrong_rows: int = strawberry.field(description="Rows with at least one fault.")
    fault_count: int = strawberry.field(description="All faults, those that are not listed included.")
    faults: list[CellFault] = strawberry.field(description="The first 1000 faults, by row and column.")

    @classmethod
    def of(cls, found: Found, locale: str) -> Self:
        """The report in the caller's language."""
        faults = [CellFault.of(wrong, locale) for wrong in found.faults]
        right = found.rows - found.wrong_rows
        return cls(
            rows=found.rows, right_rows=right, wrong_rows=found.wrong_rows, fault_count=found.fault_count, faults=faults
        )
