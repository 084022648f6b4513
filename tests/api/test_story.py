"""Scenario 1, as two companies live it: over HTTP, with both watching over websockets, and each step's refused twin beside it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from resolvers.ids import encode_id, split_id
from rules.people import Role
from services import clock, passwords
from tests.authenticators import make_app
from tests.house import Caller, House, open_house
from tests.makers import PASSWORD, make_actor, make_company, make_key
from tests.order_makers import make_goods, make_parties
from tests.payment_makers import ALIPAY, line, merchant_input, use_line

ORDER = "order { id number version status availableActions }"
# Beneath the interface, so that one text serves every mutation: beside it, a type the union lacks would be an error.
REFUSED = """... on Problem { code message
  ... on InvalidInputProblem { faults { field fault suggestion } }
  ... on QuantityProblem { line requested remaining }
  ... on AmountProblem { expected found currency }
  ... on StaleVersionProblem { currentVersion }
  ... on WrongStatusProblem { status allowedIn }
  ... on NotAllowedProblem { action needs }
  ... on NotFoundProblem { id }
  ... on QuotationProblem { currentRevision validUntil }
}"""
WATCH = """subscription ($order: ID!) {
  orderEvents(orderId: $order, after: 0) { __typename seq cursor status actor { name } order { id } }
}"""
READ = """query ($id: ID!) { order(id: $id) {
  version status settledAt lines { id quantities { accepted toDespatch } }
  quotations { id revision total { amount currency } } contracts { id sha256 status }
  progress { fulfilmentStatus paymentStatus invoiced { amount } paid { amount } } } }"""
WHEN = "2026-11-30T08:00:00Z"


def step(name: str, shown: str) -> str:
    """The mutation of this name, answering with what it made or why not."""
    kind = name[0].upper() + name[1:]
    return (
        f"mutation ($input: {INPUTS.get(name, kind + 'Input')}!) {{ {name}(input: $input) {{ __typename "
        f"... on {kind}Success {{ {shown} }} {REFUSED} }} }}"
    )


INPUTS = {"submitOrder": "OrderStepInput", "approveOrder": "ApproveOrderInput"}
CREATE, SUBMIT = step("createOrder", ORDER), step("submitOrder", ORDER)
QUOTE = step("sendQuotation", "quotation { id revision net { amount } tax { amount } total { amount currency } }")
ACCEPT, SIGN = step("acceptQuotation", ORDER), step("signContract", ORDER)
DESPATCH, TRACK = (
    step("despatchShipment", "shipment { id version status }"),
    step("recordTracking", "shipment { id version status eta }"),
)
RECEIVE = step("receiveShipment", "shipment { id status order { version status } }")
INVOICE = step("issueInvoice", "invoice { id version total { amount } lines { net tax } }")
ACCOUNT = step("setMerchantAccount", "account { id path method }")
START = step("startPayment", "payment { id version status checkout { content isSandbox } }")
CONFIRM = step("confirmFunds", "payment { status order { status settledAt } }")


@dataclass
class Stage:
    """The house, the people, and the one order."""

    house: House
    req: Caller
    buyer_signs: Caller
    buyer_wh: Caller
    buyer_fin: Caller
    sales: Caller
    seller_signs: Caller
    seller_wh: Caller
    seller_fin: Caller
    stranger: Caller
    supplier_id: str
    product_id: str
    order_id: str = ""

    async def read(self, caller: Caller) -> dict[str, Any]:
        """The order as this caller sees it now."""
        order = (await caller.ask(READ, id=self.order_id))["order"]
        assert isinstance(order, dict)
        return order

    async def at(self, caller: Caller) -> dict[str, Any]:
        """Which order, and the version the caller has read."""
        return {"orderId": self.order_id, "expectedVersion": (await self.read(caller))["version"]}


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A buyer in Shanghai and a supplier with bolts, each with a person for each role; and somebody else's requester."""
    with clock.held_at(WHEN), passwords.cheaply():
        async with open_house(database_url, tmp_path) as house:
            parties = await make_parties()
            goods = await make_goods(parties.supplier)
            buyer, supplier = parties.buyer.home, parties.supplier.home
            people: list[Caller] = [
                await house.enter(await make_actor(await _company(company), role))
                for company, role in (
                    (buyer, Role.REQUESTER),
                    (buyer, Role.SIGNATORY),
                    (buyer, Role.WAREHOUSE),
                    (buyer, Role.FINANCE),
                    (supplier, Role.SALES),
                    (supplier, Role.SIGNATORY),
                    (supplier, Role.WAREHOUSE),
                    (supplier, Role.FINANCE),
                )
            ]
            stranger = await house.enter(await make_actor(await make_company(), Role.REQUESTER))
            ids = encode_id("Company", supplier), encode_id("Product", goods.id)
            yield Stage(house, *people, stranger, *ids)  # type: ignore[call-arg, arg-type]  # eight people, in the order of the fields


