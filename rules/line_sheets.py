"""Lists of order lines as spreadsheets: which columns there are, how a cell is read, and what is said of one that is not right."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from rules.phrase import Phrase
from rules.problems import CellFault
from rules.quantity import plain
from rules.units import Unit, unit_named

MOST_LINES = 5000
"""Lines of one order."""

HEADING_ROWS = 20
"""Among how many first rows the headings are looked for: a title and an address may stand above them."""

LONGEST_SKU, LONGEST_QUALITY, LONGEST_LABEL = 64, 2000, 60
MOST_QUANTITY = Decimal(10) ** 12
_FINEST = Decimal("0.000001")
# What a binary fraction may be off by when a sum such as 0.1 + 0.2 is written out in full.
_ARTEFACT = Decimal("1e-9")
# Serial numbers of dates from 1954 to 2119, counted from the day that makes Lotus's leap year 1900 come out right
# (ECMA-376-1, 18.17.4.1); below and above, a bare number is more likely something else.
_DAY_ZERO, _SERIALS = date(1899, 12, 30), range(20_000, 80_001)

Value = str | Decimal | date | datetime | time | bool | None
"""What a cell holds; a number is exact, as it is written."""

T = TypeVar("T")


class Column(StrEnum):
    """What a column says of the lines."""

    SKU = "SKU"
    QUANTITY = "QUANTITY"
    REQUESTED_ON = "REQUESTED_ON"
    QUALITY = "QUALITY"
    DELIVER_TO = "DELIVER_TO"
    UNIT = "UNIT"


class ImportMode(StrEnum):
    """What becomes of the right rows when others are wrong."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    RIGHT_ROWS = "RIGHT_ROWS"


_CALLED = {
    Column.SKU: "sku article articleno articlenumber item itemno itemnumber itemcode partno partnumber productcode "
    "货号 商品货号 商品编码 商品编号 物料编码 物料编号 物料号 产品编码 产品编号 品号",
    Column.QUANTITY: "quantity qty orderquantity 数量 订购数量 订货数量 采购数量 订单数量",
    Column.REQUESTED_ON: "requesteddate requestedon requesteddeliverydate deliverydate dateneeded needby "
    "交货日期 要求交货日期 交期 要求交期 到货日期 需求日期",
    Column.QUALITY: "quality qualityrequirement qualityrequirements 质量要求 品质要求 质量 品质",
    Column.DELIVER_TO: "deliverto deliveryaddress shipto shippingaddress 收货地址 送货地址 交货地址 送达地址",
}
_COLUMNS = {name: column for column, names in _CALLED.items() for name in names.split()}


class Wrong(Exception):
    """A cell cannot be read."""

    def __init__(self, fault: str, suggestion: str | None = None) -> None:
        super().__init__(fault)
        self.fault, self.suggestion = fault, suggestion


@dataclass(frozen=True)
class SheetLine:
    """A row as far as it could be read, and what is wrong with the rest of it; rows and places in them are counted from 0."""

    row: int
    places: Mapping[Column, int]
    sku: str | None
    quantity: Decimal | None
    requested_on: date | None = None
    quality: str | None = None
    unit: Unit | None = None
    deliver_to: str | None = None
    faults: tuple[CellFault, ...] = ()

    def fault(self, column: Column, value: Value, wrong: "Wrong") -> CellFault:
        """What is wrong with one cell of the row."""
        return fault_at(self.row, column, self.places, value, wrong)


