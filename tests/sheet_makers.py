"""Makes spreadsheets, and uploads them."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from models import Attachment
from rules.files import CSV, XLSX
from rules.people import Actor
from tests.file_makers import make_attachment

HEADINGS = ("SKU", "Quantity", "Requested date", "Quality")


def make_book(rows: Iterable[Sequence[Any]], *, hidden: bool = False, merge: Sequence[tuple[int, ...]] = ()) -> bytes:
    """A workbook of these rows, perhaps behind a hidden sheet, with these areas (top, left, bottom, right) merged."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        if hidden:
            book.add_worksheet("old").hide()
        sheet = book.add_worksheet("lines")
        sheet.activate()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                _write(sheet, row, place, cell, day)
        for top, left, bottom, right in merge:
            sheet.merge_range(top, left, bottom, right, "merged")
    return file.getvalue()


def _write(sheet: Worksheet, row: int, place: int, cell: Any, day: Format) -> None:
    """A formula comes as a pair: itself and what it last came to."""
    if isinstance(cell, date):
        sheet.write_datetime(row, place, cell, day)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, place, cell)
    elif isinstance(cell, tuple):
        sheet.write_formula(row, place, cell[0], None, cell[1])
    elif cell is not None:
        sheet.write_string(row, place, str(cell))


async def make_sheet(actor: Actor, rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> Attachment:
    """An uploaded workbook with these rows below the headings."""
    return await make_attachment(actor, "lines.xlsx", make_book([headings, *rows]), XLSX.media_type)


async def make_csv(actor: Actor, content: bytes) -> Attachment:
    """An uploaded CSV file."""
    return await make_attachment(actor, "lines.csv", content, CSV.media_type)