async def _company(company_id: Any) -> Any:
    from models import Company

    return await Company.named(company_id)


async def test_a_need_becomes_goods_and_money_before_the_eyes_of_both(stage: Stage) -> None:
    """1000 pieces at 0.333 with freight 50.00: 430.79, paid by Alipay."""
    await order_is_placed(stage)
    async with (
        stage.req.listening(WATCH, order=stage.order_id) as buyer,
        stage.sales.listening(WATCH, order=stage.order_id) as supplier,
    ):
        await quotation_is_accepted(stage)
        await contract_is_signed(stage)
        await goods_arrive(stage)
        await money_arrives(stage)
        seen, shared = await buyer.take(16), await supplier.take(15)
    kinds = [event["__typename"] for event in seen]
    assert kinds == [
        "OrderCreated",
        "OrderPlaced",
        "QuotationSent",
        "QuotationAccepted",
        "ContractSigned",
        "ContractSigned",
        "ShipmentDespatched",
        "ShipmentTracked",
        "ShipmentTracked",
        "ShipmentTracked",
        "ShipmentReceived",
        "InvoiceIssued",
        "InvoiceAccepted",
        "PaymentStarted",
        "PaymentPaid",
        "FundsConfirmed",
    ]
    assert [event["seq"] for event in seen] == [event["cursor"] for event in seen] == list(range(1, 17))
    assert [event["__typename"] for event in shared] == kinds[1:]
    assert [event["seq"] for event in shared] == list(range(1, 16))


async def order_is_placed(stage: Stage) -> None:
    """1000 pieces to Shanghai by 2026-12-20."""
    wish = {
        "supplierId": stage.supplier_id,
        "lines": [{"productId": stage.product_id, "quantity": "1000"}],
        "deliveryPlace": "上海市浦东新区世纪大道1号",
        "deliveryZone": "Asia/Shanghai",
        "requestedOn": "2026-12-20",
        "idempotencyKey": make_key(),
    }
    refused = await stage.sales.do(CREATE, **wish)
    assert (refused["code"], refused["needs"]) == ("NOT_ALLOWED", ["REQUESTER"])
    none = {**wish, "lines": [{"productId": stage.product_id, "quantity": "0"}]}
    refused = await stage.req.do(CREATE, **none)
    assert refused["faults"][0]["field"] == "input.lines[0].quantity"
    made = await stage.req.do(CREATE, **wish)
    assert made["__typename"] == "CreateOrderSuccess", made
    stage.order_id = made["order"]["id"]
    assert made["order"]["status"] == "DRAFT"
    assert (await stage.sales.ask(READ, id=stage.order_id))["order"] is None
    refused = await stage.req.do(SUBMIT, orderId=stage.order_id, expectedVersion=7)
    assert refused["currentVersion"] == 1
    placed = await stage.req.do(SUBMIT, orderId=stage.order_id, expectedVersion=1)
    assert placed["order"]["status"] == "PENDING_SUPPLIER"


