"""The only way to open a transaction: all of the work is kept, or none of it, whatever others do at the same time."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.context import require_context

from models.database import ALIAS
from models.driver import OUTAGE
from rules.problems import Unavailable

T = TypeVar("T")

COLLISION = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""The database chose this transaction to give way to another; the same work may well succeed now."""

TOO_BUSY = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)
"""A lock or statement timeout of ours ran out."""

PAUSE = 0.02
"""Seconds; the pause before the n-th try is random, up to n² times this."""


async def transact(
    work: Callable[[], Awaitable[T]],
    *,
    attempts: int = 3,
    lock_timeout: float | None = None,
    statement_timeout: float | None = None,
    idle_timeout: float | None = None,
    serializable: bool = False,
    snapshot: bool = False,
) -> T:
    """Run `work` in one transaction and give its answer once that is committed.

    An exception undoes everything. A deadlock or serialisation failure runs `work` again, at most `attempts` times in all, so `work`
    must do nothing but read and write rows. Inside another `transact` it joins that one. Timeouts are seconds and default to
    the pool's. With `snapshot` it only reads, and all it reads is of one moment. Raises Unavailable when no connection comes free, the
    database goes away, or others hold the rows too long. When the connection is lost during COMMIT nobody knows the outcome: it is never
    tried again here; the caller's idempotency key decides.
    """
    if is_open():
        return await work()
    settings = _settings(lock_timeout, statement_timeout, idle_timeout, serializable, snapshot)
    for attempt in range(1, attempts + 1):
        try:
            return await _once(work, settings)
        except COLLISION as collision:
            if attempt == attempts:
                raise Unavailable() from collision
            await asyncio.sleep(random.uniform(0, attempt**2 * PAUSE))  # noqa: S311  # no secret
        except (*TOO_BUSY, *OUTAGE) as trouble:
            raise Unavailable() from trouble
    raise ValueError("attempts must be at least 1")


@asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """Let a statement fail without spoiling the transaction around it: undone to here, the error goes on to the caller."""
    if not is_open():
        raise RuntimeError("attempt() belongs inside transact()")
    async with _client()._in_transaction():
        yield


def is_open() -> bool:
    """Whether this task is inside `transact`."""
    client = _client()
    return isinstance(client, TransactionWrapper) and not client._finalized


async def _once(work: Callable[[], Awaitable[T]], settings: str) -> T:
    client = _client()
    # A task started inside a transaction and outliving it still sees that one; it belongs to nobody now.
    source = client._parent if isinstance(client, TransactionWrapper) else client
    async with source._in_transaction() as transaction:
        if settings:
            await transaction.execute_script(settings)
        return await work()


def _settings(
    lock_timeout: float | None,
    statement_timeout: float | None,
    idle_timeout: float | None,
    serializable: bool,
    snapshot: bool,
) -> str:
    wanted = {
        "lock_timeout": lock_timeout,
        "statement_timeout": statement_timeout,
        "idle_in_transaction_session_timeout": idle_timeout,
    }
    lines = ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"] if serializable else []
    lines += ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"] if snapshot else []
    lines += [f"SET LOCAL {name} = {round(value * 1000)}" for name, value in wanted.items() if value is not None]
    return "; ".join(lines)


def _client() -> Any:
    return require_context().db(ALIAS)
