"""The servers of one run: PostgreSQL in a folder of its own, and uvicorn processes bound to one core."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from api.embedded import EmbeddedPostgres
from bench.data import fill
from models.migrate import migrate

SERVER_CORE, LOAD_CORE = 0, 1
"""The server has a core to itself; PostgreSQL and the load generator share the other."""


@contextmanager
def postgres() -> Iterator[EmbeddedPostgres]:
    """A cluster that forgets everything afterwards."""
    with tempfile.TemporaryDirectory(prefix="dinghuo-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the server's account must be able to pass
        server = EmbeddedPostgres(home=Path(folder) / "postgres", durable=False)
        server.start()
        try:
            yield server
        finally:
            server.stop()


async def database(server: EmbeddedPostgres, orders: int) -> str:
    """The URL of a migrated database with this many orders."""
    name = f"orders_{orders}"
    connection = await asyncpg.connect(server.url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    url = server.url_of(name)
    await migrate(url)
    await fill(url, orders)
    return url


@dataclass(frozen=True)
class Server:
    """One uvicorn process."""

    port: int
    process: psutil.Process

    @property
    def cpu_seconds(self) -> float:
        """The processor time it has used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def uvicorn(apps: dict[str, tuple[str, str]], **environment: str) -> Iterator[dict[str, Server]]:
    """One process for each of {name: (app, database URL)}, when all of them answer."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dinghuo-bench-"))
        quiet = {"DINGHUO_DATA_DIR": folder, "DINGHUO_LOG_LEVEL": "warning", "DINGHUO_LIMIT_COST": "100000"}
        servers = {}
        for name, (app, url) in apps.items():
            port = _free_port()
            process = _start(app, port, {**os.environ, **quiet, **environment, "DATABASE_URL": url})
            stack.callback(process.wait)
            stack.callback(process.terminate)
            servers[name] = Server(port, psutil.Process(process.pid))
            _wait_for(port)
        yield servers


def stay_on(core: int) -> None:
    """Bind this process, and those it starts from now on, to one core; on a machine with a single one nothing changes."""
    if core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


def _start(app: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    return subprocess.Popen(command, env=environment, preexec_fn=lambda: stay_on(SERVER_CORE))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
