"""What every test may ask for: an event loop, a migrated database of its own, a broker."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api import garbage
from api.embedded import EmbeddedPostgres
from models import database as door
from services import passwords
from tests import servers
from tests.databases import TEMPLATE, Databases, beside_all, copied, dropped, make_template
from tests.demo import demo_template, demo_url
from tests.pools import Pools

__all__ = ["demo_template", "demo_url"]  # fixtures that stand in a file of their own

SHARED, SERVER = pytest.StashKey[ExitStack](), pytest.StashKey[EmbeddedPostgres]()
LONG = (
    "tests/web/test_examples.py",
    "tests/api/test_rivals.py",
    "tests/web/test_dashboard.py",
    "tests/resolvers/test_executor.py",
    "tests/api/test_cli.py",
    "tests/api/test_hostile_input.py",
    "tests/test_readme.py",
    "tests/services/test_walks.py",
    "tests/services/test_payment_notices.py",
    "tests/api/test_answers.py",
    "tests/web/test_graphiql.py",
    "tests/services/test_signing_elsewhere.py",
    "tests/api/demo/test_driving.py",
    "tests/api/test_embedded.py",
    "tests/models/test_migrations.py",
    "tests/api/test_payment_notices.py",
    "tests/api/test_generated_queries.py",
    "tests/api/test_processes.py",
    "tests/api/demo/test_paying.py",
    "tests/services/test_money_walks.py",
)
"""Files that take half a minute or more: begun first, so that no process is left alone with one of them at the end."""


def pytest_configure() -> None:
    """While the tests are collected, nothing that is made is garbage; a traceback drawn with all its variables takes a second."""
    garbage.rarely()
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, then the others; within a file nothing moves."""
    place = {file: number for number, file in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


def pytest_collection_finish() -> None:
    """All modules are loaded by now: looking through them for garbage again and again would take a tenth of the time."""
    garbage.settle()


def pytest_sessionfinish() -> None:
    """What is no garbage now is none later: pytest looks five times, for whatever the last tests left unfinished."""
    garbage.settle()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The standard loop: uvloop, which serves in production, hangs at its end when a failed test left a connection open."""
    return "asyncio"


@pytest.fixture(scope="session")
def pools() -> Pools:
    """Those that stay open from test to test."""
    return Pools()


@pytest.fixture(scope="session")
async def loop(pools: Pools) -> AsyncIterator[asyncio.AbstractEventLoop]:
    """All tests run in it, since what is kept from test to test belongs to it."""
    yield asyncio.get_running_loop()
    await pools.end()


@pytest.fixture(autouse=True)
def nothing_runs_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tasks that a test leaves behind end with it."""
    if "anyio_backend" not in request.fixturenames:
        yield
        return
    loop: asyncio.AbstractEventLoop = request.getfixturevalue("loop")
    before = asyncio.all_tasks(loop)
    yield
    left = asyncio.all_tasks(loop) - before
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Where several processes run the tests, the one that hands them out keeps a server for all of them."""
    running = node.config.stash.setdefault(SHARED, ExitStack())
    if SERVER not in node.config.stash:
        node.config.add_cleanup(running.close)
        node.config.stash[SERVER] = running.enter_context(servers.postgres())
        asyncio.run(make_template(node.config.stash[SERVER]))
    node.workerinput["postgres"] = str(node.config.stash[SERVER].home)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config, aside: BlockingPortal) -> Iterator[EmbeddedPostgres]:
    """A real PostgreSQL for this session."""
    shared = getattr(pytestconfig, "workerinput", None)
    if shared is not None:
        yield EmbeddedPostgres(home=Path(shared["postgres"]))
        return
    with servers.postgres() as server:
        aside.call(make_template, server)
        yield server


@pytest.fixture(scope="session")
def aside() -> Iterator[BlockingPortal]:
    """A loop in a thread of its own: pytest may set fixtures up and down while the tests' own loop runs in this one."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def as_admin(postgres_server: EmbeddedPostgres, aside: BlockingPortal) -> Callable[[str], None]:
    """Executes one statement beside all databases, such as CREATE DATABASE."""
    return lambda statement: aside.call(beside_all, postgres_server, statement)


@pytest.fixture(scope="session")
def template(postgres_server: EmbeddedPostgres) -> str:
    """The name of a database that is migrated and empty, never written to, only copied."""
    return TEMPLATE


@pytest.fixture
def make_database_url(postgres_server: EmbeddedPostgres, aside: BlockingPortal) -> Iterator[Callable[..., str]]:
    """Makes databases for one test: empty ones, or copies of `template`."""
    made: list[str] = []

    def make(template: str = "template1") -> str:
        made.append(aside.call(copied, postgres_server, template))
        return postgres_server.url_of(made[-1])

    yield make
    for name in made:
        aside.call(dropped, postgres_server, name)


@pytest.fixture(scope="session")
def databases(postgres_server: EmbeddedPostgres, template: str, aside: BlockingPortal) -> Iterator[Databases]:
    """Those that are emptied after each test."""
    databases = Databases(postgres_server, template)
    yield databases
    aside.call(databases.close)


@pytest.fixture
def database_url(databases: Databases, pools: Pools, aside: BlockingPortal) -> Iterator[str]:
    """A migrated, empty database for this test alone; nothing is connected to it yet."""
    name = aside.call(databases.take)
    url = databases.server.url_of(name)
    yield url
    aside.call(databases.give_back, name, pools.server_pids(url))


@pytest.fixture
async def database(database_url: str, pools: Pools) -> AsyncIterator[str]:
    """The same, with `models.database` connected to it for the time of the test."""
    with pools.lasting():
        await door.connect(database_url)
    try:
        yield database_url
    finally:
        await door.close()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real Valkey for this session, shared by its tests: use channel names of your own."""
    with servers.valkey() as server:
        yield server.url


@pytest.fixture
def cheap_hashes() -> Iterator[None]:
    """Passwords are hashed in no time: for tests of many sign-ins and proofs."""
    with passwords.cheaply():
        yield
