"""Lines of a draft from a spreadsheet."""

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.enums import described
from resolvers.import_reports import ImportReport
from resolvers.problems import CHANGING, IMPORTING, answers, known
from resolvers.steps import OrderNow, OrderStepInput, shown
from rules.line_sheets import ImportMode
from services import importing

Mode = described(
    ImportMode,
    "ImportMode",
    "What becomes of the right rows when others are wrong.",
    {
        "ALL_OR_NOTHING": "Nothing is imported unless all rows are right.",
        "RIGHT_ROWS": "The right rows are imported, the others reported; nothing if no row is right.",
    },
)


@strawberry.input(description="A draft, as it was read, and a spreadsheet of lines.")
class ImportLinesInput(OrderStepInput):
    """What is imported where."""

    attachment_id: strawberry.ID = strawberry.field(
        description="The file: the first visible sheet of an XLSX workbook, or CSV in UTF-8 or GB 18030. One of its first 20 rows has "
        "the headings SKU (货号) and quantity (数量), and may have requested date (交货日期), quality (质量要求) and deliver to "
        "(收货地址: what the address book calls it), in any order; "
        "other columns are passed over. At most 5000 lines; `/import-template.xlsx` is an empty one."
    )
    mode: ImportMode = strawberry.field(
        default=ImportMode.ALL_OR_NOTHING, description="What becomes of the right rows when others are wrong."
    )


@strawberry.type(description="The draft has the lines of the file, in place of those it had.")
class ImportLinesSuccess(OrderNow):
    """The lines were imported."""

    report: ImportReport = strawberry.field(description="What was found, with the rows that were left out.")


@strawberry.type
class ImportingMutation:
    """Lines from files."""

    @strawberry.mutation(
        graphql_type=answers(ImportLinesSuccess, *CHANGING, *IMPORTING),
        description="Replace the lines of a draft by those of an uploaded spreadsheet. A line of the same product stays the same line.",
    )
    async def import_lines(self, info: Info[Context, None], input: ImportLinesInput) -> ImportLinesSuccess:
        """The draft, with the file's lines."""
        report, order = await importing.import_lines(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            known("Attachment", input.attachment_id),
            input.mode,
        )
        return ImportLinesSuccess(order=shown(order), report=ImportReport.of(report, info.context.locale))
