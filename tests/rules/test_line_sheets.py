"""What people write into spreadsheets is read as they meant it, or the cell is named and what would be right is said."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from rules.line_sheets import (
    Column,
    Value,
    Wrong,
    cell_name,
    first_headings,
    headings,
    meant_text,
    read_date,
    read_quality,
    read_quantity,
    read_row,
    read_sku,
    safe_text,
)

D = Decimal


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (16, 1, "B17"), (0, 25, "Z1"), (4, 26, "AA5"), (9, 701, "ZZ10"), (0, 702, "AAA1")]
)  # fmt: skip
def test_cells_are_named_as_spreadsheets_name_them(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name


@pytest.mark.parametrize(
    "given",
    [
        ("SKU", "Quantity", "Requested date", "Quality", "Deliver to"),
        ("货号", "数量", "交货日期", "质量要求", "收货地址"),
        ("Item No.", " QTY (pcs) ", "Delivery date", "Quality requirements:", "Ship-to"),
        ("物料编码*", "采购数量（件）", "要求交期", "品质要求", "送货地址"),
        ("ＳＫＵ", "订货数量", "need_by", "质量", "Delivery address"),
    ],
)
def test_headings_are_known_in_both_languages_and_however_they_are_decorated(given: tuple[str, ...]) -> None:
    assert headings(given) == dict(zip(Column, range(5), strict=False))
    assert headings(("序号", *reversed(given))) == dict(zip(Column, (5, 4, 3, 2, 1), strict=False))


def test_headings_stand_in_one_of_the_first_rows_or_there_are_none() -> None:
    rows: list[list[Value]] = [["采购清单", None], [], ["数量", "货号", "数量"], ["SKU", "Quantity"]]
    assert first_headings(rows) == (2, {Column.QUANTITY: 0, Column.SKU: 1})
    assert first_headings([["SKU"], ["Quantity"], [D(1), True]]) is None
    assert first_headings([[]] * 20 + [["SKU", "Quantity"]]) is None


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (D("0.30000000000000004"), "0.3"),
        (D(1200), "1200"),
        (" 1,200 ", "1200"),
        ("1 200 000.5", "1200000.5"),
        ("1\u202f200", "1200"),
        ("1'200", "1200"),
        ("１２，３４５．５", "12345.5"),
        ("0.000001", "0.000001"),
        (D("1E+12"), "1000000000000"),
    ],
)
def test_a_quantity_is_read_however_it_is_written(given: Any, meant: str) -> None:
    assert read_quantity(given) == D(meant)


@pytest.mark.parametrize(
    ("given", "fault", "suggestion"),
    [
        (None, "is missing", None),
        ("  ", "is missing", None),
        ("ten", "is not a number", None),
        ("100 pcs", "is not a number", "100"),
        ("1,5", "is not a number; write it as 1234.5", "1.5"),
        ("1.234,5", "is not a number", None),
        ("12,34", "is not a number; write it as 1234.5", "12.34"),
        ("#N/A", "is not a number", None),
        (True, "is not a number", None),
        (date(2026, 1, 5), "is not a number", None),
        (D("NaN"), "is not a number", None),
        (D(0), "must be greater than zero", None),
        ("-5", "must be greater than zero", None),
        (D("1e-10"), "must be greater than zero", None),
        (D("1E+308"), "must be at most 1000000000000", None),
        (D("0.1234567"), "has more than 6 decimals", "0.123457"),
    ],
)
def test_a_wrong_quantity_is_told_with_the_right_one_where_that_is_known(
    given: Any, fault: str, suggestion: str | None
) -> None:
    with pytest.raises(Wrong) as wrong:
        read_quantity(given)
    assert (wrong.value.fault, wrong.value.suggestion) == (fault, suggestion)


@pytest.mark.parametrize(
    "given",
    [
        date(2026, 3, 31), datetime(2026, 3, 31, 8, 30, tzinfo=UTC), "2026-03-31", "2026/3/31", "2026.03.31", "2026年3月31日",
        "２０２６-03-31", "20260331", D(20260331), D(46112), D("46112.5"), "2026-03-31 00:00:00", " 2026-3-31 ",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(given: Any) -> None:
    assert read_date(given) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "given", ["3/31/2026", "31.3.26", "soon", "2026-06-31", D(5), D("Infinity"), True, time(12), "20261340"]
)
def test_a_date_in_doubt_is_asked_about(given: Any) -> None:
    with pytest.raises(Wrong, match="is not a date"):
        read_date(given)
    assert read_date(None) is None


def test_an_article_number_of_digits_may_come_as_a_number_but_not_as_a_date() -> None:
    assert [read_sku(given) for given in (" A-1 ", D(10023), D("10023.0"))] == ["A-1", "10023", "10023"]
    for given, fault in ((None, "is missing"), (date(2026, 1, 2), "is no article"), ("x" * 65, "is longer")):
        with pytest.raises(Wrong, match=fault):
            read_sku(given)
    assert [read_quality(given) for given in (None, "", D("8.80"))] == [None, None, "8.8"]
    with pytest.raises(Wrong, match="is longer"):
        read_quality("x" * 2001)


def test_all_faults_of_a_row_are_told_each_at_its_cell() -> None:
    places = {Column.SKU: 3, Column.QUANTITY: 0, Column.REQUESTED_ON: 27}
    cells = {Column.QUANTITY: "x" * 500, Column.REQUESTED_ON: "soon"}
    faults = read_row(16, cells, places, {Column.SKU: "D16:D18"}).faults
    assert [(wrong.cell, wrong.row, wrong.column, wrong.fault) for wrong in faults] == [
        ("D17", 17, "SKU", "is a part of the merged cells D16:D18; fill in each row"),
        ("A17", 17, "QUANTITY", "is not a number"),
        ("AB17", 17, "REQUESTED_ON", "is not a date; write it as 2026-03-31"),
    ]
    assert faults[1].value == "x" * 100


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", "\n=1", "＝1", "'=1", "''=1", "'a", "'", "", "a=1"]
)
def test_no_text_is_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    assert not safe_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert meant_text(safe_text(text)) == text
