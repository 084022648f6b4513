"""The bell: tells every process that there is something new to read, never what; the rows are the letters."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final

import orjson
from broadcaster import Event
from broadcaster._base import Subscriber

from subscriptions.channels import Channels
from subscriptions.redis_backend import Gap

CHANNEL: Final = "dinghuo:bell"

EVERYONE: Final = "*"
"""Rings for every key: after a gap, and instead of a list that grew too long."""

MOST_KEYS: Final = 5_000
"""Keys in one ring; so many come together only while the broker is slow, and then waking everyone costs less."""

logger = logging.getLogger(__name__)


class Wake:
    """What was rung for one waiter since it last looked: never more than the keys it listens to."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self._rung: set[str] = set()
        self._signal = asyncio.Event()

    def listen_to(self, key: str) -> None:
        """Be woken for this key too, from now on; whatever was rung before is found by looking once."""
        self.keys.add(key)

    def forget(self, key: str) -> None:
        """Be woken for this key no more."""
        self.keys.discard(key)
        self._rung.discard(key)

    def ring(self, keys: Iterable[str]) -> None:
        """Remember those of the keys that are listened to, and wake the waiter."""
        rung = self.keys if EVERYONE in keys else self.keys.intersection(keys)
        if rung:
            self._rung |= rung
            self._signal.set()

    async def heard(self, within: float) -> frozenset[str]:
        """The keys rung since the last look, waiting up to `within` seconds for the first; empty when none was."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._signal.wait()
        rung, self._rung = self._rung, set()
        self._signal.clear()
        return frozenset(rung)


class Bell:
    """Rings through broadcaster: in memory for one process, through Redis or Valkey for several.

    A ring may be lost or doubled, so whoever waits also looks by the clock. `failures` counts rings other processes did not hear.
    """

    def __init__(self, url: str = "memory://") -> None:
        self._channels = Channels(url)
        self._wakes: set[Wake] = set()
        self._due: set[str] = set()
        self._due_signal = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._open = AsyncExitStack()
        self.failures = 0

    @property
    def is_connected(self) -> bool:
        """Whether other processes hear our rings now, for the health page."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks) and self._channels.is_connected

    async def start(self) -> None:
        """Rings are heard from now on; a broker that is down is no reason to fail, it is found when it comes."""
        async with AsyncExitStack() as opening:
            await self._channels.connect()
            opening.push_async_callback(self._channels.disconnect)
            subscriber = await opening.enter_async_context(self._channels.subscribe(CHANNEL))
            self._tasks = [asyncio.create_task(self._listen(subscriber)), asyncio.create_task(self._send())]
            self._open = opening.pop_all()

    async def stop(self) -> None:
        """Nothing is rung or heard any more; waiters go on by the clock."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._open.aclose()

    async def ring(self, keys: Iterable[str]) -> None:
        """Wake all who wait for one of the keys, here and in every process, soon; never waits and never raises.

        Rings of the same moment travel together. A ring that fails is not repeated: the rows are found by the clock.
        """
        self._due.update(keys)
        if len(self._due) > MOST_KEYS:
            self._due = {EVERYONE}
        self._due_signal.set()

    @asynccontextmanager
    async def wakes(self, *keys: str) -> AsyncIterator[Wake]:
        """Be woken for the keys while the block lasts; each counts as rung at the beginning, so look once before you wait."""
        wake = Wake()
        self._wakes.add(wake)
        try:
            for key in keys:
                wake.listen_to(key)
            wake.ring(keys)
            yield wake
        finally:
            self._wakes.discard(wake)

    def _wake(self, keys: frozenset[str]) -> None:
        for wake in self._wakes:
            wake.ring(keys)

    async def _send(self) -> None:
        while True:
            await self._due_signal.wait()
            self._due_signal.clear()
            due, self._due = frozenset(self._due), set()
            if due:
                await self._publish(due)

    async def _publish(self, due: frozenset[str]) -> None:
        try:
            await self._channels.publish(CHANNEL, orjson.dumps(sorted(due)).decode())
        except Exception as error:  # whatever a backend raises, the sender has to live on
            self.failures += 1
            logger.warning("The bell was not heard by other processes: %s", error)
            self._wake(due)

    async def _listen(self, subscriber: Subscriber) -> None:
        while True:
            self._wake(_keys(await subscriber.get()))


def _keys(event: Event) -> frozenset[str]:
    """The keys of a ring; what we cannot read may have been meant for anybody."""
    if isinstance(event, Gap):
        return frozenset({EVERYONE})
    try:
        keys = orjson.loads(event.message)
    except orjson.JSONDecodeError:
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        logger.warning("Somebody else speaks on the channel %s: %.80r", CHANNEL, event.message)
        return frozenset({EVERYONE})
    return frozenset(keys)
