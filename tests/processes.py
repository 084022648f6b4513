"""The product as its operator runs it: several processes of `dinghuo serve` on one database and one broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx2

from models import Member
from rules.people import Actor
from services import passwords, tokens
from services.sessions import sign_in
from services.signing_key import signing_key_in
from tests.commands import dinghuo
from tests.house import Caller
from tests.makers import HOME, PASSWORD
from tests.servers import NO_TLS, Valkey, free_port

BEGINNING = 60.0
"""Seconds a process may take to answer first, on a machine that does other things besides."""

ENDING = 20.0
"""Seconds a process may take to end after SIGTERM: twice the grace it gives to what is under way."""


@dataclass
class Process:
    """One server, as an operating system sees it."""

    port: int
    running: ForkServerProcess
    http: httpx2.AsyncClient

    def caller(self, token: str) -> Caller:
        """Whoever has this token, asking this server."""
        return Caller(self.http, f"ws://127.0.0.1:{self.port}/graphql", token)

    async def answers(self) -> None:
        """Return once it does."""
        async with asyncio.timeout(BEGINNING):
            while True:
                try:
                    await self.http.post("/graphql", json={"query": "{ __typename }"})
                except httpx2.TransportError:
                    assert self.running.exitcode is None, "the server ended before it answered"
                    await asyncio.sleep(0.05)
                else:
                    return

    async def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        self.running.kill()
        await asyncio.to_thread(self.running.join)
        await self.http.aclose()

    async def stop(self) -> int | None:
        """End it with SIGTERM, as an operator would; its exit status, None when it goes on."""
        self.running.terminate()
        await asyncio.to_thread(self.running.join, ENDING)
        await self.http.aclose()
        return self.running.exitcode


@dataclass
class Fleet:
    """What the processes share; `first` and `second` are started by `open_fleet`, and again by whoever kills them."""

    database_url: str
    broker: Valkey
    data_dir: Path
    first: Process = field(init=False)
    second: Process = field(init=False)

    async def start(self) -> Process:
        """One more server, which answers."""
        process = self._begin()
        await process.answers()
        return process

    async def start_both(self) -> None:
        """Two servers at once, which answer."""
        self.first, self.second = self._begin(), self._begin()
        await asyncio.gather(self.first.answers(), self.second.answers())

    async def kill_all(self) -> None:
        """Both servers and the broker end with SIGKILL."""
        self.broker.stop()
        await asyncio.gather(self.first.kill(), self.second.kill())

    def _begin(self) -> Process:
        port = free_port()
        environment = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker.url,
            "DINGHUO_DATA_DIR": str(self.data_dir),
            "DINGHUO_LOG_LEVEL": "error",
        }
        running = dinghuo(environment, "serve", "--port", str(port))
        http = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=NO_TLS)
        return Process(port, running, http)


@asynccontextmanager
async def open_fleet(database_url: str, broker: Valkey, data_dir: Path) -> AsyncIterator[Fleet]:
    """Two servers until the end of the block; whom the makers sign in meanwhile, the servers believe."""
    tokens.use(tokens.Keyring(signing_key_in(data_dir)))
    fleet = Fleet(database_url, broker, data_dir)
    await fleet.start_both()
    try:
        yield fleet
    finally:
        for process in (fleet.first, fleet.second):
            await process.kill()


async def token_of(actor: Actor) -> str:
    """A token for the actor's person."""
    assert actor.member is not None
    member = await Member.get(id=actor.member)
    with passwords.cheaply():
        return (await sign_in(member.sign_in_name, PASSWORD, HOME)).access_token.text
