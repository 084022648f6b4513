"""The reads of one operation share a connection, and nobody starves for it."""

import asyncio

import asyncpg
import pytest

from models import Company, database
from models.lease import IDLE, current, one_connection
from models.rows import fetch, rows
from models.transaction import transact

PID = "SELECT pg_backend_pid() AS pid"


@pytest.mark.usefixtures("database")
async def test_reads_that_follow_each_other_or_run_at_once_share_one_connection() -> None:
    async with one_connection():
        first = await fetch(Company, PID)
        several = await asyncio.gather(*(fetch(Company, PID) for _ in range(5)))
        assert {one.pid for found in (first, *several) for one in found} == {first[0].pid}
    assert database.pool().get_idle_size() == database.pool().get_size()
    assert current() is None


@pytest.mark.usefixtures("database")
async def test_operations_that_hold_every_connection_and_want_another_do_not_wait_for_each_other_for_ever() -> None:
    async def operation() -> None:
        async with one_connection():
            await rows(Company.all())
            await transact(lambda: Company.all().count())
            await rows(Company.all())

    await asyncio.gather(*(operation() for _ in range(3 * database.pool().get_max_size())))
    assert database.pool().get_idle_size() == database.pool().get_size()


@pytest.mark.usefixtures("database")
async def test_a_connection_that_is_not_needed_for_a_moment_is_given_back() -> None:
    async with one_connection():
        await rows(Company.all())
        busy = database.pool().get_idle_size()
        await asyncio.sleep(IDLE * 10)
        assert database.pool().get_idle_size() == busy + 1
        await rows(Company.all())


@pytest.mark.usefixtures("database")
async def test_a_connection_lost_meanwhile_fails_one_read_and_not_the_next() -> None:
    async with one_connection():
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await fetch(Company, "SELECT pg_terminate_backend(pg_backend_pid())")
        assert await rows(Company.all()) == []


@pytest.mark.usefixtures("database")
async def test_a_cancelled_read_gives_its_connection_back() -> None:
    async def operation() -> None:
        async with one_connection():
            await fetch(Company, "SELECT pg_sleep(60)")

    for _ in range(database.pool().get_max_size() + 1):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(operation(), 0.02)
    assert await rows(Company.all()) == []
