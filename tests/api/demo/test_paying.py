"""Who starts the product pays an invoice through the simulator that came with it, and sees the status follow by itself."""

import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.demo import DemoTemplate
from tests.web.visitor import Visitor

PATIENCE = 60.0
EXAMPLE = "625-pay-an-invoice-by-alipay"
PAYMENT = "query($id: ID!) { payment(id: $id) { status statusLabel order { progress { paymentStatus } } } }"
SPLITS = "{ settlements { nodes { payment { id version } } } }"
GIVE_BACK = """mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { __typename
  ... on RefundPaymentSuccess { payment { refunds { status amount { amount } } } } ... on Problem { code message } } }"""


@pytest.fixture(scope="module")
def visitor(demo_template: DemoTemplate) -> Iterator[Visitor]:
    """Of a server with a simulator, both of which end as soon as they are told to."""
    with demo_template.served() as url:
        yield Visitor(url)
        asked = time.monotonic()
    assert time.monotonic() - asked < 15


def test_an_invoice_is_paid_in_the_sandbox_and_its_status_follows(visitor: Visitor) -> None:
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


def test_what_was_paid_when_the_demo_was_made_can_be_given_back(visitor: Visitor) -> None:
    """The simulator was not there then, and knows of it."""
    finance = {"user": "fin@henggu.demo"}
    [split] = visitor.run({**finance, "query": SPLITS, "variables": {}})["data"]["settlements"]["nodes"]
    said = {"paymentId": split["payment"]["id"], "expectedVersion": split["payment"]["version"], "amount": "1.00"}
    asked = {"input": {**said, "reason": "退货", "idempotencyKey": "given-back"}}
    answer = visitor.run({**finance, "query": GIVE_BACK, "variables": asked})["data"]["refundPayment"]
    [refund] = answer["payment"]["refunds"]
    assert (refund["status"], refund["amount"]) == ("SUCCEEDED", {"amount": "1.00"})
