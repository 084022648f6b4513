"""The live board: whole, for those it concerns, computed once for all who watch, and seldom however much happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import Shipment
from rules.shipping import TrackingCode
from services import clock
from services.conversing import post_message
from services.despatching import Report, record_tracking
from subscriptions import boards, fields
from tests.house import Caller, House, open_house
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    make_contracted_order,
    make_parties,
    make_receipt,
    make_shipment,
    make_sighting,
)
from tests.statements import counting
from tests.subscriptions.letters import connected
from tests.subscriptions.patience import until

WATCH = """subscription ($filter: DeliveryBoardFilter) { deliveryBoard(filter: $filter) {
    cursor counts { underWay late arrivingToday arrived } deliveries { lanes shipment { number status } } } }"""
FOLLOW = "subscription ($after: Int) { companyEvents(after: $after) { cursor kind } }"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The product."""
    async with open_house(database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def parties(house: House) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def enter(house: House, parties: Parties) -> tuple[Caller, Caller]:
    """Both of them, signed in."""
    return await house.enter(parties.buyer), await house.enter(parties.supplier)


def counted(board: dict[str, Any]) -> tuple[int, int]:
    """How many are under way, and how many wait; what the list says as well."""
    lanes = [lane for one in board["deliveries"] for lane in one["lanes"]]
    found = board["counts"]["underWay"], board["counts"]["arrived"]
    assert found == (lanes.count("UNDER_WAY"), lanes.count("ARRIVED"))
    return found


def computed(sent: list[str]) -> int:
    """How often a board was computed."""
    return sum("GROUPING SETS" in sql for sql in sent)


async def test_both_sides_see_goods_leave_arrive_and_go_off_the_board(house: House, parties: Parties) -> None:
    buyer, supplier = await enter(house, parties)
    order = await make_contracted_order(parties)
    async with buyer.listening(WATCH) as bought, supplier.listening(WATCH) as sold:
        assert [counted(await one.next()) for one in (bought, sold)] == [(0, 0), (0, 0)]
        shipment = await make_shipment(parties, order)
        for one in (bought, sold):
            board = await one.next()
            assert (counted(board), board["deliveries"][0]["shipment"]["number"]) == ((1, 0), shipment.number)
        shipment = await make_sighting(parties, shipment, TrackingCode.DELIVERED, clock.now())
        assert [counted(await one.next()) for one in (bought, sold)] == [(0, 1), (0, 1)]
        await make_receipt(parties, shipment)
        assert [counted(await one.next()) for one in (bought, sold)] == [(0, 0), (0, 0)]


async def test_only_events_of_the_company_s_own_shipments_compute_it_anew(house: House, parties: Parties) -> None:
    """Not messages, and nothing of a rival's."""
    buyer, _ = await enter(house, parties)
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    rivals = await make_parties()
    theirs = await make_shipment(rivals, await make_contracted_order(rivals))
    async with buyer.listening(WATCH) as live, counting() as sent:
        first = await live.next()
        await asyncio.sleep(2 * boards.GATHER)  # events of before, announced after the first board
        before = computed(sent)
        await post_message(parties.buyer, order.id, "no news of goods", idempotency_key=make_key())
        await make_sighting(rivals, theirs, TrackingCode.IN_TRANSIT, clock.now())
        await asyncio.sleep(2 * boards.GATHER)
        assert computed(sent) == before
        await make_sighting(parties, shipment, TrackingCode.IN_TRANSIT, clock.now())
        while first["deliveries"][0]["shipment"]["status"] != "IN_TRANSIT":
            first = await live.next()
        assert computed(sent) == before + 1


async def test_a_burst_costs_a_board_a_second_for_however_many_watch(house: House, parties: Parties) -> None:
    buyer, _ = await enter(house, parties)
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    async with AsyncExitStack() as watching:
        screens = [await watching.enter_async_context(buyer.listening(WATCH)) for _ in range(5)]
        for screen in screens:
            await screen.next()
        assert len(fields._boards[0]) == 1
        started = asyncio.get_running_loop().time()
        async with counting() as sent:
            await report_often(parties, shipment, 300)
            await make_sighting(parties, shipment, TrackingCode.DELIVERED, clock.now())
            for screen in screens:
                while counted(await screen.next()) != (0, 1):
                    pass
            took = asyncio.get_running_loop().time() - started
            assert 1 <= computed(sent) <= took / boards.GATHER + 2
    await until(lambda: len(fields._boards[0]) == 0)


async def report_often(parties: Parties, shipment: Shipment, count: int) -> None:
    """A carrier that cannot stop."""
    for _ in range(count):
        report = Report(make_key(), TrackingCode.IN_TRANSIT, clock.now())
        await record_tracking(parties.supplier, shipment.id, report)


async def test_a_new_board_is_whole_and_its_cursor_leads_on_without_a_gap(house: House, parties: Parties) -> None:
    """Whoever comes back needs no replay, and companyEvents after the board's cursor tell all that is not in it."""
    buyer, _ = await enter(house, parties)
    order = await make_contracted_order(parties)
    async with buyer.listening(WATCH) as live:
        assert counted(await live.next()) == (0, 0)
    await make_shipment(parties, order, "100")
    await make_shipment(parties, order, "100")
    async with buyer.listening(WATCH) as live:
        board = await live.next()
        assert counted(board) == (2, 0)
        # What is in it may be announced after it was computed; what the cursor covers is in it.
        async with buyer.listening(FOLLOW, after=board["cursor"]) as events:
            await make_shipment(parties, order, "100")
            kinds = [(await events.next())["kind"]]
            while len(kinds) < 3 and counted(board) != (3, 0):
                board = await live.next()
        assert set(kinds) == {"SHIPMENT_DESPATCHED"}


async def test_a_day_that_begins_at_the_place_is_news(house: House, parties: Parties) -> None:
    today = clock.today("Asia/Shanghai")
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1, hours=-8)
    await make_shipment(parties, await make_contracted_order(parties), promised_on=today + timedelta(days=1))
    with clock.held_at(midnight - timedelta(seconds=boards.GATHER)):
        buyer, _ = await enter(house, parties)
        async with buyer.listening(WATCH) as live:
            board = await live.next()
            assert board["counts"]["arrivingToday"] == 0
            with clock.held_at(midnight):
                while board["counts"]["arrivingToday"] != 1:
                    board = await live.next()


