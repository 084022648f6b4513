"""broadcaster's words spoken over Redis or Valkey pub/sub: it outlives the server and says so when something may have been missed."""

import asyncio
import logging
import random
from collections import deque
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from broadcaster import BroadcastBackend, Event
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

SCHEMES: Final = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
"""URL schemes we serve, and the name redis-py knows them by."""

BROKEN: Final = (RedisError, OSError)
"""What a lost, refused, paused or misconfigured server looks like; both contain their module's TimeoutError."""

KEEPER: Final = "broadcast:line"
"""Always subscribed, never published to: with no channel at all a pub/sub connection cannot be listened to."""

ANSWER_WITHIN: Final = 2.0
"""Seconds the server has for connecting, for answering a publish and for confirming a subscription."""

SILENCE: Final = 5.0
"""Seconds without a message before we ask whether the server is still there, and for its answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two attempts to reconnect: doubled each time, with jitter, up to the second."""

logger = logging.getLogger(__name__)


class Gap(Event):
    """Messages of this channel may have been missed: what they announce has to be read anew. No publisher can send it."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel, "")


class PublishFailed(ConnectionError):
    """The server did not take the message; nobody has heard it, or not everybody."""


class RedisBackend(BroadcastBackend):
    """One pub/sub connection for all channels, read only by `next_published`, replaced by a fresh one when it breaks."""

    def __init__(self, url: str, *, silence: float = SILENCE) -> None:
        parts = urlsplit(url)
        self._silence = silence
        self._address = f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
        url = f"{SCHEMES[parts.scheme]}{url[len(parts.scheme) :]}"
        self._speaking = _client(url, retries=1)
        self._listening = _client(url, retries=0)
        self._wanted: set[str] = set()
        self._confirming: dict[str, asyncio.Future[None]] = {}
        self._notices: deque[Event] = deque()
        self._line: PubSub | None = None
        self.is_connected = False

    async def connect(self) -> None:
        """Listening has begun, or it will as soon as the server is there: an absent broker keeps no process from starting."""
        try:
            await self._open()
        except BROKEN as error:
            logger.warning("No broker at %s yet (%s); trying on.", self._address, error)

    async def disconnect(self) -> None:
        """All connections are closed; the backend can connect again."""
        await self._drop()
        await self._speaking.aclose()
        await self._listening.aclose()

    async def subscribe(self, channel: str) -> None:
        """From the return on every message is heard, or a `Gap` follows once the server is back."""
        self._wanted.add(channel)
        if self._line is None:
            return
        confirmed = self._confirming[channel] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                with suppress(RedisError, ConnectionError):
                    await self._line.subscribe(channel)
                await confirmed
        except TimeoutError:
            logger.warning("%s has not confirmed a subscription within %s s.", self._address, ANSWER_WITHIN)
        finally:
            self._confirming.pop(channel, None)

    async def unsubscribe(self, channel: str) -> None:
        """The channel is left; a broken connection forgets it by itself."""
        self._wanted.discard(channel)
        if self._line is not None:
            with suppress(*BROKEN):
                async with asyncio.timeout(ANSWER_WITHIN):
                    await self._line.unsubscribe(channel)

    async def publish(self, channel: str, message: Any) -> None:
        """Everyone listening hears it, rarely twice; raises PublishFailed within seconds when the server is away."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._speaking.publish(channel, message)
        except BROKEN as error:
            raise PublishFailed(f"The broker at {self._address} took no message: {error}") from error

    async def next_published(self) -> Event:
        """The next message or `Gap`; waits through every outage and never raises."""
        while not self._notices:
            try:
                await self._listen()
            except BROKEN as error:
                await self._mend(error)
        return self._notices.popleft()

    async def _listen(self) -> None:
        """Read one message; a server that says nothing is asked once before it counts as gone."""
        if self._line is None:
            raise ConnectionError("not connected")
        message = await self._line.get_message(timeout=self._silence)
        if message is None:
            async with asyncio.timeout(self._silence):
                await self._line.ping()
            message = await self._line.get_message(timeout=self._silence)
        if message is None:
            raise ConnectionError(f"silent for {2 * self._silence} s")
        self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        """Turn what redis-py tells into what broadcaster expects; a stranger's bytes must not kill the listener."""
        kind, channel = message["type"], str(message["channel"] or b"", "utf-8", "replace")
        if kind == "message":
            self._notices.append(Event(channel, str(message["data"], "utf-8", "replace")))
        elif kind == "subscribe" and channel == KEEPER:
            self.is_connected = True
        elif kind == "subscribe":
            self._confirm(channel)

    def _confirm(self, channel: str) -> None:
        """A confirmation nobody waits for means that the subscription was broken for a while."""
        waiting = self._confirming.get(channel)
        if waiting is None:
            self._notices.append(Gap(channel))
        elif not waiting.done():
            waiting.set_result(None)

    async def _mend(self, error: Exception) -> None:
        """Stand on a fresh connection that is subscribed to all that is wanted."""
        if self.is_connected:
            logger.warning("Lost the broker at %s (%s); reconnecting.", self._address, error)
        await self._drop()
        pause = FIRST_PAUSE
        while self._line is None:
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  # jitter, not a secret
            pause = min(pause * 2, LONGEST_PAUSE)
            with suppress(*BROKEN):
                await self._open()
        logger.info("Connected to the broker at %s.", self._address)

    async def _open(self) -> None:
        line = self._listening.pubsub()
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await line.subscribe(KEEPER, *self._wanted)
        except BaseException:
            await line.aclose()  # type: ignore[no-untyped-call]
            raise
        self._line = line

    async def _drop(self) -> None:
        line, self._line, self.is_connected = self._line, None, False
        if line is not None:
            with suppress(*BROKEN):
                await line.aclose()  # type: ignore[no-untyped-call]


def _client(url: str, *, retries: int) -> Redis:
    """RESP2, as every server and proxy speaks it; redis-py's own retries stay off where we reconnect ourselves.

    Its socket_timeout stays off everywhere: it rests on asyncio.wait_for, which in Python 3.11 can swallow the cancellation of our task.
    """
    retry = Retry(NoBackoff(), retries)
    return Redis.from_url(url, protocol=2, retry=retry, socket_connect_timeout=ANSWER_WITHIN, socket_timeout=None)
