"""Tables as files that a spreadsheet program opens and takes nothing in for a formula. It blocks: call it in a thread."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from models import Address, Order, OrderLine
from rules.line_sheets import MOST_LINES, Value, safe_text, shown
from rules.people import Actor
from rules.problems import NotFound
from services import addresses

DATE_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "@"
_EXACT_DIGITS = 15
"""As many as every binary fraction of 64 bits keeps; a number with more is written as text, which means the same to an import."""


@dataclass(frozen=True)
class Heading:
    """What stands above a column, how wide it is, and what a program should take for what is written below."""

    text: str
    width: int
    format: str | None = None


async def lines_to_write(actor: Actor, order_id: UUID) -> tuple[Order, list[OrderLine], dict[UUID, Address]]:
    """An order that the actor may see, with its lines, and what stands in the actor's own book of where they go."""
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    if order is None:
        raise NotFound("Order", order_id)
    lines = await OrderLine.of(order.id)
    return order, lines, await addresses.kept(actor, (line.delivery_entry_id for line in lines))


def write_xlsx(file: BinaryIO, headings: Sequence[Heading], rows: Iterable[Sequence[Value]]) -> None:
    """A workbook with one sheet, written row by row."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet, formats = _headed(workbook, headings)
        for row, cells in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                write_cell(sheet, row, place, cell, formats[place])


def write_csv(file: BinaryIO, headings: Sequence[Heading], rows: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with the mark by which spreadsheet programs know it (RFC 4180 otherwise)."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([safe_text(one.text) for one in headings])
    for cells in rows:
        writer.writerow(map(csv_cell, cells))
    text.detach()


def csv_cell(cell: Value) -> str:
    """A value as a text that no program takes for a formula."""
    return cell and safe_text(cell) if isinstance(cell, str) else shown(cell)


def write_template(file: BinaryIO, headings: Sequence[Heading], quantity: int) -> None:
    """An empty list to fill in; in column `quantity` nothing but positive numbers may be typed."""
    with xlsxwriter.Workbook(file) as workbook:
        sheet, _ = _headed(workbook, headings)
        sheet.data_validation(1, quantity, MOST_LINES, quantity, {"validate": "decimal", "criteria": ">", "value": 0})


def _headed(workbook: xlsxwriter.Workbook, headings: Sequence[Heading]) -> tuple[Worksheet, list[Format | None]]:
    """A sheet with its headings, which stay in sight, and each column's format."""
    sheet, bold = workbook.add_worksheet(), workbook.add_format({"bold": True})
    formats = [one.format and workbook.add_format({"num_format": one.format}) for one in headings]
    for place, one in enumerate(headings):
        sheet.set_column(place, place, one.width, formats[place])
        sheet.write_string(0, place, one.text, bold)
    sheet.freeze_panes(1, 0)
    return sheet, formats


def write_cell(sheet: Worksheet, row: int, place: int, cell: Value, format_: Format | None) -> None:
    """A value as what it is; a text is never taken for a formula, and a number never loses a digit."""
    if isinstance(cell, Decimal) and len(cell.normalize().as_tuple().digits) <= _EXACT_DIGITS:
        sheet.write_number(row, place, cell, format_)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, format_)
    elif cell is not None:
        sheet.write_string(row, place, shown(cell), format_)
