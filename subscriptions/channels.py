"""broadcaster's Broadcast, made safe for many who join and leave one channel at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from broadcaster import Broadcast, BroadcastBackend, Event
from broadcaster._base import Subscriber

from subscriptions.redis_backend import SCHEMES, RedisBackend


class Channels(Broadcast):
    """Publish and subscribe by URL: memory://, redis://, rediss://, valkey:// or valkeys://."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._turn = asyncio.Lock()

    @property
    def is_connected(self) -> bool:
        """Whether messages are heard here and by other processes now."""
        return not self._listener_task.done() and bool(getattr(self._backend, "is_connected", True))

    @asynccontextmanager
    async def subscribe(self, channel: str) -> AsyncIterator[Subscriber]:
        """Hear the channel; while one joins or leaves, the others wait their turn.

        The original registers a queue only after the backend's answer: of several first subscribers the last one wins and
        the others stay deaf.
        """
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        try:
            await self._join(channel, queue)
            yield Subscriber(queue)
        finally:
            await self._leave(channel, queue)

    async def _join(self, channel: str, queue: "asyncio.Queue[Event | None]") -> None:
        async with self._turn:
            is_first = channel not in self._subscribers
            self._subscribers.setdefault(channel, set()).add(queue)
            if is_first:
                await self._backend.subscribe(channel)

    async def _leave(self, channel: str, queue: "asyncio.Queue[Event | None]") -> None:
        async with self._turn:
            queues = self._subscribers.get(channel, set())
            queues.discard(queue)
            if not queues and self._subscribers.pop(channel, None) is not None:
                await self._backend.unsubscribe(channel)

    def _create_backend(self, url: str) -> BroadcastBackend:
        if urlsplit(url).scheme in SCHEMES:
            return RedisBackend(url)
        return super()._create_backend(url)
