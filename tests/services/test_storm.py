"""A thousand shipments and fifty scans of each, doubled and shuffled: every timeline is right, and nothing piles up.

Here with fewer of both, so that it takes seconds; DINGHUO_STORM=1000x50 is the whole storm.
"""

import asyncio
import os
import random
import tracemalloc
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from models import CarrierPush, Event, Shipment, TrackingEvent
from models.feed import announce_batch
from partners.carriers import Push
from rules.carriers import PushStatus
from rules.shipping import ShipmentStatus
from services import clock
from tests.carrier_makers import make_account, pushed
from tests.order_makers import Parties, make_contracted_order, make_parties, make_shipment
from tests.partners.carriers.samples import SAMPLES, Told

SHIPMENTS, SCANS = map(int, os.environ.get("DINGHUO_STORM", "20x10").split("x"))
AT_ONCE = 8
MEMORY = 32 * 1024 * 1024
"""Bytes that may be more at the end than when a tenth has come."""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


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


async def test_every_timeline_is_right_after_a_storm(parties: Parties) -> None:
    goods = await make_goods_under_way(parties)
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    first = clock.now().replace(microsecond=0) - timedelta(minutes=SCANS)
    scans = 2 * [(waybill, number) for waybill in goods for number in range(SCANS)]
    random.Random(4).shuffle(scans)
    tracemalloc.start()
    memory: list[int] = []
    for start in range(0, len(scans), AT_ONCE):
        coming = [scan(*one, first) for one in scans[start : start + AT_ONCE]]
        answers = await asyncio.gather(*(pushed(account, push) for push in coming))
        assert {answer.status for answer in answers} == {200}
        memory.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert memory[-1] - memory[len(memory) // 10] < MEMORY
    await _check_timelines(goods, first)
    await _check_feeds(parties, goods)


async def _check_timelines(goods: dict[str, Shipment], first: datetime) -> None:
    assert await CarrierPush.filter(status=PushStatus.APPLIED, body__isnull=True).count() == len(goods) * SCANS
    assert await CarrierPush.all().count() == len(goods) * SCANS
    for shipment in await Shipment.filter(id__in=[one.id for one in goods.values()]):
        times = [event.occurred_at for event in await TrackingEvent.of(shipment.id)]
        assert times == [first + timedelta(minutes=number) for number in range(SCANS)]
        assert (shipment.status, shipment.arrived_at) == (ShipmentStatus.ARRIVED, times[-1])
        assert shipment.version == SCANS + 1


async def _check_feeds(parties: Parties, goods: dict[str, Shipment]) -> None:
    """Each side's feed has each event once, of each shipment in the order in which they came."""
    while (batch := await announce_batch()) is not None and batch.events:
        pass
    rows: list[Any] = await Event.filter(kind="SHIPMENT_TRACKED").prefetch_related("feed_entries")
    seen: dict[tuple[UUID, UUID | None], list[tuple[int, int | None]]] = defaultdict(list)
    for event in rows:
        for entry in event.feed_entries:
            seen[entry.company_id, event.shipment_id].append((entry.position, event.shipment_seq))
    for actor in (parties.buyer, parties.supplier):
        for shipment in goods.values():
            told = sorted(seen[actor.home, shipment.id])
            assert [seq for _, seq in told] == list(range(2, SCANS + 2))
