"""How a statement of account comes to pages: rows of one height, so that every page's number, and what is carried over to the next one,
are known before anything is printed."""

from collections.abc import Callable
from decimal import Decimal

from rules.account_statements import OpenInvoice, StatementHead, StatementLine
from rules.statement_words import description, invoice_word, kind_word, money, word

Row = tuple[str, ...]
Page = list[Row]
"""Each row is what it is (`line`, `open`, …) and the cells that it has."""

ROWS, HEADING = 44, 11
"""Rows on a page, and those of them that the heading of the first one takes."""

_SUMMARY = 4
"""Rows of the summary besides those of the kinds: a gap, its title, its columns and the sum."""


class Pages:
    """Takes a statement row by row, and hands out each page as soon as it is full."""

    def __init__(self, head: StatementHead, out: Callable[[Page], None]) -> None:
        """Begins with the heading and the opening balance."""
        self._head, self._out, self._rows, self._left = head, out, list[Row](), ROWS
        self._balance = head.opening
        self._put(("heading",), HEADING)
        self._put(self._columns())
        self._put(("balance", word("opening", head.locale), self._money(head.opening)))

    def line(self, line: StatementLine) -> None:
        """An entry; the last row of its page is kept for what is carried over or closes."""
        if self._left == 1:
            self._put(("balance", word("carried", self._head.locale), self._money(self._balance)))
            self._turn()
            self._put(self._columns())
            self._put(("balance", word("brought", self._head.locale), self._money(self._balance)))
        self._balance = line.balance
        document = f"{kind_word(line.kind, self._head.locale)} {line.document}"
        amounts = map(self._money, (line.debit, line.credit, line.balance))
        self._put(
            (
                "line",
                line.booked_on.isoformat(),
                document,
                line.order,
                description(line, self._head.locale),
                *amounts,
            )
        )

    def summary(self) -> None:
        """The closing balance, and what acts of each kind came to."""
        locale, totals = self._head.locale, self._head.totals
        self._put(("closing", word("closing", locale), self._money(self._head.closing)))
        if self._left < _SUMMARY + len(totals):
            self._turn()
        self._put(("gap",))
        self._put(("title", word("summary", locale)))
        self._put(("sum-columns", *(word(name, locale) for name in ("type", "lines", "amount"))))
        for total in totals:
            self._put(("sum", kind_word(total.kind, locale), f"{total.entries:,}", self._money(total.amount)))
        moved = sum((total.amount for total in totals), Decimal(0))
        self._put(("sum-total", word("sum", locale), f"{self._head.lines:,}", self._money(moved)))
        if self._left < 4:
            self._turn()
        self._put(("gap",))
        self._put(("title", word("open", locale)))
        self._put(self._open_columns())

    def open_invoice(self, invoice: OpenInvoice) -> None:
        """An invoice that was open at the end."""
        self._make_room()
        self._put(
            (
                "open",
                invoice_word(invoice.number, self._head.locale),
                invoice.order,
                invoice.issued_on.isoformat(),
                invoice.due_on.isoformat(),
                f"{invoice.days_overdue:,}" if invoice.days_overdue else "",
                self._money(invoice.owed),
            )
        )

    def end(self) -> None:
        """The last page, with what is owed of all open invoices."""
        self._make_room()
        self._put(("open-total", word("sum", self._head.locale), self._money(self._head.owed)))
        self._turn()

    def _make_room(self) -> None:
        if self._left == 0:
            self._turn()
            self._put(self._open_columns())

    def _put(self, row: Row, high: int = 1) -> None:
        self._rows.append(row)
        self._left -= high

    def _turn(self) -> None:
        page, self._rows, self._left = self._rows, [], ROWS
        self._out(page)

    def _columns(self) -> Row:
        names = "date", "document", "order", "description", "debit", "credit", "balance"
        return ("columns", *(word(name, self._head.locale) for name in names))

    def _open_columns(self) -> Row:
        names = "invoice", "order", "issued", "due", "overdue", "owed"
        return ("open-columns", *(word(name, self._head.locale) for name in names))

    def _money(self, amount: Decimal | None) -> str:
        return money(amount, self._head.currency)


def page_count(head: StatementHead) -> int:
    """How many pages `Pages` will make of the statement."""
    pages, left = _after_lines(head.lines)
    for needed, taken in ((_SUMMARY + len(head.totals), _SUMMARY + len(head.totals)), (4, 3)):
        if left < needed:
            pages, left = pages + 1, ROWS
        left -= taken
    beyond = head.open_invoices + 1 - left
    return pages + -(-max(beyond, 0) // (ROWS - 1))


def _after_lines(lines: int) -> tuple[int, int]:
    """On which page the closing balance stands, and how many rows there are below it."""
    first, each = ROWS - HEADING - 3, ROWS - 3
    if lines <= first:
        return 1, first - lines
    further = -(-(lines - first) // each)
    return 1 + further, each - (lines - first - each * (further - 1))
