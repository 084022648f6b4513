"""Anything with an id, found by that id alone."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any

import strawberry
from graphql import GraphQLInterfaceType, GraphQLSchema
from strawberry.types import Info
from tortoise.models import Model

from models.rows import row
from resolvers.context import Context
from resolvers.ids import split_id


@strawberry.interface(description="Anything that has an id of its own and can be read again by it.")
class Node:
    """A type that shows a model (`@shows`) and implements this is found by `node` without another line.

    Its model must have `visible_to(actor)`, and its id must be `encode_id(<the type's name>, row.id)`.
    """

    id: strawberry.ID = strawberry.field(description="Opaque id, unique among all types.")


@strawberry.type
class NodeQuery:
    """How to find anything."""

    @strawberry.field(description="Anything by its id; null if there is nothing that the caller may see.")
    async def node(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Node | None:
        """A missing, a malformed and a stranger's id look the same."""
        kind, key = split_id(id) or ("", None)
        for model in models_of(info._raw_info.schema).get(kind, ()):
            found: Any = await row(model.visible_to(info.context.actor).filter(id=key))
            if found is not None:
                return found  # type: ignore[no-any-return]  # a row that the schema shows as the type
        return None


@cache
def models_of(schema: GraphQLSchema) -> dict[str, tuple[Any, ...]]:
    """The models behind each type of the schema that is a Node, by the type's name."""
    return dict(_shown(schema))


def _shown(schema: GraphQLSchema) -> Iterator[tuple[str, tuple[type[Model], ...]]]:
    interface = schema.get_type("Node")
    if isinstance(interface, GraphQLInterfaceType):
        for shown in schema.get_possible_types(interface):
            yield shown.name, getattr(shown.is_type_of, "shows", ())
