"""The scenarios of money with exact figures, over the schema: what is credited, owed, due back, and refused."""

from decimal import Decimal as D
from typing import Any

import pytest

from models import Order, ReturnRequest
from resolvers.ids import encode_id
from rules.money import TaxLevel
from rules.quantity import Inspection
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_completed_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
)
from tests.resolvers.asking import ask, do
from tests.return_makers import make_taken_back

PROGRESS = """query ($id: ID!) { order(id: $id) { progress {
    paymentStatus invoiced { amount } paid { amount } outstanding { amount } credit { amount } refundDue { amount }
    dueOn isOverdue } } }"""
CREDIT_NOTE = """query ($id: ID!) { creditNote(id: $id) {
    number net { amount } tax { amount } total { amount currency } issuedOn reason excess
    lines { position quantity net tax invoiceLine { position orderLine { position } } }
    invoice { number status version balance { credited { amount } paid { amount } reported { amount } open { amount } } }
    returnRequest { number } order { number } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def progress(parties: Parties, order: Order) -> dict[str, Any]:
    """How far the order's money is, each amount as its text."""
    shown = (await ask(parties.buyer, PROGRESS, id=encode_id("Order", order.id)))["progress"]
    return {name: value["amount"] if isinstance(value, dict) else value for name, value in shown.items()}


