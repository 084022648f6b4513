"""What happened, and for each company the feed of what it may know."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from rules.events import EventKind, Topic
from rules.people import Actor


class Event(Model):
    """A fact, written in the transaction of the change it reports and never updated but for `announced`."""

    # Given out under the stream's row lock, so ascending inside a stream; across streams it says nothing.
    id = fields.BigIntField(primary_key=True, generated=True)
    stream = fields.UUIDField()
    # Comments are said here, so that a new topic or kind needs no migration.
    topic = fields.CharEnumField(Topic, max_length=16, description="whose stream it is in, see rules/events.py")
    seq = fields.IntField()
    # The number the supplier counts by: seq less what happened before the order was placed.
    shared_seq: int | None = fields.IntField(null=True)
    shipment_id: UUID | None = fields.UUIDField(null=True)
    shipment_seq: int | None = fields.IntField(null=True)
    kind = fields.CharEnumField(EventKind, max_length=32, description="what happened, see rules/events.py")
    actor_company_id: UUID | None = fields.UUIDField(null=True)
    actor_member_id: UUID | None = fields.UUIDField(null=True)
    actor_name = fields.CharField(max_length=120)
    body: dict[str, object] = fields.JSONField(default=dict)
    readers: list[UUID] = ArrayField(element_type="uuid")
    occurred_at = fields.DatetimeField()
    announced = fields.BooleanField(default=False)

    class Meta:
        table = "event"
        unique_together = (("stream", "seq"), ("shipment_id", "shipment_seq"))
        indexes = (PartialIndex(fields=("id",), name="event_unannounced", condition={"announced": False}),)

    @classmethod
    async def first_of(cls, stream: UUID) -> "Event":
        """How the thing behind a stream that was opened before came into being."""
        return await cls.get(stream=stream, seq=1)


def seq_for(event: Any, actor: Actor) -> int:
    """An event's number as this actor counts its stream: the owner, who stands first among the readers, counts everything."""
    owned = actor.company == event.readers[0] or event.shared_seq is None
    return int(event.seq if owned else event.shared_seq)


class FeedHead(Model):
    """The last position given out in a company's feed."""

    company_id = fields.UUIDField(primary_key=True)
    position = fields.BigIntField(default=0)

    class Meta:
        table = "feed_head"

    @classmethod
    async def position_of(cls, company_id: UUID) -> int:
        """Where a company's feed stands; 0 before its first event."""
        head = await cls.get_or_none(company_id=company_id)
        return head.position if head else 0


class FeedEntry(Model):
    """An event in a company's feed, under that company's own gapless position."""

    id = fields.BigIntField(primary_key=True, generated=True)
    company_id = fields.UUIDField()
    position = fields.BigIntField()
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "models.Event", related_name="feed_entries", on_delete=fields.RESTRICT, db_index=True
    )
    event_id: int

    class Meta:
        table = "feed_entry"
        unique_together = (("company_id", "position"), ("company_id", "event"))
