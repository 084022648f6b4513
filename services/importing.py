"""Lines of a draft taken from an uploaded spreadsheet: all of them, or those that are right, or none and the reasons."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from anyio import CapacityLimiter, to_thread

from models import Attachment, EnquiryInvitation, Order, Product
from partners.storage import MissingFile
from rules.events import EventKind
from rules.files import CSV, TEXT, XLSX
from rules.lifecycle import step_for
from rules.line_sheets import HEADING_ROWS, MOST_LINES, ImportMode, SheetLine, sku_fault, terms_faults
from rules.money import Currency
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import CellFault, NotFound, RowsWrong, Unavailable, invalid
from services import clock, partners
from services.desk import check_version, note, open_order
from services.drafting import LineWish, OrderWish, fill
from services.matching_skus import SkuMatches, match_skus
from services.sheets import LineSheet, NoHeadings, TooManyLines, line_sheet
from services.verb import verb
from services.workbooks import BadSheet

MOST_FAULTS = 1000
"""Told of one file; they are counted to the last."""

# A file may take a core for a second and a hundred megabytes: two at a time, and the others wait.
_READING = CapacityLimiter(2)
_PATH = "input.attachmentId"


@dataclass(frozen=True)
class ImportReport:
    """What was found in a file, row by row; its headings and blank rows are not counted."""

    rows: int
    wrong_rows: int
    fault_count: int
    faults: tuple[CellFault, ...]

    @property
    def right_rows(self) -> int:
        """How many rows nothing is wrong with."""
        return self.rows - self.wrong_rows


async def import_lines(
    actor: Actor, order_id: UUID, expected_version: int, attachment_id: UUID, mode: ImportMode
) -> tuple[ImportReport, Order]:
    """The draft with the file's lines in place of its own. Nothing slow happens while the order is locked: it is looked at before,
    to spare the file's reading, and again then."""
    actor.must("import_lines")
    order = await _looked_at(actor, order_id, expected_version)
    sheet = await _sheet(actor, attachment_id)
    matches = await match_skus(actor, order.supplier_id, (line.sku for line in sheet.lines if line.sku))
    report, lines = _checked(order, sheet, matches)
    if report.wrong_rows and (mode is ImportMode.ALL_OR_NOTHING or not lines):
        raise RowsWrong(report.rows, report.wrong_rows, report.fault_count, report.faults)
    if not lines:
        raise invalid(_PATH, "has no lines below its headings")
    return report, await _import_lines(actor, order_id, expected_version, lines)


@verb
async def _import_lines(actor: Actor, order_id: UUID, expected_version: int, lines: tuple[LineWish, ...]) -> Order:
    order = await open_order(actor, "import_lines", order_id, expected_version)
    if await EnquiryInvitation.holds(order.id):
        raise invalid("input.orderId", "says what its enquiry says; withdraw the invitation instead")
    await fill(actor, order, OrderWish(lines=lines))
    await note(order, EventKind.DRAFT_UPDATED, actor)
    return order


async def _looked_at(actor: Actor, order_id: UUID, expected_version: int) -> Order:
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    if order is None:
        raise NotFound("Order", order_id)
    check_version(order, actor, expected_version)
    step_for("import_lines", order, order.side_of(actor))
    return order


async def _sheet(actor: Actor, attachment_id: UUID) -> LineSheet:
    attachment = await Attachment.visible_to(actor).get_or_none(id=attachment_id)
    if attachment is None:
        raise NotFound("Attachment", attachment_id)
    if attachment.media_type not in {kind.media_type for kind in (XLSX, CSV, TEXT)}:
        raise invalid(_PATH, "is no spreadsheet; upload a file of type XLSX or CSV")
    async with _content(attachment) as file:
        try:
            return await to_thread.run_sync(line_sheet, file, attachment.media_type, limiter=_READING)
        except BadSheet:
            raise invalid(_PATH, "cannot be read as a spreadsheet; save it anew and upload that") from None
        except NoHeadings:
            wanted = Phrase(
                "has no row with headings for article number and quantity among its first {rows}", rows=HEADING_ROWS
            )
            raise invalid(_PATH, wanted, "SKU, 货号; Quantity, 数量") from None
        except TooManyLines:
            raise invalid(_PATH, Phrase("has more than {most} lines", most=MOST_LINES)) from None


@asynccontextmanager
async def _content(attachment: Attachment) -> AsyncIterator[BinaryIO]:
    """The file, on this machine as long as it takes."""
    with tempfile.TemporaryFile() as file:
        try:
            async for piece in await partners.storage().get(attachment.stored_key):
                await to_thread.run_sync(file.write, piece)
        except MissingFile:
            raise Unavailable(retry_after=60) from None
        yield file


def _checked(order: Order, sheet: LineSheet, matches: SkuMatches) -> tuple[ImportReport, tuple[LineWish, ...]]:
    """Every row against the catalogue."""
    faults: list[CellFault] = []
    wishes: list[LineWish] = []
    today = clock.today(order.delivery_zone)
    named = [matches.products.get(line.sku or "") for line in sheet.lines]
    currency = next((product.currency for product in named if product), None)
    for line, product in zip(sheet.lines, named, strict=True):
        found = [*line.faults, *_article_faults(line, product, sheet, matches, currency)]
        if product:
            found += terms_faults(line, sheet.places, product, today)
        if product and line.quantity and not found:
            wishes.append(LineWish(product.id, line.quantity, line.requested_on, line.quality))
        faults += found
    rows, told = len(sheet.lines), sorted(faults, key=lambda fault: (fault.row, len(fault.cell), fault.cell))
    return ImportReport(rows, rows - len(wishes), len(faults), tuple(told[:MOST_FAULTS])), tuple(wishes)


def _article_faults(
    line: SheetLine, product: Product | None, sheet: LineSheet, matches: SkuMatches, currency: Currency | None
) -> Iterator[CellFault]:
    if line.sku is None:
        return
    if product is None:
        fault = Phrase("is no article that this supplier offers")
        yield sku_fault(line, sheet.places, fault, matches.meant.get(line.sku))
    elif product.currency != currency:
        yield sku_fault(line, sheet.places, Phrase("is priced in another currency than the lines before"))
