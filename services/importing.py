"""Lines of a draft taken from an uploaded spreadsheet: all of them, or those that are right, or none and the reasons."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO
from uuid import UUID

from anyio import CapacityLimiter, to_thread

from models import Attachment, EnquiryInvitation, Order
from partners.storage import MissingFile
from rules.events import EventKind
from rules.files import CSV, TEXT, XLSX
from rules.lifecycle import step_for
from rules.line_sheets import HEADING_ROWS, MOST_LINES, ImportMode, SheetLine
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, RowsWrong, Unavailable, invalid
from services import partners
from services.checking_lines import ImportReport, check_lines, report
from services.desk import check_version, note, open_order
from services.drafting import LineWish, OrderWish, fill
from services.sheets import NoHeadings, TooManyLines, line_sheet
from services.verb import verb
from services.workbooks import BadSheet

# A file may take a core for a second and a hundred megabytes: two at a time, and the others wait.
_READING = CapacityLimiter(2)
_PATH = "input.attachmentId"


async def import_lines(
    actor: Actor, order_id: UUID, expected_version: int, attachment_id: UUID, mode: ImportMode
) -> tuple[ImportReport, Order]:
    """The draft with the file's lines in place of its own. Nothing slow happens while the order is locked: it is looked at before,
    to spare the file's reading, and again then."""
    actor.must("import_lines")
    order = await _looked_at(actor, order_id, expected_version)
    rows = await _sheet(actor, attachment_id)
    checked = await check_lines(actor, order.supplier_id, order.delivery_zone, rows)
    found, lines = report(checked), tuple(line.wish for line in checked if line.wish)
    if found.wrong_rows and (mode is ImportMode.ALL_OR_NOTHING or not lines):
        raise RowsWrong(found.rows, found.wrong_rows, found.fault_count, found.faults)
    if not lines:
        raise invalid(_PATH, "has no lines below its headings")
    return found, await _import_lines(actor, order_id, expected_version, lines)


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


async def _sheet(actor: Actor, attachment_id: UUID) -> list[SheetLine]:
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
