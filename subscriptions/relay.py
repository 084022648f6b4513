"""The relay: carries each event into the feeds of its readers, once, and rings the bell."""

import asyncio
import logging
from typing import Final

from models.feed import Announced, announce_batch, unannounced
from subscriptions.bell import Bell

RELAY: Final = "relay"
"""The bell's key for "something was committed that stands in no feed yet"."""

BATCH: Final = 500
"""Events in one transaction."""

TICK: Final = 1.0
"""Seconds after which it looks without having been rung: the most that a lost ring costs."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between two tries while the database refuses: doubled each time up to the second."""

logger = logging.getLogger(__name__)


class Relay:
    """Every process may run one: a lock lets one work at a time, and another goes on at once when that one dies.

    `announced` and `failures` count batches' events and failed tries of this process.
    """

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._task: asyncio.Task[None] | None = None
        self.announced = 0
        self.failures = 0

    @property
    def is_running(self) -> bool:
        """Whether it is at its post; between start and stop nothing makes it leave."""
        return self._task is not None and not self._task.done()

    async def start(self) -> None:
        """It works in the background from now on."""
        if not self.is_running:
            self._task = asyncio.create_task(self._run(), name="relay")

    async def stop(self) -> None:
        """It has stopped; a batch that was under way is undone and left to the next relay."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def announce(self) -> int:
        """Announce all that waits, and say how many events that were; 0 when another process is at it."""
        total = 0
        while batch := await announce_batch(BATCH):
            await self._tell(batch)
            total += batch.events
            if batch.events < BATCH:
                break
        return total

    async def lag(self) -> int:
        """How many events wait to be announced: near 0 while any relay works."""
        return await unannounced()

    async def _tell(self, batch: Announced) -> None:
        self.announced += batch.events
        if batch.touched:
            await self._bell.ring(batch.touched)

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        async with self._bell.wakes(RELAY) as wake:
            while True:
                await wake.heard(TICK)
                try:
                    await self.announce()
                    pause = FIRST_PAUSE
                except Exception:  # whatever it is, the events have to go out when it is over
                    self.failures += 1
                    logger.exception("The relay could not announce; next try in %.1f s.", pause)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
