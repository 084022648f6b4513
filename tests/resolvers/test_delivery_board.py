"""The delivery board: what a wall screen counts is what it lists, judged by the calendar of each place, for those who may see it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from models import Shipment
from rules.people import Actor
from rules.shipping import TrackingCode
from services import clock
from services.stocktaking import adjust_stock
from services.warehouses import WarehouseWish, create_warehouse
from tests.address_makers import make_divided_order
from tests.makers import make_key, make_platform
from tests.order_makers import (
    Parties,
    make_contracted_order,
    make_goods,
    make_parties,
    make_receipt,
    make_shipment,
    make_sighting,
)
from tests.resolvers.asking import ask
from tests.statements import counting

BOARD = """query ($filter: DeliveryBoardFilter, $first: Int! = 100) { deliveryBoard(filter: $filter, first: $first) {
    until hasMore counts { ...C } byPlace { place zone counts { ...C } } byCarrier { carrier counts { ...C } }
    byWarehouse { code counts { ...C } }
    deliveries { lanes laneLabels place zone today shipment { number status carrier order { number } } } } }
    fragment C on DeliveryCounts { underWay late arrivingToday arrived }"""
DAY = date(2026, 12, 1)
PLACE = "上海市浦东新区世纪大道1号"
NOON = "2026-12-01T12:00:00+08:00"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer in Shanghai and a supplier."""
    return await make_parties()


async def send(parties: Parties, **facts: Any) -> Shipment:
    """A shipment of an order of its own."""
    return await make_shipment(parties, await make_contracted_order(parties), **facts)


async def board(actor: Actor, at: str = NOON, locale: str = "en", **variables: Any) -> Any:
    """What the actor is shown at this moment."""
    with clock.held_at(at):
        return await ask(actor, BOARD, locale, **variables)


def counts(under_way: int = 0, late: int = 0, arriving_today: int = 0, arrived: int = 0) -> dict[str, int]:
    """As the schema spells them."""
    return {"underWay": under_way, "late": late, "arrivingToday": arriving_today, "arrived": arrived}


def counted(shown: Any, **where: str) -> dict[str, int]:
    """The counters that the list asks for: of all, or of those at one place or with one carrier."""
    lanes: Counter[str] = Counter()
    for one in shown["deliveries"]:
        if where.items() <= {"place": one["place"], "carrier": one["shipment"]["carrier"]}.items():
            lanes.update(one["lanes"])
    return counts(lanes["UNDER_WAY"], lanes["LATE"], lanes["ARRIVING_TODAY"], lanes["ARRIVED"])


def assert_agrees(shown: Any) -> None:
    """Every counter is the number of deliveries listed behind it."""
    assert shown["hasMore"] is False
    assert shown["counts"] == counted(shown)
    assert [group["counts"] for group in shown["byPlace"]] == [
        counted(shown, place=group["place"]) for group in shown["byPlace"]
    ]
    assert [group["counts"] for group in shown["byCarrier"]] == [
        counted(shown, carrier=group["carrier"]) for group in shown["byCarrier"]
    ]


async def test_each_delivery_counts_as_what_it_is_and_both_sides_see_it(parties: Parties) -> None:
    yesterday, today, later = DAY - timedelta(days=1), DAY, DAY + timedelta(days=5)
    late = await send(parties, promised_on=yesterday, carrier="SF Express")
    both = await send(parties, promised_on=yesterday, eta=datetime(2026, 12, 1, 9, tzinfo=UTC), carrier="SF Express")
    expected = await send(parties, promised_on=today, carrier="YTO")
    elsewhen = await send(parties, promised_on=today, eta=datetime(2026, 12, 3, tzinfo=UTC), carrier="YTO")
    on_its_way = await send(parties, promised_on=later, carrier="YTO")
    arrived = await make_sighting(
        parties, await send(parties, promised_on=later), TrackingCode.DELIVERED, "2026-11-30T08:00"
    )
    await make_receipt(parties, await send(parties, promised_on=yesterday))
    shown = await board(parties.buyer)
    assert {one["shipment"]["number"]: one["lanes"] for one in shown["deliveries"]} == {
        late.number: ["LATE", "UNDER_WAY"],
        both.number: ["LATE", "ARRIVING_TODAY", "UNDER_WAY"],
        expected.number: ["ARRIVING_TODAY", "UNDER_WAY"],
        elsewhen.number: ["UNDER_WAY"],
        on_its_way.number: ["UNDER_WAY"],
        arrived.number: ["ARRIVED"],
    }
    assert shown["counts"] == counts(under_way=5, late=2, arriving_today=2, arrived=1)
    assert [group["carrier"] for group in shown["byCarrier"]] == ["SF Express", "YTO"]
    assert [one["shipment"]["number"] for one in shown["deliveries"]][:4] == [
        both.number,
        late.number,
        expected.number,
        arrived.number,
    ]
    assert_agrees(shown)
    assert await board(parties.supplier) == shown
    [first, *_] = (await board(parties.buyer, locale="zh-CN"))["deliveries"]
    assert first["laneLabels"] == ["已逾期", "今日到达", "运输中"]


