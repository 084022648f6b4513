"""Each kind of event is told in a type of its own."""

import pytest
from strawberry.types.base import get_object_definition

from api.schema import schema
from resolvers.relations import DERIVED
from rules.events import READING, EventKind, Topic
from subscriptions.event import Event, MaySettle
from subscriptions.events import EVENT_TYPES


def name_of(kind: EventKind) -> str:
    """ORDER_PLACED → OrderPlaced."""
    return kind.title().replace("_", "")


def test_every_kind_has_its_type_and_every_type_its_kind() -> None:
    """An event without a type would crash the subscription of everybody who may see it."""
    assert {shown.__name__ for shown in EVENT_TYPES} == {name_of(kind) for kind in EventKind}


def test_orders_events_implement_the_orders_interface() -> None:
    """And the others do not: they have no order."""
    implementing = {shown.name for shown in schema._schema.get_implementations(_interface("OrderEvent")).objects}
    assert implementing == {name_of(kind) for kind in EventKind if READING[kind].topic is Topic.ORDER}


def test_the_type_follows_from_the_kind() -> None:
    """As the interface resolves it."""

    class Row:
        kind = EventKind.SHIPMENT_TRACKED

    assert Event.resolve_type(Row(), None, None) == "ShipmentTracked"


@pytest.mark.parametrize(("body", "told"), [({"settled": True}, True), ({"settled": False}, False), ({}, None)])
def test_an_event_of_before_does_not_claim_to_know_whether_its_order_was_settled(
    body: dict[str, bool], told: bool | None
) -> None:
    class Row:
        def __init__(self) -> None:
            self.body = body

    [field] = get_object_definition(MaySettle, strict=True).fields
    assert field.metadata[DERIVED](Row()) is told


def _interface(name: str):  # type: ignore[no-untyped-def]
    return schema._schema.get_type(name)
