"""Who starts the product pays an invoice through the simulator that came with it, and sees the status follow by itself."""

import time
from collections.abc import Iterator
from typing import Any

import httpx2
import psutil
import pytest

from tests.demo import DemoTemplate, Served
from tests.web.visitor import Visitor

PATIENCE = 60.0
EXAMPLE = "625-pay-an-invoice-by-alipay"
PAYMENT = "query($id: ID!) { payment(id: $id) { status statusLabel order { progress { paymentStatus } } } }"
SPLITS = "{ settlements { nodes { payment { id version refunds { status } } } } }"
GIVE_BACK = """mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { __typename
  ... on RefundPaymentSuccess { payment { refunds { status } } } ... on Problem { code message } } }"""


@pytest.fixture(scope="module")
def served(demo_template: DemoTemplate) -> Iterator[Served]:
    """A server with a simulator, both of which end as soon as they are told to."""
    with demo_template.running() as served:
        yield served
        asked = time.monotonic()
    assert time.monotonic() - asked < 15


@pytest.fixture(scope="module")
def visitor(served: Served) -> Visitor:
    """Whoever comes there."""
    return Visitor(served.url)


def kept(served: Served) -> str:
    """What the next simulator would know."""
    return (served.data_dir / "payment-simulator" / "bank.json").read_text()


def test_an_invoice_is_paid_in_the_sandbox_and_its_status_follows(served: Served, visitor: Visitor) -> None:
    before = kept(served).count('"transaction_id"')
    started = visitor.run(visitor.example(EXAMPLE))["data"]["startPayment"]
    payment = started["payment"]
    assert payment["checkout"]["isSandbox"] is True
    cashier = payment["checkout"]["content"]
    assert "SANDBOX" in httpx2.get(cashier).text
    httpx2.post(cashier)
    question = {"query": PAYMENT, "variables": {"id": payment["id"]}, "user": "fin@mingyuan.demo"}
    until = time.monotonic() + PATIENCE
    while (seen := visitor.run(question)["data"]["payment"])["status"] == "AWAITING_CHANNEL":
        assert time.monotonic() < until, "nobody told that it was paid"
        time.sleep(0.5)
    assert (seen["status"], seen["order"]["progress"]["paymentStatus"]) == ("CHANNEL_CONFIRMED", "PAID")
    while kept(served).count('"transaction_id"') == before:
        assert time.monotonic() < until, "the next simulator would not know of it"
        time.sleep(0.1)


FINANCE = {"user": "fin@henggu.demo", "variables": {}}


def split_payment(visitor: Visitor) -> dict[str, Any]:
    """The payment that was split when the demo was made."""
    [split] = visitor.run({**FINANCE, "query": SPLITS})["data"]["settlements"]["nodes"]
    return dict(split["payment"])


def give_back(visitor: Visitor, key: str) -> list[str]:
    """Give 1.00 of it back; where each of its refunds stands then."""
    payment = split_payment(visitor)
    said = {"paymentId": payment["id"], "expectedVersion": payment["version"], "amount": "1.00"}
    variables = {"input": {**said, "reason": "退货", "idempotencyKey": key}}
    answer = visitor.run({**FINANCE, "query": GIVE_BACK, "variables": variables})["data"]["refundPayment"]
    return [refund["status"] for refund in answer["payment"]["refunds"]]


def test_what_was_paid_when_the_demo_was_made_can_be_given_back(visitor: Visitor) -> None:
    """The simulator was not there then, and knows of it."""
    assert give_back(visitor, "given-back") == ["SUCCEEDED"]


def test_when_the_simulator_ends_the_next_one_goes_on(served: Served, visitor: Visitor) -> None:
    """As where the process ends that began it, and another one on the same folder is still at work; it knows what was paid."""
    place = served.data_dir / "payment-simulator" / "address"
    before = place.read_text()
    [simulator] = [one for one in psutil.process_iter(["cmdline"]) if str(place.parent) in (one.info["cmdline"] or [])]
    simulator.kill()
    give_back(visitor, "given-back-later")  # at once where somebody has taken over already
    until = time.monotonic() + PATIENCE
    while {refund["status"] for refund in split_payment(visitor)["refunds"]} != {"SUCCEEDED"}:
        assert time.monotonic() < until, "nobody took over"
        time.sleep(0.5)
    assert place.read_text() != before
