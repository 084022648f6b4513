"""Credit: what suppliers lend buyers, and the ledger of what contracts keep of it; what is used of it is in the books of money."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_text
from models.company import Company
from models.obligation import PaymentObligation
from models.order import Order
from models.rows import Row, fetch
from rules.credit import CreditMove, CreditUse
from rules.money import Currency
from rules.people import BORROWERS, LENDERS, Actor, Scope

Pair = tuple[UUID, UUID, Currency]
"""A supplier, a buyer and a currency."""

# What is lent to each pair: a buyer without a limit of its own has the one its supplier set for all such. What is used is what is owed by
# the books.
_USES = """
    SELECT pair.supplier_id, pair.buyer_id, pair.currency, coalesce(line.reserved, 0) AS reserved,
        coalesce(line.credit_limit, other.credit_limit) AS credit_limit, line.blocked_at IS NOT NULL AS is_suspended,
        coalesce(owed.used, 0) AS used,
        coalesce(line.blocks_overdue OR line.credit_limit IS NULL AND other.blocks_overdue, false) AS watches
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS pair(supplier_id, buyer_id, currency)
    LEFT JOIN credit_line line ON line.supplier_id = pair.supplier_id AND line.buyer_id = pair.buyer_id
        AND line.currency = pair.currency
    LEFT JOIN credit_line other ON other.supplier_id = pair.supplier_id AND other.buyer_id IS NULL AND other.currency = pair.currency
    LEFT JOIN LATERAL (
        SELECT sum(entry.amount) AS used FROM ledger_entry entry
        WHERE entry.company_id = pair.supplier_id AND entry.counterparty_id = pair.buyer_id
            AND entry.account = 'RECEIVABLE' AND entry.currency = pair.currency
    ) owed ON true
"""
# Orders between these that something had to be paid of by now: before this day, which is one on which it is already today somewhere.
_DUE = """
    SELECT o.id, o.supplier_id, o.buyer_id, o.currency
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS pair(supplier_id, buyer_id, currency)
    JOIN purchase_order o ON o.supplier_id = pair.supplier_id AND o.buyer_id = pair.buyer_id AND o.currency = pair.currency
    WHERE o.settled_at IS NULL AND EXISTS (SELECT FROM payment_obligation due WHERE due.order_id = o.id AND due.due_on < $4)
"""
# What says how much of its buyer's credit an order keeps, what it keeps now, and what it waits for: a text to be signed, or an offer.
_COMMITMENTS = """
    SELECT o.id AS order_id, contract.total, quotation.prepaid_share,
        (SELECT coalesce(-sum(entry.amount), 0) FROM ledger_entry entry WHERE entry.order_id = o.id
            AND entry.company_id = o.supplier_id AND entry.account IN ('SALES', 'VAT_PAYABLE')) AS invoiced,
        (SELECT coalesce(sum(entry.amount), 0) FROM credit_entry entry WHERE entry.order_id = o.id) AS reserved,
        coalesce(waiting.total, offer.total) AS asked_total, waiting.id IS NULL AS is_offer,
        coalesce(basis.prepaid_share, offer.prepaid_share) AS asked_share
    FROM purchase_order o
    LEFT JOIN contract ON contract.order_id = o.id AND contract.status IN ('EFFECTIVE', 'FULFILLED')
    LEFT JOIN quotation ON quotation.id = contract.quotation_id
    LEFT JOIN contract waiting ON waiting.order_id = o.id AND waiting.status IN ('DRAFT', 'PARTIALLY_SIGNED')
    LEFT JOIN quotation basis ON basis.id = waiting.quotation_id
    LEFT JOIN quotation offer ON offer.order_id = o.id AND offer.status = 'SENT' AND waiting.id IS NULL
    WHERE o.id = ANY($1)
