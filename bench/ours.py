"""Our server as the benchmark runs it: the real schema behind the real door, on a database that is there already."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route

from api.garbage import settle
from api.graphql import GraphQL
from api.limits import Limits
from api.operations import Operations
from api.schema import schema
from models import database
from resolvers.context import Context
from rules.people import Actor, CompanyKind, Role

BUYER = Actor(
    company=UUID(os.environ.get("BENCH_BUYER", "0" * 32)), kind=CompanyKind.BUYER, roles=frozenset({Role.REQUESTER})
)


async def authorise(_connection: HTTPConnection) -> Actor:
    """Always the same buyer."""
    return BUYER


def make_context(_connection: HTTPConnection, actor: Actor) -> Context:
    """In Chinese."""
    return Context(actor=actor, locale="zh-CN")


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """The pool."""
    await database.connect(os.environ["DATABASE_URL"])
    settle()
    yield
    await database.close()


operations = Operations(schema, Limits(cost=1_000_000))
app = Starlette(routes=[Route("/graphql", GraphQL(operations, authorise, make_context))], lifespan=lifespan)
