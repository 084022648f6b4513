"""What two companies booked with each other in a period, read once and in pages, and what each owed whom when it ended."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from models.billing import Invoice
from models.ledger import LedgerEntry
from models.rows import Row, fetch, pages
from rules.account_statements import ACCOUNTS, KindTotal
from rules.accounts import PostingKind
from rules.decimals import ZERO
from rules.money import Currency

# Oldest first, and of one moment as they were written. Run once for all of them: page by page, each would join and add up anew.
LINES = """
    SELECT e.id, e.created_at, e.kind, e.account, e.amount, o.number AS order_number, i.number AS invoice_number,
        COALESCE(v.number, c.number, p.number, r.number, b.number) AS document_number
    FROM ledger_entry e JOIN purchase_order o ON o.id = e.order_id LEFT JOIN invoice i ON i.id = e.invoice_id
        LEFT JOIN invoice v ON v.id = e.document_id LEFT JOIN credit_note c ON c.id = e.document_id
        LEFT JOIN payment p ON p.id = e.document_id LEFT JOIN refund r ON r.id = e.document_id
        LEFT JOIN payment_refund b ON b.id = e.document_id
    WHERE e.company_id = $1 AND e.counterparty_id = $2 AND e.currency = $3 AND e.account = ANY($4)
        AND e.created_at >= $5 AND e.created_at < $6
    ORDER BY e.created_at, e.id
"""
# By due date: what each invoice still is, by the entries up to the end, and what an order owes of none, due with its prepayment.
OPEN = """
    SELECT COALESCE(i.id, a.id) AS id, COALESCE(i.number, '') AS number, COALESCE(i.issued_on, a.due_on) AS issued_on,
        COALESCE(i.due_on, a.due_on) AS due_on, o.number AS order_number, sum(e.amount) AS owed
    FROM ledger_entry e JOIN purchase_order o ON o.id = e.order_id LEFT JOIN invoice i ON i.id = e.invoice_id
        LEFT JOIN payment_obligation a ON e.invoice_id IS NULL AND a.order_id = e.order_id AND a.invoice_id IS NULL
    WHERE e.company_id = $1 AND e.counterparty_id = $2 AND e.currency = $3 AND e.account IN ('RECEIVABLE', 'PAYABLE')
        AND e.created_at < $4
    GROUP BY i.id, a.id, o.number HAVING sum(e.amount) <> 0 ORDER BY 4, 1
"""
OPEN_IN_ALL = """
    SELECT count(*) AS invoices, COALESCE(sum(owed), 0.00) AS owed FROM (
        SELECT sum(e.amount) AS owed FROM ledger_entry e
        WHERE e.company_id = $1 AND e.counterparty_id = $2 AND e.currency = $3 AND e.account IN ('RECEIVABLE', 'PAYABLE')
            AND e.created_at < $4
        GROUP BY e.invoice_id, CASE WHEN e.invoice_id IS NULL THEN e.order_id END HAVING sum(e.amount) <> 0) AS one
"""


@dataclass(frozen=True)
class Account:
    """What is asked for: one company's books with another one, in one currency, from one moment to another."""

    company_id: UUID
    counterparty_id: UUID
    currency: Currency
    start: datetime
    end: datetime

    async def opening(self) -> Any:
        """The balance before it."""
        return sum((await LedgerEntry.totals(self._booked().filter(created_at__lt=self.start))).values(), ZERO)

    async def totals(self) -> tuple[KindTotal, ...]:
        """What was booked in it, by the kind of act."""
        within = self._booked().filter(created_at__gte=self.start, created_at__lt=self.end).order_by("kind")
        sums = within.annotate(total=Sum("amount"), entries=Count("id")).group_by("kind")
        rows = await sums.values_list("kind", "entries", "total")
        return tuple(KindTotal(PostingKind(kind), entries, total) for kind, entries, total in rows)

    def lines(self, most: int) -> AsyncIterator[list[Row]]:
        """The entries, so many at a time. Belongs inside `transact`."""
        return pages(LedgerEntry, LINES, *self._key, list(ACCOUNTS), self.start, self.end, most=most)

    def open(self, most: int) -> AsyncIterator[list[Row]]:
        """The invoices that were open at the end, so many at a time. Belongs inside `transact`."""
        return pages(Invoice, OPEN, *self._key, self.end, most=most)

    async def open_in_all(self) -> tuple[int, Any]:
        """How many invoices were open at the end, and what was owed of them together."""
        [found] = await fetch(Invoice, OPEN_IN_ALL, *self._key, self.end)
        return found.invoices, found.owed

    @property
    def _key(self) -> tuple[UUID, UUID, Currency]:
        return self.company_id, self.counterparty_id, self.currency

    def _booked(self) -> "QuerySet[LedgerEntry]":
        """Whoever asks reads these books."""
        return LedgerEntry.between(self.company_id, self.counterparty_id, self.currency)
