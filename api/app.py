"""The ASGI application: one endpoint for GraphQL over HTTP and websocket, the pages, health and metrics."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute

from api import garbage
from api.attachments import attachment_routes
from api.authentication import authorise, make_context
from api.billing_files import billing_file_routes
from api.carriers import carrier_routes
from api.contract_files import contract_file_routes
from api.demo.filling import filled
from api.demo.people import users
from api.demo.tally import tally
from api.door import Door
from api.examples import Example, read_examples
from api.graphql import GraphQL
from api.health import Health
from api.line_files import line_file_routes
from api.metrics import Metrics
from api.operations import Operations
from api.packing_files import packing_file_routes
from api.pages import Demo, Site, page_not_found, page_routes
from api.payment_notices import payment_notice_routes
from api.schema import schema, sdl
from api.settings import Settings
from api.statement_files import statement_file_routes
from api.wiring import House, at_work
from models.database import is_alive
from services import alerts
from subscriptions.socket import GraphQLSocket

_OPERATION = re.compile(r"^(?:query|mutation|subscription) (\w+)", re.MULTILINE)


def create_app(settings: Settings, database_url: str, address: str | None = None) -> Starlette:
    """The application for a migrated database; everything that runs beside the requests lives as long as its lifespan.

    `address`, such as http://127.0.0.1:8000, is where this process will answer; a demo's goods move only with it.
    """
    examples = read_examples()
    operations, metrics = Operations(schema, settings.limits), Metrics(named_operations(examples))
    origins = settings.allowed_origins
    http = GraphQL(operations, authorise, make_context, allowed_origins=origins, observe=metrics.answered)
    live = GraphQLSocket(operations, authorise, make_context, allowed_origins=origins)
    health = Health({"bell": lambda: _bell(app)})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with at_work(settings, database_url, address) as house:
            app.state.house = house
            _watch(metrics, house, live)
            garbage.settle()
            yield

    app = Starlette(
        routes=[
            Route("/graphql", http),
            WebSocketRoute("/graphql", live),
            *_file_routes(settings),
            *health.routes(),
            *metrics.routes(),
            *page_routes(_site(settings), examples),
        ],
        exception_handlers={404: page_not_found},
        lifespan=lifespan,
    )
    app.state.live = live
    return app


def _file_routes(settings: Settings) -> list[BaseRoute]:
    """What GraphQL cannot carry."""
    door = Door(authorise, make_context, settings.allowed_origins)
    uploads = attachment_routes(door, settings.limit_upload_bytes)
    written = [*carrier_routes(), *payment_notice_routes()]
    printed = [*contract_file_routes(door), *packing_file_routes(door), *billing_file_routes(door)]
    return [*printed, *uploads, *line_file_routes(door), *statement_file_routes(door), *written]


def named_operations(examples: Iterable[Example]) -> set[str]:
    """The operations that metrics may name: those we publish; whatever else clients send counts as other."""
    return {name for example in examples for name in _OPERATION.findall(example.query)}


def _bell(app: Starlette) -> str:
    return "connected" if app.state.house.bell.is_connected else "silent: events arrive by the clock"


def _watch(metrics: Metrics, house: House, live: GraphQLSocket) -> None:
    metrics.watch("dinghuo_sockets", "Websockets open.", lambda: len(live))
    metrics.watch("dinghuo_sources", "Streams and feeds followed.", lambda: len(house.tails))
    metrics.watch("dinghuo_events_announced", "Events this process announced.", lambda: house.relay.announced)
    metrics.watch("dinghuo_relay_failures", "Tries to announce that failed.", lambda: house.relay.failures)
    metrics.watch("dinghuo_bell_failures", "Rings that the broker did not take.", lambda: house.bell.failures)
    metrics.watch_counts("dinghuo_money_alerts", "Money that somebody has to look after.", "kind", alerts.raised)


def _site(settings: Settings) -> Site:
    demo = Demo(users(), tally, filled) if settings.demo else None
    return Site(version("dinghuo"), sdl(), is_alive, demo)