async def quotation_is_accepted(stage: Stage) -> None:
    """0.333 a piece, freight 50.00, net 30."""
    [line] = (await stage.read(stage.sales))["lines"]
    offer = {
        **await stage.at(stage.sales),
        "lines": [{"orderLineId": line["id"], "unitPrice": "0.333"}],
        "freight": "50.00",
        "validUntil": "2026-12-11T00:00:00+08:00",
        "paymentNetDays": 30,
    }
    refused = await stage.sales.do(QUOTE, **{**offer, "validUntil": "2026-11-30T15:59:59+08:00"})
    assert refused["faults"][0]["field"] == "input.validUntil"
    refused = await stage.req.do(QUOTE, **offer)
    assert refused["code"] == "NOT_ALLOWED"
    sent = await stage.sales.do(QUOTE, **offer)
    assert sent["quotation"]["total"] == {"amount": "430.79", "currency": "CNY"}
    accepting = {"quotationId": sent["quotation"]["id"], "expectedVersion": (await stage.read(stage.req))["version"]}
    refused = await stage.stranger.do(ACCEPT, **accepting)
    assert (refused["code"], refused["id"]) == ("NOT_FOUND", sent["quotation"]["id"])
    accepted = await stage.req.do(ACCEPT, **accepting)
    assert accepted["order"]["status"] == "PENDING_SIGNATURE"


async def contract_is_signed(stage: Stage) -> None:
    """Both signatories sign the SHA-256 they were shown."""
    [contract] = (await stage.read(stage.buyer_signs))["contracts"]
    buyer, seller = stage.buyer_signs, stage.seller_signs
    buyer_app, seller_app = [await make_app(await stage.house.whose(caller)) for caller in (buyer, seller)]

    async def sign(caller: Caller, sha256: str = contract["sha256"], code: str = "000000") -> Any:
        said = {"sha256": sha256, "password": PASSWORD, "totpCode": code}
        return await caller.do(SIGN, **await stage.at(caller), **said)

    refused = await sign(stage.req)
    assert (refused["code"], refused["needs"]) == ("SIGNATORY_REQUIRED", ["SIGNATORY"])
    refused = await sign(buyer, "0" * 64)
    assert refused["code"] == "CONTRACT_CHANGED"
    assert (await sign(buyer))["code"] == "PROOF_FAILED"
    signed = await sign(buyer, code=buyer_app.code())
    assert signed["order"]["status"] == "PENDING_SIGNATURE"
    assert (await sign(buyer))["code"] == "NOT_YOUR_TURN"
    signed = await sign(seller, code=seller_app.code())
    assert signed["order"]["status"] == "CONTRACTED"


async def goods_arrive(stage: Stage) -> None:
    """SF123, three reports, everything accepted: completed while unpaid."""
    [line] = (await stage.read(stage.seller_wh))["lines"]

    async def despatch(quantity: str) -> dict[str, Any]:
        return await stage.seller_wh.do(
            DESPATCH,
            **await stage.at(stage.seller_wh),
            lines=[{"orderLineId": line["id"], "quantity": quantity}],
            transportMode="ROAD",
            carrier="SF Express",
            waybill="SF123",
            idempotencyKey=make_key(),
        )

    refused = await despatch("1001")
    assert (refused["code"], refused["remaining"]) == ("QUANTITY_EXCEEDED", "1000.000000")
    shipment = (await despatch("1000"))["shipment"]
    for hour, (code, status) in enumerate(
        (("PICKED_UP", "IN_TRANSIT"), ("IN_TRANSIT", "IN_TRANSIT"), ("DELIVERED", "ARRIVED")), 5
    ):
        report = {
            "shipmentId": shipment["id"],
            "eventId": f"SF123-{code}",
            "code": code,
            "occurredAt": f"2026-11-30T{hour:02d}:00:00Z",
            "eta": "2026-12-01T18:00:00+08:00",
        }
        refused = await stage.buyer_wh.do(TRACK, **report)
        assert refused["code"] == "WRONG_STATUS", refused
        shipment = (await stage.seller_wh.do(TRACK, **report))["shipment"]
        again = (await stage.seller_wh.do(TRACK, **report))["shipment"]
        assert (shipment["status"], again["version"]) == (status, shipment["version"])
    receipt = {"shipmentId": shipment["id"], "expectedVersion": shipment["version"]}
    unaccounted = [{"orderLineId": line["id"], "accepted": "999"}]
    refused = await stage.buyer_wh.do(RECEIVE, **receipt, lines=unaccounted)
    assert refused["code"] == "INVALID_INPUT"
    received = (await stage.buyer_wh.do(RECEIVE, **receipt))["shipment"]
    assert received["order"]["status"] == "COMPLETED"
    progress = (await stage.read(stage.req))["progress"]
    assert (progress["fulfilmentStatus"], progress["paymentStatus"]) == ("RECEIVED", "UNPAID")


