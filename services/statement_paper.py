"""Statements of account as PDF: some pages at a time, since a whole one would take a hundred times the memory. It blocks: call it in a
thread."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from rules.account_statements import OpenInvoice, Party, StatementHead, StatementLine
from rules.contract import canonical
from rules.statement_pages import Page, Pages, page_count
from rules.statement_words import word
from services.partners import printer

TEMPLATE = "dinghuo-account-statement/1"
AT_ONCE = 2
"""Pages printed together: more would be little faster, and the printer remembers what it laid out last."""


class Paper:
    """A statement on paper, as its lines come in."""

    def __init__(self, head: StatementHead, out: BinaryIO, number: str) -> None:
        """Written to `out` as they come; `number` tells it from all other statements."""
        self._head, self._whole = head, printer().joining(out)
        self._facts = _facts(head, number)
        self._pages = Pages(head, self._full)
        self._waiting: list[Page] = []
        self._count, self._printed = page_count(head), 0

    def lines(self, lines: Sequence[StatementLine]) -> None:
        """The next entries."""
        for line in lines:
            self._pages.line(line)

    def invoices(self, invoices: Sequence[OpenInvoice]) -> None:
        """The next open invoices, after the last entry."""
        for invoice in invoices:
            self._pages.open_invoice(invoice)

    def summary(self) -> None:
        """What stands between entries and open invoices."""
        self._pages.summary()

    def end(self) -> None:
        """The last page."""
        self._pages.end()
        self._print()
        self._whole.end()

    def close(self) -> None:
        """Nothing was put aside."""

    def _full(self, page: Page) -> None:
        self._waiting.append(page)
        if len(self._waiting) == AT_ONCE:
            self._print()

    def _print(self) -> None:
        if not self._waiting:
            return
        pages = [self._numbered(page, place) for place, page in enumerate(self._waiting, self._printed + 1)]
        self._whole.add(printer().printout(canonical({**self._facts, "pages": pages})))
        self._printed += len(self._waiting)
        self._waiting.clear()

    def _numbered(self, page: Page, place: int) -> dict[str, Any]:
        return {"number": word("page", self._head.locale, number=place, count=self._count), "rows": page}


def _facts(head: StatementHead, number: str) -> dict[str, Any]:
    locale = head.locale
    period = f"{head.period_start} – {head.period_end}"
    facts = ("period", period), ("currency", head.currency), ("lines", f"{head.lines:,}"), ("as_of", _moment(head))
    return {
        "template": TEMPLATE,
        "drawnUpAt": head.as_of.isoformat(),
        "locale": locale,
        "colour": head.colour,
        "title": f"{word('title', locale)} {period}",
        "author": head.owner.name,
        "running": f"{word('title', locale)} · {period}",
        "foot": number,
        "facts": [{"label": word(name, locale), "value": value} for name, value in facts],
        "parties": [_party(head.owner, word("from", locale)), _party(head.counterparty, word("with", locale))],
        "words": {
            **{name: word(name, locale) for name in ("title", "code")},
            "sign": word("sign", locale, company=head.owner.name),
        },
    }


def _moment(head: StatementHead) -> str:
    return f"{head.local_as_of:%Y-%m-%d %H:%M} {head.zone}"


def _party(party: Party, role: str) -> dict[str, str]:
    return {
        "role": role,
        "name": party.name,
        "englishName": party.english_name,
        "creditCode": party.credit_code,
    }
