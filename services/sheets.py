"""Lists of lines read from files: XLSX, and CSV in the encodings and with the separators that are about. It blocks: call it in a thread."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import BinaryIO

from rules.files import XLSX
from rules.line_sheets import (
    HEADING_ROWS,
    LONGEST_QUALITY,
    MOST_LINES,
    Column,
    SheetLine,
    Value,
    cell_name,
    first_headings,
    is_blank,
    meant_text,
    read_row,
)
from services.inspecting import text_encoding
from services.workbooks import MOST_COLUMNS, MOST_ROWS, BadSheet, first_sheet, rows_of

DELIMITERS = ",;\t"
_TOLD = re.compile(r"sep=(.)", re.IGNORECASE)
Area = tuple[tuple[int, int], tuple[int, int]]


class NoHeadings(Exception):
    """None of the first rows has the headings of lines."""


class TooManyLines(Exception):
    """More rows than an order may have lines."""


def line_sheet(file: BinaryIO, media_type: str) -> list[SheetLine]:
    """The lines in a file; BadSheet, NoHeadings or TooManyLines where there is no telling."""
    if media_type != XLSX.media_type:
        return _read_csv(file)
    sheet = first_sheet(file)
    return _read(rows_of(sheet), sheet.merged_cell_ranges or [])


def _read_csv(file: BinaryIO) -> list[SheetLine]:
    """With the first separator that makes headings of one of the first rows."""
    encoding = text_encoding(file)
    if encoding is None:
        raise BadSheet("it is no text")
    with _text_of(file, encoding) as text:
        told = _TOLD.fullmatch(text.readline(100).strip("\ufeff\r\n"))
    for delimiter in told[1] if told else DELIMITERS:
        with suppress(NoHeadings), _text_of(file, encoding) as text:
            if told:
                text.readline()  # spreadsheet programs hide this line and do not count it
            return _read(_rows_of_csv(text, delimiter))
    raise NoHeadings


@contextmanager
def _text_of(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The file as text, from its beginning, without a byte order mark; it stays open."""
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _rows_of_csv(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[Value]]:
    try:
        for place, row in enumerate(csv.reader(text, delimiter=delimiter)):
            if place >= MOST_ROWS:
                raise BadSheet("too many rows")
            yield [meant_text(cell) for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise BadSheet(str(error)) from error


def _read(rows: Iterator[list[Value]], areas: Sequence[Area] = ()) -> list[SheetLine]:
    first = list(islice(rows, HEADING_ROWS))
    found = first_headings(first)
    if found is None:
        raise NoHeadings
    heading, places = found
    hidden = _hidden_parts(areas, places)
    lines: list[SheetLine] = []
    for row, cells in enumerate(chain(first[heading + 1 :], rows), heading + 1):
        named = {column: _shortened(cells[place]) for column, place in places.items() if place < len(cells)}
        if is_blank(named.values()):
            continue
        if len(lines) == MOST_LINES:
            raise TooManyLines
        merged = {column: rows_hidden[row] for column, rows_hidden in hidden.items() if row in rows_hidden}
        lines.append(read_row(row, named, places, merged))
    return lines


def _shortened(value: Value) -> Value:
    """No more of a text than it takes to see that it is too long: thousands of them are kept."""
    return value[: LONGEST_QUALITY + 1] if isinstance(value, str) else value


def _hidden_parts(areas: Sequence[Area], places: Mapping[Column, int]) -> Mapping[Column, Mapping[int, str]]:
    """By column and row, the merged area that a cell is a part of without being its first, which alone holds something."""
    hidden: dict[Column, dict[int, str]] = {column: {} for column in places}
    for (top, left), (bottom, right) in areas:
        for column in (column for column, place in places.items() if left <= place <= right):
            for row in range(top, min(bottom, MOST_ROWS) + 1):
                if row in hidden[column]:
                    raise BadSheet("merged cells overlap")
                if (row, places[column]) != (top, left):
                    hidden[column][row] = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
    return hidden