async def money_arrives(stage: Stage) -> None:
    """333.00 + 50.00 + 43.29 + 4.50, seen by the supplier: settled."""
    issued = await stage.seller_fin.do(INVOICE, **await stage.at(stage.seller_fin), idempotencyKey=make_key())
    invoice = issued["invoice"]
    assert invoice["total"]["amount"] == "430.79"
    assert [(line["net"], line["tax"]) for line in invoice["lines"]] == [("333.00", "43.29"), ("50.00", "4.50")]
    refused = await stage.seller_fin.do(INVOICE, **await stage.at(stage.seller_fin), idempotencyKey=make_key())
    assert refused["code"] == "INVALID_INPUT"
    accept = step("acceptInvoice", "invoice { id status }")
    agreed = await stage.buyer_fin.do(accept, invoiceId=invoice["id"], expectedVersion=invoice["version"])
    assert agreed["invoice"]["status"] == "ACCEPTED"
    payment = await invoice_is_paid(stage, invoice["id"])
    confirming = {
        "paymentId": payment["id"],
        "expectedVersion": payment["version"],
        "amount": "430.79",
        "idempotencyKey": make_key(),
    }
    refused = await stage.buyer_fin.do(CONFIRM, **confirming)
    assert refused["code"] == "WRONG_STATUS"
    order = await stage.read(stage.req)
    assert (order["status"], order["settledAt"], order["progress"]["paymentStatus"]) == ("COMPLETED", None, "PAID")
    confirmed = (await stage.seller_fin.do(CONFIRM, **confirming))["payment"]
    assert confirmed["order"]["settledAt"] is not None
    order = await stage.read(stage.req)
    assert (order["status"], order["progress"]["paymentStatus"]) == ("COMPLETED", "PAID")
    assert order["progress"]["paid"] == order["progress"]["invoiced"] == {"amount": "430.79"}


async def invoice_is_paid(stage: Stage, invoice_id: str) -> dict[str, Any]:
    """By Alipay: the payer scans the code, and the provider's notice makes it paid; what the notice alters pays nothing."""
    seller = await stage.house.whose(stage.seller_fin)
    admin = await stage.house.enter(await make_actor(await _company(seller.home), Role.ADMIN))
    use_line()
    account = (await admin.do(ACCOUNT, **merchant_input()))["account"]
    paying = {"invoiceId": invoice_id, "method": "ALIPAY", "flow": "QR"}
    refused = await stage.buyer_fin.do(START, **paying, amount="430.80", idempotencyKey=make_key())
    assert (refused["code"], refused["expected"]) == ("AMOUNT_MISMATCH", "430.79")
    started = (await stage.buyer_fin.do(START, **paying, idempotencyKey=make_key()))["payment"]
    assert started["status"] == "AWAITING_CHANNEL"
    found, bank = split_id(started["id"]), line().office.bank
    assert found
    trade = bank.trade(bank.customers[ALIPAY, merchant_input()["appId"]], found[1].hex)
    bank.pay(trade, clock.now())
    notice = line().office.alipay.notice(trade, clock.now())
    forged = notice.body.replace(b"430.79", b"430.78")
    assert (await stage.house.http.post(account["path"], content=forged)).text == "failure"
    assert (await stage.house.http.post(account["path"], content=notice.body)).text == "success"
    query = "query ($id: ID!) { payment(id: $id) { id version status } }"
    payment: dict[str, Any] = (await stage.seller_fin.ask(query, id=started["id"]))["payment"]
    assert payment["status"] == "CHANNEL_CONFIRMED"
    return payment
