"""Inputs built by what is known of their classes are those that Strawberry builds."""

from enum import Enum
from typing import Any

import pytest
import strawberry
from graphql import GraphQLInputObjectType, is_non_null_type
from strawberry.types.arguments import convert_argument
from strawberry.types.base import get_object_definition

from api.schema import schema as shown_schema
from models.base import new_id
from resolvers.building_inputs import build_directly
from resolvers.ids import encode_id
from tests.plausible import plausible

SCHEMA = shown_schema._schema
INPUTS = {name: type_ for name, type_ in SCHEMA.type_map.items() if isinstance(type_, GraphQLInputObjectType)}


class AnyIds(dict[str, str]):
    """An id of whatever kind is asked for."""

    def __missing__(self, kind: str) -> str:
        return encode_id(kind, new_id())


def built(type_: Any, given: Any) -> Any:
    """What a resolver is given."""
    registry, config = shown_schema.schema_converter.scalar_registry, shown_schema.config
    return convert_argument(given, type_, registry, config)


def coerced(type_: GraphQLInputObjectType) -> list[Any]:
    """Values as graphql-core hands them on: all that can be said, only what must be, and null for what may be."""
    said = {name: plausible(field.type, AnyIds(), name) for name, field in type_.fields.items()}
    optional = {name for name, field in type_.fields.items() if not is_non_null_type(field.type)}
    least = {name: value for name, value in said.items() if name not in optional}
    return [said, least, {**said, **dict.fromkeys(optional)}]


def test_each_input_is_what_strawberry_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in lists and in one another."""
    definitions = {name: type_.extensions["strawberry-definition"] for name, type_ in INPUTS.items()}
    given = {name: coerced(type_) for name, type_ in INPUTS.items()}
    assert all(one.from_input for one in definitions.values())
    ours = {name: [built(one.origin, value) for value in given[name]] for name, one in definitions.items()}
    for one in definitions.values():
        monkeypatch.setattr(one, "from_input", None)
    for name, one in definitions.items():
        assert ours[name] == [built(one.origin, value) for value in given[name]], name
        assert all(type(value) is one.origin for value in ours[name])
    assert len(ours) > 100


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Inner:
    number: int = 7
    colours: list[Colour] = strawberry.field(default_factory=list)


@strawberry.input
class Outer:
    inner: Inner
    others: list[Inner | None] | None = strawberry.UNSET
    said: str | None
    colour: Colour | None = None
    id: strawberry.relay.GlobalID | None = None


@strawberry.input
class Cautious:
    said: strawberry.Maybe[str]


@strawberry.type
class Query:
    @strawberry.field
    def outer(self, given: Outer) -> str:
        return repr(given)

    @strawberry.field
    def cautious(self, given: Cautious) -> str | None:
        return repr(given)


QUERIES = (
    "{ outer(given: { inner: {} }) }",
    '{ outer(given: { inner: { number: 1, colours: [RED, RED] }, others: [{}, null, { number: 2 }], said: "x", colour: RED }) }',
    '{ outer(given: { inner: {}, others: null, said: null, colour: null, id: "T3V0ZXI6MQ==" }) }',
    '{ outer(given: { inner: {}, id: "nonsense" }) }',
    '{ cautious(given: { said: "x" }) }',
    "{ cautious(given: {}) }",
    "{ cautious(given: { said: null }) }",
)


@pytest.mark.parametrize("query", QUERIES)
async def test_whatever_is_said_is_understood_as_before(query: str) -> None:
    """Defaults, nulls, enums, ids that are none; a null that `Maybe` forbids is refused by the same rule."""
    theirs, ours = strawberry.Schema(Query), strawberry.Schema(Query)
    expected = await theirs.execute(query)
    build_directly(ours)
    try:
        assert get_object_definition(Inner, strict=True).from_input is not None
        answer = await ours.execute(query)
    finally:
        for one in (Inner, Outer, Cautious):
            get_object_definition(one, strict=True).from_input = None
    assert (answer.data, [str(error) for error in answer.errors or ()]) == (
        expected.data,
        [str(error) for error in expected.errors or ()],
    )
