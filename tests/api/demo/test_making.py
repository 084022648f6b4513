"""The demo holds what it says, and making it again adds nothing."""

from collections.abc import Iterator

import httpx2
import pytest

from rules.lifecycle import OrderStatus
from tests.demo import DemoTemplate
from tests.web.visitor import Visitor

STATUSES = "query Statuses { orders(first: 100) { nodes { status } } }"
PAID = """query Paid { settlements { nodes { status base { amount } payment { method status isSandbox amount { amount }
  order { settledAt } } } } ledgerEntries(first: 100) { nodes { kind } } }"""
HIDDEN = {OrderStatus.DRAFT, OrderStatus.PENDING_APPROVAL}


@pytest.fixture(scope="module")
def fresh_demo(demo_template: DemoTemplate) -> Iterator[str]:
    """A server on a demo that nobody has touched; starting it made the demo a second time."""
    with demo_template.served() as url:
        yield url


def statuses(url: str, user: str) -> list[str]:
    """Of the orders that this person sees."""
    answer = Visitor(url).run({"query": STATUSES, "variables": {}, "user": user})
    return [order["status"] for order in answer["data"]["orders"]["nodes"]]


def test_made_twice_it_is_as_large_as_made_once(fresh_demo: str) -> None:
    assert "6 companies, 212 products, 68 placed orders" in httpx2.get(fresh_demo).text


def test_more_than_sixty_orders_are_spread_over_every_status(fresh_demo: str) -> None:
    """And three of an enquiry."""
    bought = statuses(fresh_demo, "req@mingyuan.demo") + statuses(fresh_demo, "req@haichuan.demo")
    assert len(bought) == 78
    assert set(bought) == set(OrderStatus)
    assert set(statuses(fresh_demo, "op@platform.demo")) == set(OrderStatus) - HIDDEN


def test_every_supplier_has_something_to_answer(fresh_demo: str) -> None:
    for supplier in ("henggu", "huatai", "liancheng"):
        seen = set(statuses(fresh_demo, f"sales@{supplier}.demo"))
        assert {OrderStatus.PENDING_SUPPLIER, OrderStatus.NEGOTIATING} <= seen
        assert not seen & HIDDEN


def test_an_order_was_paid_online_and_its_money_split(fresh_demo: str) -> None:
    found = Visitor(fresh_demo).run({"query": PAID, "variables": {}, "user": "fin@henggu.demo"})["data"]
    [split] = found["settlements"]["nodes"]
    payment, base = split["payment"], split["base"]
    assert (split["status"], payment["status"]) == ("SETTLED", "FUNDS_CONFIRMED")
    assert (payment["method"], payment["isSandbox"], payment["amount"]) == ("ALIPAY", True, base)
    assert payment["order"]["settledAt"]
    assert {"PAYMENT", "SPLIT"} <= {one["kind"] for one in found["ledgerEntries"]["nodes"]}


def test_everybody_who_is_listed_may_sign_in(fresh_demo: str) -> None:
    visitor = Visitor(fresh_demo)
    for person in visitor.get("/graphiql/demo.json"):
        answer = visitor.run({"query": "{ me { signInName } }", "variables": {}, "user": person["account"]})
        assert answer["data"]["me"]["signInName"] == person["account"]
