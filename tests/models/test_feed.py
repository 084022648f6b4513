"""Rows after a cursor: complete up to wherever they are cut, in each way of counting."""

from uuid import UUID

import pytest

from models.feed import Numbering, rows_after
from tests.subscriptions.letters import connected, ids, make_event, make_events


async def numbers(numbering: Numbering, cursors: dict[UUID, int], limit: int = 100) -> list[tuple[UUID, int]]:
    return [(row.sequence_id, row.cursor) for row in await rows_after(numbering, cursors, limit)]


async def test_the_supplier_counts_from_the_moment_the_order_was_placed(database: str) -> None:
    [order] = ids(1)
    async with connected(database) as connection:
        for seq, shared in ((1, None), (2, None), (3, 1), (4, 2), (5, 3)):
            await make_event(connection, order, seq, shared_seq=shared)
    assert await numbers(Numbering.STREAM, {order: 3}) == [(order, 4), (order, 5)]
    for after in range(4):
        expected = [(order, shared) for shared in range(after + 1, 4)]
        assert await numbers(Numbering.SHARED_STREAM, {order: after}) == expected


async def test_a_shipment_counts_what_concerns_it(database: str) -> None:
    [order, shipment, other] = ids(3)
    async with connected(database) as connection:
        for seq, of in ((1, (None, None)), (2, (shipment, 1)), (3, (other, 1)), (4, (shipment, 2))):
            await make_event(connection, order, seq, shipment=of)
    assert await numbers(Numbering.SHIPMENT, {shipment: 0, other: 0}) == [(shipment, 1), (shipment, 2), (other, 1)]
    assert await numbers(Numbering.SHIPMENT, {shipment: 1, other: 1}) == [(shipment, 2)]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 100])
async def test_wherever_it_is_cut_nothing_is_missing_before(database: str, limit: int) -> None:
    streams = ids(4)
    async with connected(database) as connection:
        for stream in streams:
            await make_events(connection, stream, range(1, 5))
    cursors, seen = dict.fromkeys(streams, 0), []
    while page := await numbers(Numbering.STREAM, cursors, limit):
        assert len(page) <= limit
        for stream, cursor in page:
            assert cursor == cursors[stream] + 1
            cursors[stream] = cursor
        seen += page
    assert sorted(seen) == sorted((stream, seq) for stream in streams for seq in range(1, 5))


async def test_nothing_asked_for_is_nothing_found(database: str) -> None:
    assert await numbers(Numbering.COMPANY_FEED, {}) == []
