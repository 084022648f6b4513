"""Scenario 15 and what follows a payment, over the schema: many invoices, credit, cheques that bounce, money that goes back."""

from decimal import Decimal as D
from typing import Any

import pytest

from models import Invoice, Order
from resolvers.ids import encode_id
from services import clock
from tests.billing_makers import make_credit_note
from tests.file_makers import make_attachment
from tests.makers import make_key
from tests.order_makers import Parties, make_completed_order, make_goods, make_invoice, make_parties
from tests.resolvers.asking import ask, do

PAYMENT = """payment { id version method status statusLabel amount { amount } received { amount } failureReason bouncedAt
    proof { name } proofSha256 allocations { amount invoice { id balance { paid { amount } open { amount } } } } }"""
PROGRESS = """query ($id: ID!) { order(id: $id) { settledAt progress {
    paymentStatus paid { amount } outstanding { amount } credit { amount } refundDue { amount } dueOn isOverdue }
    refunds { number status } creditNotes { number } } }"""
REFUND = """query ($id: ID!) { refund(id: $id) {
    number version status statusLabel amount { amount currency } credit { amount } paidOn bankReference remark missedReason confirmedAt
    order { number } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def owing(parties: Parties, *amounts: str) -> list[tuple[Order, Invoice]]:
    """A completed order for each amount, and the claim for it, tax and all."""
    found = []
    for amount in amounts:
        goods = await make_goods(parties.supplier, tax_rate=D(0))
        order = await make_completed_order(parties, ["1"], [amount], goods=[goods], freight="0")
        found.append((order, await make_invoice(parties, order)))
    return found


async def reported(parties: Parties, action: str, invoices: list[Invoice], amount: str, **said: Any) -> Any:
    """Money for these invoices; the payment, or the refusal."""
    dated = {"submitBankTransfer": ("paidOn", "bankReference"), "submitCheque": ("issuedOn", "chequeNumber")}[action]
    first, *others = [encode_id("Invoice", invoice.id) for invoice in invoices]
    known = {"invoiceId": first, "otherInvoiceIds": others, "amount": amount, **said}
    known |= dict(zip(dated, ("2026-12-20", make_key()), strict=True))
    answer = await do(parties.buyer, action, PAYMENT, idempotencyKey=make_key() + "-payment", **known)
    return answer.get("payment", answer)


async def confirmed(parties: Parties, payment: Any, amount: str, **said: Any) -> Any:
    """The supplier has the money."""
    named = {"paymentId": payment["id"], "expectedVersion": payment["version"], "amount": amount, **said}
    answer = await do(parties.supplier, "confirmFunds", PAYMENT, idempotencyKey=make_key() + "-funds", **named)
    return answer.get("payment", answer)


async def progress(parties: Parties, order: Order) -> dict[str, Any]:
    """How far the order's money is, each amount as a number."""
    shown = (await ask(parties.buyer, PROGRESS, id=encode_id("Order", order.id)))["progress"]
    return {name: D(value["amount"]) if isinstance(value, dict) else value for name, value in shown.items()}


async def test_scenario_15_one_transfer_of_1000_pays_400_and_400_and_200_and_130_are_left(parties: Parties) -> None:
    owed = await owing(parties, "400", "400", "330")
    invoices = [invoice for _, invoice in owed]
    slip = await make_attachment(parties.buyer)
    payment = await reported(
        parties, "submitBankTransfer", invoices, "1000.00", proofId=encode_id("Attachment", slip.id)
    )
    assert (payment["proof"]["name"], payment["proofSha256"], payment["received"]) == (slip.name, slip.sha256, None)
    payment = await confirmed(parties, payment, "1000.00")
    assert [one["amount"] for one in payment["allocations"]] == ["400.00", "400.00", "200.00"]
    assert [one["invoice"]["balance"]["open"]["amount"] for one in payment["allocations"]] == ["0.00", "0.00", "130.00"]
    states = [await progress(parties, order) for order, _ in owed]
    assert [state["paymentStatus"] for state in states] == ["PAID", "PAID", "PARTIALLY_PAID"]
    assert [state["outstanding"] for state in states] == [0, 0, 130]
    too_much = await reported(parties, "submitBankTransfer", invoices, "130.01")
    assert (too_much["code"], too_much["expected"]) == ("AMOUNT_MISMATCH", "130.00")


async def test_scenario_15_a_cheque_bounces_and_the_order_is_unpaid_with_its_history(parties: Parties) -> None:
    [(order, invoice)] = await owing(parties, "400")
    cheque = await confirmed(parties, await reported(parties, "submitCheque", [invoice], "400.00"), "400.00")
    assert (cheque["method"], (await progress(parties, order))["paymentStatus"]) == ("CHEQUE", "PAID")
    bouncing = {"paymentId": cheque["id"], "reason": "no funds"}
    stale = await do(parties.supplier, "bounceCheque", PAYMENT, expectedVersion=cheque["version"] - 1, **bouncing)
    assert stale["code"] == "STALE_VERSION"
    bounced = await do(parties.supplier, "bounceCheque", PAYMENT, expectedVersion=cheque["version"], **bouncing)
    shown = bounced["payment"]
    assert (shown["status"], shown["statusLabel"], shown["failureReason"]) == ("BOUNCED", "Bounced", "no funds")
    assert shown["bouncedAt"] is not None
    now = await progress(parties, order)
    assert (now["paymentStatus"], now["outstanding"], now["paid"]) == ("UNPAID", 400, 0)
    again = await do(parties.supplier, "bounceCheque", PAYMENT, expectedVersion=shown["version"], **bouncing)
    assert again["code"] == "WRONG_STATUS"


