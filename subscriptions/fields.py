"""The subscriptions: what happened after a cursor, then what happens, each event once and in order."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
from models.feed import Numbering
from models.order import side_of, version_for
from models.rows import Row, row
from resolvers.context import Context
from resolvers.delivery_board import DeliveryBoard, wish_of
from resolvers.delivery_board import Filter as BoardFilter
from resolvers.delivery_board import First as BoardFirst
from resolvers.enums import described
from resolvers.ids import decode_id
from resolvers.inputs import PAGE_CAP, Items, check
from rules.events import EventKind, Topic, may_read
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import NotFound
from subscriptions.agreement_events import AgreementEvent
from subscriptions.boards import Boards
from subscriptions.enquiry_events import EnquiryEvent
from subscriptions.event import Event, OrderEvent
from subscriptions.tail import Source, Tails

After = Annotated[
    int | None,
    strawberry.argument(
        description="The cursor to go on after; 0: everything from the start; null: only what happens from now on."
    ),
]
_tails: list[Tails] = []
_boards: list[Boards] = []


def use_tails(tails: Tails) -> None:
    """Follow what these read from now on; the wiring says which."""
    _tails[:] = [tails]
    _boards[:] = [Boards(tails)]


described(
    Topic,
    "Topic",
    "Which stream an event belongs to.",
    {
        "ORDER": "An order's, which both parties read.",
        "AGREEMENT": "A framework agreement's, which both parties read.",
        "APPROVAL": "An approval's, which the buyer's company alone reads.",
        "COMPANY": "A company's own.",
        "CONVERSATION": "How far what was said on an order was read: for both parties.",
        "ENQUIRY": "An enquiry's, which the buyer's company alone reads.",
        "BUDGET": "A cost centre's or a budget's, which the buyer's company alone reads.",
        "STOCK": "A warehouse's or a posting's of its stock, which the supplier's company alone reads.",
        "CREDIT": "A credit line's, which its supplier and its buyer read.",
        "BOOKS": "A file's that was made of the books, which those who read the books alone read.",
        "PRICING": "A price list's, a promotion's or a customer grade's, which the supplier's company alone reads.",
        "SETTLEMENT": "A split's of a payment, which the supplier's FINANCE, ADMIN and keys with BILLING read, and the platform.",
        "RECONCILIATION": "A day compared with a provider's statement, which the supplier's ADMIN, FINANCE and keys with BILLING read.",
    },
)


@strawberry.input(description="Which events of a company to be told of; all conditions must hold.")
class EventFilter:
    """Conditions on events; what is null does not narrow."""

    kinds: Annotated[list[EventKind], Items(0, len(EventKind))] | None = strawberry.field(
        default=None, description="Those of one of these kinds, each named once at most."
    )
    topics: Annotated[list[Topic], Items(0, len(Topic))] | None = strawberry.field(
        default=None, description="Those of one of these streams, each named once at most."
    )


Filter = Annotated[EventFilter | None, strawberry.argument(description="Which events to be told of; all without it.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]


@strawberry.type(description="What can be followed over graphql-transport-ws: replayed from a cursor, then live.")
class Subscription:
    """What can be followed."""

    @strawberry.subscription(description="What happens to one order, as the caller's side counts it.")
    async def order_events(
        self, info: Info[Context, None], order_id: Id, after: After = None
    ) -> AsyncGenerator[OrderEvent, None]:
        """Replay, then live; a missing, a malformed and a stranger's id are refused alike."""
        actor = info.context.actor
        order = await _seen(models.Order, "Order", order_id, actor)
        numbering = Numbering.STREAM if side_of(order, actor) is Side.BUYER else Numbering.SHARED_STREAM
        start = version_for(order, actor) if after is None else after
        async with _tails[0].follow(Source(numbering, order.id), start) as events:
            async for event in events:
                yield event

    @strawberry.subscription(description="What happens to one shipment.")
    async def shipment_events(
        self, info: Info[Context, None], shipment_id: Id, after: After = None
    ) -> AsyncGenerator[OrderEvent, None]:
        """Replay, then live; a missing, a malformed and a stranger's id are refused alike."""
        shipment = await _seen(models.Shipment, "Shipment", shipment_id, info.context.actor)
        start = shipment.version if after is None else after
        async with _tails[0].follow(Source(Numbering.SHIPMENT, shipment.id), start) as events:
            async for event in events:
                yield event

    @strawberry.subscription(description="What happens to one framework agreement.")
    async def agreement_events(
        self, info: Info[Context, None], agreement_id: Id, after: After = None
    ) -> AsyncGenerator[AgreementEvent, None]:
        """Replay, then live; a missing, a malformed and a stranger's id are refused alike."""
        agreement = await _seen(models.FrameworkAgreement, "FrameworkAgreement", agreement_id, info.context.actor)
        start = agreement.version if after is None else after
        async with _tails[0].follow(Source(Numbering.STREAM, agreement.id), start) as events:
            async for event in events:
                yield event

    @strawberry.subscription(description="What happens to one enquiry of the caller's company, and not to its orders.")
    async def enquiry_events(
        self, info: Info[Context, None], enquiry_id: Id, after: After = None
    ) -> AsyncGenerator[EnquiryEvent, None]:
        """Replay, then live; a missing, a malformed and a stranger's id are refused alike."""
        enquiry = await _seen(models.Enquiry, "Enquiry", enquiry_id, info.context.actor)
        start = enquiry.version if after is None else after
        async with _tails[0].follow(Source(Numbering.STREAM, enquiry.id), start) as events:
            async for event in events:
                yield event

    @strawberry.subscription(
        description="What happens to the company and its orders, as far as it is the caller's business. Of orders' money are told "
        "people with another role than WAREHOUSE and VIEWER, and keys with READ and BILLING; `orderEvents` is whole for whoever reads it."
    )
    async def company_events(
        self, info: Info[Context, None], after: After = None, filter: Filter = None
    ) -> AsyncGenerator[Event, None]:
        """Replay, then live, of the company's feed."""
        if filter is not None:
            check(filter, "filter")
        actor = info.context.actor
        start = await models.FeedHead.position_of(actor.home) if after is None else after
        async with _tails[0].follow(Source(Numbering.COMPANY_FEED, actor.home), start) as events:
            async for event in events:
                if may_read(EventKind(event.kind), actor) and _wanted(event, filter):
                    yield event

    @strawberry.subscription(
        description="The delivery board of the caller's company: as it is, then anew when an event of a shipment or the beginning of a day "
        "may have changed it, at most once a second. Each is whole: after a break subscribe again, and nothing is missed."
    )
    async def delivery_board(
        self, info: Info[Context, None], filter: BoardFilter = None, first: BoardFirst = PAGE_CAP
    ) -> AsyncGenerator[DeliveryBoard, None]:
        """The present board, then the newest whenever the subscriber is ready for it."""
        async with _boards[0].watch(info.context.actor, wish_of(filter, first)) as boards:
            async for board in boards:
                yield board


async def _seen(
    model: type[models.Order | models.Shipment | models.FrameworkAgreement | models.Enquiry],
    kind: str,
    text: str,
    actor: Actor,
) -> Row:
    key = decode_id(kind, text)
    found = await row(model.visible_to(actor).filter(id=key)) if key else None
    if found is None:
        raise NotFound(kind, text)
    return found


def _wanted(event: Row, wanted: EventFilter | None) -> bool:
    if wanted is None:
        return True
    return (wanted.kinds is None or event.kind in wanted.kinds) and (
        wanted.topics is None or event.topic in wanted.topics
    )
