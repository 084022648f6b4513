"""The database engine handed to Tortoise: its asyncpg client, with the faults closed that hang a busy server (decision 0002).

1. `TransactionContextPooled.__aenter__` takes a connection and then awaits BEGIN; a task cancelled in between (Strawberry cancels
   running websocket operations on disconnect) never gives it back, until the pool is empty and every query waits for ever.
2. Nothing bounds the wait for a free connection.
3. Every release costs a round trip that resets a session nobody changed.
"""

from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections

from rules.problems import Unavailable

OUTAGE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # asyncpg's word for a connection that the server ended while nobody was talking on it
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
    TimeoutError,
)
"""What the driver raises when the database is away: not the caller's fault, and worth another try later.

Its InterfaceError is not among them: it means a lost connection or a mistake of ours, and only the connection's state can tell.
"""


class Session(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """A connection that is given back without a round trip.

    No code here changes a session's settings, listens or takes a session lock on a pooled connection (transactions use SET LOCAL),
    so there is nothing to reset; an open transaction is still rolled back.
    """

    def get_reset_query(self) -> str:
        """No statement at all."""
        return ""

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:
        """As asyncpg's, but a COMMIT that the server turned into a ROLLBACK is an error.

        PostgreSQL answers so when a statement failed before and somebody swallowed that error: the caller would believe its work is kept.
        """
        status: str = await super().execute(query, *args, timeout=timeout)
        if query == "COMMIT;" and status == "ROLLBACK":
            raise asyncpg.InFailedSQLTransactionError("a failed statement was swallowed, so the transaction was undone")
        return status


class BoundedPool(asyncpg.Pool):  # type: ignore[misc]  # asyncpg is untyped
    """A pool in which nobody waits longer than `patience` seconds; then, or when the server is away, Unavailable is raised."""

    patience: float = 2.0

    async def _acquire(self, timeout: float | None) -> PoolConnectionProxy:
        try:
            return await super()._acquire(timeout or self.patience)
        except (*OUTAGE, OSError) as outage:
            raise Unavailable() from outage


class CancelSafeTransaction(TransactionContextPooled):
    """A transaction whose connection goes back to the pool wherever the task is cancelled."""

    client: TransactionWrapper

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self.client._connection = await self._pool().acquire()
        try:
            await self.client.begin()
        except BaseException:
            await self._pool().release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        # Leave the context first: a cancelled release must not leave this task pointing at a connection it does not own.
        get_connections().reset(self.token)
        connection, trouble = self.client._connection, exc_val
        try:
            if exc_type is None:
                await self.client.commit()
            elif not _is_lost(connection):
                await self.client.rollback()
        except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            trouble = trouble or error  # the first one says more
        finally:
            lost = _is_lost(connection)
            self.client._finalized = True
            await self._pool().release(connection)
        if lost and isinstance(trouble, asyncpg.InterfaceError):
            raise Unavailable() from trouble
        if trouble is not exc_val:
            raise trouble

    def _pool(self) -> asyncpg.Pool:
        pool = self.client._parent._pool
        if pool is None:
            raise Unavailable()
        return pool


class DatabaseClient(AsyncpgDBClient):
    """Tortoise's asyncpg client, connected by a plain libpq URL (sockets and TLS options included)."""

    def __init__(self, *, dsn: str, patience: float, session: dict[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dsn, self.patience, self.session = dsn, patience, session

    async def create_connection(self, with_db: bool) -> None:
        """Open the pool; a wrong URL or a server that is away raises what asyncpg raises."""
        # The pool is ours alone to make: asyncpg.create_pool offers no way to name the pool's class.
        self._pool = BoundedPool(
            self.dsn,
            connection_class=Session,
            record_class=asyncpg.Record,
            min_size=self.pool_minsize,
            max_size=self.pool_maxsize,
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            loop=None,
            server_settings=self.session,
        )
        self._pool.patience = self.patience
        await self._pool
        await self._post_connect()

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransaction(TransactionWrapper(self), self._pool_init_lock)


def _is_lost(connection: PoolConnectionProxy) -> bool:
    # The pool takes a dead connection out of its proxy by itself; the empty proxy then refuses to say whether it is closed.
    return connection._con is None or connection.is_closed()


client_class = DatabaseClient
"""The name Tortoise looks for in an engine module."""
