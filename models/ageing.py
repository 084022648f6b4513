"""What counterparties owe, or are owed, by how long it has been due: from the entries of one's own books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.billing import Invoice
from models.keyset import Keyset
from models.ledger import LedgerEntry
from models.rows import Row, fetch
from models.statements import statement
from rules.accounts import Account
from rules.ageing import Age
from rules.money import Currency
from rules.people import Actor

BY_DUE_DATE = ("due_on", "id")
"""Whose oldest invoice has been due for longest comes first; an entry's id is its counterparty's."""

_AGES = {
    Age.NOT_DUE: "due_on >= {on}",
    Age.DAYS_1_TO_30: "due_on BETWEEN {on} - 30 AND {on} - 1",
    Age.DAYS_31_TO_60: "due_on BETWEEN {on} - 60 AND {on} - 31",
    Age.DAYS_61_TO_90: "due_on BETWEEN {on} - 90 AND {on} - 61",
    Age.OVER_90_DAYS: "due_on < {on} - 90",
}
# Of each invoice what is left, and of each order what is owed of none, which is due with its prepayment; receivables stand as debits,
# payables as credits.
_OPEN = """SELECT entry.counterparty_id, invoice.id, COALESCE(invoice.due_on, ahead.due_on) AS due_on, {sign}sum(entry.amount) AS owed
    FROM ({entries}) AS entry LEFT JOIN invoice ON invoice.id = entry.invoice_id
    LEFT JOIN payment_obligation ahead ON entry.invoice_id IS NULL AND ahead.order_id = entry.order_id AND ahead.invoice_id IS NULL
    GROUP BY entry.counterparty_id, invoice.id, ahead.id HAVING sum(entry.amount) <> 0"""
_SUMS = "min(due_on) AS due_on, count(id) AS invoices, COALESCE(sum(owed), 0.00) AS total, {ages}"


@dataclass(frozen=True)
class Ageing:
    """What the actor's company is owed (RECEIVABLE), or owes (PAYABLE), in one currency, when a day ends."""

    actor: Actor
    account: Account
    currency: Currency
    on: date
    until: datetime

    async def totals(self) -> Row:
        """Of all counterparties together: `total`, an amount for each age, `invoices` and the oldest `due_on`."""
        open_, values = self._open()
        [found] = await fetch(Invoice, f"SELECT {self._sums(len(values))} FROM ({open_}) AS open", *values, self.on)  # noqa: S608  # of constants
        return found

    async def counterparties(self, place: Sequence[Any] | None, limit: int) -> list[Row]:
        """The same for each of the next `limit` counterparties, whose id is `id`, beyond a place in their order."""
        open_, values = self._open()
        each = (
            f"SELECT counterparty_id AS id, {self._sums(len(values))} FROM ({open_}) AS open GROUP BY counterparty_id"  # noqa: S608
        )
        values.append(self.on)
        later = f" WHERE (due_on, id) > (${len(values) + 1}, ${len(values) + 2})" if place else ""
        sql = f"SELECT * FROM ({each}) AS each{later} ORDER BY due_on, id LIMIT {limit:d}"  # noqa: S608
        return await fetch(Invoice, sql, *values, *(place or ()))

    async def invoices(self, counterparties: Sequence[UUID], limit: int) -> list[Row]:
        """Of each counterparty the open invoices that are due first, at most so many: `id`, `counterparty_id`, `due_on`, `owed`."""
        open_, values = self._open()
        claims = f"SELECT * FROM ({open_}) AS open WHERE id IS NOT NULL"  # noqa: S608
        numbered = f"SELECT *, row_number() OVER (PARTITION BY counterparty_id ORDER BY due_on, id) AS place FROM ({claims}) AS claim"  # noqa: S608
        mine = f"counterparty_id = ANY(${len(values) + 1}) AND place <= {limit:d}"
        sql = f"SELECT * FROM ({numbered}) AS one WHERE {mine} ORDER BY counterparty_id, place"  # noqa: S608
        return await fetch(Invoice, sql, *values, list(counterparties))

    @staticmethod
    def order() -> Keyset:
        """The order of counterparties."""
        return Keyset.of(Invoice, BY_DUE_DATE)

    def _open(self) -> tuple[str, list[Any]]:
        entries, values = statement(
            LedgerEntry.visible_to(self.actor).filter(
                company_id=self.actor.company, account=self.account, currency=self.currency, created_at__lt=self.until
            )
        )
        return _OPEN.format(entries=entries, sign="" if self.account is Account.RECEIVABLE else "-"), values

    @staticmethod
    def _sums(taken: int) -> str:
        on = f"${taken + 1}::date"
        ages = (
            f"COALESCE(sum(owed) FILTER (WHERE {when.format(on=on)}), 0.00) AS {age.lower()}"
            for age, when in _AGES.items()
        )
        return _SUMS.format(ages=", ".join(ages))
