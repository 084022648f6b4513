"""Tails: what is new is read once per process, for all who follow anything, and handed to each of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

from models.driver import OUTAGE
from models.feed import Numbering, rows_after
from models.rows import Row
from models.transaction import TOO_BUSY
from rules.problems import Unavailable
from subscriptions.bell import Bell, Wake
from subscriptions.follower import Follower
from subscriptions.window import Window

TICK: Final = 2.0
"""Seconds after which everything followed is looked at, rung or not: the most that a lost ring costs."""

BATCH: Final = 256
"""Rows of one read for all sources together; no more than is kept, so that who keeps up never has to read for itself."""

READERS: Final = 4
"""Reads at a time for followers that catch up: a storm of reconnects must leave connections for requests."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between two tries while the database is away: doubled each time up to the second."""

AWAY: Final = (*OUTAGE, *TOO_BUSY, Unavailable, OSError)
"""Troubles that pass: whoever follows stays and notices nothing but the delay."""

SEQUENCE_ID = itemgetter("sequence_id")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What can be followed: a company's feed, a stream as one side counts it, or a shipment."""

    numbering: Numbering
    id: UUID

    @property
    def key(self) -> str:
        """What the bell rings when it has news."""
        return str(self.id)


class Tails:
    """All that is followed in this process. One statement per kind of source reads the news of all that were rung.

    async with tails.follow(Source(Numbering.STREAM, order_id), after=7) as events:
        async for row in events:
            ...
    """

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._windows: dict[Source, Window] = {}
        self._readers = asyncio.Semaphore(READERS)
        self._task: asyncio.Task[None] | None = None
        self._open = AsyncExitStack()
        self._wake = Wake()
        self._next_tick = 0.0

    @property
    def is_running(self) -> bool:
        """Whether news are read; between start and stop nothing ends that."""
        return self._task is not None and not self._task.done()

    def __len__(self) -> int:
        """How many sources are followed."""
        return len(self._windows)

    async def start(self) -> None:
        """News are read from now on; may be followed only after this."""
        async with AsyncExitStack() as opening:
            self._wake = await opening.enter_async_context(self._bell.wakes())
            self._task = asyncio.create_task(self._run(), name="tails")
            self._open = opening.pop_all()

    async def stop(self) -> None:
        """Nothing is read any more, and every iteration ends."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._open.aclose()
        for window in self._windows.values():
            window.close()

    @asynccontextmanager
    async def follow(self, source: Source, after: int) -> AsyncIterator[Follower]:
        """Iterate over the rows after the cursor, those that exist and those to come; raises UnknownCursor, and TooSlow on the way.

        Rows are as `models.feed.rows_after` gives them. Whether the follower may see them is the caller's to ask, at each event.
        """
        if not self.is_running:
            raise RuntimeError("nothing can be followed before start() or after stop()")
        window = self._window(source)
        follower = Follower(window, after)
        window.followers.add(follower)
        try:
            await follower.begin()
            yield follower
        finally:
            window.followers.discard(follower)
            if not window.followers:
                self._forget(source)

    def _window(self, source: Source) -> Window:
        if source not in self._windows:
            self._windows[source] = Window(partial(self._read_patiently, source), partial(self._look_at, source))
            self._wake.listen_to(source.key)
        return self._windows[source]

    def _look_at(self, source: Source) -> None:
        self._wake.ring((source.key,))

    def _forget(self, source: Source) -> None:
        del self._windows[source]
        if not self._rung_by((source.key,)):
            self._wake.forget(source.key)

    def _rung_by(self, keys: Iterable[str]) -> list[Source]:
        """An order's id is the key of two sources: one for each side."""
        sources = (Source(numbering, UUID(key)) for key in keys for numbering in Numbering)
        return [source for source in sources if source in self._windows]

    async def _read_patiently(self, source: Source, after: int, limit: int) -> list[Row]:
        """For a follower that catches up: the rows after its cursor, as soon as the database can tell."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._readers:
                    return await rows_after(source.numbering, {source.id: after}, limit)
            except AWAY as trouble:
                logger.info("A follower of %s waits for the database: %s", source, trouble)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._look()
                pause = FIRST_PAUSE
            except Exception:  # whatever it is, news have to be read when it is over
                logger.exception("News could not be read; next try in %.1f s.", pause)
                self._next_tick = 0.0
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _look(self) -> None:
        """Wait for a ring or for the clock, then read the news of what was rung, or of everything."""
        now = asyncio.get_running_loop().time
        rung = await self._wake.heard(max(0.0, self._next_tick - now()))
        sources: Collection[Source] = self._rung_by(rung)
        if now() >= self._next_tick:
            sources = self._windows
            self._next_tick = now() + TICK
        ready = [(source, window) for source in sources if (window := self._windows[source]).is_ready()]
        for numbering in Numbering:
            await self._read_news(
                numbering, {source.id: window for source, window in ready if source.numbering is numbering}
            )

    async def _read_news(self, numbering: Numbering, windows: Mapping[UUID, Window]) -> None:
        is_more = bool(windows)
        while is_more:
            rows = await rows_after(numbering, {id_: window.position or 0 for id_, window in windows.items()}, BATCH)
            for id_, news in groupby(rows, key=SEQUENCE_ID):
                windows[id_].hand_out(list(news))
            is_more = len(rows) == BATCH