@pytest.mark.parametrize(
    ("moment", "lanes"),
    [
        ("2026-12-01T07:59:59Z", ["UNDER_WAY"]),
        ("2026-12-01T08:00:00Z", ["ARRIVING_TODAY", "UNDER_WAY"]),
        ("2026-12-02T07:59:59Z", ["ARRIVING_TODAY", "UNDER_WAY"]),
        ("2026-12-02T08:00:00Z", ["LATE", "UNDER_WAY"]),
    ],
)
async def test_a_day_is_a_day_at_the_place_whoever_looks(moment: str, lanes: list[str], database: str) -> None:
    """Scenario 16: promised for 2026-12-01 at Los Angeles; the supplier is in Shanghai."""
    parties = await make_parties(delivery_zone="America/Los_Angeles", delivery_place="Pier 80, San Francisco")
    await send(parties, promised_on=DAY)
    for actor in (parties.buyer, parties.supplier):
        shown = await board(actor, moment)
        [one] = shown["deliveries"]
        assert (one["lanes"], one["zone"]) == (lanes, "America/Los_Angeles")
        midnight = datetime.fromisoformat(one["today"]) + timedelta(days=1, hours=8)
        assert shown["until"] == midnight.isoformat() + "Z"


async def test_goods_go_where_their_lines_go_and_to_the_order_s_place_where_those_differ(parties: Parties) -> None:
    order = await make_divided_order(parties, "别处路3号", "Asia/Tokyo")
    there = await make_shipment(parties, order, "0", "3", promised_on=DAY)
    mixed = await make_shipment(parties, order, "5", "3", promised_on=DAY)
    shown = await board(parties.buyer, "2026-12-01T23:30:00+09:00")
    places = {one["shipment"]["number"]: (one["place"], one["zone"]) for one in shown["deliveries"]}
    assert places[mixed.number] == (order.delivery_place, "Asia/Shanghai")
    assert "别处路3号" in places[there.number][0]
    assert places[there.number][1] == "Asia/Tokyo"
    assert len(shown["byPlace"]) == 2
    assert_agrees(shown)
    # 22:30 in Shanghai, where the day goes on longer.
    assert (await board(parties.buyer, "2026-12-02T00:30:00+09:00"))["counts"] == counts(2, late=1, arriving_today=1)


async def test_the_supplier_alone_counts_by_the_warehouses_that_goods_left(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(100))
    south = await create_warehouse(parties.supplier, WarehouseWish("S", "South"), idempotency_key=make_key())
    await adjust_stock(parties.supplier, bolts.id, bolts.version, D(50), south.id)
    for much, warehouse in (("10", None), ("20", None), ("5", south.id)):
        order = await make_contracted_order(parties, (much,), ("1",), goods=[bolts])
        await make_shipment(parties, order, promised_on=DAY, warehouse_id=warehouse)
    shown = await board(parties.supplier)
    assert [group["counts"]["underWay"] for group in shown["byWarehouse"]] == [2, 1]
    assert shown["byWarehouse"][1]["code"] == "S"
    assert_agrees(shown)
    bought = await board(parties.buyer)
    assert (bought["byWarehouse"], bought["counts"]["underWay"]) == ([], 3)


async def test_nobody_sees_others_goods_and_the_operator_has_no_board_of_everybody_s(parties: Parties) -> None:
    await send(parties, promised_on=DAY)
    rival = await make_parties()
    own = await send(Parties(rival.buyer, parties.supplier), promised_on=DAY)
    assert [one["shipment"]["number"] for one in (await board(rival.buyer))["deliveries"]] == [own.number]
    assert (await board(parties.supplier))["counts"]["underWay"] == 2
    for nobody in (rival.supplier, await make_platform(), Actor.anonymous()):
        assert await board(nobody) == {
            "until": None,
            "hasMore": False,
            "counts": counts(),
            "byPlace": [],
            "byCarrier": [],
            "byWarehouse": [],
            "deliveries": [],
        }


async def test_a_filter_narrows_counters_and_list_alike(parties: Parties) -> None:
    """And a company that buys and sells sees each side's by itself."""
    await send(parties, promised_on=DAY, carrier="SF Express")
    other = await send(parties, promised_on=DAY, carrier="YTO")
    wished = await board(parties.buyer, filter={"side": "BUYER", "carrier": "YTO", "place": PLACE})
    assert_agrees(wished)
    assert [one["shipment"]["number"] for one in wished["deliveries"]] == [other.number]
    assert wished["byCarrier"] == [{"carrier": "YTO", "counts": counts(1, arriving_today=1)}]
    for empty in ({"side": "SUPPLIER"}, {"place": "nowhere"}, {"carrier": "DHL"}, {"side": "PLATFORM"}):
        assert (await board(parties.buyer, filter=empty))["counts"] == counts()


async def test_what_is_not_listed_is_counted_all_the_same(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    for _ in range(3):
        await make_shipment(parties, order, "100", promised_on=DAY)
    shown = await board(parties.buyer, first=2)
    assert (len(shown["deliveries"]), shown["hasMore"], shown["counts"]["underWay"]) == (2, True, 3)
    assert shown["byCarrier"][0]["counts"]["underWay"] == 3


async def test_many_deliveries_take_as_many_statements_as_one(parties: Parties) -> None:
    """One for the board itself, so that no counter can disagree, and one for the orders of the list."""
    order = await make_contracted_order(parties)
    for much in ("100", "50", "25"):
        await make_shipment(parties, order, much, promised_on=DAY)
        async with counting() as sent:
            await board(parties.buyer)
        assert len(sent) == 2
        assert "GROUPING SETS" in sent[0]


async def test_what_is_wrong_with_the_wish_is_said(parties: Parties) -> None:
    for variables in ({"first": 0}, {"first": 101}, {"filter": {"place": ""}}):
        with pytest.raises(AssertionError, match=r"first|place"):
            await board(parties.buyer, **variables)
