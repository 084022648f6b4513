"""Every event reaches the feed of every reader, once and in order, whoever dies on the way."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.feed import RELAY_LOCK, Announced, Numbering, announce_batch, rows_after
from subscriptions.bell import Bell
from subscriptions.relay import BATCH, RELAY, Relay
from tests.subscriptions.letters import (
    assert_each_feed_is_whole,
    connected,
    ids,
    make_event,
    make_events,
    write_under_load,
)
from tests.subscriptions.patience import until

LONG = 20.0
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@asynccontextmanager
async def make_relay() -> AsyncIterator[tuple[Bell, Relay]]:
    """A relay and its bell; the relay does not run by itself yet."""
    bell = Bell()
    await bell.start()
    relay = Relay(bell)
    try:
        yield bell, relay
    finally:
        await relay.stop()
        await bell.stop()


async def test_each_reader_gets_the_event_under_its_own_position(database: str) -> None:
    [first, second], [buyer, supplier, stranger] = ids(2), ids(3)
    async with connected(database) as connection, make_relay() as (_, relay):
        await make_event(connection, first, 1, readers=[buyer])
        await make_event(connection, second, 1, readers=[buyer, supplier, buyer])
        await make_event(connection, first, 2, readers=[])
        assert await relay.announce() == 3
        await assert_each_feed_is_whole(connection)
        feeds = {
            company: await rows_after(Numbering.COMPANY_FEED, {company: 0}, 10)
            for company in (buyer, supplier, stranger)
        }
    assert [(row.cursor, row.stream) for row in feeds[buyer]] == [(1, first), (2, second)]
    assert [(row.cursor, row.stream) for row in feeds[supplier]] == [(1, second)]
    assert feeds[stranger] == []


async def test_the_bell_rings_for_companies_streams_and_shipments(database: str) -> None:
    [stream, shipment, buyer, supplier] = ids(4)
    keys = {str(key) for key in (stream, shipment, buyer, supplier)}
    async with connected(database) as connection, make_relay() as (bell, relay), bell.wakes(*keys) as wake:
        await wake.heard(0)
        await make_event(connection, stream, 1, readers=[buyer, supplier], shipment=(shipment, 1))
        await relay.announce()
        assert await wake.heard(LONG) == keys
        await relay.announce()
        assert await wake.heard(0.05) == frozenset()


async def test_more_than_a_batch_goes_out_in_several(database: str) -> None:
    [stream, company] = ids(2)
    async with connected(database) as connection, make_relay() as (_, relay):
        await make_events(connection, stream, range(1, 2 * BATCH + 4), readers=[company])
        assert await relay.lag() == 2 * BATCH + 3
        first = await announce_batch(BATCH)
        assert first == Announced(BATCH, first.touched if first else ())
        assert await relay.announce() == BATCH + 3
        assert (await relay.lag(), relay.announced) == (0, BATCH + 3)
        await assert_each_feed_is_whole(connection)


async def test_a_transaction_that_commits_after_a_later_id_is_not_lost(database: str) -> None:
    [slow, fast, company] = ids(3)
    async with connected(database) as one, connected(database) as other, make_relay() as (_, relay):
        transaction = one.transaction()
        await transaction.start()
        early = await make_event(one, slow, 1, readers=[company])
        late = await make_event(other, fast, 1, readers=[company])
        assert early < late
        assert await relay.announce() == 1
        seen = await rows_after(Numbering.COMPANY_FEED, {company: 0}, 10)
        assert [(row.cursor, row.id) for row in seen] == [(1, late)]
        await transaction.commit()
        assert await relay.announce() == 1
        news = await rows_after(Numbering.COMPANY_FEED, {company: 1}, 10)
        assert [(row.cursor, row.id) for row in news] == [(2, early)]
        await assert_each_feed_is_whole(other)


async def test_what_was_undone_is_never_announced(database: str) -> None:
    [stream, company] = ids(2)
    async with connected(database) as connection, make_relay() as (_, relay):
        transaction = connection.transaction()
        await transaction.start()
        await make_event(connection, stream, 1, readers=[company])
        assert await relay.announce() == 0
        await transaction.rollback()
        assert await relay.announce() == 0
        assert await rows_after(Numbering.COMPANY_FEED, {company: 0}, 10) == []


async def test_one_leads_at_a_time_and_another_takes_over_when_it_dies(database: str) -> None:
    [stream, company] = ids(2)
    async with connected(database) as connection, connected(database) as leader, make_relay() as (_, relay):
        await leader.execute("BEGIN")
        assert await leader.fetchval("SELECT pg_try_advisory_xact_lock($1)", RELAY_LOCK)
        await make_event(connection, stream, 1, readers=[company])
        assert await announce_batch() is None
        assert await relay.announce() == 0
        leader.terminate()
        await relay.start()
        async with asyncio.timeout(LONG):
            while await relay.lag():
                await asyncio.sleep(0.05)
        await assert_each_feed_is_whole(connection)


async def test_a_ring_starts_it_at_once_and_the_clock_when_nobody_rings(database: str) -> None:
    [stream, company] = ids(2)
    async with connected(database) as connection, make_relay() as (bell, relay):
        await relay.start()
        for seq, rings in ((1, [RELAY]), (2, [])):
            await make_event(connection, stream, seq, readers=[company])
            await bell.ring(rings)
            await until(lambda seq=seq: relay.announced == seq)  # type: ignore[misc]


async def test_several_relays_under_load_give_each_position_once(database: str) -> None:
    streams, companies = ids(8), ids(5)
    async with connected(database) as connection, make_relay() as (bell, first), make_relay() as (_, second):
        relays = [first, second, Relay(bell), Relay(bell)]
        for relay in relays:
            await relay.start()
        writing = asyncio.create_task(write_under_load(database, streams, companies, rounds=30))
        while not writing.done():
            await bell.ring([RELAY])
            await asyncio.gather(*(relay.announce() for relay in relays))
        await writing
        await until(lambda: sum(relay.announced for relay in relays) == 8 * 30)
        for relay in relays:
            await relay.stop()
        await assert_each_feed_is_whole(connection)


async def test_a_relay_whose_connection_dies_in_the_middle_of_a_batch_loses_and_doubles_nothing(database: str) -> None:
    [stream, company] = ids(2)
    async with connected(database) as connection, connected(database) as blocker, make_relay() as (_, relay):
        await make_events(connection, stream, range(1, 10), readers=[company])
        for table in ("feed_head", "feed_entry", "event"):
            async with blocker.transaction():
                await blocker.execute(f"LOCK TABLE {table} IN SHARE MODE")
                await relay.start()
                await _until_somebody_waits(connection)
                await connection.execute(TERMINATE + " AND wait_event_type = 'Lock'")
                await until(lambda: relay.failures > 0)
                assert relay.is_running
                await relay.stop()
                relay.failures = 0
            assert await connection.fetchval("SELECT count(*) FROM feed_entry") == 0
        await relay.start()
        await until(lambda: relay.announced == 9)
        await assert_each_feed_is_whole(connection)


async def _until_somebody_waits(connection: object) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(LONG):
        while not await connection.fetchval(waiting):  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)


async def test_it_goes_on_after_the_database_threw_everybody_out(database: str) -> None:
    [stream, company] = ids(2)
    async with make_relay() as (bell, relay):
        await relay.start()
        for seq in range(1, 6):
            async with connected(database) as connection:
                await connection.execute(TERMINATE)
                await make_event(connection, stream, seq, readers=[company])
                await bell.ring([RELAY])
                await until(lambda seq=seq: relay.announced >= seq)  # type: ignore[misc]
                assert relay.is_running
                await assert_each_feed_is_whole(connection)


async def test_two_processes_killed_again_and_again_lose_and_double_nothing(database: str, valkey_url: str) -> None:
    streams, companies = ids(4), ids(3)
    writing = asyncio.create_task(write_under_load(database, streams, companies, rounds=600))
    living = [await _start_relay_process(database, valkey_url) for _ in range(2)]
    try:
        while not writing.done():
            oldest = living.pop(0)
            oldest.kill()
            await oldest.wait()
            living.append(await _start_relay_process(database, valkey_url))
        await writing
        async with connected(database) as connection, asyncio.timeout(LONG):
            while await connection.fetchval("SELECT count(*) FROM event WHERE NOT announced"):
                await asyncio.sleep(0.05)
            await assert_each_feed_is_whole(connection)
    finally:
        for process in living:
            process.kill()
            await process.wait()


async def _start_relay_process(*urls: str) -> Process:
    command = [sys.executable, "-m", "tests.subscriptions.relay_process", *urls]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"relaying\n"
    return process
