"""One websocket connection, from its first message to its close."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Send

from resolvers.errors import Code, refusal
from resolvers.request import Request
from rules.problems import Problem
from subscriptions import frames
from subscriptions.bucket import Bucket
from subscriptions.caller import Caller, with_token
from subscriptions.closing import Close, CloseCode, Disconnected
from subscriptions.fanout import Fanout
from subscriptions.running import Operations, Running
from subscriptions.wire import DROP

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SocketLimits:
    """The bounds of one websocket; times in seconds."""

    message_bytes: int = 64 * 1024
    operations: int = 100
    sockets_per_token: int = 20
    messages_per_second: float = 50
    burst: int = 150
    """Enough for a client that connects again and asks for all its operations at once."""
    initialisation: float = 5
    ping: float = 15
    silence: float = 35
    """A peer that has sent nothing for so long, not even an answer to a ping, is gone."""
    recheck: float = 5
    send: float = 10
    """A peer that has not read for so long is dropped."""


class Connection:
    """Reads the client's messages in their order; each operation runs in a task of its own.

    Everything that ends the connection is raised: as Close or Disconnected, from whichever task notices it.
    """

    def __init__(
        self,
        connection: HTTPConnection,
        receive: Receive,
        send: Send,
        *,
        limits: SocketLimits,
        operations: Operations,
        fanout: Fanout,
        admit: Callable[[HTTPConnection], Caller],
    ) -> None:
        self.limits = limits
        self.admitted: Caller | None = None
        """Who was let in and is counted, whether or not the token turned out to be good."""
        self.caller: Caller | None = None
        self._connection = connection
        self._receive, self._send_event = receive, send
        self._operations, self._fanout, self._admit = operations, fanout, admit
        self._running: dict[str, tuple[Running, asyncio.Task[None]]] = {}
        self._is_leaving = False
        self._bucket = Bucket(limits.messages_per_second, limits.burst)
        self._tasks = asyncio.TaskGroup()
        self._heard_at = asyncio.get_running_loop().time()

    async def serve(self) -> None:
        """Talk until either side has had enough; then say why."""
        try:
            async with self._tasks:
                self._tasks.create_task(self._heartbeat())
                await self._read()
        except* Disconnected:
            pass
        except* Close as closes:
            await self._close(_first(closes))
        except* Exception as bugs:
            log.error("websocket crashed", exc_info=bugs)
            await self._close(Close(CloseCode.INTERNAL, "Something went wrong on our side"))

    async def leave(self) -> None:
        """Take no more operations, send the answers that are under way, then close. For the server's shutdown."""
        self._is_leaving = True
        # Subscriptions have no end to wait for; they resume elsewhere.
        if answering := [task for running, task in self._running.values() if not running.is_live]:
            await asyncio.wait(answering)
        ending = _raise(Close(CloseCode.GOING_AWAY, "The server stops; connect again"))
        try:
            self._tasks.create_task(ending)
        except RuntimeError:  # it has ended by itself
            ending.close()

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self.limits.initialisation) as patience:
                while True:
                    message = frames.read(await self._next_text())
                    if isinstance(message, frames.Init):
                        await self._initialise(message)
                        patience.reschedule(None)
                    else:
                        await self._obey(message)
        except TimeoutError:
            raise Close(CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None

    async def _next_text(self) -> str:
        event: Message = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise Disconnected
        self._heard_at = asyncio.get_running_loop().time()
        if not self._bucket.take():
            raise Close(CloseCode.TOO_MANY_MESSAGES, f"More than {self.limits.messages_per_second:g} messages a second")
        text: str | None = event.get("text")
        if text is None:
            raise Close(CloseCode.BAD_REQUEST, "Messages are text")
        if len(text) > self.limits.message_bytes or len(text.encode()) > self.limits.message_bytes:
            raise Close(CloseCode.TOO_BIG, f"A message has at most {self.limits.message_bytes} bytes")
        return text

    async def _initialise(self, message: frames.Init) -> None:
        if self.caller is not None:
            raise Close(CloseCode.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        self.admitted = caller = self._admit(with_token(self._connection, message.payload))
        try:
            await caller.actor()
        except Problem as problem:
            raise Close(CloseCode.TRY_AGAIN_LATER, str(problem)) from None
        self.caller = caller
        await self._send(frames.ack())

    async def _obey(self, message: frames.Message) -> None:
        match message:
            case frames.Ping(payload):
                await self._send(frames.pong(payload))
            case frames.Complete(id_):
                if (known := self._running.pop(id_, None)) is not None:
                    known[1].cancel()
            case frames.Subscribe(id_, request):
                if self._is_leaving:
                    await self._send(
                        frames.error(id_, [dict(refusal(Code.UNAVAILABLE, "The server stops.").formatted)])
                    )
                else:
                    self._start(id_, request)

    def _start(self, id_: str, request: Request) -> None:
        if self.caller is None:
            raise Close(CloseCode.UNAUTHORIZED, "Unauthorized")
        if id_ in self._running:
            raise Close(CloseCode.SUBSCRIBER_ALREADY_EXISTS, f"Subscriber for {id_} already exists")
        if len(self._running) >= self.limits.operations:
            raise Close(CloseCode.TOO_MANY_OPERATIONS, f"At most {self.limits.operations} operations at a time")
        running = Running(id_, self._operations, self.caller, self._fanout, self._send)
        self._running[id_] = (running, self._tasks.create_task(self._run(running, request)))

    async def _run(self, running: Running, request: Request) -> None:
        last = await running.run(request)
        self._running.pop(running.id, None)
        await self._send(last)

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self.limits.send):
                await self._send_event({"type": "websocket.send", "text": text})
        except TimeoutError:
            raise Close(CloseCode.NOT_READING, "You do not read what is sent; resume after your cursor") from None
        except OSError:  # how uvicorn tells that the peer is gone
            raise Disconnected from None

    async def _heartbeat(self) -> None:
        """Find peers that are gone, and callers who may no longer listen although nothing happens that they could hear."""
        now = asyncio.get_running_loop().time
        pinged_at = now()
        while True:
            await asyncio.sleep(min(self.limits.recheck, self.limits.ping))
            if now() - self._heard_at > self.limits.silence:
                raise Close(CloseCode.SILENT, "Nothing was heard from you")
            if now() - pinged_at >= self.limits.ping:
                pinged_at = now()
                await self._send(frames.ping())
            if self.caller is not None and self._running:
                await self._look_again(self.caller)

    async def _look_again(self, caller: Caller) -> None:
        try:
            await caller.actor()
        except Problem:
            log.info("caller could not be looked at again")  # the database is away; no event goes out before it is back

    async def _close(self, close: Close) -> None:
        drop: Any = self._connection.scope.get("extensions", {}).get(DROP)
        if drop is not None and close.code in (CloseCode.NOT_READING, CloseCode.SILENT):
            drop(close.code, close.reason)
            return
        try:
            async with asyncio.timeout(self.limits.send):
                await self._send_event({"type": "websocket.close", "code": int(close.code), "reason": close.reason})
        except (TimeoutError, OSError, RuntimeError):
            if drop is not None:
                drop(close.code, close.reason)


def _first(closes: BaseExceptionGroup[Close]) -> Close:
    found = closes.exceptions[0]
    return found if isinstance(found, Close) else _first(found)


async def _raise(close: Close) -> None:
    raise close
