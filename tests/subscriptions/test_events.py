"""Each kind of event has a type of its own in the schema, and a word."""

from graphql import build_schema, is_object_type

from api.schema import sdl
from rules.events import READING, EventKind, Topic

SCHEMA = build_schema(sdl())


def type_of(kind: EventKind) -> str:
    """ORDER_PLACED is shown as OrderPlaced."""
    return kind.title().replace("_", "")


def test_every_kind_has_a_type_and_every_type_a_kind() -> None:
    event = SCHEMA.get_type("Event")
    shown = {name for name, kind in SCHEMA.type_map.items() if is_object_type(kind) and event in kind.interfaces}

    assert shown == {type_of(kind) for kind in EventKind}


def test_an_order_s_events_and_no_others_tell_of_the_order() -> None:
    order_event = SCHEMA.get_type("OrderEvent")
    shown = {name for name, kind in SCHEMA.type_map.items() if is_object_type(kind) and order_event in kind.interfaces}

    assert shown == {type_of(kind) for kind, reading in READING.items() if reading.topic is Topic.ORDER}
