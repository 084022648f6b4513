"""A thousand shipments and fifty scans of each, doubled and shuffled: every timeline is right, everybody sees each once, nothing piles up.

Here with fewer of both, so that it takes seconds; DINGHUO_STORM=1000x50 is the whole storm.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from models import CarrierAccount, CarrierPush, Shipment, TrackingEvent
from partners.carriers import Push
from resolvers.ids import encode_id
from rules.carriers import SLUGS, PushStatus
from rules.people import CompanyKind
from rules.shipping import ShipmentStatus
from services import clock, tokens
from tests.carrier_makers import make_account
from tests.estates import Firm
from tests.house import Caller, House, Listener, open_house
from tests.order_makers import Parties, make_contracted_order, make_shipment
from tests.partners.carriers.samples import SAMPLES, Told

SHIPMENTS, SCANS = map(int, os.environ.get("DINGHUO_STORM", "20x10").split("x"))
AT_ONCE = 8
WATCHED = 3
"""So many shipments are watched one by one, besides the feeds of both companies."""

MEMORY = 64 * 1024 * 1024
"""Bytes that the process may hold more at the end than when a fifth has come: about 500 of them for each event of the whole storm."""

FEED = """subscription ($after: Int) { companyEvents(after: $after, filter: {kinds: [SHIPMENT_TRACKED]}) {
  cursor seq ... on ShipmentTracked { order { id } shipment { id } } } }"""
ONE = "subscription ($id: ID!) { shipmentEvents(shipmentId: $id) { cursor kind } }"


@pytest.fixture
async def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """The product, where nobody has to sign in anew during the storm."""
    monkeypatch.setattr(tokens, "ACCESS_LIFE", timedelta(hours=3))
    async with open_house(database_url, tmp_path) as house:
        yield house


@dataclass
class Follower:
    """Somebody who follows a company's feed, and the events as they came: cursor, order, its number there, shipment."""

    caller: Caller
    seen: list[tuple[int, str, int, str]] = field(default_factory=list)

    async def follow(self, much: int) -> None:
        """Go on where one was, until so much was seen in all; whoever is told that the server is too busy comes again."""
        while len(self.seen) < much:
            async with self.caller.listening(FEED, after=self.seen[-1][0] if self.seen else 0) as feed:
                while len(self.seen) < much and (event := await feed.next_or_none(within=120)):
                    self.seen.append((event["cursor"], event["order"]["id"], event["seq"], event["shipment"]["id"]))


async def make_goods_under_way(parties: Parties) -> dict[str, Shipment]:
    """By waybill; ten shipments of each order, of a hundred of a thousand pieces."""
    under_way: dict[str, Shipment] = {}
    while len(under_way) < SHIPMENTS:
        order = await make_contracted_order(parties)
        for _ in range(min(10, SHIPMENTS - len(under_way))):
            shipment = await make_shipment(parties, order, "10", waybill=f"STORM-{len(under_way)}")
            under_way[shipment.waybill] = shipment
    return under_way


def scan(waybill: str, number: int, first: datetime) -> Push:
    """One scan as a push of its own, signed now; the last hands the goods over."""
    code = "DELIVERED" if number == SCANS - 1 else "IN_TRANSIT"
    return SAMPLES["fleet"].push(waybill, Told(code, first + timedelta(minutes=number), remark=f"{number}"))


async def blow(house: House, account: CarrierAccount, waybills: list[str], first: datetime) -> list[int]:
    """Send every scan twice, in any order, some at once; the memory held after each handful, in bytes."""
    scans = 2 * [(waybill, number) for waybill in waybills for number in range(SCANS)]
    random.Random(4).shuffle(scans)
    path = f"/carriers/{SLUGS[account.provider]}/{account.endpoint}"
    memory: list[int] = []

    async def send(push: Push) -> int:
        return (await house.http.post(path, content=push.body, headers=dict(push.headers))).status_code

    for start in range(0, len(scans), AT_ONCE):
        coming = [scan(*one, first) for one in scans[start : start + AT_ONCE]]
        assert set(await asyncio.gather(*(send(push) for push in coming))) == {200}
        memory.append(psutil.Process().memory_info().rss)
    return memory


async def test_every_timeline_is_right_and_everybody_saw_each_event_once(house: House) -> None:
    firms = (
        await Firm.made(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号"),
        await Firm.made(CompanyKind.SUPPLIER),
    )
    parties = Parties(*(firm.everybody for firm in firms))
    goods = await make_goods_under_way(parties)
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    first = clock.now().replace(microsecond=0) - timedelta(minutes=SCANS)
    everything = SHIPMENTS * SCANS
    followers = [Follower(await house.enter(firm.admin)) for firm in firms]
    restless = Follower(followers[0].caller)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as watching:
        for follower in followers:
            watching.create_task(follower.follow(everything))
        watching.create_task(_in_parts(restless, everything))
        for shipment in list(goods.values())[:WATCHED]:
            socket = followers[1].caller.listening(ONE, id=encode_id("Shipment", shipment.id))
            watching.create_task(_watched(await stack.enter_async_context(socket)))
        memory = await blow(house, account, list(goods), first)
    assert memory[-1] - memory[len(memory) // 5] < MEMORY
    await _check_timelines(goods, first)
    for follower in (*followers, restless):
        _check_feed(follower, goods)


async def _in_parts(follower: Follower, everything: int) -> None:
    """Somebody whose socket breaks again and again."""
    for tenth in range(1, 11):
        await follower.follow(everything * tenth // 10)


async def _watched(events: Listener) -> None:
    told: list[dict[str, Any]] = [await events.next(within=600) for _ in range(SCANS)]
    assert [event["cursor"] for event in told] == list(range(2, SCANS + 2))


async def _check_timelines(goods: dict[str, Shipment], first: datetime) -> None:
    assert await CarrierPush.filter(status=PushStatus.APPLIED, body__isnull=True).count() == len(goods) * SCANS
    assert await CarrierPush.all().count() == len(goods) * SCANS
    for shipment in await Shipment.filter(id__in=[one.id for one in goods.values()]):
        times = [event.occurred_at for event in await TrackingEvent.of(shipment.id)]
        assert times == [first + timedelta(minutes=number) for number in range(SCANS)]
        assert (shipment.status, shipment.arrived_at) == (ShipmentStatus.ARRIVED, times[-1])
        assert shipment.version == SCANS + 1


def _check_feed(follower: Follower, goods: dict[str, Shipment]) -> None:
    """Each event of each shipment once, each order's in the order in which they came, the feed's own number ever growing."""
    cursors = [cursor for cursor, *_ in follower.seen]
    assert cursors == sorted(set(cursors))
    assert Counter(shipment for *_, shipment in follower.seen) == {
        encode_id("Shipment", shipment.id): SCANS for shipment in goods.values()
    }
    newest: dict[str, int] = {}
    for _, order, seq, _ in follower.seen:
        assert newest.get(order, 0) < seq, "out of order, or seen twice"
        newest[order] = seq
