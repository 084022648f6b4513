"""The books: each company reads its own, the platform's auditors all of them, and everything together is zero."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from models import Invoice, LedgerEntry, Order, Payment, PaymentObligation
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.vouchers import documents_of
from rules.people import Actor, Role, Scope
from tests.billing_makers import make_credit_note
from tests.makers import make_platform
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties, make_settled_order
from tests.resolvers.asking import ask
from tests.statements import counting

ENTRIES = """query ($filter: LedgerFilter, $first: Int, $after: String) {
    ledgerEntries(filter: $filter, first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        id posting reverses kind account amount { amount currency } bookedAt company { id } counterparty { id }
        order { number } invoice { number } } } }"""
VOUCHERS = """query ($filter: LedgerFilter) { ledgerEntries(filter: $filter, first: 100) { nodes {
    kind account document { kind id number bankReference } } } }"""
BALANCES = """query ($filter: LedgerFilter) {
    accountBalances(filter: $filter) { account balance { amount currency } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """1130.00 claimed, of which 452.00 are taken back."""
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    await make_credit_note(parties, await make_invoice(parties, order), "4")
    return order


async def balances(actor: Actor, **narrowed: Any) -> dict[str, D]:
    """What each account adds up to, in yuan."""
    shown = await ask(actor, BALANCES, filter=narrowed or None)
    return {one["account"]: D(one["balance"]["amount"]) for one in shown}


async def entries(actor: Actor, **narrowed: Any) -> Any:
    """The newest entries."""
    return (await ask(actor, ENTRIES, filter=narrowed or None, first=100))["nodes"]


async def test_each_side_reads_the_same_business_in_its_own_books(parties: Parties, order: Order) -> None:
    assert await balances(parties.supplier) == {"RECEIVABLE": D(678), "SALES": D(-600), "VAT_PAYABLE": D(-78)}
    assert await balances(parties.buyer) == {"PAYABLE": D(-678), "PURCHASES": D(600), "VAT_RECEIVABLE": D(78)}
    mine = await entries(parties.buyer)
    assert {one["company"]["id"] for one in mine} == {encode_id("Company", order.buyer_id)}
    assert {one["counterparty"]["id"] for one in mine} == {encode_id("Company", order.supplier_id)}
    by_posting: dict[str, D] = defaultdict(D)
    for one in mine:
        by_posting[one["posting"]] += D(one["amount"]["amount"])
    assert list(by_posting.values()) == [0, 0]
    assert [one["kind"] for one in mine] == ["CREDIT_NOTE"] * 3 + ["INVOICE"] * 3


async def test_entries_are_narrowed_and_come_in_pages(parties: Parties, order: Order) -> None:
    await make_settled_order(parties)
    narrowed = {"orderId": encode_id("Order", order.id), "kind": "CREDIT_NOTE", "account": "SALES"}
    [one] = await entries(parties.supplier, **narrowed)
    assert (one["amount"], one["order"]["number"], one["reverses"]) == (
        {"amount": "400.00", "currency": "CNY"}, order.number, None,
    )  # fmt: skip
    assert await balances(parties.supplier, before=one["bookedAt"], orderId=encode_id("Order", order.id)) == {
        "RECEIVABLE": D(1130), "SALES": D(-1000), "VAT_PAYABLE": D(-130),
    }  # fmt: skip
    seen, after = [], None
    while True:
        shown = await ask(parties.supplier, ENTRIES, first=4, after=after)
        seen += [one["id"] for one in shown["nodes"]]
        after = shown["pageInfo"]["endCursor"]
        if not shown["pageInfo"]["hasNextPage"]:
            break
    assert (len(seen), len(set(seen))) == (11, 11)


async def test_nobody_reads_the_books_of_others_whatever_they_name(parties: Parties, order: Order) -> None:
    stranger = (await make_parties()).supplier
    for narrowed in (
        {},
        {"companyId": encode_id("Company", order.supplier_id)},
        {"counterpartyId": encode_id("Company", order.supplier_id)},
        {"orderId": encode_id("Order", order.id)},
    ):
        assert await entries(stranger, **narrowed) == []
        assert await balances(stranger, **narrowed) == {}
    assert await entries(parties.buyer, companyId=encode_id("Company", order.supplier_id)) == []
    for malformed in ("orderId", "invoiceId", "companyId", "counterpartyId"):
        assert await entries(parties.buyer, **{malformed: "nonsense"}) == []


async def vouchers(actor: Actor, **narrowed: Any) -> Any:
    """The newest entries, with the documents they were booked by."""
    return (await ask(actor, VOUCHERS, filter=narrowed or None))["nodes"]


async def test_an_entry_leads_to_the_document_it_was_booked_by(parties: Parties, order: Order) -> None:
    settled = await make_settled_order(parties)
    payment = await Payment.get(order_id=settled.id)
    for side in (parties.supplier, parties.buyer):
        named = {one["kind"]: one["document"]["kind"] for one in await vouchers(side)}
        assert named == {kind: kind for kind in ("INVOICE", "CREDIT_NOTE", "PAYMENT")}
        [bank] = await vouchers(side, account="BANK")
        assert bank["document"] == {
            "kind": "PAYMENT",
            "id": encode_id("Payment", payment.id),
            "number": payment.number,
            "bankReference": payment.bank_reference,
        }
        other = "RECEIVABLE" if side is parties.supplier else "PAYABLE"
        booked = await vouchers(side, documentId=bank["document"]["id"])
        assert sorted(one["account"] for one in booked) == ["BANK", other]


async def test_what_was_left_of_a_prepayment_is_booked_by_its_obligation(parties: Parties, order: Order) -> None:
    due = await PaymentObligation.get(order_id=order.id)
    [shown] = await documents_of(Context(actor=parties.buyer), [LedgerEntry(document_id=due.id)])
    assert shown is not None
    assert (shown.id, shown.kind, shown.number) == (encode_id("PaymentObligation", due.id), "PREPAYMENT", None)


async def test_a_document_that_is_none_narrows_to_nothing(parties: Parties, order: Order) -> None:
    invoice = await Invoice.get(order_id=order.id)
    assert len(await vouchers(parties.supplier, documentId=encode_id("Invoice", invoice.id))) == 3
    for wrong in ("nonsense", encode_id("Order", order.id), encode_id("Company", invoice.id)):
        assert await vouchers(parties.supplier, documentId=wrong) == []


async def test_who_may_read_the_books_alone_meets_no_document_in_them(parties: Parties, order: Order) -> None:
    machine = replace(parties.supplier, roles=frozenset(), scopes=frozenset({Scope.BILLING}))
    found = await vouchers(machine)
    assert len(found) == 6
    assert {one["document"] and one["document"]["id"] for one in found} == {None}


async def test_documents_take_at_most_a_statement_for_each_kind(parties: Parties, order: Order) -> None:
    async def sent() -> int:
        async with counting() as statements:
            await vouchers(parties.supplier)
        return len(statements)

    once = await sent()
    await make_credit_note(parties, await make_invoice(parties, await make_completed_order(parties)), "4")
    assert await sent() == once == 4


@pytest.mark.parametrize(
    ("roles", "scopes", "reads"),
    [
        ({Role.FINANCE}, None, True),
        ({Role.ADMIN}, None, True),
        ({Role.SALES, Role.WAREHOUSE, Role.VIEWER, Role.SIGNATORY}, None, False),
        (set(), frozenset({Scope.BILLING}), True),
        (set(), frozenset({Scope.READ, Scope.ORDERS}), False),
    ],
)
async def test_finance_and_administrators_read_them_and_nobody_else(
    parties: Parties, order: Order, roles: set[Role], scopes: frozenset[Scope] | None, reads: bool
) -> None:
    actor = replace(parties.supplier, roles=frozenset(roles), scopes=scopes)
    assert bool(await entries(actor)) is reads
    assert bool(await balances(actor)) is reads


async def test_an_auditor_finds_the_sum_over_the_platform_to_be_zero(parties: Parties, order: Order) -> None:
    others = await make_parties()
    await make_settled_order(others)
    operator = await make_platform()
    assert await entries(replace(operator, roles=frozenset({Role.OPERATOR, Role.ADMIN}))) == []
    auditor = replace(operator, roles=frozenset({Role.AUDITOR}))
    everything = await balances(auditor)
    assert len(everything) == 7
    assert sum(everything.values()) == 0
    assert len(await entries(auditor)) == await LedgerEntry.all().count()
    one = await balances(auditor, companyId=encode_id("Company", others.supplier.home))
    assert (one["BANK"], one["RECEIVABLE"]) == (D("430.79"), D(0))
