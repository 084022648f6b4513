"""Money in the schema: claimed, reported, confirmed; what is open of it; and nothing of it for strangers."""

from decimal import Decimal
from typing import Any

import pytest

from resolvers.ids import encode_id
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_completed_order,
    make_invoice,
    make_parties,
    make_transfer,
)
from tests.resolvers.asking import ask, do
from tests.statements import counting

INVOICE = """query ($id: ID!) { invoice(id: $id) {
    number version status statusLabel net { amount currency } tax { amount } total { amount } issuedOn dueOn disputeReason
    roundingMode taxLevel
    balance { paid { amount } reported { amount } open { amount } }
    lines { position quantity unitPrice taxRate net tax orderLine { position } } order { number } } }"""
PAYMENT = """query ($id: ID!) { payment(id: $id) {
    number version method status statusLabel amount { amount currency } paidOn bankReference proofSha256 remark failureReason
    confirmedAt allocations { amount invoice { number } } order { number } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


def transfer(invoice: str, **said: Any) -> dict[str, Any]:
    """What the buyer says of a transfer."""
    return {
        "invoiceId": invoice,
        "amount": "430.79",
        "paidOn": "2026-12-20",
        "bankReference": "ICBC-1",
        "idempotencyKey": make_key() + "-payment",
        **said,
    }


async def test_a_claim_is_paid_and_the_order_settled(parties: Parties) -> None:
    order = await make_completed_order(parties)
    issued = await do(
        parties.supplier,
        "issueInvoice",
        "invoice { id version total { amount currency } }",
        orderId=encode_id("Order", order.id),
        expectedVersion=order.version_for(parties.supplier),
        idempotencyKey=make_key() + "-invoice",
    )
    invoice = issued["invoice"]
    assert invoice["total"] == {"amount": "430.79", "currency": "CNY"}
    accepted = await do(
        parties.buyer,
        "acceptInvoice",
        "invoice { status }",
        invoiceId=invoice["id"],
        expectedVersion=invoice["version"],
    )
    assert accepted["invoice"] == {"status": "ACCEPTED"}
    said = transfer(invoice["id"], proofSha256="ab" * 32)
    payment = (await do(parties.buyer, "submitBankTransfer", "payment { id version status }", **said))["payment"]
    reported = await ask(parties.buyer, INVOICE, id=invoice["id"])
    assert (reported["roundingMode"], reported["taxLevel"]) == ("HALF_UP", "LINE")
    assert reported["balance"] == {
        "paid": {"amount": "0.00"},
        "reported": {"amount": "430.79"},
        "open": {"amount": "0.00"},
    }
    confirmed = await do(
        parties.supplier,
        "confirmFunds",
        "payment { status order { settledAt } }",
        paymentId=payment["id"],
        expectedVersion=payment["version"],
        amount="430.79",
        idempotencyKey=make_key() + "-funds",
    )
    assert confirmed["payment"]["status"] == "FUNDS_CONFIRMED"
    assert confirmed["payment"]["order"]["settledAt"] is not None
    shown = await ask(parties.supplier, PAYMENT, locale="zh-CN", id=payment["id"])
    assert (shown["statusLabel"], shown["proofSha256"]) == ("已到账", "ab" * 32)
    assert shown["allocations"] == [{"amount": "430.79", "invoice": {"number": reported["number"]}}]


async def test_an_invoice_shows_its_lines_and_freight_last(parties: Parties) -> None:
    order = await make_completed_order(parties)
    shown = await ask(
        parties.buyer, INVOICE, locale="zh-CN", id=encode_id("Invoice", (await make_invoice(parties, order)).id)
    )
    assert (shown["statusLabel"], shown["order"]["number"]) == ("已开具", order.number)
    goods, freight = shown["lines"]
    assert (goods["orderLine"]["position"], goods["net"], goods["tax"]) == (1, "333.00", "43.29")
    assert (freight["orderLine"], Decimal(freight["quantity"]), freight["net"]) == (None, Decimal(1), "50.00")


async def test_a_missed_transfer_opens_the_invoice_again(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    payment = await make_transfer(parties, invoice, "400.00")
    missed = await do(
        parties.supplier,
        "rejectTransfer",
        "payment { status failureReason }",
        paymentId=encode_id("Payment", payment.id),
        expectedVersion=payment.version,
        reason="nothing came",
    )
    assert missed["payment"] == {"status": "FAILED", "failureReason": "nothing came"}
    shown = await ask(parties.buyer, INVOICE, id=encode_id("Invoice", invoice.id))
    assert shown["balance"]["open"] == {"amount": "430.79"}


async def test_refusals_say_what_is_wrong(parties: Parties) -> None:
    order = await make_completed_order(parties)
    [line] = await lines_of(order)
    claim = {
        "orderId": encode_id("Order", order.id),
        "expectedVersion": order.version_for(parties.supplier),
        "lines": [{"orderLineId": encode_id("OrderLine", line.id), "quantity": "1001"}],
        "idempotencyKey": make_key() + "-invoice",
    }
    too_much = await do(parties.supplier, "issueInvoice", "invoice { id }", **claim)
    assert (too_much["code"], Decimal(too_much["remaining"])) == ("QUANTITY_EXCEEDED", Decimal(1000))
    invoice = await make_invoice(parties, await fresh(order))
    key = encode_id("Invoice", invoice.id)
    disputed = await do(
        parties.buyer,
        "disputeInvoice",
        "invoice { status disputeReason }",
        invoiceId=key,
        expectedVersion=0,
        reason="wrong",
    )
    assert disputed["invoice"] == {"status": "DISPUTED", "disputeReason": "wrong"}
    again = await do(parties.buyer, "acceptInvoice", "invoice { status }", invoiceId=key, expectedVersion=1)
    assert again["code"] == "WRONG_STATUS"
    over = await do(parties.buyer, "submitBankTransfer", "payment { id }", **transfer(key, amount="430.80"))
    assert (over["code"], over["expected"], over["found"]) == ("AMOUNT_MISMATCH", "430.79", "430.80")
    wrong = await do(
        parties.buyer,
        "submitBankTransfer",
        "payment { id }",
        **transfer(key, amount="0.001", bankReference="", proofSha256="AB" * 32),
    )
    assert [fault["field"] for fault in wrong["faults"]] == ["input.amount", "input.bankReference", "input.proofSha256"]


async def test_a_stranger_sees_neither_invoice_nor_payment(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    payment = await make_transfer(parties, invoice)
    stranger = (await make_parties()).supplier
    for row in (invoice.id, stranger.home):
        assert await ask(stranger, INVOICE, id=encode_id("Invoice", row)) is None
        assert await ask(stranger, PAYMENT, id=encode_id("Payment", row)) is None
    for key in (encode_id("Payment", payment.id), encode_id("Payment", stranger.home), "nonsense"):
        refused = await do(
            stranger, "rejectTransfer", "payment { id }", paymentId=key, expectedVersion=payment.version, reason="no"
        )
        assert refused["code"] == "NOT_FOUND"


async def test_statements_do_not_grow_with_the_invoices(parties: Parties) -> None:
    order = await make_completed_order(parties)
    query = """query ($id: ID!) { order(id: $id) {
        invoices { balance { open { amount } } lines { orderLine { sku } } order { number } }
        payments { allocations { amount invoice { number } } } } }"""
    counts = []
    for _ in range(2):
        await make_transfer(parties, await make_invoice(parties, order, "1"), "0.01")
        async with counting() as statements:
            await ask(parties.buyer, query, id=encode_id("Order", order.id))
        counts.append(len([sent for sent in statements if 'FROM "' in sent]))  # the driver asks about types by itself
    assert counts[0] == counts[1]
