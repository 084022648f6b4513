"""Who starts the product sees goods move within a minute, and who stops it is not kept waiting."""

import time
from typing import Any

from partners.carriers.simulated import ROUTE
from tests.demo import DemoTemplate
from tests.web.visitor import Visitor

PATIENCE = 90.0
"""A minute, on a machine that does other things besides."""

MOVING = """{ orders(filter: { statuses: [CONTRACTED] }, first: 25) { nodes { shipments { carrier status eta arrivedAt
  trackingEvents { code place latitude longitude reportedBy } } } } }"""


def simulated(url: str) -> list[Any]:
    """The goods that the simulated carrier has, as the operator sees them."""
    answer = Visitor(url).run({"query": MOVING, "variables": {}, "user": "op@platform.demo"})
    assert "data" in answer, answer
    shipments = [one for order in answer["data"]["orders"]["nodes"] for one in order["shipments"]]
    return [one for one in shipments if one["carrier"].endswith("Simulated Express")]


def test_goods_leave_move_and_arrive_by_themselves(demo_template: DemoTemplate) -> None:
    with demo_template.served() as url:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and {one["status"] for one in simulated(url)} != {"ARRIVED"}:
            time.sleep(2)
        goods = simulated(url)
        assert len(goods) == 3
        for one in goods:
            assert one["status"] == "ARRIVED", one
            assert [event["code"] for event in reversed(one["trackingEvents"])] == [stop.code for stop in ROUTE]
            assert all(event["latitude"] and event["reportedBy"] == "Fleet" for event in one["trackingEvents"])
        asked = time.monotonic()
    assert time.monotonic() - asked < 15
