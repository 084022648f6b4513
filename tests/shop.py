"""A small shop with one of everything that the door has to deal with."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import strawberry
from starlette.requests import HTTPConnection
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from resolvers.amounts import Quantity, QuantityInput
from resolvers.context import Context
from resolvers.inputs import Items, Text, check, page_size
from resolvers.problems import REFUSALS, InvalidInputProblem, NotAllowedProblem, answers
from resolvers.scalars import SCALARS
from rules.people import Actor
from rules.problems import NotAllowed, Unauthenticated, Unavailable

COMPANY = UUID(int=1)


@dataclass
class Shop:
    """What the tests look at and turn."""

    people: dict[str, Actor] = field(
        default_factory=lambda: {
            "alice": Actor(company=COMPANY, member=UUID(int=2), name="alice"),
            "bob": Actor(company=COMPANY, member=UUID(int=3), name="bob"),
            "rival": Actor(company=UUID(int=9), member=UUID(int=4), name="rival"),
        }
    )
    notes: list[str] = field(default_factory=list)
    followers: set[asyncio.Queue[Any]] = field(default_factory=set)
    shown: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    is_down: bool = False

    async def authorise(self, connection: HTTPConnection) -> Actor:
        """By a token that is the person's name."""
        if self.is_down:
            raise Unavailable(7)
        header = connection.headers.get("authorization")
        if header is None:
            return Actor.anonymous()
        if (actor := self.people.get(header.removeprefix("Bearer "))) is None:
            raise Unauthenticated
        return actor

    def make_context(self, _connection: HTTPConnection, actor: Actor) -> "ShopContext":
        """A fresh one."""
        return ShopContext(actor=actor, shop=self)

    def happen(self, event: object) -> None:
        """Hand one object to all followers, as a tail does."""
        for follower in self.followers:
            follower.put_nowait(event)


@dataclass
class ShopContext(Context):
    """The context, with the shop in it."""

    shop: Shop = field(default_factory=Shop)


ShopInfo = Info[ShopContext, None]


@dataclass
class Happening:
    """What a tail hands out."""

    number: int
    word: str = "!"


@strawberry.type
class Entry:
    """One entry of a page."""

    id: int
    quantity: Quantity | None = None

    @strawberry.field
    def page(self, first: int | None = 20) -> "Page":
        """More of them."""
        return Page(nodes=[Entry(id=n) for n in range(page_size(first))])

    @strawberry.field
    def entries(self) -> "list[Entry]":
        """A list without `first`."""
        return [Entry(id=self.id)]


@strawberry.type
class Page:
    """A connection."""

    nodes: list[Entry]
    total: int = 0


@strawberry.input
class LineInput:
    """A line."""

    sku: Annotated[str, Text(1, 20)]
    quantity: QuantityInput


@strawberry.input
class NoteInput:
    """A note."""

    text: Annotated[str, Text(1, 50)]
    lines: Annotated[list[LineInput], Items(0, 3)] = strawberry.field(default_factory=list)


@strawberry.type
class Query:
    """Reads."""

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        """Greets."""
        return f"hello {name}"

    @strawberry.field
    def page(self, first: int | None = 20) -> Page:
        """Entries."""
        return Page(nodes=[Entry(id=n) for n in range(page_size(first))])

    @strawberry.field
    def who(self, info: ShopInfo) -> str:
        """The caller."""
        return info.context.actor.name

    @strawberry.field
    async def wait(self, info: ShopInfo) -> str | None:
        """Until the test says so."""
        await info.context.shop.go_on.wait()
        return "done"

    @strawberry.field
    def crash(self) -> str | None:
        """A bug."""
        raise RuntimeError("secret password of the database")

    @strawberry.field
    def away(self) -> str | None:
        """A database that is down."""
        raise Unavailable(3)

    @strawberry.field
    def members_only(self, info: ShopInfo) -> str | None:
        """For those who are signed in."""
        return str(info.context.actor.home)


@strawberry.type
class NoteSuccess:
    """Written."""

    text: str


Answer = answers(NoteSuccess, NotAllowedProblem, InvalidInputProblem)


@strawberry.type
class Mutation:
    """Writes."""

    @strawberry.mutation
    async def note(self, info: ShopInfo, input: NoteInput) -> Answer:  # type: ignore[valid-type]
        """Writes a note."""
        check(input)
        if input.text == "forbidden":
            raise NotAllowed("note")
        info.context.shop.notes.append(input.text)
        return NoteSuccess(text=input.text)

    @strawberry.mutation
    async def slow_note(self, info: ShopInfo, text: str) -> str | None:
        """Writes when the test says so."""
        await info.context.shop.go_on.wait()
        info.context.shop.notes.append(text)
        return text

    @strawberry.mutation
    def sign_in(self) -> str:
        """Once per request."""
        return "token"


@strawberry.type
class Happened:
    """An event."""

    number: int
    word: str

    @strawberry.field
    def times_shown(self, info: ShopInfo) -> int:
        """Counts executions."""
        info.context.shop.shown += 1
        return info.context.shop.shown

    @strawberry.field
    async def slow(self, info: ShopInfo) -> str | None:
        """Something that takes until the test says so."""
        await info.context.shop.go_on.wait()
        return "done"

    @strawberry.field
    def shown_to(self, info: ShopInfo) -> str:
        """Which company the context is for."""
        return str(info.context.actor.company)

    @strawberry.field
    def trace(self, info: ShopInfo) -> str:
        """Which context it was shown in."""
        return info.context.trace_id


@strawberry.type
class Subscription:
    """Live."""

    @strawberry.subscription
    async def happenings(self, info: ShopInfo, after: int = 0) -> AsyncIterator[Happened]:
        """What happens, after those that the cursor counts."""
        queue: asyncio.Queue[Happened] = asyncio.Queue()
        shop = info.context.shop
        shop.followers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            shop.followers.discard(queue)

    @strawberry.subscription
    async def count(self, to: int) -> AsyncIterator[int]:
        """An end in sight."""
        for number in range(to):
            yield number

    @strawberry.subscription
    async def forbidden(self, info: ShopInfo) -> AsyncIterator[int]:
        """Only for members."""
        yield info.context.actor.home.int


schema = strawberry.Schema(
    Query, Mutation, Subscription, config=StrawberryConfig(scalar_map=SCALARS), exception_handlers=REFUSALS
)
