"""Several people who act at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from models.database import pool
from models.transaction import transact
from rules.problems import Problem

T = TypeVar("T")
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def at_once(*work: Awaitable[T]) -> tuple[list[T], list[Problem]]:
    """What became of verbs that run at the same time: those that were done, and the refusals of the others.

    Each has an open connection to start on; while one waited for its own to be made, another would be through.
    """
    await asyncio.gather(*(pool().fetchval("SELECT 1 FROM pg_sleep(0.05)") for _ in work))
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    done: list[T] = []
    refused: list[Problem] = []
    for outcome in outcomes:
        if isinstance(outcome, Problem):
            refused.append(outcome)
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            done.append(outcome)
    return done, refused


async def in_the_middle_of(
    first: Callable[[], Awaitable[object]],
    second: Callable[[], Awaitable[T]],
    then: Callable[[], Awaitable[object]] | None = None,
) -> T | Problem:
    """What became of `second`, that begins when `first` has done everything but to commit, which it does once it holds up the other,
    and has done what it does `then`."""
    done = asyncio.Event()

    async def holding() -> None:
        await first()
        done.set()
        async with asyncio.timeout(10):
            while not await pool().fetchval(_WAITING):
                await asyncio.sleep(0.01)
        if then is not None:
            await then()

    async def meeting() -> T | Problem:
        await done.wait()
        try:
            return await second()
        except Problem as refusal:
            return refusal

    late = asyncio.create_task(meeting())
    try:
        await transact(holding)
        return await late
    finally:
        late.cancel()
