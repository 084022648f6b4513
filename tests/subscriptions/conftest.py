"""Brokers for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.subscriptions.valkey import Valkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A running Valkey that the test may kill and start again."""
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["memory", "valkey"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Each test runs on both: what holds in one process holds in several."""
    if request.param == "memory":
        return "memory://"
    server: Valkey = request.getfixturevalue("valkey")
    return server.url
