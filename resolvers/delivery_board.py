"""The delivery board as the schema shows it: what is under way, late, arriving today, or waiting to be received."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import strawberry
from strawberry.types import Info

from models.delivery_board import MOST_GROUPS, Board, BoardWish, delivery_board
from models.rows import Row
from resolvers.context import Context
from resolvers.enums import described
from resolvers.inputs import PAGE_CAP, Text, check, page_size
from resolvers.relations import derived
from resolvers.shipments import Shipment
from resolvers.words import label
from rules.lifecycle import Side
from services import clock


class DeliveryLane(StrEnum):
    """What a delivery counts as on the board; those under way may be late or arrive today besides."""

    LATE = "LATE"
    ARRIVING_TODAY = "ARRIVING_TODAY"
    ARRIVED = "ARRIVED"
    UNDER_WAY = "UNDER_WAY"


described(
    DeliveryLane,
    "DeliveryLane",
    "What a delivery counts as on the board, by the calendar of its place; one may count as several. Expect new ones.",
    {
        "LATE": "It is under way, and the promised day is over.",
        "ARRIVING_TODAY": "It is under way and expected today: by its ETA, or without one by the promised day.",
        "ARRIVED": "It is at the place and waits to be received.",
        "UNDER_WAY": "It has left and has not arrived.",
    },
)


@strawberry.type(description="How many deliveries count as what; one that is late or arrives today is also under way.")
class DeliveryCounts:
    """The counters of a board, or of a group."""

    under_way: int = strawberry.field(description="How many have left and have not arrived.")
    late: int = strawberry.field(description="How many of them should have been there before today.")
    arriving_today: int = strawberry.field(description="How many of them are expected today.")
    arrived: int = strawberry.field(description="How many are at their place and wait to be received.")

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> Self:
        """The counters the statement gave."""
        return cls(**{name: counted[name] for name in ("under_way", "late", "arriving_today", "arrived")})


@strawberry.type(description="What goes to one place.")
class DeliveriesByPlace:
    """A group of deliveries."""

    place: str | None = strawberry.field(description="Where it goes.")
    zone: str = strawberry.field(description="IANA time zone of the place, whose calendar judges.")
    counts: DeliveryCounts = strawberry.field(description="How many.")


@strawberry.type(description="What one carrier carries.")
class DeliveriesByCarrier:
    """A group of deliveries."""

    carrier: str = strawberry.field(description="Who carries it, as the suppliers named it.")
    counts: DeliveryCounts = strawberry.field(description="How many.")


@strawberry.type(description="What left one of the caller's own warehouses.")
class DeliveriesByWarehouse:
    """A group of deliveries."""

    code: str = strawberry.field(description="The warehouse, as the company's books call it.")
    name: str = strawberry.field(description="What people call it.")
    counts: DeliveryCounts = strawberry.field(description="How many.")


@strawberry.type(description="A shipment on the board.")
class Delivery:
    """A shipment that has not been received, and what it counts as."""

    row: strawberry.Private[Row]
    lanes: list[DeliveryLane] = derived(
        lambda one: _lanes(one.row), description="What it counts as, the most urgent first."
    )
    lane_labels: list[str] = derived(
        lambda one, context: [label("delivery_lane", lane, context.locale) for lane in _lanes(one.row)],
        description="The same in words of the caller's language.",
    )
    place: str | None = derived(
        lambda one: one.row.place,
        description="Where it goes: the one place of its lines, or the order's where they follow that or go to several.",
    )
    zone: str = derived(lambda one: one.row.zone, description="IANA time zone of the place.")
    today: date = derived(lambda one: one.row.today, description="The date at the place, by which it was judged.")
    shipment: Shipment = derived(lambda one: one.row, description="The shipment, as it was counted.")


def _lanes(row: Row) -> list[DeliveryLane]:
    return [lane for lane in DeliveryLane if row[f"is_{lane.lower()}"]]


@strawberry.type(
    description="The caller's company's deliveries of one moment. Counters and list come from one snapshot: while `hasMore` is false each "
    "counter is the number of deliveries listed that count as that."
)
class DeliveryBoard:
    """What a wall screen shows."""

    board: strawberry.Private[Board]
    cursor: int = derived(
        lambda one: one.board.cursor,
        description="The position of the company's feed: nothing is missed by who follows `companyEvents` after it.",
    )
    until: datetime | None = derived(
        lambda one: one.board.until,
        description="Until when it holds if nothing happens: then a day begins at one of the places. Null while nothing is under way.",
    )
    counts: DeliveryCounts = derived(
        lambda one: DeliveryCounts.of(one.board.counts), description="How many in all, listed or not."
    )
    by_place: list[DeliveriesByPlace] = derived(
        lambda one: [
            DeliveriesByPlace(place=group["place"], zone=group["zone"], counts=DeliveryCounts.of(group))
            for group in one.board.by_place
        ],
        description=f"How many to each place, the most first; at most {MOST_GROUPS} places.",
    )
    by_carrier: list[DeliveriesByCarrier] = derived(
        lambda one: [
            DeliveriesByCarrier(carrier=group["carrier"], counts=DeliveryCounts.of(group))
            for group in one.board.by_carrier
        ],
        description=f"How many with each carrier, the most first; at most {MOST_GROUPS} carriers.",
    )
    by_warehouse: list[DeliveriesByWarehouse] = derived(
        lambda one: [
            DeliveriesByWarehouse(
                code=group["warehouse"], name=group["warehouse_name"], counts=DeliveryCounts.of(group)
            )
            for group in one.board.by_warehouse
        ],
        description="How many left each of the caller's own warehouses, the most first; nothing of what others sent. "
        f"At most {MOST_GROUPS} warehouses.",
    )
    deliveries: list[Delivery] = derived(
        lambda one: [Delivery(row=row) for row in one.board.deliveries],
        description="The deliveries: the late ones first, then those of today, those that wait, and the others by their promised day.",
    )
    has_more: bool = derived(
        lambda one: len(one.board.deliveries) < one.board.counts["under_way"] + one.board.counts["arrived"],
        description="Whether there are more than are listed.",
    )


@strawberry.input(description="Which deliveries the board shows; all conditions must hold.")
class DeliveryBoardFilter:
    """Conditions on deliveries; what is null does not narrow."""

    side: Side | None = strawberry.field(default=None, description="Those where the caller is on this side.")
    place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Those to the place of exactly this name; at most 300 characters."
    )
    carrier: Annotated[str, Text(1, 120)] | None = strawberry.field(
        default=None, description="Those of the carrier of exactly this name; at most 120 characters."
    )


Filter = Annotated[
    DeliveryBoardFilter | None, strawberry.argument(description="Which deliveries to show; all without it.")
]
First = Annotated[
    int, strawberry.argument(description=f"How many deliveries to list at most: 1 to {PAGE_CAP}. All are counted.")
]


def wish_of(given: DeliveryBoardFilter | None, first: int) -> BoardWish:
    """What was asked for; raises InvalidInput."""
    size = page_size(first)
    if given is None:
        return BoardWish(size)
    check(given, "filter")
    return BoardWish(size, given.side, given.place, given.carrier)


@strawberry.type
class DeliveryBoardQuery:
    """How to look at the board once."""

    @strawberry.field(
        description="What is under way, late, arriving today, or waiting to be received, of the caller's company; the subscription of "
        "the same name keeps it up to date."
    )
    async def delivery_board(
        self, info: Info[Context, None], filter: Filter = None, first: First = PAGE_CAP
    ) -> DeliveryBoard:
        """The board of this moment."""
        found = await delivery_board(info.context.actor, wish_of(filter, first), clock.now())
        return DeliveryBoard(board=found)
