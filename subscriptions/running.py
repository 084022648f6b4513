"""One operation on a websocket: its answers sent under its id until it ends."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from graphql import GraphQLError

from resolvers.errors import Code, Refused, refusal, root_cause, shown
from resolvers.request import Request
from rules.problems import Unavailable
from subscriptions import frames
from subscriptions.caller import Caller, Context
from subscriptions.closing import Close, Disconnected
from subscriptions.fanout import Fanout
from subscriptions.follower import TooSlow, UnknownCursor

Answer = dict[str, Any]
AWAY_SECONDS = 1.0
"""Between two tries to find out who the caller is while the database is away."""


class Live(Protocol):
    """An open subscription."""

    @property
    def source(self) -> AsyncIterable[Any]:
        """Its events."""

    def show(self, event: object, context: Any) -> Coroutine[Any, Any, Answer]:
        """What the subscriber is told about the event."""


class Prepared(Protocol):
    """A request that is valid and within its limits."""

    @property
    def is_subscription(self) -> bool:
        """Whether it gives answers for as long as somebody listens."""

    @property
    def audience(self) -> Hashable:
        """What an event's text depends on, besides the event and the caller's scope."""

    def answer(self, context: Any) -> Awaitable[Answer]:
        """What a query or mutation answers."""

    def subscribe(self, context: Any) -> Awaitable[Live]:
        """The open subscription."""


class Operations(Protocol):
    """What makes requests of one schema ready to run."""

    def prepare(self, request: Request) -> Prepared:
        """The request, ready to run; raises Refused."""

    async def finish_mutations(self) -> None:
        """Wait for the mutations that are still running."""


@dataclass
class Running:
    """An operation that a client has asked for under an id."""

    id: str
    operations: Operations
    caller: Caller
    fanout: Fanout
    send: Callable[[str], Awaitable[None]]
    is_live: bool = False
    """Whether it is a subscription that has begun."""

    async def run(self, request: Request) -> str:
        """Send what there is to send, but for the last message: that is returned, to go when the id is free again."""
        context: Context | None = None
        try:
            prepared = self.operations.prepare(request)
            context = await self.caller.context()
            if prepared.is_subscription:
                await self._stream(prepared, context)
            else:
                await self.send(frames.next_(self.id, frames.encoded(await prepared.answer(context))))
        except (Close, Disconnected):
            raise
        except Exception as error:
            return frames.error(self.id, _errors(error, context))
        return frames.complete(self.id)

    async def _stream(self, prepared: Prepared, context: Context) -> None:
        self.is_live = True
        live = await prepared.subscribe(context)
        try:
            async for event in live.source:
                await self._tell(prepared, live, event)
        finally:
            if (close := getattr(live.source, "aclose", None)) is not None:
                await close()

    async def _tell(self, prepared: Prepared, live: Live, event: object) -> None:
        context = await self._fresh_context()

        async def show() -> str:
            return frames.encoded(await live.show(event, context.for_audience()))

        text = await self.fanout.text(event, (prepared.audience, context.scope), show)
        await self.send(frames.next_(self.id, text))

    async def _fresh_context(self) -> Context:
        """Nobody gets an event before we know that they still may; while nobody can tell, it waits."""
        while True:
            with suppress(Unavailable):
                context: Context = await self.caller.context()
                return context
            await asyncio.sleep(AWAY_SECONDS)


def _errors(error: Exception, context: Context | None) -> list[dict[str, Any]]:
    found = error.errors if isinstance(error, Refused) else (error,)
    trace_id, locale = (context.trace_id, context.locale) if context else (uuid4().hex, "en")
    return [shown(_located(one), trace_id, locale) for one in found]


def _located(error: Exception) -> GraphQLError:
    cause = root_cause(error)
    if isinstance(cause, (TooSlow, UnknownCursor)):
        return GraphQLError(str(cause), extensions={"code": cause.code, "cursor": cause.cursor})
    if isinstance(cause, TimeoutError):
        return refusal(Code.TIMEOUT, "The event could not be shown in time.")
    return error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