async def test_a_stranger_is_refused_and_a_rival_watches_an_empty_board(house: House, parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    rivals = await make_parties()
    async with house.stranger().listening(WATCH) as live:
        assert (await live.client.hear())["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    async with (await house.enter(rivals.buyer)).listening(WATCH) as live:
        assert counted(await live.next()) == (0, 0)
        await make_sighting(parties, shipment, TrackingCode.IN_TRANSIT, clock.now())
        with pytest.raises(TimeoutError):
            await live.next(within=3 * boards.GATHER)


WAITING = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%WITH seen AS%' AND wait_event_type = 'Lock' AND datname = current_database()"


async def test_a_board_outlives_a_trouble_of_the_database(house: House, parties: Parties, database_url: str) -> None:
    """Nobody is told but by the delay: here it could not be computed, since a table was locked for too long."""
    buyer, _ = await enter(house, parties)
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    async with buyer.listening(WATCH) as live, connected(database_url) as owner, connected(database_url) as looker:
        assert counted(await live.next()) == (1, 0)
        async with owner.transaction(), asyncio.timeout(20):
            await owner.execute("LOCK TABLE shipment_line")
            await make_sighting(parties, shipment, TrackingCode.DELIVERED, clock.now())
            while not await looker.fetch(WAITING):
                await asyncio.sleep(0.01)
            while await looker.fetch(WAITING):
                await asyncio.sleep(0.01)
        board = await live.next()
        while counted(board) != (0, 1):
            board = await live.next()


async def test_a_feed_that_was_restored_to_an_earlier_day_begins_with_a_new_board(
    house: House, parties: Parties, database_url: str
) -> None:
    buyer, _ = await enter(house, parties)
    order = await make_contracted_order(parties)
    async with connected(database_url) as connection:
        await until(lambda: house.app.state.house.relay.announced > 0)
        await connection.execute("UPDATE feed_head SET position = position + 5")
    async with buyer.listening(WATCH) as live:
        assert counted(await live.next()) == (0, 0)
        await make_shipment(parties, order)
        board = await live.next()
        while counted(board) != (1, 0):
            board = await live.next()
