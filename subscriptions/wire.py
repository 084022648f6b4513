"""Uvicorn's websocket, with a way to drop a peer that does not read."""

from asyncio import TimerHandle
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

DROP = "dinghuo.drop"
"""The scope's extension: a function of a close code and a reason."""

GRACE = 5.0
"""Seconds that a dropped peer has to read what was sent, the close code last."""


class Wire(WebSocketsSansIOProtocol):
    """For `uvicorn.Config(ws=Wire)`.

    ASGI offers no way out when a peer stops reading: every send, that of a close frame included, waits for room in the
    buffer, and an ordinary close waits for the buffer to drain. Here the close frame goes to the end of the buffer at once,
    and what is not read within the grace time is thrown away.
    """

    _end: TimerHandle | None = None

    def handle_connect(self, event: Any) -> None:
        """Put the way out into the scope before the application runs."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            cast(dict[str, Any], self.scope["extensions"])[DROP] = self.drop

    def drop(self, code: int, reason: str) -> None:
        """Close with this code, whether the peer reads or not."""
        self.stop_keepalive()
        if not self.close_sent and not self.transport.is_closing():
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.transport.close()
        self._end = self._end or self.loop.call_later(GRACE, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing left to throw away."""
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)
