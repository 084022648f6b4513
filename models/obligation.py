"""What buyers have to pay by when; how much that is, and how much of it is open, follows from contracts and the ledger."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import Stored
from models.billing import Invoice
from models.order import Order, parties
from models.rows import Row, fetch
from rules.decimals import NOTHING
from rules.money import Currency, Rounding, RoundingMode
from rules.obligations import Claim, Obligation, ObligationKind, Part, Prepaid, parts, prepayment
from rules.people import Actor

# Of each obligation what its amounts follow from: an invoice's claim, or the contract in force, what was paid in advance, and what is
# owed of no invoice.
FACTS = """
    SELECT o.id, o.order_id, o.invoice_id, o.due_on, o.ended_at, o.look_on, s.delivery_zone, p.currency,
        i.total, i.number AS invoice_number, e.owed, e.credited, c.total AS agreed, q.prepaid_share, q.rounding_mode, a.advance, a.again,
        EXISTS (SELECT FROM payment_reminder r WHERE r.obligation_id = o.id AND r.due_on = o.due_on AND r.is_overdue) AS is_told
    FROM payment_obligation o
    JOIN purchase_order p ON p.id = o.order_id
    JOIN company s ON s.id = p.supplier_id
    LEFT JOIN invoice i ON i.id = o.invoice_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(l.amount) FILTER (WHERE l.account = 'RECEIVABLE'), 0) AS owed,
            coalesce(sum(l.amount) FILTER (WHERE l.kind = 'CREDIT_NOTE' AND l.account IN ('SALES', 'VAT_PAYABLE')), 0) AS credited
        FROM ledger_entry l WHERE l.invoice_id = o.invoice_id) e
    LEFT JOIN contract c ON o.invoice_id IS NULL AND c.order_id = o.order_id AND c.status IN ('EFFECTIVE', 'FULFILLED')
    LEFT JOIN quotation q ON q.id = c.quotation_id
    CROSS JOIN LATERAL (
        SELECT coalesce(-sum(l.amount) FILTER (WHERE l.account = 'ADVANCES'), 0) AS advance,
            coalesce(sum(l.amount) FILTER (WHERE l.account = 'RECEIVABLE' AND l.invoice_id IS NULL), 0) AS again
        FROM ledger_entry l WHERE o.invoice_id IS NULL AND l.order_id = o.order_id) a
    WHERE o.order_id = ANY($1)
    ORDER BY o.order_id, o.invoice_id NULLS FIRST
"""
# Those whose day has come at their supplier; no place on earth is further than the first date, which an index finds.
_TO_LOOK_AT = """
    SELECT o.id FROM payment_obligation o
    JOIN purchase_order p ON p.id = o.order_id
    JOIN company s ON s.id = p.supplier_id
    WHERE o.look_on <= $1 AND o.look_on <= ($2::timestamptz AT TIME ZONE s.delivery_zone)::date
    ORDER BY o.look_on, o.id
    LIMIT $3
"""


class PaymentObligation(Stored):
    """A day by which the buyer of an order has to pay: the prepayment its contract asks for, or what of an invoice that does not cover."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="obligations", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    # None for the prepayment.
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", related_name="obligations", on_delete=fields.RESTRICT, null=True
    )
    invoice_id: UUID | None
    due_on = fields.DateField()
    # On which day, at the supplier, the clock looks at it next; None while nothing is open, and once it was said that it is overdue.
    look_on: date | None = fields.DateField(null=True)
    # From when on no more is to be prepaid than invoices have claimed.
    ended_at: datetime | None = fields.DatetimeField(null=True)
    # Whether anything is owed of its invoice, as the ledger has it, so that who looks for those need not add up all of it; not told of a
    # prepayment.
    is_owed = fields.BooleanField(default=False)

    class Meta:
        table = "payment_obligation"
        constraints = (
            UniqueConstraint(fields=("invoice_id",), name="payment_obligation_of_invoice"),
            UniqueConstraint(
                fields=("order_id",), name="payment_obligation_one_prepayment", condition="invoice_id IS NULL"
            ),
        )
        indexes = (
            ("look_on",),
            PartialIndex(fields=("due_on",), name="payment_obligation_owed", condition={"is_owed": True}),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[PaymentObligation]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def prepayment_of(cls, order_id: UUID) -> "PaymentObligation | None":
        """The prepayment of an order that was opened before."""
        return await cls.get_or_none(order_id=order_id, invoice_id=None)

    @classmethod
    def named(cls, ids: Iterable[UUID]) -> "QuerySet[PaymentObligation]":
        """Obligations of an order that was opened before."""
        return cls.filter(id__in=list(ids))

    @classmethod
    async def to_look_at(cls, now: datetime, most: int) -> list[UUID]:
        """Those whose day has come where their supplier is, the longest due first."""
        return [row.id for row in await fetch(cls, _TO_LOOK_AT, now.date() + timedelta(days=1), now, most)]

    @classmethod
    async def by_order(cls, orders: Iterable[UUID]) -> dict[UUID, list[Obligation]]:
        """What each order's buyer has to pay by when, the prepayment first and then by invoice: one statement."""
        wanted = list(orders)
        found = await fetch(cls, FACTS, wanted) if wanted else []
        known = {order: _obligations(list(rows)) for order, rows in groupby(found, lambda row: row.order_id)}
        return {order: known.get(order, []) for order in wanted}


class PaymentReminder(Stored):
    """Both sides were told of an obligation, once before it was due and once when it was overdue; anew for another due date."""

    obligation: fields.ForeignKeyRelation[PaymentObligation] = fields.ForeignKeyField(
        "models.PaymentObligation", related_name="reminders", on_delete=fields.RESTRICT, db_index=True
    )
    obligation_id: UUID
    due_on = fields.DateField()
    is_overdue = fields.BooleanField()

    class Meta:
        table = "payment_reminder"
        unique_together = (("obligation", "due_on", "is_overdue"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[PaymentReminder]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "obligation__order__"))


def _obligations(rows: list[Row]) -> list[Obligation]:
    """The obligations of one order, in the order of the rows."""
    ahead = next((row for row in rows if row.invoice_id is None), None)
    claims = [Claim(row.total, row.credited, row.owed) for row in rows if row.invoice_id is not None]
    prepaid = None if ahead is None else _prepaid(ahead)
    first, rests = parts(prepaid, claims)
    return [_obligation(row, part) for row, part in zip(rows, [*([first] if first else []), *rests], strict=True)]


def _prepaid(row: Row) -> Prepaid:
    """What the contract in force asks for; without one there is nothing more to be prepaid."""
    if row.agreed is None:
        return Prepaid(NOTHING, row.advance, has_ended=True, again=row.again)
    rounding = Rounding(Currency(row.currency), RoundingMode(row.rounding_mode))
    asked: Any = prepayment(row.agreed, row.prepaid_share, rounding)
    return Prepaid(asked, row.advance, has_ended=row.ended_at is not None, again=row.again)


def _obligation(row: Row, part: Part) -> Obligation:
    return Obligation(
        amount=part.amount,
        open=part.open,
        id=row.id,
        order=row.order_id,
        kind=ObligationKind.PREPAYMENT if row.invoice_id is None else ObligationKind.INVOICE,
        invoice=row.invoice_id,
        invoice_number=row.invoice_number,
        due_on=row.due_on,
        zone=row.delivery_zone,
        currency=Currency(row.currency),
        is_told=row.is_told,
        is_owed=row.invoice_id is not None and row.owed > 0,
    )
