"""Alive is not ready; ready means that the database answers and has every table."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from starlette.applications import Starlette

from api.health import Health
from api.metrics import Metrics
from models import database as door
from models.database import pool
from services import alerts
from tests import servers


def client(app: Starlette) -> httpx2.AsyncClient:
    """Asks the app without a network in between."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here")


@pytest.mark.usefixtures("database")
async def test_with_a_migrated_database_it_is_ready_and_tells_the_facts() -> None:
    async with client(Starlette(routes=Health({"bell": lambda: "ringing"}).routes())) as ask:
        answer = await ask.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ready", "bell": "ringing"}
    assert answer.headers["cache-control"] == "no-store"


async def test_without_a_database_it_lives_but_is_not_ready() -> None:
    async with client(Starlette(routes=Health().routes())) as ask:
        alive, ready = await ask.get("/health/live"), await ask.get("/health/ready")
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()["database"]) == (503, "unreachable")
    assert int(ready.headers["retry-after"]) > 0


async def test_an_unmigrated_database_is_not_ready(make_database_url: Callable[..., str]) -> None:
    await door.connect(make_database_url())
    try:
        async with client(Starlette(routes=Health().routes())) as ask:
            answer = await ask.get("/health/ready")
    finally:
        await door.close()
    assert (answer.status_code, answer.json()["database"]) == (503, "migrations pending")


async def test_readiness_follows_the_database_down_and_up_again() -> None:
    with servers.postgres() as server:
        health = Health()
        health._migrated = True  # the tables are not the question here
        await door.connect(server.url)
        try:
            assert await health.database() == "ready"
            server.cluster.stop()
            assert await health.database() == "unreachable"
            server.cluster.launch()
            assert await health.database() == "ready"
        finally:
            await door.close()


@pytest.fixture
async def connected(database_url: str) -> AsyncIterator[None]:
    """By connections that nobody has used before."""
    await door.connect(database_url)
    yield
    await door.close()


@pytest.mark.usefixtures("connected")
async def test_operations_are_counted_under_known_names_only() -> None:
    metrics = Metrics(operations=["OrderList"])
    metrics.watch("dinghuo_relay_behind", "Events not yet in the feeds.", lambda: 7)
    metrics.answered("OrderList", "ok", 0.01)
    metrics.answered('evil"} 1\nother_metric 2', "ok", 0.01)
    metrics.answered(None, "INTERNAL", 0.01)
    await pool().fetchval("SELECT 1")
    async with client(Starlette(routes=metrics.routes())) as ask:
        text = (await ask.get("/metrics")).text
    assert 'dinghuo_operations_total{operation="OrderList",outcome="ok"} 1.0' in text
    assert 'dinghuo_operations_total{operation="other",outcome="ok"} 1.0' in text
    assert 'dinghuo_operations_total{operation="other",outcome="INTERNAL"} 1.0' in text
    assert "evil" not in text
    assert "dinghuo_relay_behind 7.0" in text
    assert "dinghuo_database_connections 1.0" in text


async def test_what_is_counted_elsewhere_is_shown_word_by_word_from_none_on() -> None:
    metrics, before = Metrics(), alerts.raised()
    metrics.watch_counts("dinghuo_money_alerts", "Money that somebody has to look after.", "kind", alerts.raised)
    alerts.alert(alerts.Alert.SPLIT_FAILED, reason='evil"} 1')
    async with client(Starlette(routes=metrics.routes())) as ask:
        text = (await ask.get("/metrics")).text
    shown = [line for line in text.splitlines() if line.startswith("dinghuo_money_alerts_total")]
    assert shown == [
        f'dinghuo_money_alerts_total{{kind="{kind}"}} {float(count + (kind == "split_failed"))}'
        for kind, count in before.items()
    ]
    assert "evil" not in text


async def test_metrics_are_shown_without_a_database() -> None:
    async with client(Starlette(routes=Metrics().routes())) as ask:
        assert "dinghuo_database_connections 0.0" in (await ask.get("/metrics")).text
