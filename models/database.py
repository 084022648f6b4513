"""The one door to PostgreSQL: one pool per process, shared by Tortoise and by reads that go straight to the driver."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from tortoise.config import TortoiseConfig
from tortoise.context import TortoiseContext, get_current_context, set_global_context

from models.driver import OUTAGE, BoundedPool, DatabaseClient
from rules.problems import Unavailable

APP = "models"
ALIAS = "default"

_context = TortoiseContext()
"""The process's; its models are made ready once, since that takes several times as long as to connect."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many connections a process holds, and how long anything may take on them, in seconds."""

    pool_min: int = 1
    pool_max: int = 10
    patience: float = 2.0
    statement: float = 3.0
    lock: float = 2.0
    idle_in_transaction: float = 15.0

    def session(self) -> dict[str, str]:
        """The server settings every connection starts with; a transaction may tighten or widen them for itself."""
        return {
            "application_name": "dinghuo",
            "timezone": "UTC",
            "jit": "off",  # compiling a plan costs more than any of our short statements
            "statement_timeout": _milliseconds(self.statement),
            "lock_timeout": _milliseconds(self.lock),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_in_transaction),
        }


def config(url: str = "postgresql://nowhere/none", limits: Limits = Limits()) -> TortoiseConfig:
    """Tortoise's configuration for our models; the default URL serves where only the models are wanted."""
    credentials: dict[str, Any] = {
        "dsn": url,
        "database": urlsplit(url).path.lstrip("/"),
        "minsize": limits.pool_min,
        "maxsize": limits.pool_max,
        "patience": limits.patience,
        "session": limits.session(),
    }
    return TortoiseConfig.from_dict(
        {
            "connections": {ALIAS: {"engine": "models.driver", "credentials": credentials}},
            "apps": {APP: {"models": [APP], "default_connection": ALIAS, "migrations": "models.migrations"}},
            "use_tz": True,
            "timezone": "UTC",
        }
    )


async def connect(url: str, *, pool_min: int = 1, pool_max: int = 10, limits: Limits | None = None) -> None:
    """Open the pool for the whole process; raises Unavailable when the server cannot be reached.

    `url` is a libpq URL (`postgresql://user:password@host:5432/name?sslmode=…`). `limits` replaces the two counts when given.
    """
    chosen = config(url, limits or Limits(pool_min=pool_min, pool_max=pool_max))
    # The fallback makes the pool visible in every task: the lifespan that opens it runs in a task of its own.
    if _context.apps is None:
        with _context:
            await _context.init(chosen, _enable_global_fallback=True)
    else:
        set_global_context(_context)
        _context.connections._init_config(chosen.to_dict()["connections"])
    try:
        await _client(_context).create_connection(with_db=True)
    except (*OUTAGE, OSError) as outage:
        await _context.close_connections()
        raise Unavailable() from outage
    except BaseException:
        await _context.close_connections()
        raise


async def close() -> None:
    """Give every connection back and forget the pool; harmless when nothing is open."""
    context = get_current_context()
    if context is not None:
        await context.close_connections()


def is_connected() -> bool:
    """Whether `connect` succeeded and `close` has not been called since."""
    context = get_current_context()
    return context is not None and context.inited and context._connections is not None


def pool() -> BoundedPool:
    """The process's pool, for reads that need no model; raises Unavailable before `connect`."""
    context = get_current_context()
    opened = _client(context)._pool if context is not None and is_connected() else None
    if not isinstance(opened, BoundedPool):
        raise Unavailable()
    return opened


def current_url() -> str:
    """The URL given to `connect`; it holds the password, so it is never logged."""
    context = get_current_context()
    if context is None or not is_connected():
        raise Unavailable()
    return _client(context).dsn


async def is_alive(timeout: float = 2.0) -> bool:
    """Whether the database answers within `timeout` seconds; never raises."""
    try:
        async with pool().acquire(timeout=timeout) as connection:
            return bool(await connection.fetchval("SELECT 1", timeout=timeout) == 1)
    except (*OUTAGE, OSError, asyncpg.PostgresError, Unavailable):
        return False


def _client(context: TortoiseContext) -> DatabaseClient:
    client = context.db(ALIAS)
    source = getattr(client, "_parent", client)  # inside a transaction the alias names that transaction
    if not isinstance(source, DatabaseClient):
        raise TypeError(f"Tortoise made a {type(source).__name__} where models.driver.DatabaseClient was asked for")
    return source


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