async def test_what_was_paid_too_much_pays_another_invoice(parties: Parties) -> None:
    (order, first), (other, second) = await owing(parties, "400", "330")
    payment = await reported(parties, "submitBankTransfer", [first], "500.00", surplusAsCredit=True)
    await confirmed(parties, payment, "500.00")
    assert (await progress(parties, order))["paymentStatus"] == "OVERPAID"
    using = {"invoiceId": encode_id("Invoice", second.id), "idempotencyKey": make_key() + "-credit"}
    too_much = await do(parties.buyer, "applyCredit", PAYMENT, **{**using, "amount": "100.01"})
    assert (too_much["code"], too_much["expected"]) == ("AMOUNT_MISMATCH", "100.00")
    used = [await do(parties.buyer, "applyCredit", PAYMENT, **using) for _ in range(2)]  # the same click twice
    assert used[0]["payment"]["id"] == used[1]["payment"]["id"]
    assert (used[0]["payment"]["method"], used[0]["payment"]["received"]) == ("CREDIT_BALANCE", {"amount": "100.00"})
    assert ((await progress(parties, order))["credit"], (await progress(parties, other))["outstanding"]) == (0, 230)


async def test_a_difference_is_taken_only_where_it_is_said(parties: Parties) -> None:
    [(order, invoice)] = await owing(parties, "400")
    payment = await reported(parties, "submitBankTransfer", [invoice], "400.00")
    refused = await confirmed(parties, payment, "399.00")
    assert (refused["code"], refused["expected"]) == ("AMOUNT_MISMATCH", "400.00")
    taken = await confirmed(parties, payment, "399.00", takesDifference=True)
    assert (taken["amount"], taken["received"]) == ({"amount": "400.00"}, {"amount": "399.00"})
    assert (await progress(parties, order))["outstanding"] == 1


async def test_money_goes_back_and_the_order_is_refunded(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    invoice = await make_invoice(parties, order)
    await confirmed(parties, await reported(parties, "submitBankTransfer", [invoice], "600.00"), "600.00")
    await make_credit_note(parties, invoice, "6")
    assert (await progress(parties, order))["refundDue"] == 148
    sending = {"orderId": encode_id("Order", order.id), "paidOn": "2026-12-24", "bankReference": "ICBC-R"}
    too_much = await do(
        parties.supplier, "sendRefund", "refund { id }", **sending, amount="148.01", idempotencyKey=make_key()
    )
    assert (too_much["code"], too_much["expected"]) == ("AMOUNT_MISMATCH", "148.00")
    sent = await do(
        parties.supplier,
        "sendRefund",
        "refund { id version status order { progress { paymentStatus } } }",
        **sending,
        amount="148.00",
        idempotencyKey=make_key(),
    )
    refund = sent["refund"]
    assert refund["order"]["progress"]["paymentStatus"] == "REFUND_DUE"
    named = {"refundId": refund["id"], "expectedVersion": refund["version"]}
    wrong = await do(parties.supplier, "confirmRefund", "refund { status }", **named)
    assert wrong["code"] == "WRONG_STATUS"
    had = await do(parties.buyer, "confirmRefund", "refund { status }", **named)
    assert had["refund"]["status"] == "RECEIVED"
    shown = await ask(parties.buyer, REFUND, locale="zh-CN", id=refund["id"])
    assert (shown["statusLabel"], shown["amount"], shown["credit"]) == (
        "已到账", {"amount": "148.00", "currency": "CNY"}, {"amount": "0.00"},
    )  # fmt: skip
    now = await progress(parties, order)
    assert (now["paymentStatus"], now["paid"], now["refundDue"]) == ("REFUNDED", 452, 0)
    late = await do(
        parties.buyer, "rejectRefund", "refund { status }", refundId=refund["id"], expectedVersion=1, reason="no"
    )
    assert late["code"] == "WRONG_STATUS"
    stranger = (await make_parties()).buyer
    assert await ask(stranger, REFUND, id=refund["id"]) is None
    hidden = await do(stranger, "confirmRefund", "refund { status }", **named)
    assert hidden["code"] == "NOT_FOUND"


async def test_an_order_is_overdue_from_the_day_after_its_first_open_invoice_was_due(parties: Parties) -> None:
    [(order, invoice)] = await owing(parties, "400")
    due = invoice.due_on.isoformat()
    for moment, overdue in ((f"{due}T15:59:59+00:00", False), (f"{due}T16:00:00+00:00", True)):  # midnight in Shanghai
        with clock.held_at(moment):
            now = await progress(parties, order)
        assert (now["dueOn"], now["isOverdue"]) == (due, overdue)
    await confirmed(parties, await reported(parties, "submitBankTransfer", [invoice], "400.00"), "400.00")
    with clock.held_at(f"{due}T16:00:00+00:00"):
        assert (await progress(parties, order))["isOverdue"] is False
