"""Which SQL statements a piece of work sends."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from asyncpg.connection import LoggedQuery

from models.database import pool

_THE_DRIVERS_OWN = ("current_setting", "pg_catalog")


@asynccontextmanager
async def counting() -> AsyncIterator[list[str]]:
    """The statements that this process sends to the database meanwhile, in order; not what the driver asks about a type it has not met."""
    sent: list[str] = []

    def note(query: LoggedQuery) -> None:
        if not any(name in query.query for name in _THE_DRIVERS_OWN):
            sent.append(query.query)

    size = pool().get_max_size()
    async with AsyncExitStack() as stack:
        # All at once, so that the pool has opened each of them and opens no other later.
        connections = [await stack.enter_async_context(pool().acquire()) for _ in range(size)]
        for connection in connections:
            connection.add_query_logger(note)
    try:
        yield sent
    finally:
        async with AsyncExitStack() as stack:
            for connection in [await stack.enter_async_context(pool().acquire()) for _ in range(size)]:
                connection.remove_query_logger(note)
