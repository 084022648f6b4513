"""How far what was said on an order has been read: by each member, and by each company as the other side sees it."""

from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.queryset import QuerySet

from models.base import Stored
from models.company import Company, Member
from models.order import Message, Order, parties
from models.rows import fetch
from rules.lifecycle import Side
from rules.people import Actor

UNREAD = """
    SELECT m.order_id, count(*) AS unread FROM message m
    LEFT JOIN {marks} r ON r.order_id = m.order_id AND r.{reader}_id = $2
    WHERE m.order_id = ANY($1) AND m.company_id <> $3 AND m.seq > coalesce(r.seq, 0)
    GROUP BY m.order_id
"""
BY_MEMBER = UNREAD.format(marks="read_mark", reader="member")
BY_COMPANY = UNREAD.format(marks="read_state", reader="company")


class ReadState(Stored):
    """How far a company has read, whoever of it read first; its events are a stream of its own, which both parties read."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="read_states", on_delete=fields.CASCADE, db_index=True
    )
    order_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="read_states", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    side = fields.CharEnumField(Side, max_length=8)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField(
        "models.Message", related_name="read_states", on_delete=fields.CASCADE, db_index=True
    )
    message_id: UUID
    # The message's number; everything up to it was read.
    seq = fields.IntField(default=0)
    version = fields.IntField(default=0)
    read_at = fields.DatetimeField()

    class Meta:
        table = "read_state"
        unique_together = (("order", "company"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[ReadState]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    async def opened(self) -> "ReadState":
        """The company's state on the order, locked for this transaction; it begins with this one."""
        await self.written()
        return await ReadState.select_for_update(no_key=True).get(order_id=self.order_id, company_id=self.company_id)


class ReadMark(Stored):
    """How far a member has read: nobody's business but their own."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="read_marks", on_delete=fields.CASCADE, db_index=True
    )
    order_id: UUID
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="read_marks", on_delete=fields.CASCADE, db_index=True
    )
    member_id: UUID
    seq = fields.IntField(default=0)

    class Meta:
        table = "read_mark"
        unique_together = (("order", "member"),)

    async def advance(self) -> None:
        """Let the member have read at least so far; marks never move back."""
        if not await self.written():
            before = ReadMark.filter(order_id=self.order_id, member_id=self.member_id, seq__lt=self.seq)
            await before.update(seq=self.seq)


async def unread_counts(actor: Actor, orders: Iterable[UUID]) -> dict[UUID, int]:
    """How much of what the other side said on these orders the member has not read; a machine has read what its company has."""
    sql, reader = (BY_COMPANY, actor.company) if actor.member is None else (BY_MEMBER, actor.member)
    found = await fetch(Message, sql, list(orders), reader, actor.company)
    return {row.order_id: row.unread for row in found}
