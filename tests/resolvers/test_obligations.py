"""What is to be paid by when, and a prepayment's way, over the schema."""

from decimal import Decimal as D
from typing import Any

import pytest

from models import Company
from resolvers.ids import encode_id
from services import clock
from tests.billing_makers import make_confirmed
from tests.carrier_makers import as_admin
from tests.makers import make_key
from tests.order_makers import make_contracted_order, make_parties
from tests.resolvers.asking import ask, do

pytestmark = pytest.mark.usefixtures("database")
OBLIGATIONS = """query ($id: ID!) { order(id: $id) {
    paymentObligations { kind kindLabel amount { amount currency } paid { amount } open { amount } dueOn isOverdue invoiceNumber }
    progress { paymentStatus dueOn isOverdue prepaymentAwaited { amount } prepaid { amount } } } }"""
PAYMENT = "payment { amount { amount } prepayment { amount } confirmedByClock allocations { amount } order { id } }"
POLICY = "company { version collectionPolicy { prepaymentDays despatchAfterPrepayment confirmFundsAfterDays } }"


async def test_a_prepayment_is_asked_for_awaited_and_paid() -> None:
    with clock.held_at("2026-11-26T03:00:00Z"):
        await _walk()


async def _walk() -> None:
    parties = await make_parties()
    order = await make_contracted_order(parties, prepaid_share=D("0.3"))
    admin, order_id = as_admin(parties.supplier), encode_id("Order", order.id)
    version = (await Company.named(admin.home)).version
    policy = {"expectedVersion": version, "despatchAfterPrepayment": True}
    said = await do(admin, "setCollectionPolicy", POLICY, **policy)
    assert said["company"]["collectionPolicy"] == {
        "prepaymentDays": 0, "despatchAfterPrepayment": True, "confirmFundsAfterDays": None,
    }  # fmt: skip
    assert (await do(admin, "setCollectionPolicy", POLICY, **policy))["code"] == "STALE_VERSION"
    [one] = (await ask(parties.buyer, OBLIGATIONS, id=order_id))["paymentObligations"]
    assert one == {
        "kind": "PREPAYMENT", "kindLabel": "Prepayment", "amount": {"amount": "129.24", "currency": "CNY"},
        "paid": {"amount": "0.00"}, "open": {"amount": "129.24"}, "dueOn": "2026-11-27", "isOverdue": False, "invoiceNumber": None,
    }  # fmt: skip
    waits = await do(
        parties.supplier,
        "despatchShipment",
        "shipment { number }",
        orderId=order_id,
        lines=[{"orderLineId": encode_id("OrderLine", (await order.lines.all())[0].id), "quantity": "1"}],
        transportMode="ROAD", carrier="SF", waybill=make_key(), idempotencyKey=make_key() + "-goods",
    )  # fmt: skip
    assert (waits["code"], waits["open"], waits["dueOn"]) == ("PREPAYMENT_AWAITED", "129.24", "2026-11-27")
    money: dict[str, Any] = {"amount": "129.24", "paidOn": "2026-11-26", "bankReference": make_key()}
    stray = {"orderId": order_id, "invoiceId": encode_id("Invoice", order.id)}
    for named, code in (({}, "INVALID_INPUT"), (stray, "NOT_FOUND")):
        refused = await do(
            parties.buyer, "submitBankTransfer", PAYMENT, idempotencyKey=make_key() + "-no", **money, **named
        )
        assert refused["code"] == code
    paid = await do(
        parties.buyer, "submitBankTransfer", PAYMENT, idempotencyKey=make_key() + "-paid", orderId=order_id, **money
    )
    assert paid["payment"] == {
        "amount": {"amount": "129.24"}, "prepayment": {"amount": "129.24"}, "confirmedByClock": False, "allocations": [],
        "order": {"id": order_id},
    }  # fmt: skip
    await make_confirmed(parties, await order.payments.all().first())  # type: ignore[attr-defined]
    now = (await ask(parties.supplier, OBLIGATIONS, id=order_id))["progress"]
    assert now == {
        "paymentStatus": "PARTIALLY_PAID", "dueOn": None, "isOverdue": False, "prepaymentAwaited": None,
        "prepaid": {"amount": "129.24"},
    }  # fmt: skip
    assert await ask((await make_parties()).buyer, OBLIGATIONS, id=order_id) is None


async def test_how_a_supplier_collects_is_its_own_business() -> None:
    parties = await make_parties()
    query = "query ($id: ID!) { company(id: $id) { legalName collectionPolicy { prepaymentDays } } }"
    found = await ask(parties.buyer, query, id=encode_id("Company", parties.supplier.home))
    assert found["collectionPolicy"] is None
    refused = await do(parties.supplier, "setCollectionPolicy", POLICY, expectedVersion=1)
    assert refused["code"] == "NOT_ALLOWED"
    beyond = await do(as_admin(parties.supplier), "setCollectionPolicy", POLICY, expectedVersion=1, prepaymentDays=366)
    assert beyond["code"] == "INVALID_INPUT"
