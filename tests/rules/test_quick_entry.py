"""A pasted list is read as people write it; what may mean two things is asked about, never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from rules.line_sheets import Column
from rules.quick_entry import read_text
from rules.units import Unit

DAY = date(2030, 3, 31)


@pytest.mark.parametrize(
    "written",
    [
        "A-1\t1,200\t件\t2030-03-31",
        "A-1\t1200\t\t2030/3/31\tpcs",
        "A-1,1200,个,2030-03-31",
        "A-1, 1,200 pcs 2030-03-31",
        "A-1；1200；H87；2030年3月31日",
        "  A-1、１２００　件　20300331 ",
        "A-1 1200pcs 2030-03-31",
        "A-1：1,200，只，2030.3.31",
    ],
)
def test_a_row_may_be_set_apart_in_any_way(written: str) -> None:
    (line,) = read_text(written)
    assert (line.sku, line.quantity, line.unit, line.requested_on) == ("A-1", Decimal(1200), Unit.H87, DAY)
    assert line.faults == ()


def test_blank_rows_count_and_say_nothing() -> None:
    lines = read_text("A-1 5\r\n\n \t \nB-1 6\n")
    assert [(line.row, line.sku, line.quantity) for line in lines] == [(0, "A-1", Decimal(5)), (3, "B-1", Decimal(6))]
    assert read_text(" \n\t\n，\n") == []


def test_an_article_number_with_blanks_or_commas_needs_tabs() -> None:
    (line,) = read_text("M8 x 20, A2\t100")
    assert (line.sku, line.quantity) == ("M8 x 20, A2", Decimal(100))


def test_headings_are_no_row_and_say_what_stands_where_between_tabs() -> None:
    (line,) = read_text("数量\t名称\t货号\t收货地址\n5\t螺栓\tA-1\t二号仓")
    assert (line.sku, line.quantity, line.deliver_to, line.faults) == ("A-1", Decimal(5), "二号仓", ())
    (line,) = read_text("货号 数量\nA-1 5")
    assert (line.sku, line.quantity, line.row) == ("A-1", Decimal(5), 1)


@pytest.mark.parametrize(
    ("written", "cell", "column", "suggestion"),
    [
        ("A-1", "B1", Column.QUANTITY, None),
        ("A-1 ten", "B1", Column.QUANTITY, None),
        ("A-1 5x", "B1", Column.QUANTITY, "5"),
        ("A-1 5 heaps", "C1", Column.UNIT, None),
        ("A-1 5 2030-13-01", "C1", Column.REQUESTED_ON, None),
        ("A-1 5 pcs 2030-03-31 2030-04-01", "E1", Column.REQUESTED_ON, None),
        ("A-1 5 pcs kg", "D1", Column.UNIT, None),
        ("\t5", "A1", Column.SKU, None),
        # A comma may set thousands apart or columns; where both would do, neither is assumed.
        ("A-1,1,200", "C1", Column.REQUESTED_ON, None),
        ("A-1 1,5", "C1", Column.REQUESTED_ON, None),
        ("A-1 1 200", "C1", Column.REQUESTED_ON, None),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(written: str, cell: str, column: Column, suggestion: str | None) -> None:
    (line,) = read_text(written)
    assert [(fault.column, fault.suggestion) for fault in line.faults] == [(column, suggestion)]
    if not written.endswith(("2030-04-01", "kg")):
        assert line.faults[0].cell == cell


def test_an_article_number_is_never_taken_for_thousands() -> None:
    (line,) = read_text("605,100")
    assert (line.sku, line.quantity, line.faults) == ("605", Decimal(100), ())