"""


class CreditLine(Stored):
    """What a supplier lends a buyer in one currency, or, without a buyer, all those that it set no limit of their own for.

    Its row is the lock under which a contract is let in. A line that nobody set is there from the first contract of the pair on, without
    a limit. The database adds up what is reserved, from the entries, and nobody else can.
    """

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="credit_lines", on_delete=fields.RESTRICT
    )
    supplier_id: UUID
    buyer: fields.ForeignKeyNullableRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="credit", on_delete=fields.RESTRICT, null=True
    )
    buyer_id: UUID | None
    currency = fields.CharEnumField(Currency, max_length=3)
    credit_limit: Decimal | None = money(null=True)
    # Whether nothing more is lent while anything is overdue.
    blocks_overdue = fields.BooleanField(default=False)
    blocked_at: datetime | None = fields.DatetimeField(null=True)
    # The supplier's own business: why it is blocked, and whatever else there is to say.
    block_reason: str | None = optional_text(1000)
    remark: str | None = optional_text(1000)
    reserved = money(default=Decimal(0))
    # Rises with each event of it.
    version = fields.IntField(default=0)

    class Meta:
        table = "credit_line"
        unique_together = (("supplier", "buyer", "currency"),)
        constraints = (
            UniqueConstraint(
                fields=("supplier_id", "currency"), name="credit_line_one_default", condition="buyer_id IS NULL"
            ),
            CheckConstraint(check="credit_limit >= 0 AND reserved >= 0", name="credit_line_amounts"),
            CheckConstraint(check="buyer_id IS NOT NULL OR blocked_at IS NULL", name="credit_line_default_open"),
            CheckConstraint(check="buyer_id <> supplier_id", name="credit_line_two_parties"),
        )
        indexes = (("buyer_id", "id"), ("supplier_id", "id"))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CreditLine]":
        """Those of the supplier who may keep them, and those of the buyer whom they are about; to the operator they are nothing."""
        return cls.filter(lent(actor))

    @classmethod
    def with_company(cls, company_id: UUID | None) -> Q:
        """Those between this company and others; none for None."""
        return Q(buyer_id=company_id) | Q(supplier_id=company_id) if company_id else NOTHING

    @classmethod
    async def locked(
        cls, supplier_id: UUID, buyer_id: UUID | None, currency: Currency, moment: datetime
    ) -> "CreditLine":
        """The line, locked until the transaction ends; there from now on, if it was not."""
        named: dict[str, Any] = {"supplier_id": supplier_id, "buyer_id": buyer_id, "currency": currency}
        found = await cls.select_for_update(no_key=True).get_or_none(**named)
        if found is None:
            await cls(created_at=moment, **named).written()
            found = await cls.select_for_update(no_key=True).get(**named)
        return found

    @classmethod
    async def named(cls, line_id: UUID) -> "CreditLine":
        """The line that a row which was opened before refers to, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get(id=line_id)

    @classmethod
    async def uses(cls, pairs: Iterable[Pair], now: datetime) -> dict[Pair, CreditUse]:
        """How the credit of each pair stands: one statement, and two more where a line lends nothing while anything is overdue."""
        wanted = list(dict.fromkeys(pairs))
        found = await fetch(cls, _USES, *_columns(wanted)) if wanted else []
        late = await _overdue([_pair(row) for row in found if row.watches], now)
        return {_pair(row): _use(row, is_overdue=_pair(row) in late) for row in found}


def lent(actor: Actor, path: str = "") -> Q:
    """Which rows an actor may read by way of their credit line; `path` leads to it."""
    if actor.is_operator or not actor.may_read:
        return NOTHING
    sides = (("supplier_id", LENDERS), ("buyer_id", BORROWERS))
    is_machine = actor.scopes is not None and Scope.BILLING in actor.scopes
    found = NOTHING
    for column, roles in sides:
        if is_machine or (actor.scopes is None and actor.roles & roles):
            wanted: dict[str, Any] = {path + column: actor.company}
            found |= Q(**wanted)
    return found


async def _overdue(pairs: Sequence[Pair], now: datetime) -> set[Pair]:
    """Those between whom anything is overdue, a prepayment or an invoice."""
    latest = now.date() + timedelta(days=1)
    due = {row.id: _pair(row) for row in await fetch(CreditLine, _DUE, *_columns(pairs), latest)} if pairs else {}
    found = await PaymentObligation.by_order(due)
    return {due[order] for order, all_of_it in found.items() if any(one.is_overdue(now) for one in all_of_it)}


def _columns(pairs: Sequence[Pair]) -> list[list[object]]:
    return [[pair[place] for pair in pairs] for place in range(3)]


def _pair(row: Row) -> Pair:
    return row.supplier_id, row.buyer_id, Currency(row.currency)


def _use(row: Row, *, is_overdue: bool) -> CreditUse:
    return CreditUse(row.credit_limit, row.reserved, row.used, row.is_suspended, is_overdue)


class CreditEntry(Stored):
    """How much more of its buyer's credit an order keeps, or less; entries are added, never changed.

    A trigger adds them up, and refuses what a signature would reserve beyond the limit.
    """

    line: fields.ForeignKeyRelation[CreditLine] = fields.ForeignKeyField(
        "models.CreditLine", related_name="entries", on_delete=fields.RESTRICT
    )
    line_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="credit_entries", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    move = fields.CharEnumField(CreditMove, max_length=12)
    currency = fields.CharEnumField(Currency, max_length=3)
    amount = money()

    class Meta:
        table = "credit_entry"
        constraints = (CheckConstraint(check="amount <> 0", name="credit_entry_amount"),)
        indexes = (("line_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CreditEntry]":
        """Whoever sees the line."""
        return cls.filter(lent(actor, "line__"))

    @classmethod
    async def commitments(cls, orders: Sequence[UUID]) -> dict[UUID, Row]:
        """Of each order that was opened before: the contract's `total` and `prepaid_share`, None where none is in force, what is
        `invoiced` of it, what it keeps `reserved`; and `asked_total` and `asked_share` of what waits for signatures, or else, where
        `is_offer`, of the open quotation."""
        return {row.order_id: row for row in await fetch(cls, _COMMITMENTS, list(orders))}
