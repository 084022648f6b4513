"""The ASGI application: one endpoint for GraphQL over HTTP and websocket, the pages, health and metrics."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from api import garbage
from api.authentication import authorise, make_context
from api.demo.people import users
from api.demo_users import DemoUser
from api.graphql import GraphQL
from api.operations import Operations
from api.pages import Site, page_not_found, page_routes
from api.schema import schema, sdl
from api.settings import Settings
from api.wiring import at_work
from models.database import is_alive
from subscriptions.socket import GraphQLSocket


def create_app(settings: Settings, database_url: str) -> Starlette:
    """The application for a migrated database; everything that runs beside the requests lives as long as its lifespan."""
    operations = Operations(schema, settings.limits)
    http = GraphQL(operations, authorise, make_context, allowed_origins=settings.allowed_origins)
    live = GraphQLSocket(operations, authorise, make_context, allowed_origins=settings.allowed_origins)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with at_work(settings, database_url) as house:
            app.state.house = house
            garbage.settle()
            yield

    app = Starlette(
        routes=[Route("/graphql", http), WebSocketRoute("/graphql", live), *page_routes(_site(settings))],
        exception_handlers={404: page_not_found},
        lifespan=lifespan,
    )
    app.state.live = live
    return app


def _site(settings: Settings) -> Site:
    def demo_users() -> Sequence[DemoUser]:
        return users() if settings.demo else ()

    return Site(
        version=version("dinghuo"),
        demo=settings.demo,
        schema_text=sdl(),
        demo_users=demo_users,
        database_is_alive=is_alive,
    )
