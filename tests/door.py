"""A small shop behind the real door: its own schema, on a real uvicorn and a free port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import strawberry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from api.graphql import GraphQL
from api.limits import Limits
from api.operations import Operations
from api.server import Server, configured
from resolvers.amounts import Quantity, QuantityInput
from resolvers.context import Context
from resolvers.inputs import Items, Text, check, page_size
from resolvers.problems import REFUSALS, InvalidInputProblem, NotAllowedProblem, answers
from resolvers.scalars import SCALARS
from rules.people import Actor
from rules.problems import NotAllowed, Unauthenticated, Unavailable
from subscriptions.connection import SocketLimits
from subscriptions.socket import GraphQLSocket

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


@dataclass
class Door:
    """Where the shop can be reached."""

    shop: Shop
    port: int
    operations: Operations
    socket: GraphQLSocket
    server: Server

    @property
    def url(self) -> str:
        """For HTTP."""
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def ws(self) -> str:
        """For websockets."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    async def stop(self) -> None:
        """As SIGTERM would."""
        self.server.should_exit = True


@asynccontextmanager
async def open_door(
    limits: Limits | None = None, socket_limits: SocketLimits | None = None, allowed_origins: tuple[str, ...] = ()
) -> AsyncIterator[Door]:
    """The shop on a free port, until the end of the block."""
    shop = Shop()
    operations = Operations(schema, limits)
    http = GraphQL(operations, shop.authorise, shop.make_context, allowed_origins=allowed_origins)
    socket = GraphQLSocket(
        operations, shop.authorise, shop.make_context, allowed_origins=allowed_origins, limits=socket_limits
    )
    app = Starlette(routes=[Route("/graphql", http), WebSocketRoute("/graphql", socket)])
    server = Server(configured(app, host="127.0.0.1", port=0, lifespan="off"), socket.close)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Door(shop, port, operations, socket, server)
    finally:
        shop.go_on.set()
        server.should_exit = True
        await serving
