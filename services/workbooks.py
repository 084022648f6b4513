"""Workbooks from strangers (ECMA-376): measured before they are opened, for what opens them makes room for whatever they claim to hold.

Everything here blocks: call it in a thread.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rules.line_sheets import Value
from services import archives

MOST_UNPACKED = 64 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 20_000, 100
MOST_AREAS = 20_000
"""Of merged cells."""

MOST_TEXT = 32 * 1024 * 1024
"""Characters of all cells together: a text that is written once may be shown in every cell."""

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_LEADS = ("/worksheet", "/sharedstrings")


class BadSheet(Exception):
    """It cannot be read as a table, or holds far more than one."""


def first_sheet(file: BinaryIO) -> CalamineSheet:
    """The first worksheet that is not hidden; BadSheet where there is none, or it cannot be opened safely."""
    try:
        with archives.opened(file) as archive:
            archives.unpacked_bytes(file, archive, MOST_UNPACKED)
            _measure(archive)
        file.seek(0)
        workbook = CalamineWorkbook.from_filelike(file)
        for sheet in workbook.sheets_metadata:
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet:
                return workbook.get_sheet_by_name(sheet.name)
    except (CalamineError, archives.BadArchive, zipfile.BadZipFile, expat.ExpatError, ValueError) as error:
        raise BadSheet(str(error)) from error
    raise BadSheet("no visible sheet")


def rows_of(sheet: CalamineSheet) -> Iterator[list[Value]]:
    """The rows from the sheet's first one on, each from column A on."""
    before: list[Value] = [None] * (sheet.start[1] if sheet.start else 0)
    return (before + [_value(cell) for cell in row] for row in sheet.iter_rows())


def _value(cell: Any) -> Value:
    """What a cell holds, formulas as they were last computed; a number as the shortest that means the same binary fraction."""
    if isinstance(cell, bool | str | date | time):
        return cell or None if isinstance(cell, str) else cell
    return Decimal(str(cell)) if isinstance(cell, int | float) else str(cell)


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse what would open into more than a list of lines: by what stands in the parts themselves, not by what they say of it."""
    measure = _Measure()
    for part in archive.namelist():
        if part.lower().endswith((".xml", ".rels")):
            with archive.open(part) as content:
                measure.take(content)
    if sum(times * measure.lengths[number] for number, times in measure.shown.items()) > MOST_TEXT:
        raise BadSheet("too much text")


class _Measure:
    """Goes through every part, whatever its name: which of them is opened is said in another."""

    def __init__(self) -> None:
        self.lengths: Counter[int] = Counter()
        self.shown: Counter[int] = Counter()
        self._areas = 0

    def take(self, content: Any) -> None:
        """One part, piece by piece."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.XmlDeclHandler = _check_encoding
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._row = self._column = self._strings = 0
        self._cell: str | None = None
        self._is_shared = self._in_text = False
        self._number = ""
        parser.ParseFile(content)

    def _start(self, name: str, marks: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self._row, self._column = int(marks.get("r", self._row + 1)), 0
        elif kind == "c":
            self._column += 1
            self._cell, self._is_shared = marks.get("r", ""), marks.get("t") == "s"
        elif kind in ("v", "is", "f") and self._cell is not None:
            self._check_place(self._cell)
            self._number = ""
        elif kind == "si":
            self._in_text = True
            self.lengths[self._strings] += 1
        elif kind == "mergeCell":
            self._areas += 1
            if self._areas > MOST_AREAS:
                raise BadSheet("too many merged cells")
        elif kind == "Relationship":
            _check_lead(marks)

    def _check_place(self, cell: str) -> None:
        """Nothing but cells that hold something takes room, so nothing else is looked at."""
        row, column = self._row, self._column
        if found := _PLACE.fullmatch(cell):
            letters, row = found[1].upper(), int(found[2])
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._row, self._column = row, column
        elif cell:
            raise BadSheet("a cell is nowhere")
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise BadSheet("too many rows or columns")

    def _end(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._cell = None
        elif kind == "si":
            self._in_text, self._strings = False, self._strings + 1
        elif kind == "v" and self._is_shared and self._number.isdecimal():
            self.shown[int(self._number)] += 1

    def _text(self, text: str) -> None:
        if self._in_text:
            self.lengths[self._strings] += len(text)
        elif self._is_shared and len(self._number) < 10:
            self._number += text.strip()


def _refuse(*_declaration: object) -> None:
    raise BadSheet("it declares a type of document")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
        raise BadSheet("its encoding is unusual")


def _check_lead(marks: dict[str, str]) -> None:
    """A sheet under another kind of name would not have been measured."""
    if marks.get("Type", "").lower().endswith(_LEADS) and not marks.get("Target", "").lower().endswith(".xml"):
        raise BadSheet("a sheet is no XML")
