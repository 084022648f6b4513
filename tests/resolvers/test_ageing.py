"""Ageing: what the books say is owed, by how long it has been due, to those alone who read them."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from api.schema import schema
from models import Invoice
from models.base import new_id
from models.database import pool
from resolvers.context import Context
from resolvers.ids import encode_id
from rules.ageing import Age, age_of
from rules.people import Actor, Role
from services import clock
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties
from tests.resolvers.asking import ask

ON = date(2026, 11, 30)
AGES = "total { amount } notDue { amount } days1To30 { amount } days31To60 { amount } days61To90 { amount } over90Days { amount }"
REPORT = """query ($on: Date!, $first: Int, $after: String) { %s(on: $on, currency: CNY, first: $first, after: $after) {
    on total { openInvoiceCount oldestDueOn {ages} }
    counterparties { pageInfo { endCursor hasNextPage } nodes { openInvoiceCount oldestDueOn {ages} counterparty { id }
        openInvoices { dueOn daysOverdue age owed { amount } invoice { id } } } } } }""".replace("{ages}", AGES)
BALANCES = "{ accountBalances { account balance { amount currency } } }"
FIELDS = dict(zip(("notDue", "days1To30", "days31To60", "days61To90", "over90Days"), Age, strict=True))


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def make_books(parties: Parties, seed: int, invoices: int = 40) -> dict[Invoice, D]:
    """One real invoice, and copies of it due on other days, of which more or less was paid; what is left of each."""
    chance = random.Random(seed)
    with clock.held_at("2026-11-01T08:00:00+00:00"):
        first = await make_invoice(parties, await make_completed_order(parties, ["10"], ["100"], freight="0"))
    found = {first: first.total}
    for number in range(invoices):
        one = Invoice(**{name: getattr(first, name) for name in first._meta.fields_db_projection if name != "id"})
        one.id, one.number = new_id(), f"COPY-{number}"
        one.due_on = ON - timedelta(days=chance.choice([-1, 0, 1, 30, 31, 60, 61, 90, 91, chance.randrange(-400, 400)]))
        await one.save(force_create=True)
        left = D(chance.choice([0, 1, 113, chance.randrange(-99, 10**9)])) / 100
        await _book(parties, one, left)
        found[one] = left
    return found


async def _book(parties: Parties, invoice: Invoice, left: D) -> None:
    """Claimed, and paid but for what is left, in both books."""
    sides = (
        (parties.supplier.home, parties.buyer.home, "RECEIVABLE", "BANK", 1),
        (parties.buyer.home, parties.supplier.home, "PAYABLE", "BANK", -1),
    )
    for company, other, account, against, sign in sides:
        for much in (invoice.total, left - invoice.total):
            await pool().execute(
                """INSERT INTO ledger_entry (id, created_at, posting, kind, company_id, counterparty_id, order_id, invoice_id,
                    account, currency, amount, document_id)
                SELECT gen_random_uuid(), '2026-11-20T00:00:00Z', $8, 'PAYMENT', $1, $2, $3, $4, side.account, 'CNY', side.amount,
                    $4 FROM (VALUES ($5, $7::numeric), ($6, -$7::numeric)) AS side(account, amount)""",
                company,
                other,
                invoice.order_id,
                invoice.id,
                account,
                against,
                sign * much,
                new_id(),
            )


async def report(actor: Actor, which: str, on: date = ON, **page: Any) -> Any:
    """What the actor is told."""
    return await ask(actor, REPORT.replace("%s", which), on=on.isoformat(), **page)


def amounts(shown: Any) -> dict[Age, D]:
    """By age."""
    return {age: D(shown[name]["amount"]) for name, age in FIELDS.items()}


@pytest.mark.parametrize("seed", [1, 2])
async def test_it_is_what_the_books_hold_by_the_days_each_invoice_has_been_due(parties: Parties, seed: int) -> None:
    books = {invoice: left for invoice, left in (await make_books(parties, seed)).items() if left}
    expected: Counter[Age] = Counter()
    for invoice, left in books.items():
        expected[age_of(invoice.due_on, ON)] += left  # type: ignore[assignment]  # a Counter of decimals
    for actor, other, which, account, sign in (
        (parties.supplier, parties.buyer, "receivablesAgeing", "RECEIVABLE", 1),
        (parties.buyer, parties.supplier, "payablesAgeing", "PAYABLE", -1),
    ):
        shown = await report(actor, which)
        assert amounts(shown["total"]) == {age: expected[age] for age in Age}
        [entry] = shown["counterparties"]["nodes"]
        assert entry["counterparty"]["id"] == encode_id("Company", other.home)
        assert {name: entry[name] for name in shown["total"]} == shown["total"]
        balances = (await ask(actor, BALANCES)) or []
        [balance] = [D(one["balance"]["amount"]) for one in balances if one["account"] == account]
        assert D(shown["total"]["total"]["amount"]) == sign * balance == sum(expected.values())
        listed = [(D(one["owed"]["amount"]), one["age"], one["dueOn"]) for one in entry["openInvoices"]]
        assert sorted(listed) == sorted(
            (left, str(age_of(invoice.due_on, ON)), invoice.due_on.isoformat()) for invoice, left in books.items()
        )
        assert [day for _, _, day in listed] == sorted(day for _, _, day in listed)
        assert (entry["openInvoiceCount"], entry["oldestDueOn"]) == (len(books), listed[0][2])


async def test_it_is_of_the_day_in_pages_and_for_those_who_read_the_books(parties: Parties) -> None:
    [invoice, *_] = await make_books(parties, 3, 1)
    other = await make_parties()
    await _book(Parties(other.buyer, parties.supplier), invoice, D("5.00"))
    before = await report(parties.supplier, "receivablesAgeing", ON - timedelta(days=60))
    assert (before["total"]["openInvoiceCount"], before["counterparties"]["nodes"]) == (0, [])
    pages: list[str] = []
    cursor = None
    for more in (True, False):
        page = (await report(parties.supplier, "receivablesAgeing", first=1, after=cursor))["counterparties"]
        pages += [node["counterparty"]["id"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is more
    assert set(pages) == {encode_id("Company", buyer.home) for buyer in (parties.buyer, other.buyer)}
    rest = await report(parties.supplier, "receivablesAgeing", after=cursor)
    assert rest["counterparties"]["nodes"] == []
    assert amounts((await report(parties.supplier, "payablesAgeing"))["total"]) == dict.fromkeys(Age, D(0))
    for actor in (replace(parties.supplier, roles=frozenset({Role.SALES})), (await make_parties()).supplier):
        assert (await report(actor, "receivablesAgeing"))["total"]["openInvoiceCount"] == 0
    assert await report(Actor.anonymous(), "receivablesAgeing") is None
    wrong = await schema.execute(
        REPORT.replace("%s", "receivablesAgeing"),
        variable_values={"on": ON.isoformat(), "after": "nonsense"},
        context_value=Context(actor=parties.supplier),
    )
    assert wrong.errors is not None
    assert "after" in str(wrong.errors[0])
