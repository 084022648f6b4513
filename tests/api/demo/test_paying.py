"""Who starts the product pays an invoice through the simulator that came with it, and sees the status follow by itself."""

import time

import httpx2

from tests.demo import DemoTemplate
from tests.web.visitor import Visitor

PATIENCE = 60.0
EXAMPLE = "625-pay-an-invoice-by-alipay"
PAYMENT = "query($id: ID!) { payment(id: $id) { status statusLabel order { progress { paymentStatus } } } }"


def test_an_invoice_is_paid_in_the_sandbox_and_its_status_follows(demo_template: DemoTemplate) -> None:
    with demo_template.served() as url:
        visitor = Visitor(url)
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
        asked = time.monotonic()
    assert time.monotonic() - asked < 15
