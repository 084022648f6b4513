"""Lines of an order as text: a row for each, article number, quantity, and if need be unit and date, set apart as people do."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from rules.line_sheets import Column, SheetLine, Wrong, headings, read_row
from rules.phrase import Phrase
from rules.units import unit_named

LONGEST_TEXT = 500_000
"""Characters: 5,000 rows of a hundred."""


class OnError(StrEnum):
    """What becomes of the right rows when others are wrong."""

    REFUSE = "REFUSE"
    SKIP = "SKIP"


class WhenDuplicate(StrEnum):
    """What becomes of a row whose product is on the order already, or in a row before."""

    ADD_UP = "ADD_UP"
    KEEP_APART = "KEEP_APART"
    REFUSE = "REFUSE"


def read_text(text: str) -> list[SheetLine]:
    """The rows that hold something, numbered as the text has them.

    A row with tabs, as spreadsheet programs copy it, is set apart by them alone; any other by blanks, commas, semicolons and their
    Chinese sisters. Headings in the first row say where each column stands below, where tabs keep it there.
    """
    lines: list[SheetLine] = []
    places: Mapping[Column, int] | None = None
    for row, written in enumerate(text.splitlines()):
        is_table, cells = "\t" in written, _cells(written)
        if not any(cells):
            continue
        if not lines and places is None and (found := headings(cells)):
            places = found if is_table else {}
        elif places and is_table:
            lines.append(_under_headings(row, cells, places))
        else:
            lines.append(_free(row, cells))
    return lines


# Thousands are taken apart by a comma only where something else sets the columns apart, and never in an article number.
_GROUPED = re.compile(r"(?<=[\s;；，、：])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,.])", re.ASCII)
_SEPARATORS = re.compile(r"[\s,;，；、：]+")
_GLUED = re.compile(r"(\d[\d.,']*)\s*([^\d.,'].*)", re.ASCII)


def _cells(written: str) -> list[str]:
    if "\t" in written:
        return [cell.strip() for cell in written.split("\t")]
    whole = _GROUPED.sub(lambda number: number[0].replace(",", ""), written)
    return _SEPARATORS.sub(" ", whole).split()


def _under_headings(row: int, cells: Sequence[str], places: Mapping[Column, int]) -> SheetLine:
    return read_row(row, {column: cells[place] for column, place in places.items() if place < len(cells)}, places, {})


def _free(row: int, cells: Sequence[str]) -> SheetLine:
    """Article number and quantity, then unit and date as they come: what begins with a digit is meant to be a date."""
    places = {Column.SKU: 0, Column.QUANTITY: 1}
    found = dict(zip(places, cells, strict=False))
    glued = _GLUED.fullmatch(unicodedata.normalize("NFKC", found.get(Column.QUANTITY, "")))
    if glued and unit_named(glued[2]):
        found[Column.QUANTITY], found[Column.UNIT], places[Column.UNIT] = glued[1], glued[2], 1
    spare: list[tuple[Column, str]] = []
    for place, cell in enumerate(cells[2:], 2):
        column = Column.REQUESTED_ON if cell[:1].isdigit() else Column.UNIT
        if cell and column in found:
            spare.append((column, cell))
        elif cell:
            found[column], places[column] = cell, place
    line = read_row(row, found, places, {})
    wrong = Wrong(Phrase("is one too many; a row has article number, quantity, unit and date"))
    return replace(line, faults=(*line.faults, *(line.fault(column, cell, wrong) for column, cell in spare)))
