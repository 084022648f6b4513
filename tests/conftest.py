"""What every test may ask for: an event loop, a migrated database of its own, a broker."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api import garbage
from api.embedded import EmbeddedPostgres
from models import database as door
from models.migrate import migrate
from services import passwords
from tests import servers
from tests.databases import Databases, beside_all, copied, dropped
from tests.demo import demo_template, demo_url

__all__ = ["demo_template", "demo_url"]  # fixtures that stand in a file of their own

TEMPLATE = "migrated"
LONG = (
    "tests/api/test_rivals.py",
    "tests/api/test_hostile_input.py",
    "tests/resolvers/test_executor.py",
    "tests/models/test_migrations.py",
    "tests/services/test_walks.py",
    "tests/web/test_examples.py",
    "tests/api/test_answers.py",
    "tests/services/test_payment_notices.py",
    "tests/api/test_generated_queries.py",
    "tests/api/test_cli.py",
    "tests/test_readme.py",
    "tests/api/test_embedded.py",
    "tests/api/test_processes.py",
)
"""Files that take half a minute or more: begun first, so that no process is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, then the others; within a file nothing moves."""
    place = {file: number for number, file in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


def pytest_collection_finish() -> None:
    """All modules are loaded by now: looking through them for garbage again and again would take a tenth of the time."""
    garbage.settle()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The standard loop: uvloop, which serves in production, hangs at its end when a failed test left a connection open."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """A real PostgreSQL for this session."""
    with servers.postgres() as server:
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
def template(postgres_server: EmbeddedPostgres, aside: BlockingPortal) -> str:
    """The name of a database that is migrated and empty, never written to, only copied."""
    aside.call(beside_all, postgres_server, f"CREATE DATABASE {TEMPLATE}")
    aside.call(migrate, postgres_server.url_of(TEMPLATE))
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
def database_url(databases: Databases, aside: BlockingPortal) -> Iterator[str]:
    """A migrated, empty database for this test alone; nothing is connected to it yet."""
    name = aside.call(databases.take)
    yield databases.server.url_of(name)
    aside.call(databases.give_back, name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The same, with `models.database` connected to it for the time of the test."""
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
