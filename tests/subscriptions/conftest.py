"""Brokers for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests import servers


@pytest.fixture
def valkey() -> Iterator[servers.Valkey]:
    """A Valkey of this test's own, which it may stop and start again."""
    with servers.valkey() as server:
        yield server


@pytest.fixture(params=["memory", "valkey"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Each test runs on both: what holds in one process holds in several."""
    if request.param == "memory":
        return "memory://"
    server: servers.Valkey = request.getfixturevalue("valkey")
    return server.url
