"""Statements of account as spreadsheets, written row by row. It blocks: call it in a thread."""

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rules.account_statements import OpenInvoice, StatementHead, StatementLine
from rules.line_sheets import Value
from rules.money import minor_unit
from rules.statement_words import account_word, description, invoice_word, kind_word, word
from services.line_files import DATE_FORMAT, csv_cell, write_cell

COLUMNS = "date", "type", "number", "order", "invoice", "account", "description", "debit", "credit", "balance"
WIDTHS = 12, 14, 18, 16, 18, 18, 30, 18, 18, 18
OPEN_COLUMNS = "invoice", "order", "issued", "due", "overdue", "owed"
OPEN_WIDTHS = 18, 16, 12, 12, 14, 18


class StatementWriter(Protocol):
    """Takes a statement in parts: entries, summary, open invoices, end; and is closed, ended or not."""

    def lines(self, lines: Sequence[StatementLine]) -> None:
        """The next entries."""

    def summary(self) -> None:
        """All entries were there."""

    def invoices(self, invoices: Sequence[OpenInvoice]) -> None:
        """The next open invoices."""

    def end(self) -> None:
        """All open invoices were there: write the rest."""

    def close(self) -> None:
        """Give back what was put aside."""


class Csv:
    """The entries between both balances, as UTF-8 with the mark by which spreadsheet programs know it (RFC 4180 otherwise)."""

    def __init__(self, head: StatementHead, out: BinaryIO) -> None:
        """Written to `out` at once."""
        self._head = head
        self._text = io.TextIOWrapper(out, "utf-8-sig", newline="")
        self._rows = csv.writer(self._text)
        self._put([word(name, head.locale) for name in COLUMNS])
        self._put([head.period_start, word("opening", head.locale), *[None] * 7, head.opening])

    def lines(self, lines: Sequence[StatementLine]) -> None:
        """The next entries."""
        for line in lines:
            self._put(_cells(line, self._head.locale))

    def summary(self) -> None:
        """The closing balance."""
        self._put([self._head.period_end, word("closing", self._head.locale), *[None] * 7, self._head.closing])

    def invoices(self, invoices: Sequence[OpenInvoice]) -> None:
        """They have other columns, and so no place in one table."""

    def end(self) -> None:
        """Nothing more."""
        self._text.flush()

    def close(self) -> None:
        """Leave the file to whoever gave it."""
        self._text.detach()

    def _put(self, cells: Sequence[Value]) -> None:
        self._rows.writerow(map(csv_cell, cells))


class Xlsx:
    """A workbook: the entries, the totals, the open invoices; no more than a row of it is held in memory."""

    def __init__(self, head: StatementHead, out: BinaryIO) -> None:
        """Written to `out` at the end."""
        self._head = head
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True})
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": DATE_FORMAT})
        digits = -int(minor_unit(head.currency).as_tuple().exponent)
        number = "#,##0" + ("." + "0" * digits if digits else "")
        self._money = self._book.add_format({"num_format": number})
        self._total = self._book.add_format({"num_format": number, "bold": True, "top": 1})
        self._label = self._book.add_format({"bold": True, "top": 1})
        self._entries = self._headed("title", COLUMNS, WIDTHS)
        self._row = 1
        self._balance("opening", head.opening)

    def lines(self, lines: Sequence[StatementLine]) -> None:
        """The next entries."""
        for line in lines:
            self._put(self._entries, self._row, _cells(line, self._head.locale))
            self._row += 1

    def summary(self) -> None:
        """The closing balance, and what acts of each kind came to."""
        self._balance("closing", self._head.closing)
        self._summarise()
        self._open, self._row = self._headed("open", OPEN_COLUMNS, OPEN_WIDTHS), 1

    def invoices(self, invoices: Sequence[OpenInvoice]) -> None:
        """The next open invoices."""
        for one in invoices:
            number = invoice_word(one.number, self._head.locale)
            row = number, one.order, one.issued_on, one.due_on, one.days_overdue, one.owed
            self._put(self._open, self._row, row)
            self._row += 1

    def end(self) -> None:
        """What is owed of all of them; then the workbook is put together."""
        for place in range(len(OPEN_COLUMNS) - 1):
            self._open.write_string(self._row, place, "" if place else word("sum", self._head.locale), self._label)
        write_cell(self._open, self._row, len(OPEN_COLUMNS) - 1, self._head.owed, self._total)
        self.close()

    def close(self) -> None:
        """Give back what was put aside."""
        if not self._book.fileclosed:
            self._book.close()

    def _summarise(self) -> None:
        head, locale = self._head, self._head.locale
        sheet = self._headed("summary", ("type", "lines", "amount"), (24, 40, 18))
        for row, total in enumerate(head.totals, 1):
            self._put(sheet, row, (kind_word(total.kind, locale), total.entries, total.amount))
        row = len(head.totals) + 1
        sheet.write_string(row, 0, word("sum", locale), self._label)
        sheet.write_number(row, 1, head.lines, self._label)
        write_cell(sheet, row, 2, head.closing - head.opening, self._total)
        facts = (
            ("from", head.owner.name),
            ("with", head.counterparty.name),
            ("period", f"{head.period_start} – {head.period_end}"),
            ("currency", str(head.currency)),
            ("as_of", f"{head.local_as_of:%Y-%m-%d %H:%M} {head.zone}"),
        )
        for place, (name, value) in enumerate(facts, row + 2):
            sheet.write_string(place, 0, word(name, locale), self._bold)
            sheet.write_string(place, 1, value)

    def _headed(self, title: str, columns: Sequence[str], widths: Sequence[int]) -> Worksheet:
        """A sheet whose columns' names stay in sight."""
        sheet = self._book.add_worksheet(word(title, self._head.locale)[:31])
        for place, (name, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, word(name, self._head.locale), self._bold)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _balance(self, name: str, amount: Value) -> None:
        day = self._head.period_start if name == "opening" else self._head.period_end
        self._entries.write_datetime(self._row, 0, day, self._day)
        self._entries.write_string(self._row, 1, word(name, self._head.locale), self._label)
        write_cell(self._entries, self._row, len(COLUMNS) - 1, amount, self._total)
        self._row += 1

    def _put(self, sheet: Worksheet, row: int, cells: Sequence[Value | int]) -> None:
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(row, place, cell)
            else:
                write_cell(sheet, row, place, cell, self._format(cell))

    def _format(self, cell: Value) -> Format | None:
        return {"date": self._day, "Decimal": self._money}.get(type(cell).__name__)


def _cells(line: StatementLine, locale: str) -> tuple[Value, ...]:
    return (
        line.booked_on,
        kind_word(line.kind, locale),
        line.document,
        line.order,
        line.invoice,
        account_word(line.account, locale),
        description(line, locale),
        line.debit,
        line.credit,
        line.balance,
    )
