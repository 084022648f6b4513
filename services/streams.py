"""Events of streams that are not an order's: an approval's, a company's, a budget's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models import Event
from models.base import Stored
from rules.events import READING, EventKind
from rules.people import Actor
from services import clock

Body = Mapping[str, object]


async def note_apart(
    subject: Stored, version: int, kind: EventKind, actor: Actor, readers: list[UUID], body: Body | None = None
) -> None:
    """Write an event of a stream that is not an order's: an approval's, a company's."""
    await Event.create(
        stream=subject.id,
        topic=READING[kind].topic,
        seq=version,
        kind=kind,
        body=body or {},
        readers=readers,
        **done_by(actor),
    )


def done_by(actor: Actor) -> dict[str, Any]:
    """Who did something, and that it was now."""
    return {
        "actor_company_id": actor.company,
        "actor_member_id": actor.member,
        "actor_name": actor.name,
        "occurred_at": clock.now(),
    }
