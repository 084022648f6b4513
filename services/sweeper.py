"""Lets time do its part, in the background."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Sweeper:
    """Every process may run one of each kind."""

    def __init__(self, every: float, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self._work = work
        self._every = every
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """It works in the background from now on."""
        self._task = asyncio.create_task(self._run(), name=f"{self._work.__module__}.{self._work.__name__}")

    async def stop(self) -> None:
        """It has stopped; what it was at is undone and left to the next one."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await self._work()
            except Exception:  # the database is away: what is overdue stays so until it is back
                log.warning("could not sweep", exc_info=True)
