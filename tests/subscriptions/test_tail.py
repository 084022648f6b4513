"""Followers of a real database and a real broker: nothing is lost, doubled or out of order, whoever dies."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID, uuid4

import pytest

from models.feed import Numbering
from models.rows import Row
from subscriptions.bell import Bell
from subscriptions.follower import Follower, UnknownCursor
from subscriptions.relay import RELAY, Relay
from subscriptions.tail import Source, Tails
from tests.servers import Valkey
from tests.subscriptions.letters import connected, ids, make_event, make_events, write_under_load
from tests.subscriptions.patience import until

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@asynccontextmanager
async def make_tails(bell_url: str = "memory://") -> AsyncIterator[tuple[Bell, Tails]]:
    """What a process runs for its subscribers."""
    bell = Bell(bell_url)
    tails = Tails(bell)
    await bell.start()
    await tails.start()
    try:
        yield bell, tails
    finally:
        await tails.stop()
        await bell.stop()


def stream(id_: UUID) -> Source:
    return Source(Numbering.STREAM, id_)


async def take(follower: Follower, count: int) -> list[Row]:
    async with asyncio.timeout(20):
        return [await anext(follower) for _ in range(count)]


async def take_until(follower: Follower, last: int) -> list[int]:
    numbers: list[int] = []
    while follower.cursor < last:
        numbers += [row.cursor for row in await take(follower, 1)]
    return numbers


async def test_a_replay_goes_on_live(database: str) -> None:
    order = uuid4()
    async with connected(database) as connection, make_tails() as (bell, tails):
        await make_events(connection, order, range(1, 6))
        async with tails.follow(stream(order), after=2) as events:
            assert [(row.cursor, row.stream, row.kind) for row in await take(events, 3)] == [
                (seq, order, "MESSAGE_POSTED") for seq in (3, 4, 5)
            ]
            await make_events(connection, order, (6, 7))
            await bell.ring([str(order)])
            assert [row.cursor for row in await take(events, 2)] == [6, 7]


async def test_a_long_replay_comes_page_by_page(database: str) -> None:
    order = uuid4()
    async with connected(database) as connection, make_tails() as (_, tails):
        await make_events(connection, order, range(1, 801))
        async with tails.follow(stream(order), after=0) as events:
            assert [row.cursor for row in await take(events, 800)] == list(range(1, 801))


async def test_what_nobody_rings_for_is_found_by_the_clock(database: str) -> None:
    [order, company] = ids(2)
    async with connected(database) as connection, make_tails() as (_, tails):
        feed = Source(Numbering.COMPANY_FEED, company)
        async with tails.follow(stream(order), after=0) as events, tails.follow(feed, after=0) as entries:
            await make_event(connection, order, 1, readers=[company])
            await Relay(Bell()).announce()
            assert [row.id for row in await take(events, 1)] == [row.id for row in await take(entries, 1)]


async def test_each_side_counts_an_order_in_its_own_way(database: str) -> None:
    [order, shipment, company] = ids(3)
    async with connected(database) as connection, make_tails() as (bell, tails), AsyncExitStack() as following:
        sources = [
            Source(numbering, id_) for numbering, id_ in zip(Numbering, (company, order, order, shipment), strict=True)
        ]
        followers = [await following.enter_async_context(tails.follow(source, after=0)) for source in sources]
        await make_event(connection, order, 1)
        await make_event(connection, order, 2, readers=[company], shared_seq=1)
        await make_event(connection, order, 3, readers=[company], shared_seq=2, shipment=(shipment, 1))
        await Relay(bell).announce()
        heard = [
            [(row.cursor, row.seq) for row in await take(follower, count)]
            for follower, count in zip(followers, (2, 3, 2, 1), strict=True)
        ]
        assert heard == [[(1, 2), (2, 3)], [(1, 1), (2, 2), (3, 3)], [(1, 2), (2, 3)], [(1, 3)]]
        async with tails.follow(sources[2], after=1) as supplier:
            assert [row.seq for row in await take(supplier, 1)] == [3]


async def test_a_thousand_followers_of_one_source_share_one_read(database: str) -> None:
    order = uuid4()
    async with connected(database) as connection, make_tails() as (bell, tails), AsyncExitStack() as following:
        followers = [await following.enter_async_context(tails.follow(stream(order), after=0)) for _ in range(1000)]
        taking = [asyncio.create_task(take(follower, 3)) for follower in followers]
        await asyncio.sleep(0)
        await make_events(connection, order, (1, 2, 3))
        await bell.ring([str(order)])
        heard = await asyncio.gather(*taking)
        assert len(tails) == 1
        assert len({id(row) for rows in heard for row in rows}) == 3, "all were given the same three objects"


async def test_a_thousand_sources_hear_their_own_events_alone(database: str) -> None:
    orders = ids(1000)
    async with connected(database) as connection, make_tails() as (bell, tails), AsyncExitStack() as following:
        followers = [await following.enter_async_context(tails.follow(stream(order), after=0)) for order in orders]
        for order in orders:
            await make_event(connection, order, 1)
        await bell.ring([str(order) for order in orders])
        heard = await asyncio.gather(*(take(follower, 1) for follower in followers))
        assert [rows[0].stream for rows in heard] == orders


async def test_a_source_is_forgotten_with_its_last_follower(database: str) -> None:
    order = uuid4()
    async with make_tails() as (_, tails):
        async with tails.follow(stream(order), after=0):
            async with (
                tails.follow(stream(order), after=0),
                tails.follow(Source(Numbering.SHARED_STREAM, order), after=0),
            ):
                assert len(tails) == 2
            assert len(tails) == 1
            assert tails._wake.keys == {str(order)}
        assert (len(tails), tails._wake.keys) == (0, set())


async def test_a_cancelled_subscriber_leaves_nothing_behind(database: str) -> None:
    order = uuid4()

    async def listen() -> None:
        async with tails.follow(stream(order), after=0) as events:
            await take(events, 1)

    async with make_tails() as (_, tails):
        for pause in (0.0, 0.001, 0.01, 0.1):
            listening = asyncio.create_task(listen())
            await asyncio.sleep(pause)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            assert (len(tails), tails._wake.keys) == (0, set())
        assert tails.is_running


@pytest.mark.parametrize("cursor", [-1, 4, 2**63 - 1, 2**63])
async def test_a_made_up_cursor_is_refused_and_deafens_nobody(database: str, cursor: int) -> None:
    order = uuid4()
    async with connected(database) as connection, make_tails() as (bell, tails):
        await make_events(connection, order, (1, 2, 3))
        with pytest.raises(UnknownCursor):
            await tails.follow(stream(order), after=cursor).__aenter__()
        assert len(tails) == 0
        async with tails.follow(stream(order), after=3) as events:
            with pytest.raises(UnknownCursor):
                await tails.follow(stream(order), after=cursor).__aenter__()
            await make_event(connection, order, 4)
            await bell.ring([str(order)])
            assert [row.cursor for row in await take(events, 1)] == [4]


async def test_stopping_ends_every_iteration_and_nothing_can_be_followed(database: str) -> None:
    async with make_tails() as (_, tails), tails.follow(stream(uuid4()), after=0) as events:
        ending = asyncio.create_task(anext(events, None))
        await asyncio.sleep(0.01)
        await tails.stop()
        assert await asyncio.wait_for(ending, 5) is None
        with pytest.raises(RuntimeError):
            await tails.follow(stream(uuid4()), after=0).__aenter__()


async def test_everything_arrives_under_load_whenever_one_joins(database: str) -> None:
    streams, companies, chance = ids(6), ids(3), random.Random(1)
    async with make_tails() as (bell, tails), AsyncExitStack() as following:
        relay = Relay(bell)
        await relay.start()
        following.push_async_callback(relay.stop)
        writing = asyncio.create_task(write_under_load(database, streams, companies, rounds=40))
        following_streams, following_feeds = [], []
        for _ in range(30):
            await asyncio.sleep(chance.uniform(0, 0.02))
            await bell.ring([RELAY])
            order = await following.enter_async_context(tails.follow(stream(chance.choice(streams)), after=0))
            feed = Source(Numbering.COMPANY_FEED, chance.choice(companies))
            following_streams.append(asyncio.create_task(take_until(order, 40)))
            following_feeds.append((feed.id, await following.enter_async_context(tails.follow(feed, after=0))))
        await writing
        assert await asyncio.gather(*following_streams) == [list(range(1, 41))] * 30
        await until(lambda: relay.announced == 6 * 40)
        async with connected(database) as connection:
            heads = dict(await connection.fetch("SELECT company_id, position FROM feed_head"))
        for company, follower in following_feeds:
            assert await take_until(follower, heads[company]) == list(range(1, heads[company] + 1))


async def test_killing_broker_relay_and_connections_loses_nothing(database: str, valkey: Valkey) -> None:
    streams, companies = ids(3), ids(2)
    async with make_tails(valkey.url) as (bell, tails), AsyncExitStack() as following:
        writing = asyncio.create_task(write_under_load(database, streams, companies, rounds=150))
        orders = [await following.enter_async_context(tails.follow(stream(order), after=0)) for order in streams]
        feeds = [
            await following.enter_async_context(tails.follow(Source(Numbering.COMPANY_FEED, company), after=0))
            for company in companies
        ]
        taking = [asyncio.create_task(take_until(follower, 150)) for follower in orders]
        taking += [asyncio.create_task(take_until(follower, 450)) for follower in feeds]
        for _ in range(3):
            relay = Relay(bell)
            await relay.start()
            await bell.ring([RELAY])
            await asyncio.sleep(0.05)
            valkey.stop()
            await relay.stop()
            async with connected(database) as connection:
                await connection.execute(TERMINATE + " AND query LIKE '%wanted%'")
            valkey.start()
        await relay.start()
        following.push_async_callback(relay.stop)
        await writing
        assert await asyncio.gather(*taking) == [list(range(1, 151))] * 3 + [list(range(1, 451))] * 2
        assert tails.is_running


async def test_after_a_restart_the_cursor_goes_on(database: str, valkey: Valkey) -> None:
    order = uuid4()
    async with connected(database) as connection:
        await make_events(connection, order, range(1, 8))
        async with make_tails(valkey.url) as (_, tails), tails.follow(stream(order), after=0) as events:
            assert [row.cursor for row in await take(events, 7)] == list(range(1, 8))
        valkey.stop()
        await make_events(connection, order, range(8, 13))
        valkey.start()
        async with make_tails(valkey.url) as (bell, tails), tails.follow(stream(order), after=7) as events:
            assert [row.cursor for row in await take(events, 5)] == [8, 9, 10, 11, 12]
            await make_event(connection, order, 13)
            await bell.ring([str(order)])
            assert [row.cursor for row in await take(events, 1)] == [13]
