"""Delivery boards that are watched: each is computed once in a process for all who watch the same, when it may have changed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager, suppress
from typing import Final

from models.delivery_board import Board, BoardWish, delivery_board
from models.feed import Numbering
from resolvers.delivery_board import DeliveryBoard
from rules.people import Actor
from services import clock
from subscriptions.follower import Follower, TooSlow, UnknownCursor
from subscriptions.tail import AWAY, FIRST_PAUSE, LONGEST_PAUSE, Source, Tails

GATHER: Final = 1.0
"""Seconds between two computations of a board: however many events come meanwhile, they cost one."""

READERS: Final = 2
"""Computations at a time: a hundred wishes of one caller, or midnight for everybody, must leave connections for requests."""

logger = logging.getLogger(__name__)


class LiveBoard:
    """One board, kept up to date while somebody watches.

    A board is whole, so nobody needs those in between: whoever is slow gets the newest when ready for it, and no queue is kept.
    """

    def __init__(self, tails: Tails, readers: asyncio.Semaphore, actor: Actor, wish: BoardWish) -> None:
        self.watchers = 0
        self._tails, self._readers, self._actor, self._wish = tails, readers, actor, wish
        self._shown: DeliveryBoard | None = None
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="board")
        self._task.add_done_callback(lambda _: self._wake())

    def stop(self) -> None:
        """Nobody watches any more."""
        self._task.cancel()

    async def boards(self) -> AsyncIterator[DeliveryBoard]:
        """The present board, then each newer one, the same object for everybody; ends with the tails."""
        seen: DeliveryBoard | None = None
        while True:
            if self._shown is not None and self._shown is not seen:
                seen = self._shown
                yield seen
            elif self._task.done():
                self._task.result()
                return
            else:
                await self._news.wait()

    async def _run(self) -> None:
        while self._tails.is_running:
            board = await self._show()
            # Whoever falls behind, or meets a feed that was restored to an earlier day, begins with a new board.
            with suppress(TooSlow, UnknownCursor):
                async with self._tails.follow(Source(Numbering.COMPANY_FEED, self._actor.home), board.cursor) as events:
                    while await _may_have_changed(board, events):
                        board = await self._show()

    async def _show(self) -> Board:
        """Compute it, hand it out, and rest."""
        board = await self._read_patiently()
        self._shown = DeliveryBoard(board=board)
        self._wake()
        await asyncio.sleep(GATHER)
        return board

    async def _read_patiently(self) -> Board:
        """As soon as the database can tell."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._readers:
                    return await delivery_board(self._actor, self._wish, clock.now())
            except AWAY as trouble:
                logger.info("A board waits for the database: %s", trouble)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Boards:
    """The boards watched in this process."""

    def __init__(self, tails: Tails) -> None:
        self._tails = tails
        self._readers = asyncio.Semaphore(READERS)
        self._live: dict[Hashable, LiveBoard] = {}

    def __len__(self) -> int:
        """How many are kept up to date."""
        return len(self._live)

    @asynccontextmanager
    async def watch(self, actor: Actor, wish: BoardWish) -> AsyncIterator[AsyncIterator[DeliveryBoard]]:
        """Iterate over the board as it is and as it becomes; shared by all who may see the same of the same company."""
        key = (actor.home, actor.kind, actor.roles, actor.scopes, wish)
        if key not in self._live:
            self._live[key] = LiveBoard(self._tails, self._readers, actor, wish)
        live = self._live[key]
        live.watchers += 1
        try:
            yield live.boards()
        finally:
            live.watchers -= 1
            if not live.watchers:
                del self._live[key]
                live.stop()


async def _may_have_changed(board: Board, events: Follower) -> bool:
    """Wait for an event of a shipment that the board does not know, or for the day to end somewhere; False when there will be none."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_seconds_until(board)):
            async for event in events:
                if event.cursor > board.cursor and event.shipment_id is not None:
                    return True
            return False
    return True


def _seconds_until(board: Board) -> float | None:
    return None if board.until is None else max(0.0, (board.until - clock.now()).total_seconds())
