"""Small questions to a schema, made by chance: what a screen asks for, some two hundred characters each."""

import random
from collections.abc import Mapping, Sequence

from graphql import (
    DocumentNode,
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_interface_type,
    parse,
)

from resolvers.ids import split_id
from tests.deep_queries import GIVEN

WIDTH, DEPTH = 4, 4
"""Fields beside one another, and inside one another, at most."""

PAGES = ("", "", "(first: 1)", "(first: 3)", "(first: 100)", "(first: 0)")
"""The last of them is an error."""


def question(schema: GraphQLSchema, chance: random.Random, ids: Mapping[str, str]) -> DocumentNode:
    """One or two fields of Query; those that want an id get one of `ids`."""
    assert schema.query_type is not None
    names = chance.sample(sorted(schema.query_type.fields), k=chance.choice((1, 1, 2)))
    return parse(f"{{ {' '.join(_root(schema, chance, name, ids) for name in names)} }}")


def _root(schema: GraphQLSchema, chance: random.Random, name: str, ids: Mapping[str, str]) -> str:
    assert schema.query_type is not None
    field = schema.query_type.fields[name]
    if name in GIVEN:
        return f"{name}{GIVEN[name].format(**ids)} {_below(schema, chance, field, DEPTH)}"
    if "id" not in field.args:
        arguments = chance.choice(PAGES) if "first" in field.args else ""
        return f"{name}{arguments} {_below(schema, chance, field, DEPTH)}"
    named = get_named_type(field.type).name
    id_ = ids[named] if named in ids and chance.random() < 0.8 else chance.choice(sorted(ids.values()))
    return f'{name}(id: "{id_}") {_below(schema, chance, field, DEPTH, split_id(id_))}'


def _below(
    schema: GraphQLSchema, chance: random.Random, field: GraphQLField, depth: int, id_: Sequence[object] | None = None
) -> str:
    type_ = get_named_type(field.type)
    if not is_composite_type(type_):
        return ""
    if is_interface_type(type_):
        kinds = {kind.name: kind for kind in schema.get_possible_types(type_)}
        wanted = kinds.get(str(id_[0]) if id_ else "") or chance.choice(list(kinds.values()))
        return f"{{ __typename ... on {wanted.name} {_some(schema, chance, wanted.fields, depth)} }}"
    return _some(schema, chance, getattr(type_, "fields", {}), depth)


def _some(schema: GraphQLSchema, chance: random.Random, fields: Mapping[str, GraphQLField], depth: int) -> str:
    reachable = [name for name, field in fields.items() if depth or not is_composite_type(get_named_type(field.type))]
    chosen = chance.sample(reachable, k=min(len(reachable), chance.randint(1, WIDTH)))
    return f"{{ {' '.join(f'{name} {_below(schema, chance, fields[name], depth - 1)}' for name in chosen) or '__typename'} }}"
