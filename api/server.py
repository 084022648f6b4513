"""Uvicorn, set up as our promises need it."""

from collections.abc import Awaitable, Callable
from socket import socket
from typing import Any

import uvicorn

from subscriptions.wire import Wire

MESSAGE_BYTES = 64 * 1024
GRACE = 10
"""Seconds that open requests may take when the server stops."""


class Server(uvicorn.Server):
    """Lets `before_shutdown` say goodbye to the websockets first; uvicorn itself would cut them off in mid-sentence."""

    def __init__(self, config: uvicorn.Config, before_shutdown: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._before_shutdown = before_shutdown

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Accept nobody, finish what is under way, close."""
        for server in self.servers:
            server.close()
        await self._before_shutdown()
        await super().shutdown(sockets)


def configured(app: Any, **options: Any) -> uvicorn.Config:
    """The server's configuration; `options` are those of uvicorn.Config, such as host, port or uds."""
    return uvicorn.Config(
        app,
        **{
            "ws": Wire,
            "ws_max_size": MESSAGE_BYTES,
            "ws_per_message_deflate": False,  # it would cost 13 KB a socket, and can be made a bomb
            "server_header": False,
            "access_log": False,
            "log_config": None,
            "timeout_graceful_shutdown": GRACE,
            **options,
        },
    )
