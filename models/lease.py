"""The one connection that an operation's reads share.

Borrowing a connection for each statement costs as much as the statement, so one operation keeps what it has borrowed. But it must not
keep it while it waits for something else (a transaction's own connection, another service): with every connection kept like that, all
would wait for each other. So a connection that was idle for a moment goes back by itself and is borrowed again when needed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from models.database import pool

IDLE = 0.005
"""Seconds between two statements after which the connection is given back."""


class Lease:
    """Borrows a connection when the first statement comes, and keeps it for those that follow soon; one statement at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._connection: Any = None
        self._timer: asyncio.TimerHandle | None = None
        self._returns: set[asyncio.Task[None]] = set()

    async def fetch(self, record_class: type[Any], sql: str, *values: Any) -> list[Any]:
        """The rows this statement gives."""
        async with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            if self._connection is None:
                self._connection = await pool().acquire()
            try:
                found: list[Any] = await self._connection.fetch(sql, *values, record_class=record_class)
            except BaseException:  # the connection may be lost, or busy with what was cancelled: the pool sees to it
                self._give_back()
                raise
            self._timer = asyncio.get_running_loop().call_later(IDLE, self._give_back)
            return found

    async def end(self) -> None:
        """Give the connection back; a read that is still under way finishes first."""
        async with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            connection, self._connection = self._connection, None
            if connection is not None:
                await pool().release(connection)

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None  # at once, so that nobody reads through it meanwhile
        if connection is not None:
            task = asyncio.get_running_loop().create_task(pool().release(connection))
            self._returns.add(task)
            task.add_done_callback(self._returns.discard)


_current: ContextVar[Lease | None] = ContextVar("lease", default=None)


@asynccontextmanager
async def one_connection() -> AsyncIterator[None]:
    """Let the reads of this task, and of those it starts, share one connection meanwhile."""
    lease = Lease()
    token = _current.set(lease)
    try:
        yield
    finally:
        _current.reset(token)
        await lease.end()


def current() -> Lease | None:
    """The lease this task may read through."""
    return _current.get()
