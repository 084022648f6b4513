"""One subscriber's place in a source: every event after its cursor, once and in order, however fast or slow either side is."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar, Final

from models.rows import Row

if TYPE_CHECKING:
    from subscriptions.window import Window

PAGE: Final = 256
"""Rows of one read for a follower that catches up."""

PATIENCE: Final = 8
"""Pages a follower that had once caught up may read before it has caught up again: 2,048 events that others have taken long since."""

LAST: Final = 2**63 - 1
"""The highest number the database can give an event."""


class TooSlow(Exception):
    """Events came faster than they were taken; the follower ends, and may resume after `cursor`, the last event it was given."""

    code: ClassVar[str] = "TOO_SLOW"

    def __init__(self, cursor: int) -> None:
        super().__init__(f"Events come faster than you take them. Subscribe again after {cursor}.")
        self.cursor = cursor


class UnknownCursor(Exception):
    """There is no event of this number: the cursor was made up, or the database was restored to an earlier day."""

    code: ClassVar[str] = "UNKNOWN_CURSOR"

    def __init__(self, cursor: int) -> None:
        super().__init__(
            f"There is no event {cursor} to go on after. Read the present state and subscribe after its version."
        )
        self.cursor = cursor


class Follower:
    """An asynchronous iterator over rows with a `cursor`. Cancelling a step loses nothing; the next one goes on.

    It has no queue of its own: the next event is the one after the cursor, in what the window keeps, or else in the database.
    """

    def __init__(self, window: Window, after: int, *, page: int = PAGE) -> None:
        self.cursor = after
        self._window = window
        self._page_size = page
        self._page: deque[Row] = deque()
        self._had_caught_up = False
        self._reads = 0

    async def begin(self) -> None:
        """The cursor is that of an event, or 0; raises UnknownCursor when there is no event to go on after."""
        if not 0 <= self.cursor <= LAST:
            raise UnknownCursor(self.cursor)
        if not self._window.has_seen(self.cursor):
            await self._read(overlap=min(self.cursor, 1))

    def __aiter__(self) -> AsyncIterator[Row]:
        return self

    async def __anext__(self) -> Row:
        """The next event, waiting as long as it takes; raises TooSlow, and ends when the window is closed."""
        while not self._window.is_closed:
            if self._page:
                return self._give(self._page.popleft())
            if not self._window.covers(self.cursor):
                await self._catch_up()
            elif (row := self._window.next_after(self.cursor)) is not None:
                return self._give(row)
            else:
                self._had_caught_up, self._reads = True, 0
                await self._window.news()
        raise StopAsyncIteration

    def _give(self, row: Row) -> Row:
        self.cursor = row.cursor
        return row

    async def _catch_up(self) -> None:
        """What comes next is no longer kept, or not yet: read it."""
        if self._had_caught_up and self._reads == PATIENCE:
            raise TooSlow(self.cursor)
        self._reads += 1
        await self._read()

    async def _read(self, overlap: int = 0) -> None:
        rows = await self._window.read(self.cursor - overlap, self._page_size)
        if overlap and (not rows or rows[0].cursor != self.cursor):
            raise UnknownCursor(self.cursor)
        self._page.extend(rows[overlap:])
        if len(rows) < self._page_size:
            self._window.reached(rows[-1].cursor if rows else self.cursor)