def cell_name(row: int, column: int) -> str:
    """The name of the cell in the row and column, both counted from 0: B17."""
    letters, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def headings(cells: Iterable[Value]) -> dict[Column, int] | None:
    """Where each column stands, if these cells are the headings of lines; of two with one meaning the first counts."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(cells):
        column = _COLUMNS.get(_bare(cell)) if isinstance(cell, str) else None
        if column is not None:
            found.setdefault(column, place)
    return found if {Column.SKU, Column.QUANTITY} <= found.keys() else None


def read_row(
    row: int, cells: Mapping[Column, Value], places: Mapping[Column, int], merged: Mapping[Column, str]
) -> SheetLine:
    """The line that a row stands for; `merged` names the area a cell is a hidden part of."""
    faults: list[CellFault] = []

    def read(column: Column, reader: Callable[[Value], T]) -> T | None:
        if column not in places:
            return None
        try:
            if column in merged:
                raise Wrong(Phrase("is a part of the merged cells {area}; fill in each row", area=merged[column]))
            return reader(cells.get(column))
        except Wrong as wrong:
            faults.append(fault_at(row, column, places, cells.get(column), wrong))
            return None

    sku, quantity = read(Column.SKU, read_sku), read(Column.QUANTITY, read_quantity)
    requested_on, quality = read(Column.REQUESTED_ON, read_date), read(Column.QUALITY, read_quality)
    unit, deliver_to = read(Column.UNIT, read_unit), read(Column.DELIVER_TO, read_label)
    return SheetLine(row, places, sku, quantity, requested_on, quality, unit, deliver_to, tuple(faults))


def fault_at(row: int, column: Column, places: Mapping[Column, int], value: Value, wrong: Wrong) -> CellFault:
    """What is wrong with one cell of a row."""
    cell = cell_name(row, places[column])
    return CellFault(cell, row + 1, column, shown(value)[:100], wrong.fault, wrong.suggestion)


def is_blank(cells: Iterable[Value]) -> bool:
    """Whether nothing stands in these cells."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def shown(value: Value) -> str:
    """A cell's value for people."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else str(value).strip()


def read_sku(value: Value) -> str:
    """An article number; one of digits alone may come as a number."""
    if isinstance(value, date | time | bool):
        raise Wrong(Phrase("is no article number; format the column as text and write it again"))
    text = shown(value)
    if not text:
        raise Wrong(Phrase("is missing"))
    if len(text) > LONGEST_SKU:
        raise Wrong(Phrase("is longer than {most} characters", most=LONGEST_SKU))
    return text


def read_quantity(value: Value) -> Decimal:
    """A positive number with at most six decimals, however its thousands are set apart."""
    if is_blank([value]):
        raise Wrong(Phrase("is missing"))
    number = value if isinstance(value, Decimal) else _number(value)
    if not number.is_finite():
        raise Wrong(Phrase("is not a number"))
    if number <= 0:
        raise Wrong(Phrase("must be greater than zero"))
    if number > MOST_QUANTITY:
        raise Wrong(Phrase("must be at most {most}", most=MOST_QUANTITY))
    rounded = number.quantize(_FINEST)
    if abs(number - rounded) >= _ARTEFACT:
        raise Wrong(Phrase("has more than {places} decimals", places=6), plain(rounded) if rounded else None)
    if not rounded:
        raise Wrong(Phrase("must be greater than zero"))
    return rounded


def read_date(value: Value) -> date | None:
    """A day: a date, its serial number, or text with the year first; a day and a month in doubt are asked about."""
    if is_blank([value]):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, Decimal) and value.is_finite() and int(value) in _SERIALS:
        return _DAY_ZERO + timedelta(days=int(value))
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", shown(value)))
    try:
        if found:
            return date(*map(int, filter(None, found.groups())))
    except ValueError:
        pass  # such as 31 June
    raise Wrong(Phrase("is not a date; write it as {example}", example="2026-03-31"))


def read_quality(value: Value) -> str | None:
    """A text, or none."""
    return _text(value, LONGEST_QUALITY)


def read_label(value: Value) -> str | None:
    """What an entry of the address book is called, or none."""
    return _text(value, LONGEST_LABEL)


def read_unit(value: Value) -> Unit | None:
    """A unit by its code or by a word for it, or none."""
    text = shown(value)
    found = unit_named(text)
    if text and found is None:
        raise Wrong(Phrase("is not a unit of measure that goods are ordered in"))
    return found


def _text(value: Value, longest: int) -> str | None:
    text = shown(value)
    if len(text) > longest:
        raise Wrong(Phrase("is longer than {most} characters", most=longest))
    return text or None


# The day may be followed by a time of midnight, as some exports have it.
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, '])\d{3}(?:\1\d{3})*)?(\.\d{1,20})?", re.ASCII)
_COMMA = re.compile(r"\d{1,20},\d{1,20}", re.ASCII)
_BEGINS = re.compile(r"\d{1,12}(\.\d{1,6})?(?=\s*[^\d\s.,'])", re.ASCII)


def _number(value: Value) -> Decimal:
    if not isinstance(value, str):
        raise Wrong(Phrase("is not a number"))
    # Full-width digits become plain ones, and every kind of space a plain one.
    text = unicodedata.normalize("NFKC", value).strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return Decimal(re.sub(r"[, ']", "", text))
    if _COMMA.fullmatch(text):
        raise Wrong(Phrase("is not a number; write it as {example}", example="1234.5"), text.replace(",", "."))
    begins = _BEGINS.match(text)
    raise Wrong(Phrase("is not a number"), begins and begins[0])


def _bare(heading: str) -> str:
    """A heading without what people decorate it with: blanks, signs, a remark in brackets, upper case."""
    text = unicodedata.normalize("NFKC", heading[:200]).casefold()
    return re.sub(r"[\W_]", "", re.sub(r"[(\[【].*", "", text))


def safe_text(text: str) -> str:
    """A text that no spreadsheet program takes for a formula (OWASP, CSV Injection), to be undone by `meant_text`."""
    return f"'{text}" if _FORMULA.match(text) else text


def meant_text(text: str) -> str:
    """What was meant by a text from a CSV file."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


# Texts that already begin with the mark get another, so that each comes back as it was.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def first_headings(rows: Sequence[Sequence[Value]]) -> tuple[int, dict[Column, int]] | None:
    """Which of the first rows has the headings, and where each column stands."""
    found = ((place, headings(row)) for place, row in enumerate(rows[:HEADING_ROWS]))
    return next(((place, columns) for place, columns in found if columns), None)