async def returned(parties: Parties, order: Order, quantity: str, resolution: str) -> Any:
    """Goods that went back, and what came of them; the refusal where the request was refused."""
    [line] = await lines_of(order)
    asked = await do(
        parties.buyer,
        "requestReturn",
        "returnRequest { id }",
        orderId=encode_id("Order", order.id),
        lines=[{"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity, "fault": "DEFECTIVE"}],
        reason="they bend",
        idempotencyKey=make_key() + "-return",
    )
    if "code" in asked:
        return asked
    request = await ReturnRequest.filter(order_id=order.id).order_by("-id").first()
    assert request is not None
    request = await make_taken_back(parties, request)
    resolved = await do(
        parties.supplier,
        "resolveReturn",
        "returnRequest { creditNotes { id total { amount } } }",
        returnId=encode_id("ReturnRequest", request.id),
        expectedVersion=request.version,
        resolution=resolution,
    )
    return resolved["returnRequest"]["creditNotes"]


async def paid(parties: Parties, invoice: str, amount: str) -> None:
    """So much, reported and confirmed."""
    said = {"paidOn": "2026-12-20", "bankReference": make_key(), "idempotencyKey": make_key() + "-payment"}
    reported = await do(
        parties.buyer, "submitBankTransfer", "payment { id version }", invoiceId=invoice, amount=amount, **said
    )
    payment = reported["payment"]
    confirmed = await do(
        parties.supplier,
        "confirmFunds",
        "payment { status }",
        paymentId=payment["id"],
        expectedVersion=payment["version"],
        amount=amount,
        idempotencyKey=make_key() + "-funds",
    )
    assert confirmed["payment"]["status"] == "FUNDS_CONFIRMED"


async def test_scenario_10_sixty_is_a_match_exception_and_fifty_five_is_right(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["100"])
    [line] = await lines_of(order)
    found = {line.id: Inspection(D(55), D(3), D(2), "scratched")}
    await make_receipt(parties, await make_shipment(parties, order, "60"), found)

    async def claim(quantity: str) -> Any:
        return await do(
            parties.supplier,
            "issueInvoice",
            "invoice { net { amount } }",
            orderId=encode_id("Order", order.id),
            expectedVersion=(await fresh(order)).version_for(parties.supplier),
            lines=[{"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity}],
            idempotencyKey=make_key() + "-invoice",
        )

    refused = await claim("60")
    assert (refused["code"], D(refused["remaining"])) == ("QUANTITY_EXCEEDED", D(55))
    assert (await claim("55"))["invoice"]["net"]["amount"] == "5550.00"  # with 50.00 of freight


async def test_scenario_11_part_of_the_goods_goes_back_after_part_of_the_money_came(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    invoice = await make_invoice(parties, order)
    assert invoice.total == D("1130.00")
    await paid(parties, encode_id("Invoice", invoice.id), "600.00")
    assert await progress(parties, order) == {
        "paymentStatus": "PARTIALLY_PAID", "invoiced": "1130.00", "paid": "600.00", "outstanding": "530.00",
        "credit": "0", "refundDue": "0", "dueOn": invoice.due_on.isoformat(), "isOverdue": False,
    }  # fmt: skip
    [credit] = await returned(parties, order, "4", "REFUND")
    assert credit["total"]["amount"] == "452.00"
    now = await progress(parties, order)
    assert (now["paymentStatus"], now["outstanding"], now["refundDue"]) == ("PARTIALLY_PAID", "78.00", "0")
    [credit] = await returned(parties, order, "2", "REFUND")
    assert credit["total"]["amount"] == "226.00"
    now = await progress(parties, order)
    assert (now["paymentStatus"], D(now["outstanding"]), now["refundDue"]) == ("REFUND_DUE", D(0), "148.00")
    assert (now["invoiced"], now["paid"], now["dueOn"], now["isOverdue"]) == ("452.00", "600.00", None, False)
    refused = await returned(parties, order, "5", "REFUND")
    assert (refused["code"], D(refused["remaining"])) == ("QUANTITY_EXCEEDED", D(4))


@pytest.mark.parametrize(("level", "total"), [(TaxLevel.LINE, "17.04"), (TaxLevel.DOCUMENT, "17.05")])
async def test_scenario_13_what_was_rounded_is_credited_to_the_fen(
    parties: Parties, level: TaxLevel, total: str
) -> None:
    order = await make_completed_order(parties, ["5"] * 3, ["1.005"] * 3, freight="0", tax_level=level)
    invoice = await make_invoice(parties, order)
    [first, *_] = await invoice.lines.order_by("position")
    said = {"invoiceId": encode_id("Invoice", invoice.id), "reason": "miscounted"}
    amounts = []
    for version in range(5):
        made = await do(
            parties.supplier,
            "issueCreditNote",
            "creditNote { total { amount } }",
            expectedVersion=version,
            lines=[{"invoiceLineId": encode_id("InvoiceLine", first.id), "quantity": "1"}],
            idempotencyKey=make_key() + "-credit",
            **said,
        )
        amounts.append(D(made["creditNote"]["total"]["amount"]))
    assert sum(amounts) == first.net + first.tax
    rest = await do(
        parties.supplier,
        "issueCreditNote",
        "creditNote { invoice { status balance { credited { amount } open { amount } } } }",
        expectedVersion=5,
        idempotencyKey=make_key() + "-credit",
        **said,
    )
    shown = rest["creditNote"]["invoice"]
    assert (shown["status"], shown["balance"]) == (
        "CREDITED",
        {"credited": {"amount": total}, "open": {"amount": "0.00"}},
    )


async def test_a_credit_note_shows_what_it_takes_back_and_of_what(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    goods, freight = await invoice.lines.order_by("position")
    made = await do(
        parties.supplier,
        "issueCreditNote",
        "creditNote { id }",
        invoiceId=encode_id("Invoice", invoice.id),
        expectedVersion=0,
        reason="freight was promised",
        lines=[{"invoiceLineId": encode_id("InvoiceLine", freight.id)}],
        excess="CREDIT_BALANCE",
        idempotencyKey=make_key() + "-credit",
    )
    shown = await ask(parties.buyer, CREDIT_NOTE, id=made["creditNote"]["id"])
    assert (shown["total"], shown["excess"]) == ({"amount": "54.50", "currency": "CNY"}, "CREDIT_BALANCE")
    assert shown["lines"] == [
        {"position": 1, "quantity": "1.000000", "net": "50.00", "tax": "4.50",
         "invoiceLine": {"position": 2, "orderLine": None}},
    ]  # fmt: skip
    assert shown["invoice"]["balance"] == {
        "credited": {"amount": "54.50"}, "paid": {"amount": "0.00"}, "reported": {"amount": "0.00"},
        "open": {"amount": "376.29"},
    }  # fmt: skip
    assert (shown["returnRequest"], shown["order"]["number"]) == (None, order.number)
    stranger = (await make_parties()).supplier
    assert await ask(stranger, CREDIT_NOTE, id=made["creditNote"]["id"]) is None
    for wish, code, expected in (
        ({"net": "333.01"}, "AMOUNT_MISMATCH", "333.00"),
        ({"quantity": "1", "net": "1.00"}, "INVALID_INPUT", None),
        ({"quantity": "1001"}, "QUANTITY_EXCEEDED", None),
    ):
        refused = await do(
            parties.supplier,
            "issueCreditNote",
            "creditNote { id }",
            invoiceId=encode_id("Invoice", invoice.id),
            expectedVersion=1,
            reason="too much",
            lines=[{"invoiceLineId": encode_id("InvoiceLine", goods.id), **wish}],
            idempotencyKey=make_key() + "-credit",
        )
        assert (refused["code"], refused.get("expected")) == (code, expected)
