"""Long lists in pages: what the client asks with, what it gets, and how to go on (GraphQL Cursor Connections, without a total).

Usage
-----
    @strawberry.field(description="The orders you may see, newest first.")
    async def orders(self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None) -> Connection[Order]:
        found = models.Order.visible_to(info.context.actor)
        return Connection.of(await page(found, ("-created_at", "-id"), first=first, after=after))

`Connection[Order]` appears in the schema as `OrderConnection` with `OrderEdge`s. One statement is sent, however long the page is.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.keyset import Keyset, rows_beyond
from models.rows import Row
from resolvers.cursors import decode_cursor, encode_cursor
from resolvers.errors import bad_input
from resolvers.inputs import PAGE_CAP, PAGE_DEFAULT, page_size
from resolvers.relations import derived

T = TypeVar("T")
NEWEST_FIRST = ("-created_at", "-id")

First = Annotated[
    int | None,
    strawberry.argument(description=f"How many entries at most: 1 to {PAGE_CAP}, {PAGE_DEFAULT} unless told."),
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="The cursor to go on from, as a page in the same sort gave it; from the start without one."
    ),
]


@dataclass(frozen=True)
class Page:
    """Some rows of a sorted list, and whether there are others around them."""

    rows: list[Row]
    keyset: Keyset
    has_next: bool
    has_previous: bool


async def page(
    queryset: QuerySet[Any],
    order: tuple[str, ...] = NEWEST_FIRST,
    *,
    first: int | None = None,
    after: str | None = None,
) -> Page:
    """The next rows of the queryset in this order (see `Keyset.of`), `first` at most, beyond the cursor `after`.

    Rows that others insert or delete meanwhile shift nothing: no row is met twice, and none is passed over that was there all the time.
    A `first` out of range and a cursor that no page in this order gave are INVALID_INPUT errors that name the argument.
    """
    size = page_size(first)
    model: type[Model] = queryset.model
    keyset = Keyset.of(model, order)
    place = None if after is None else decode_cursor(keyset, after)
    if place is None and after is not None:
        raise bad_input("after", "is not a cursor of this list in this sort")
    found = await rows_beyond(queryset, keyset, place, size + 1)
    return Page(found[:size], keyset, has_next=len(found) > size, has_previous=after is not None)


@strawberry.type(description="Whether a list goes on around a page, and from where.")
class PageInfo:
    """How to go on."""

    has_next_page: bool = strawberry.field(description="Whether entries follow this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether this page was asked for with a cursor, so that others precede it."
    )
    start_cursor: str | None = strawberry.field(description="The first entry's cursor; null on an empty page.")
    end_cursor: str | None = strawberry.field(
        description="The last entry's cursor, to go on from; null on an empty page."
    )


@strawberry.type(description="One entry of a page.")
class Edge(Generic[T]):
    """An entry and its place."""

    keyset: strawberry.Private[Keyset]
    node: T = strawberry.field(description="The entry itself.")
    cursor: str = derived(
        lambda edge: encode_cursor(edge.keyset, edge.node), description="Where the entry stands, to go on from."
    )


@strawberry.type(description="One page of a list. The whole list is not counted; go on while there is a next page.")
class Connection(Generic[T]):
    """A page as clients see it."""

    page: strawberry.Private[Page]
    nodes: list[T] = strawberry.field(description="The entries, in order.")
    edges: list[Edge[T]] = derived(
        lambda shown: [Edge(keyset=shown.page.keyset, node=row) for row in shown.nodes],
        description="The entries, in order, each with its cursor.",
    )
    page_info: PageInfo = derived(lambda shown: _page_info(shown.page), description="How to go on.")

    @classmethod
    def of(cls, found: Page) -> "Connection[Any]":
        """The page, to be shown."""
        shown: list[Any] = [*found.rows]
        return cls(page=found, nodes=shown)


def _page_info(found: Page) -> PageInfo:
    ends = [encode_cursor(found.keyset, row) for row in found.rows[:1] + found.rows[-1:]]
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=found.has_previous,
        start_cursor=ends[0] if ends else None,
        end_cursor=ends[-1] if ends else None,
    )
