"""What of a source's newest rows its followers still need: read once, kept once, for all of them."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from models.rows import Row

if TYPE_CHECKING:
    from subscriptions.follower import Follower

KEPT: Final = 256
"""Rows a source keeps for its slower followers; who is further behind reads them again from its cursor."""

CURSOR = itemgetter("cursor")

Reader = Callable[[int, int], Awaitable[list[Row]]]
"""(after, limit) -> the first rows after that number, of all that were committed before the call."""


class Window:
    """The newest rows of one source, as far back as somebody in this process still needs them.

    `floor` is the number after which nothing is missing in what is kept; None until the first follower has read to the end.
    """

    def __init__(self, read: Reader, look: Callable[[], None], *, keep: int = KEPT) -> None:
        self.followers: set[Follower] = set()
        self.is_closed = False
        self.read = read
        self._look, self._keep = look, keep
        self._kept: list[Row] = []
        self._floor: int | None = None
        self._was_rung = False
        self._news = asyncio.Event()

    @property
    def position(self) -> int | None:
        """The number of the newest row that was read for all."""
        return self._kept[-1].cursor if self._kept else self._floor

    def covers(self, cursor: int) -> bool:
        """Whether everything after the cursor that was ever handed out is kept."""
        return self._floor is not None and cursor >= self._floor

    def has_seen(self, cursor: int) -> bool:
        """Whether an event of this number exists for certain, and all after it is kept."""
        return self.position is not None and self.covers(cursor) and cursor <= self.position

    def next_after(self, cursor: int) -> Row | None:
        """The first row after a cursor that is covered. All followers get the same object, so what is made of it can be shared."""
        place = self._place(cursor)
        return self._kept[place] if place < len(self._kept) else None

    async def news(self) -> None:
        """Wait for more, or for the end."""
        if not self.is_closed:
            await self._news.wait()

    def reached(self, cursor: int) -> None:
        """A follower has read to the end: from here on the source is read for all, at once if it was rung in the meantime."""
        if self._floor is None:
            self._floor = cursor
            if self._was_rung:
                self._look()

    def is_ready(self) -> bool:
        """Whether there is a position to read from; if not, the ring is kept until there is."""
        self._was_rung = self._floor is None
        return not self._was_rung

    def hand_out(self, rows: Sequence[Row]) -> None:
        """Keep the rows that follow the position, wake all followers, and drop what every follower has or what is too much."""
        newest = self.position
        slowest = min((follower.cursor for follower in self.followers), default=newest)
        self._kept.extend(rows)
        drop = max(self._place(slowest or 0), len(self._kept) - self._keep)
        if drop:
            self._floor = self._kept[drop - 1].cursor
            del self._kept[:drop]
        self._wake()

    def close(self) -> None:
        """Every iteration ends."""
        self.is_closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _place(self, cursor: int) -> int:
        return bisect_right(self._kept, cursor, key=CURSOR)
