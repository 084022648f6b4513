"""A client of graphql-transport-ws that sends exactly what a test wants it to send."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.door import Door

PROTOCOL = Subprotocol("graphql-transport-ws")


class Client:
    """One socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, message: Any) -> None:
        """Send a frame: text as it is, bytes as a binary frame, anything else as JSON."""
        await self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    async def init(self, token: str | None = None) -> None:
        """Introduce oneself and be welcome."""
        await self.say(
            {"type": "connection_init", "payload": {} if token is None else {"Authorization": f"Bearer {token}"}}
        )
        assert await self.hear() == {"type": "connection_ack"}

    async def ask(self, id_: str, query: str, **variables: Any) -> None:
        """Start an operation."""
        await self.say({"id": id_, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def hear(self) -> Any:
        """The next message; pings of the server are answered and not shown."""
        while True:
            frame = await self.socket.recv()
            assert isinstance(frame, str)
            message = json.loads(frame)
            if message["type"] != "ping":
                return message
            await self.say({"type": "pong"})

    async def closed(self) -> tuple[int, str]:
        """The code and reason of the close, whatever came before it."""
        with suppress(ConnectionClosed):
            while True:
                await self.hear()
        return self.socket.close_code or 1006, self.socket.close_reason or ""


@asynccontextmanager
async def client(door: Door, *, protocols: tuple[str, ...] = (PROTOCOL,), **options: Any) -> AsyncIterator[Client]:
    """A connected client, not yet introduced."""
    async with connect(
        door.ws, subprotocols=[Subprotocol(p) for p in protocols] or None, compression=None, **options
    ) as socket:
        yield Client(socket)
