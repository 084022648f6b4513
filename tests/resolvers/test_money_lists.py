"""What finance has to look at, over all orders: narrowed, in pages, from an index, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from models import Invoice, Payment
from models.database import pool
from resolvers.ids import encode_id
from rules.people import Actor, Scope
from services.bouncing import bounce_cheque
from services.invoicing import dispute_invoice
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_refund
from tests.makers import make_platform
from tests.order_makers import (
    Parties,
    make_completed_order,
    make_invoice,
    make_parties,
    make_settled_order,
    make_transfer,
)
from tests.payment_makers import make_ended
from tests.resolvers.asking import ask
from tests.source import ROOT

pytestmark = pytest.mark.usefixtures("database")
[FILE] = (ROOT / "models" / "migrations").glob("*_money_lists.py")
MIGRATION = import_module(f"models.migrations.{FILE.stem}")
LISTS = ("invoices", "payments", "refunds", "paymentRefunds")


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def listed(actor: Actor, name: str, *, first: int = 100, **narrowed: Any) -> list[str]:
    """The numbers on the list."""
    kind = f"{name[0].upper()}{name[1:-1]}Filter"
    query = (
        f"query ($filter: {kind}, $first: Int) {{ {name}(filter: $filter, first: $first) {{ nodes {{ id number }} }} }}"
    )
    found = (await ask(actor, query, filter=narrowed or None, first=first))["nodes"]
    return [one["number"] for one in found]


async def owed(parties: Parties) -> Invoice:
    """An invoice of 430.79 of which nothing was paid."""
    return await make_invoice(parties, await make_completed_order(parties))


async def test_finance_asks_for_invoices_that_are_owed_disputed_or_overdue(parties: Parties) -> None:
    paid = await Invoice.get(order_id=(await make_settled_order(parties)).id)
    invoice = await owed(parties)
    for side in (parties.supplier, parties.buyer):
        assert await listed(side, "invoices") == [invoice.number, paid.number]
        assert await listed(side, "invoices", first=1) == [invoice.number]
        assert await listed(side, "invoices", isOwed=True) == [invoice.number]
        assert await listed(side, "invoices", isOwed=False) == [paid.number]
        assert await listed(side, "invoices", orderId=encode_id("Order", paid.order_id)) == [paid.number]
        assert await listed(side, "invoices", orderId=encode_id("Company", paid.order_id)) == []
    day, before = invoice.due_on.isoformat(), (invoice.due_on - timedelta(days=1)).isoformat()
    assert await listed(parties.buyer, "invoices", isOwed=True, dueUntil=day) == [invoice.number]
    assert await listed(parties.buyer, "invoices", isOwed=True, dueUntil=before) == []
    assert await listed(parties.supplier, "invoices", statuses=["DISPUTED"]) == []
    await dispute_invoice(parties.buyer, invoice.id, invoice.version, "too much")
    assert await listed(parties.supplier, "invoices", statuses=["DISPUTED"]) == [invoice.number]


async def test_nothing_is_owed_of_what_was_paid_or_credited_and_again_of_what_bounced(parties: Parties) -> None:
    half, whole = await owed(parties), await owed(parties)
    await make_confirmed(parties, await make_transfer(parties, half, "30.79"))
    cheque = await make_confirmed(parties, await make_cheque(parties, whole, "430.79"))
    assert await listed(parties.supplier, "invoices", isOwed=True) == [half.number]
    await pool().execute("UPDATE payment_obligation SET is_owed = false")
    await pool().execute(MIGRATION.OWED)
    assert await listed(parties.supplier, "invoices", isOwed=True) == [half.number]
    await make_credit_note(parties, half)
    assert await listed(parties.supplier, "invoices", isOwed=True) == []
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    assert await listed(parties.supplier, "invoices", isOwed=True) == [whole.number]


async def test_a_supplier_asks_which_payments_wait_for_it(parties: Parties) -> None:
    done = await Payment.get(order_id=(await make_settled_order(parties)).id)
    invoice = await owed(parties)
    transfer, cheque = await make_transfer(parties, invoice, "100"), await make_cheque(parties, invoice, "100")
    waiting: dict[str, Any] = {"side": "SUPPLIER", "statuses": ["PROOF_SUBMITTED"]}
    assert await listed(parties.supplier, "payments", **waiting) == [cheque.number, transfer.number]
    assert await listed(parties.supplier, "payments", **waiting, method="CHEQUE") == [cheque.number]
    assert await listed(parties.supplier, "payments", since=transfer.created_at.isoformat()) == [
        cheque.number,
        transfer.number,
    ]
    assert await listed(parties.supplier, "payments", statuses=["FUNDS_CONFIRMED"]) == [done.number]
    assert await listed(parties.buyer, "payments", **waiting) == []
    assert len(await listed(parties.buyer, "payments", side="BUYER")) == 3
    assert await listed(parties.buyer, "payments", side="PLATFORM") == []
    with pytest.raises(AssertionError, match=r"filter\.statuses"):
        await listed(parties.buyer, "payments", statuses=["FAILED"] * 50)


async def test_a_buyer_asks_what_is_on_its_way_back(parties: Parties) -> None:
    order = await make_settled_order(parties)
    await make_credit_note(parties, await Invoice.get(order_id=order.id), "400")
    refund = await make_refund(parties, order, "100")
    assert await listed(parties.buyer, "refunds", statuses=["SENT"]) == [refund.number]
    assert await listed(parties.buyer, "refunds", statuses=["RECEIVED"]) == []


async def test_a_list_comes_in_pages_for_a_company_and_for_the_platform(parties: Parties) -> None:
    invoices = [(await owed(parties)).number for _ in range(2)]
    query = "query ($after: String) { invoices(first: 1, after: $after) { nodes { number } pageInfo { endCursor } } }"
    for actor in (parties.buyer, await make_platform()):
        whole = await ask(actor, query)
        rest = await ask(actor, query, after=whole["pageInfo"]["endCursor"])
        assert [one["number"] for one in (*whole["nodes"], *rest["nodes"])] == invoices[::-1]


async def test_the_operator_and_both_sides_see_what_providers_have_to_pay_back(parties: Parties) -> None:
    started = await make_ended(parties)
    await started.pay()
    query = """query ($filter: PaymentRefundFilter) { paymentRefunds(filter: $filter) { nodes {
        id number amount { amount } payment { number order { number } } } } }"""
    for actor in (parties.supplier, parties.buyer, await make_platform()):
        [due] = (await ask(actor, query, filter={"statuses": ["DUE"]}))["nodes"]
        assert due["amount"] == {"amount": "129.24"}
        assert (due["payment"]["number"], due["payment"]["order"]["number"]) == (
            started.payment.number,
            started.order.number,
        )
        assert (await ask(actor, "query ($id: ID!) { node(id: $id) { id } }", id=due["id"])) == {"id": due["id"]}
        assert await listed(actor, "paymentRefunds", statuses=["SUCCEEDED"]) == []
    stranger = (await make_parties()).supplier
    assert await ask(stranger, "query ($id: ID!) { node(id: $id) { id } }", id=due["id"]) is None


async def test_nobody_finds_what_belongs_to_others(parties: Parties) -> None:
    order = await make_settled_order(parties)
    await make_credit_note(parties, await Invoice.get(order_id=order.id), "400")
    await make_refund(parties, order, "100")
    others, machine = (
        await make_parties(),
        replace(parties.supplier, roles=frozenset(), scopes=frozenset({Scope.BILLING})),
    )
    for actor in (others.supplier, others.buyer, Actor.anonymous(), machine):
        for name in LISTS:
            assert await listed(actor, name) == []
            assert await listed(actor, name, orderId=encode_id("Order", order.id)) == []
