"""Whatever the order in which things happen, a follower gets every event after its cursor, once and in order."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rows import Row
from subscriptions.follower import LAST, PATIENCE, Follower, TooSlow, UnknownCursor
from subscriptions.window import Window

KEEP, PAGE = 3, 2
"""So small that every example meets full pages, lost rows and seams."""


class Number(dict[str, int]):
    """A row as the database gives it, with nothing but its number."""

    @property
    def cursor(self) -> int:
        return self["cursor"]


class Stream:
    """A committed sequence of rows, as one window and its followers see it."""

    def __init__(self, latency: int = 0, *, keep: int = KEEP) -> None:
        self.rows: list[Row] = []
        self.latency, self.looks = latency, 0
        self.window = Window(self.read, self._look, keep=keep)

    def commit(self, count: int) -> None:
        for _ in range(count):
            self.rows.append(cast(Row, Number(cursor=len(self.rows) + 1)))

    async def read(self, after: int, limit: int) -> list[Row]:
        """The rows are those of the moment of the call, however late the answer."""
        found = self.rows[after : after + limit]
        await ticks(self.latency)
        return found

    async def look(self) -> None:
        """What Tails does after a ring; its reads overtake those of the followers."""
        if self.window.is_ready():
            place = self.window.position or 0
            rows = self.rows[place : place + KEEP]
            await ticks(self.latency // 4)
            if rows:
                self.window.hand_out(rows)

    async def grow(self) -> None:
        """More comes at once than is kept."""
        self.commit(2 * KEEP)
        await self.look()
        await self.look()

    def _look(self) -> None:
        self.looks += 1


class Reader:
    """A client: joins at a cursor, takes events, and comes back where it was when it is told to."""

    def __init__(self, stream: Stream, after: int) -> None:
        self.stream, self.after = stream, after
        self.taken: list[int] = []
        self.times_sent_away = 0
        self.beginning: asyncio.Task[None] | None = None
        self._follower = self._join(after)

    def _join(self, after: int) -> Follower:
        follower = Follower(self.stream.window, after, page=PAGE)
        self.stream.window.followers.add(follower)
        return follower

    async def begin(self) -> None:
        await self._follower.begin()

    async def take(self, patience: int) -> bool:
        """Wait a little for the next event; cut short if it does not come."""
        if self.beginning is not None:
            await self.beginning
        step = asyncio.ensure_future(self._follower.__anext__())
        await ticks(patience)
        step.cancel()
        try:
            self.taken.append((await step).cursor)
        except TooSlow as slow:
            self.times_sent_away += 1
            self.stream.window.followers.discard(self._follower)
            self._follower = self._join(slow.cursor)
            await self.begin()
        except asyncio.CancelledError:
            return False
        return True

    async def take_while(self, happens: Callable[[], Awaitable[None]]) -> TooSlow | None:
        """Something happens, then one event is taken."""
        await happens()
        try:
            self.taken.append((await self._follower.__anext__()).cursor)
        except TooSlow as slow:
            return slow
        return None


async def ticks(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Commit:
    count: int


@dataclass(frozen=True)
class Look:
    waits: bool


@dataclass(frozen=True)
class Join:
    share: float
    waits: bool


@dataclass(frozen=True)
class Take:
    who: int
    patience: int


STEPS = st.lists(
    st.one_of(
        st.builds(Commit, st.integers(1, 7)),
        st.builds(Look, st.booleans()),
        st.builds(Join, st.floats(0, 1), st.booleans()),
        st.builds(Take, st.integers(0, 5), st.integers(0, 6)),
    ),
    max_size=60,
)


class Play:
    """Runs the steps; looks overlap with everything but each other, as in Tails."""

    def __init__(self, latency: int) -> None:
        self.stream = Stream(latency)
        self.readers: list[Reader] = []
        self._looking: asyncio.Task[None] | None = None

    async def step(self, step: Any) -> None:
        match step:
            case Commit(count):
                self.stream.commit(count)
            case Look(waits):
                await self._look(waits)
            case Join(share, waits):
                reader = Reader(self.stream, int(share * len(self.stream.rows)))
                self.readers.append(reader)
                reader.beginning = asyncio.create_task(reader.begin())
                await (reader.beginning if waits else ticks(1))
            case Take(who, patience) if self.readers:
                await self.readers[who % len(self.readers)].take(patience)

    async def _look(self, waits: bool) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.stream.look())
        if waits:
            await self._looking

    async def finish(self) -> None:
        """The last tick of the clock, and all read to the end."""
        for reader in self.readers:
            while await reader.take(self.stream.latency + 20) or reader.after + len(reader.taken) < len(
                self.stream.rows
            ):
                await self._look(waits=True)


@settings(max_examples=400, deadline=None)
@given(STEPS, st.integers(0, 12))
def test_replay_and_live_join_without_a_seam(steps: list[Any], latency: int) -> None:
    async def scene() -> None:
        play = Play(latency)
        for step in steps:
            await play.step(step)
        await asyncio.wait_for(play.finish(), 20)
        for reader in play.readers:
            assert reader.taken == list(range(reader.after + 1, len(play.stream.rows) + 1))

    asyncio.run(scene())


async def test_a_follower_that_keeps_up_reads_nothing_for_itself() -> None:
    stream = Stream()
    stream.commit(5)
    reader = Reader(stream, 5)
    await reader.begin()
    stream.window.read = None  # type: ignore[assignment]  # whoever reads from now on fails
    for _ in range(50):
        rows, start = stream.rows, len(stream.rows)
        stream.commit(KEEP)
        stream.window.hand_out(rows[start:])
        while await reader.take(3):
            pass
    assert reader.taken == list(range(6, 6 + 50 * KEEP))


async def test_who_stays_behind_for_too_long_is_sent_away_with_its_cursor() -> None:
    stream = Stream()
    reader = Reader(stream, 0)
    await reader.begin()
    assert not await reader.take(2), "it has caught up and waits"
    told = None
    while told is None:
        assert len(reader.taken) <= (PATIENCE + 1) * PAGE + KEEP
        told = await reader.take_while(stream.grow)
    assert told.cursor == reader.taken[-1]
    assert told.code == "TOO_SLOW"
    assert reader.taken == list(range(1, told.cursor + 1))


async def test_a_long_replay_may_take_as_long_as_it_takes() -> None:
    stream = Stream()
    stream.commit(1)
    reader = Reader(stream, 0)
    await reader.begin()
    for _ in range(10 * PATIENCE * PAGE):
        assert await reader.take_while(stream.grow) is None


async def test_falling_behind_now_and_then_is_forgiven() -> None:
    stream = Stream()
    reader = Reader(stream, 0)
    await reader.begin()
    for _ in range(3 * PATIENCE):
        await stream.grow()
        while await reader.take(5):
            pass
    assert reader.taken == list(range(1, 3 * PATIENCE * 2 * KEEP + 1))
    assert reader.times_sent_away == 0


@pytest.mark.parametrize("cursor", [-1, 6, 7, 1000, LAST, LAST + 1])
async def test_a_cursor_that_no_event_has_is_refused_and_deafens_nobody(cursor: int) -> None:
    stream = Stream()
    stream.commit(5)
    with pytest.raises(UnknownCursor) as told:
        await Follower(stream.window, cursor).begin()
    assert (told.value.code, told.value.cursor) == ("UNKNOWN_CURSOR", cursor)
    reader = Reader(stream, 5)
    await reader.begin()
    stream.commit(1)
    await stream.look()
    assert await reader.take(5)
    assert reader.taken == [6]


@pytest.mark.parametrize("cursor", range(6))
async def test_a_cursor_that_an_event_has_is_taken(cursor: int) -> None:
    stream = Stream()
    stream.commit(5)
    for _ in range(2):  # the second one finds a window that knows where it stands
        reader = Reader(stream, cursor)
        await reader.begin()
        while await reader.take(5):
            pass
        assert reader.taken == list(range(cursor + 1, 6))


async def test_a_ring_before_the_first_one_has_caught_up_is_made_up_for() -> None:
    stream = Stream(latency=3)
    stream.commit(1)
    reader = Reader(stream, 0)
    beginning = asyncio.create_task(reader.begin())
    await ticks(1)
    stream.commit(1)
    await stream.look()
    await beginning
    assert stream.looks == 1
    quiet = Stream()
    await Reader(quiet, 0).begin()
    assert quiet.looks == 0


async def test_what_everybody_has_is_not_kept() -> None:
    stream = Stream(keep=100)
    reader = Reader(stream, 0)
    await reader.begin()
    for _ in range(20):
        stream.commit(KEEP)
        await stream.look()
        while await reader.take(3):
            pass
    assert not stream.window.covers(19 * KEEP - 1)
    assert stream.window.covers(19 * KEEP)


async def test_closing_ends_every_iteration() -> None:
    stream = Stream()
    stream.commit(1)
    reader = Follower(stream.window, 1)
    await reader.begin()
    waiting = asyncio.ensure_future(reader.__anext__())
    await ticks(2)
    stream.window.close()
    with suppress(StopAsyncIteration):
        await asyncio.wait_for(waiting, 5)
        pytest.fail("it went on")
    assert [row async for row in Follower(stream.window, 0)] == []


async def test_an_answer_that_comes_late_hides_nothing_that_was_handed_out_meanwhile() -> None:
    stream = Stream()
    stream.commit(1)
    await Reader(stream, 0).begin()
    stream.latency = 20
    late = Reader(stream, 0)
    beginning = asyncio.create_task(late.begin())
    await ticks(1)
    for _ in range(4):
        start = len(stream.rows)
        stream.commit(KEEP)
        stream.window.hand_out(stream.rows[start:])
    await beginning
    while await late.take(30):
        pass
    assert late.taken == list(range(1, 2 + 4 * KEEP))
