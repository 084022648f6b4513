"""What all events have in common when subscribers are told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.base import get_object_definition
from tortoise.models import Model

import models
from models.event import seq_for
from models.rows import Row, related_rows
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.orders import Order
from resolvers.relations import One, derived, related
from resolvers.words import label
from rules.events import EventKind
from rules.lifecycle import OrderStatus

described(
    EventKind,
    "EventKind",
    "What happened; each kind has a type of its own. Expect new ones.",
    {kind: f"`{kind.title().replace('_', '')}` tells what there is to it." for kind in EventKind},
)


@dataclass(frozen=True)
class Named:
    """The row of `model` whose id stands in the event's body under `key`; with `visible`, if the viewer may see it."""

    model: type[Model]
    key: str
    visible: bool = False

    async def __call__(self, context: Context, events: Sequence[Any]) -> list[Row | None]:
        """The row each event names."""
        ids = [event.body.get(self.key) for event in events]
        # Every model of the house has this door.
        among = self.model.visible_to(context.actor) if self.visible else None  # type: ignore[attr-defined]
        found = await related_rows(self.model, by="id", ids=[UUID(named) for named in ids if named], among=among)
        rows = {str(row.id): row for row in found}
        return [rows.get(named) for named in ids]


@strawberry.type(description="Who did something.")
class EventActor:
    """A person, a machine, or the clock."""

    name: str = strawberry.field(description="The name of the person or key; `clock` when time alone did it.")
    company_id: strawberry.ID | None = strawberry.field(description="The company acted for; null for the clock.")


def _actor(row: Any) -> EventActor:
    company = row.actor_company_id
    return EventActor(name=row.actor_name, company_id=company and encode_id("Company", company))  # type: ignore[arg-type]


@strawberry.interface(description="Something that happened.")
class Event:
    """A fact, in the order in which it was committed."""

    cursor: int = strawberry.field(
        description="Its number in the stream that is followed: what to subscribe `after` to go on from here."
    )
    seq: int = derived(
        lambda row, context: seq_for(row, context.actor),
        description="Its number in its own stream; an order's is the order's version for the caller's side.",
    )
    kind: EventKind = strawberry.field(description="What happened.")
    label: str = derived(
        lambda row, context: label("event_kind", row.kind, context.locale),
        description="What happened, in the caller's language.",
    )
    occurred_at: datetime = strawberry.field(description="When it happened.")
    actor: EventActor = derived(_actor, description="Who did it.")

    @staticmethod
    def resolve_type(row: Any, info: Any, interface: Any) -> str:
        """The kind decides the type: ORDER_PLACED is shown as OrderPlaced."""
        return str(row.kind).title().replace("_", "")


@strawberry.interface(description="Something that happened to an order, which both parties may know.")
class OrderEvent(Event):
    """An event of an order's stream."""

    status: OrderStatus = derived(lambda row: row.body["status"], description="The order's status right after it.")
    order: Order = related(One(models.Order, "stream"), description="The order as it is now.")


@strawberry.type
class MaySettle:
    """By what happened the order may have become settled, or open again."""

    settled: bool | None = derived(
        lambda row: row.body.get("settled"),
        description="Whether the order was done with right after it; null where that was not kept yet.",
    )


def kinds_in(names: Mapping[str, object]) -> tuple[type, ...]:
    """The types of single events among these names, such as a module's."""
    types = (shown for shown in names.values() if isinstance(shown, type) and issubclass(shown, Event))
    return tuple(shown for shown in types if not get_object_definition(shown, strict=True).is_interface)
