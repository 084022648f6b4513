"""Goods in the schema: sent, seen on their way, received, and judged by the calendar of the place."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from resolvers.ids import encode_id
from rules.quantity import Inspection
from rules.shipping import TrackingCode
from rules.units import Unit
from tests.address_makers import make_divided_order
from tests.makers import make_key, make_platform
from tests.order_makers import (
    Parties,
    lines_of,
    make_contracted_order,
    make_goods,
    make_parties,
    make_receipt,
    make_shipment,
    make_sighting,
)
from tests.resolvers.asking import ask, do
from tests.statements import counting

SHIPMENT = """query ($id: ID!) { shipment(id: $id) {
    number version status statusLabel transportMode carrier waybill promisedOn eta arrivedAt receivedAt isOnTime
    lines { position despatched accepted rejected short reason orderLine { sku } }
    trackingEvents { eventId code codeLabel occurredAt receivedAt place }
    order { number } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def input_for(order: Any, quantity: str = "400", **said: Any) -> dict[str, Any]:
    """What the supplier says when so much of the first line leaves."""
    [line, *_] = await lines_of(order)
    return {
        "orderId": encode_id("Order", order.id),
        "lines": [{"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity}],
        "transportMode": "ROAD",
        "carrier": "SF Express",
        "waybill": "SF123",
        "idempotencyKey": make_key() + "-despatch",
        **said,
    }


async def test_goods_travel_from_despatch_to_receipt(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    sent = await do(parties.supplier, "despatchShipment", "shipment { id version status }", **await input_for(order))
    shipment = sent["shipment"]
    assert (shipment["status"], shipment["version"]) == ("DESPATCHED", 1)
    for code, at, eta in (
        ("PICKED_UP", "2026-11-01T08:00:00Z", "2026-11-04T08:00:00Z"),
        ("ON_HOLD", "2026-11-02T08:00:00Z", None),
    ):
        tracked = await do(
            parties.supplier,
            "recordTracking",
            "shipment { status eta }",
            shipmentId=shipment["id"],
            code=code,
            occurredAt=at,
            eta=eta,
        )
    assert tracked["shipment"] == {"status": "EXCEPTION", "eta": "2026-11-04T08:00:00Z"}
    [line] = await lines_of(order)
    found = {"orderLineId": encode_id("OrderLine", line.id), "accepted": "390", "short": "10", "reason": "missing"}
    received = await do(
        parties.buyer,
        "receiveShipment",
        "shipment { status order { status } }",
        shipmentId=shipment["id"],
        expectedVersion=3,
        lines=[found],
    )
    assert received["shipment"] == {"status": "RECEIVED", "order": {"status": "CONTRACTED"}}
    shown = await ask(parties.buyer, SHIPMENT, locale="zh-CN", id=shipment["id"])
    assert (shown["statusLabel"], shown["order"]["number"]) == ("已收货", order.number)
    assert [event["codeLabel"] for event in shown["trackingEvents"]] == ["暂停运输", "已揽收"]
    assert len({event["eventId"] for event in shown["trackingEvents"]}) == 2
    assert shown["lines"] == [
        {
            "position": 1,
            "despatched": "400.000000",
            "accepted": "390.000000",
            "rejected": "0.000000",
            "short": "10.000000",
            "reason": "missing",
            "orderLine": {"sku": line.sku},
        }
    ]


@pytest.mark.parametrize(
    ("arrival", "is_on_time"), [("2026-12-02T07:30", True), ("2026-12-02T07:59:59", True), ("2026-12-02T08:00", False)]
)
async def test_a_day_ends_where_the_goods_are_to_be(arrival: str, is_on_time: bool, database: str) -> None:
    """Scenario 16: promised for 2026-12-01 at Los Angeles; the date reads the same for everyone."""
    parties = await make_parties(delivery_zone="America/Los_Angeles", delivery_place="Pier 80, San Francisco")
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order, promised_on=date(2026, 12, 1))
    key = encode_id("Shipment", shipment.id)
    assert (await ask(parties.buyer, SHIPMENT, id=key))["isOnTime"] is None
    await make_sighting(parties, shipment, TrackingCode.DELIVERED, arrival)
    for actor, locale in ((parties.buyer, "zh-CN"), (parties.supplier, "en"), (await make_platform(), "zh-CN")):
        shown = await ask(actor, SHIPMENT, locale=locale, id=key)
        assert (shown["promisedOn"], shown["isOnTime"]) == ("2026-12-01", is_on_time)


async def test_the_calendar_is_that_of_the_place_its_lines_go_to(parties: Parties) -> None:
    """At half past midnight in Tokyo it is still the day before where the order goes."""
    order = await make_divided_order(parties, "芝浦1丁目", "Asia/Tokyo")
    for much, is_on_time in (("0", False), ("5", True)):
        shipment = await make_shipment(parties, order, much, "3", promised_on=date(2026, 12, 1))
        await make_sighting(parties, shipment, TrackingCode.DELIVERED, "2026-12-01T15:30")
        assert (await ask(parties.buyer, SHIPMENT, id=encode_id("Shipment", shipment.id)))["isOnTime"] is is_on_time


async def test_refusals_say_what_is_wrong(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    too_much = await do(parties.supplier, "despatchShipment", "shipment { id }", **await input_for(order, "1001"))
    assert (too_much["code"], too_much["remaining"]) == ("QUANTITY_EXCEEDED", "1000.000000")
    stale = await do(
        parties.supplier, "despatchShipment", "shipment { id }", **await input_for(order, expectedVersion=1)
    )
    assert stale["code"] == "STALE_VERSION"
    wrong = await do(
        parties.supplier,
        "despatchShipment",
        "shipment { id }",
        **await input_for(order, "0", carrier=" ", waybill="x" * 65, lines=[]),
    )
    assert [fault["field"] for fault in wrong["faults"]] == ["input.lines", "input.carrier", "input.waybill"]
    shipment = encode_id("Shipment", (await make_shipment(parties, order, "1")).id)
    [line] = await lines_of(order)
    twice = [{"orderLineId": encode_id("OrderLine", line.id), "accepted": "1"}] * 2
    named = await do(
        parties.buyer, "receiveShipment", "shipment { id }", shipmentId=shipment, expectedVersion=1, lines=twice
    )
    assert named["faults"] == [{"field": "input.lines[1].orderLineId"}]


async def test_a_stranger_sees_no_shipment(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    stranger = (await make_parties()).supplier
    key = encode_id("Shipment", shipment.id)
    for wanted in (key, encode_id("Shipment", stranger.home), encode_id("Order", shipment.id), "nonsense"):
        assert await ask(stranger, SHIPMENT, id=wanted) is None
        report = {"shipmentId": wanted, "code": "PICKED_UP", "occurredAt": "2026-11-01T08:00:00Z"}
        refused = await do(stranger, "recordTracking", "shipment { id }", **report)
        assert refused["code"] == "NOT_FOUND"


async def test_statements_do_not_grow_with_the_shipments(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    query = """query ($id: ID!) { order(id: $id) { shipments {
        isOnTime lines { orderLine { sku } } trackingEvents { code } order { number } } } }"""
    counts = []
    for _ in range(2):
        shipment = await make_shipment(parties, order, "1")
        await make_sighting(parties, shipment, TrackingCode.DELIVERED, "2026-11-02T08:00")
        async with counting() as statements:
            await ask(parties.buyer, query, id=encode_id("Order", order.id))
        counts.append(len([sent for sent in statements if 'FROM "' in sent]))  # the driver asks about types by itself
    assert counts[0] == counts[1]


PROGRESS = """query ($id: ID!) { order(id: $id) { progress { goods {
  unit agreed toDespatch despatched underWay arrived accepted rejected short } } } }"""


async def test_the_progress_of_goods_adds_up_unit_by_unit(parties: Parties) -> None:
    by_weight = await make_goods(parties.supplier, unit=Unit.KGM)
    pieces = await make_goods(parties.supplier)
    order = await make_contracted_order(
        parties, ("100", "7.5", "20"), ("1", "1", "1"), goods=[pieces, by_weight, await make_goods(parties.supplier)]
    )
    [bolts, _, nuts] = await lines_of(order)
    first = await make_shipment(parties, order, "60", "0", "20")
    await make_shipment(parties, order, "10", "2.5", "0")
    await make_receipt(parties, first, {bolts.id: Inspection(D(55), D(3), D(2), "bent"), nuts.id: Inspection(D(20))})
    for actor in (parties.buyer, parties.supplier):
        shown = await ask(actor, PROGRESS, id=encode_id("Order", order.id))
        assert [[row["unit"], *map(D, list(row.values())[1:])] for row in shown["progress"]["goods"]] == [
            ["H87", D(120), D(32), D(90), D(10), D(80), D(75), D(3), D(2)],
            ["KGM", D("7.5"), D(5), D("2.5"), D("2.5"), D(0), D(0), D(0), D(0)],
        ]
