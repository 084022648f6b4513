"""The small shop behind the real door: on a real uvicorn and a free port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from api.bounds import Limits
from api.graphql import GraphQL
from api.operations import Operations
from api.server import Server, configured
from subscriptions.connection import SocketLimits
from subscriptions.socket import GraphQLSocket
from tests.shop import Shop, schema


@dataclass
class Door:
    """Where the shop can be reached."""

    shop: Shop
    port: int
    operations: Operations
    socket: GraphQLSocket
    server: Server

    @property
    def url(self) -> str:
        """For HTTP."""
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def ws(self) -> str:
        """For websockets."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    async def stop(self) -> None:
        """As SIGTERM would."""
        self.server.should_exit = True


@asynccontextmanager
async def open_door(
    limits: Limits | None = None, socket_limits: SocketLimits | None = None, allowed_origins: tuple[str, ...] = ()
) -> AsyncIterator[Door]:
    """The shop on a free port, until the end of the block."""
    shop = Shop()
    operations = Operations(schema, limits)
    http = GraphQL(operations, shop.authorise, shop.make_context, allowed_origins=allowed_origins)
    socket = GraphQLSocket(
        operations, shop.authorise, shop.make_context, allowed_origins=allowed_origins, limits=socket_limits
    )
    app = Starlette(routes=[Route("/graphql", http), WebSocketRoute("/graphql", socket)])
    server = Server(configured(app, host="127.0.0.1", port=0, lifespan="off"), socket.close)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Door(shop, port, operations, socket, server)
    finally:
        shop.go_on.set()
        server.should_exit = True
        await serving
