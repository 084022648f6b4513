"""The websocket of /graphql: graphql-transport-ws. Which code closes it, and why, is in subscriptions/closing.py."""

import asyncio
from collections import Counter
from collections.abc import Collection

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from subscriptions.caller import Authorise, Caller, MakeContext
from subscriptions.closing import Close, CloseCode
from subscriptions.connection import Connection, SocketLimits
from subscriptions.fanout import Fanout
from subscriptions.origins import is_allowed_origin
from subscriptions.running import Operations

PROTOCOL = "graphql-transport-ws"
FAREWELL = 8.0
"""Seconds that answers under way may take when the server stops."""


class GraphQLSocket:
    """The ASGI application behind the route.

    `authorise` and `make_context` are those of the HTTP endpoint; they see the token of `connection_init` (its
    `Authorization`, `authorization` or `token`) as the connection's Authorization header. `authorise` is asked again while
    the socket is open, and raises Unauthenticated when the caller has to go.
    """

    def __init__(
        self,
        operations: Operations,
        authorise: Authorise,
        make_context: MakeContext,
        *,
        allowed_origins: Collection[str] = (),
        limits: SocketLimits | None = None,
    ) -> None:
        self.limits = limits or SocketLimits()
        self.fanout = Fanout()
        self._operations = operations
        self._authorise, self._make_context = authorise, make_context
        self._allowed_origins = frozenset(origin.lower() for origin in allowed_origins)
        self._connections: set[Connection] = set()
        self._sockets_of: Counter[str] = Counter()
        self._is_closing = False

    def __len__(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one websocket."""
        handshake = HTTPConnection(scope)
        await receive()  # websocket.connect
        headers = handshake.headers
        if self._is_closing or not is_allowed_origin(
            headers.getlist("origin"), headers.get("host"), self._allowed_origins
        ):
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # answered as HTTP 403
            return
        if PROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            code = CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE
            await send({"type": "websocket.close", "code": int(code), "reason": f"Only {PROTOCOL} is spoken here"})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        await self._serve(handshake, receive, send)

    async def close(self) -> None:
        """Let nobody in any more, send the answers under way, and close every socket with 1001; for the server's shutdown."""
        self._is_closing = True
        try:
            async with asyncio.timeout(FAREWELL):
                await asyncio.gather(*(connection.leave() for connection in self._connections))
                while self._connections:
                    await asyncio.sleep(0.01)
                await self._operations.finish_mutations()
        except TimeoutError:
            pass  # uvicorn closes what is left, with 1012

    async def _serve(self, handshake: HTTPConnection, receive: Receive, send: Send) -> None:
        connection = Connection(
            handshake,
            receive,
            send,
            limits=self.limits,
            operations=self._operations,
            fanout=self.fanout,
            admit=self._admit,
        )
        self._connections.add(connection)
        try:
            await connection.serve()
        finally:
            self._connections.discard(connection)
            if connection.admitted is not None:
                self._forget(connection.admitted)

    def _admit(self, connection: HTTPConnection) -> Caller:
        """A caller for the socket, unless the token has too many already; an anonymous caller has no token to count by."""
        token = connection.headers.get("authorization")
        if token is not None and self._sockets_of[token] >= self.limits.sockets_per_token:
            raise Close(CloseCode.TOO_MANY_SOCKETS, f"At most {self.limits.sockets_per_token} sockets for one token")
        if token is not None:
            self._sockets_of[token] += 1
        return Caller(connection, self._authorise, self._make_context, self.limits.recheck)

    def _forget(self, caller: Caller) -> None:
        token = caller.connection.headers.get("authorization")
        if token is not None:
            self._sockets_of[token] -= 1
            self._sockets_of += Counter()  # drops what has come down to zero
