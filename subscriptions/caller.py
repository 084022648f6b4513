"""Who is at the other end of a websocket, asked again while it is open."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from rules.people import Actor
from rules.problems import Unauthenticated
from subscriptions.closing import Close, CloseCode


class Context(Protocol):
    """What the socket needs of an operation's context."""

    @property
    def trace_id(self) -> str:
        """The name of the operation in our logs."""

    @property
    def locale(self) -> str:
        """The language for people."""

    def for_audience(self) -> Any:
        """The context of an answer that goes to everybody of the same scope."""

    @property
    def scope(self) -> Hashable:
        """What an answer may depend on besides the document, its variables and the event."""


Authorise = Callable[[HTTPConnection], Awaitable[Actor]]
MakeContext = Callable[[HTTPConnection, Actor], Any]


class Caller:
    """Makes a fresh context for each operation and event, for an actor who was looked at no longer than `recheck` seconds ago."""

    def __init__(
        self, connection: HTTPConnection, authorise: Authorise, make_context: MakeContext, recheck: float
    ) -> None:
        self.connection = connection
        self._authorise = authorise
        self._make_context = make_context
        self._recheck = recheck
        self._actor: Actor | None = None
        self._looked_at = 0.0
        self._looking = asyncio.Lock()

    async def context(self) -> Any:
        """A context of its own; closes with 4403 when the caller may no longer be here, raises Unavailable when nobody can tell."""
        return self._make_context(self.connection, await self.actor())

    async def actor(self) -> Actor:
        """Who it is now: the token may have expired, the roles may have changed."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._actor is None or now - self._looked_at >= self._recheck:
                self._actor = await self._looked_up(self._actor)
                self._looked_at = now
            return self._actor

    async def _looked_up(self, before: Actor | None) -> Actor:
        """Who it is; what is open was opened with what they might do before, so whoever may do other things now has to come again."""
        try:
            actor = await self._authorise(self.connection)
        except Unauthenticated:
            raise Close(CloseCode.FORBIDDEN, "The token is invalid, expired or revoked") from None
        if before is not None and _powers(actor) != _powers(before):
            raise Close(CloseCode.FORBIDDEN, "Your roles have changed; connect again and go on from your cursors")
        return actor


def _powers(actor: Actor) -> tuple[object, ...]:
    return (actor.company, actor.kind, actor.roles, actor.scopes)


def with_token(connection: HTTPConnection, payload: Mapping[str, Any]) -> HTTPConnection:
    """The connection as if it had carried the payload's token in its Authorization header, which browsers cannot send."""
    given = next((payload[name] for name in ("Authorization", "authorization", "token") if payload.get(name)), None)
    if given is None:
        return connection
    if not isinstance(given, str) or not given.isascii():
        raise Close(CloseCode.FORBIDDEN, "The token is not one of ours")
    header = given if " " in given else f"Bearer {given}"
    others = [(name, value) for name, value in connection.scope["headers"] if name != b"authorization"]
    return HTTPConnection({**connection.scope, "headers": [*others, (b"authorization", header.encode())]})
