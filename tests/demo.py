"""The product in demo mode as `make run` starts it, a process of its own, for tests that look at it from outside."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from api.embedded import EmbeddedPostgres
from tests import commands
from tests.servers import NO_TLS, free_port

BEGINNING = 60.0
"""Seconds until the server answers, on a machine that does other things besides."""


@dataclass(frozen=True)
class DemoTemplate:
    """A database that holds the demo and is only copied; the folder has the keys that its contracts were signed with."""

    server: EmbeddedPostgres
    as_admin: Callable[[str], None]
    name: str
    data_dir: Path

    @contextmanager
    def served(self) -> Iterator[str]:
        """The origin of a running server on a copy."""
        with self.running() as served:
            yield served.url

    @contextmanager
    def running(self) -> Iterator["Served"]:
        """A running server on a copy, which may be stopped and started again."""
        name = f"demo_{uuid4().hex}"
        self.as_admin(f"CREATE DATABASE {name} TEMPLATE {self.name}")
        # A folder of its own: servers that share one share the payment simulator, which ends with the one that began it.
        own = Path(shutil.copytree(self.data_dir, self.data_dir.with_name(name)))
        served = Served(self.server.url_of(name), own, free_port())
        try:
            served.start()
            yield served
        finally:
            served.stop()
            self.as_admin(f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(own)


@dataclass
class Served:
    """A server at one address, whichever process answers there."""

    database_url: str
    data_dir: Path
    port: int
    _process: ForkServerProcess | None = None

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, and return once it answers."""
        self._process = dinghuo(self.database_url, self.data_dir, "serve", "--port", str(self.port))
        _wait_for(self._process, self.url)

    def stop(self) -> None:
        """End, as an operator would end it."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(30)
            self._process = None


@pytest.fixture(scope="session")
def demo_template(postgres_server: EmbeddedPostgres, as_admin: Callable[[str], None], template: str) -> DemoTemplate:
    """The demo, made by the first of all processes that asks for it."""
    place = postgres_server.home.parent
    made = DemoTemplate(postgres_server, as_admin, "demo", place / "demo")
    with (place / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.data_dir / "complete").exists():
            as_admin(f"CREATE DATABASE {made.name} TEMPLATE {template}")
            making = dinghuo(postgres_server.url_of(made.name), made.data_dir, "demo")
            making.join(300)
            assert making.exitcode == 0
            (made.data_dir / "complete").touch()
    return made


@pytest.fixture(scope="session")
def demo_url(demo_template: DemoTemplate) -> Iterator[str]:
    """The origin of a server in demo mode, shared: whoever needs orders that nobody else touches serves a copy of their own."""
    with demo_template.served() as url:
        yield url


def dinghuo(database_url: str, data_dir: Path, *words: str) -> ForkServerProcess:
    """The command, running."""
    environment = {
        "DATABASE_URL": database_url,
        "DINGHUO_DATA_DIR": str(data_dir),
        "DINGHUO_DEMO": "true",
        "DINGHUO_LOG_LEVEL": "error",
    }
    return commands.dinghuo(environment, *words)


def _wait_for(serving: ForkServerProcess, site: str) -> None:
    deadline = time.monotonic() + BEGINNING
    while True:
        try:
            if httpx2.get(f"{site}/health/ready", verify=NO_TLS).status_code == 200:
                return
        except httpx2.TransportError:
            assert serving.exitcode is None, "the server ended before it answered"
        assert time.monotonic() < deadline, "the server did not answer in time"
        time.sleep(0.05)
