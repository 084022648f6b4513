"""A relation fetches the columns that its selection can read, and all of them where that is not certain."""

import pytest

from resolvers.narrowing import attributes_read, union


def _reassigns(row):  # type: ignore[no-untyped-def]
    row = row.other
    return row.hidden


def _writes(row):  # type: ignore[no-untyped-def]
    row.number = 1


def test_what_a_function_reads_of_its_row_is_seen() -> None:
    assert attributes_read(lambda row: (row.amount, row.currency)) == frozenset({"amount", "currency"})
    assert attributes_read(lambda row, context: row.name_zh if context.locale == "zh-CN" else row.name_en) == frozenset(
        {"name_zh", "name_en"}
    )
    assert attributes_read(lambda row: row.supplier.name) == frozenset({"supplier"})
    assert attributes_read(lambda row: 1) == frozenset()


@pytest.mark.parametrize(
    "fn",
    [
        lambda row: str(row),
        lambda row: row.count(),
        lambda row: row["number"],
        lambda row: (lambda: row.number)(),
        lambda row: [row.number for _ in range(2)],
        lambda *rows: rows[0].number,
        _reassigns,
        _writes,
        str.upper,
        len,
    ],
)
def test_a_function_that_may_do_anything_with_its_row_gets_every_column(fn) -> None:  # type: ignore[no-untyped-def]
    assert attributes_read(fn) is None


def test_columns_are_summed_up_and_every_column_stays_every_column() -> None:
    assert union([frozenset("a"), frozenset("bc")]) == frozenset("abc")
    assert union([]) == frozenset()
    assert union([frozenset("a"), None]) is None
