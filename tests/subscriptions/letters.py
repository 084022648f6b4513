"""Events written straight into the table, as a verb's transaction leaves them, and what stands in the feeds."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg

INSERT = """
INSERT INTO event (stream, topic, seq, shared_seq, shipment_id, shipment_seq, kind, actor_name, body, readers, occurred_at, announced)
VALUES ($1, 'ORDER', $2, $3, $4, $5, 'MESSAGE_POSTED', 'Wang', '{}', $6, now(), false) RETURNING id
"""


async def make_event(
    connection: Any,
    stream: UUID,
    seq: int,
    *,
    readers: Sequence[UUID] = (),
    shared_seq: int | None = None,
    shipment: tuple[UUID, int] | tuple[None, None] = (None, None),
) -> int:
    """One unannounced event; gives its id."""
    return int(await connection.fetchval(INSERT, stream, seq, shared_seq, *shipment, list(readers)))


async def make_events(connection: Any, stream: UUID, numbers: Sequence[int], *, readers: Sequence[UUID] = ()) -> None:
    """Many in one statement each; seq and shared_seq are the same."""
    await connection.executemany(INSERT, [(stream, seq, seq, None, None, list(readers)) for seq in numbers])


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """A connection of the test's own, beside the pool."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


async def write_under_load(url: str, streams: Sequence[UUID], companies: Sequence[UUID], *, rounds: int) -> None:
    """Each stream grows by `rounds` events, each in a transaction of random length, all streams at the same time."""

    async def grow(stream: UUID, chance: random.Random) -> None:
        async with connected(url) as connection:
            for seq in range(1, rounds + 1):
                async with connection.transaction():
                    await make_event(connection, stream, seq, readers=chance.sample(list(companies), 2), shared_seq=seq)
                    await asyncio.sleep(chance.uniform(0, 0.004))

    await asyncio.gather(*(grow(stream, random.Random(place)) for place, stream in enumerate(streams)))


async def assert_each_feed_is_whole(connection: Any) -> None:
    """Every event is announced, once to each reader, under gapless positions, each stream in its order."""
    expected = await connection.fetch(
        "SELECT DISTINCT unnest(readers) AS company_id, id AS event_id FROM event ORDER BY 1, 2"
    )
    entries = await connection.fetch(
        "SELECT company_id, position, event_id, stream, seq FROM feed_entry JOIN event ON event.id = event_id ORDER BY 1, 2"
    )
    assert sorted((entry["company_id"], entry["event_id"]) for entry in entries) == [tuple(row) for row in expected]
    assert await connection.fetchval("SELECT count(*) FROM event WHERE NOT announced") == 0
    feeds: dict[UUID, list[Any]] = {}
    for entry in entries:
        feeds.setdefault(entry["company_id"], []).append(entry)
    for company, feed in feeds.items():
        assert [entry["position"] for entry in feed] == list(range(1, len(feed) + 1))
        assert await connection.fetchval("SELECT position FROM feed_head WHERE company_id = $1", company) == len(feed)
        for stream in {entry["stream"] for entry in feed}:
            numbers = [entry["seq"] for entry in feed if entry["stream"] == stream]
            assert numbers == sorted(numbers)


def ids(count: int) -> list[UUID]:
    """That many ids of whatever."""
    return [uuid4() for _ in range(count)]
