"""Sends the same request over and over on some connections, as cheaply as Python can, and counts the answers."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from bench.servers import Server


@dataclass
class Load:
    """One kind of request to one server."""

    server: Server
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def request(self) -> bytes:
        """What goes over the wire."""
        fixed = {"host": "localhost", "content-type": "application/json", "content-length": str(len(self.body))}
        lines = [
            f"POST {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in {**fixed, **self.headers}.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + self.body

    async def once(self) -> bytes:
        """The body of one answer."""
        connection = await self._open()
        connection.send()
        await connection.idle.wait()
        connection.transport.close()
        return connection.body

    async def run(self, seconds: float, connections: int) -> "Measured":
        """Ask for this time, each connection anew as soon as it has its answer."""
        opened = [await self._open() for _ in range(connections)]
        start, used = time.perf_counter(), self.server.cpu_seconds
        for connection in opened:
            connection.until = start + seconds
            connection.send()
        await asyncio.gather(*(connection.idle.wait() for connection in opened))
        elapsed = time.perf_counter() - start
        for connection in opened:
            connection.transport.close()
        answers = sum(connection.answers for connection in opened)
        return Measured(answers / elapsed, (self.server.cpu_seconds - used) / answers * 1e6)

    async def _open(self) -> "_Connection":
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self.request), "127.0.0.1", self.server.port
        )
        return connection


class Measured(NamedTuple):
    """What one turn gave."""

    rate: float
    """Answers per second."""
    cpu: float
    """Microseconds of the server's processor for each; others' work on the machine changes it little."""


class _Connection(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.until = 0.0
        self.answers = 0
        self.body = b""
        self.idle = asyncio.Event()
        self._received = bytearray()
        self._length = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send(self) -> None:
        """Ask once more."""
        self._received.clear()
        self._length = -1
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._length < 0:
            self._read_head()
        if 0 <= self._length <= len(self._received):
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:
        self.idle.set()

    def _read_head(self) -> None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(f"the server answered {head[:40]!r}: {bytes(self._received[end:])[:400]!r}")
        self._length = end + 4 + int(head.partition(b"content-length:")[2].split(b"\r\n")[0])

    def _answered(self) -> None:
        self.answers += 1
        if time.perf_counter() < self.until:
            self.send()
        else:
            self.body = bytes(self._received).partition(b"\r\n\r\n")[2]
            self.idle.set()
