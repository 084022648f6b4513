"""Statements of account: opening and what was booked make closing, and both sides' statements are one another's mirror."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from api.schema import schema
from models import Order
from resolvers.context import Context
from resolvers.ids import encode_id
from rules.people import Actor, Role
from services import clock
from tests.billing_makers import make_confirmed, make_credit_note
from tests.order_makers import (
    Parties,
    make_completed_order,
    make_invoice,
    make_parties,
    make_settled_order,
    make_transfer,
)
from tests.resolvers.asking import ask

STATEMENT = """query ($other: ID!, $from: Date!, $to: Date!, $currency: CurrencyCode = CNY) {
    statementOfAccount(counterpartyId: $other, currency: $currency, periodStart: $from, periodEnd: $to) {
        periodStart periodEnd opening { amount } closing { amount } totals { kind amount { amount } }
        counterparty { id } entries { nodes { kind amount { amount } } pageInfo { hasNextPage } } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """Claimed on 30 November: 1130.00; in December 600.00 came, and 452.00 were credited at the last moment of the 31st."""
    with clock.held_at("2026-11-30T08:00:00+00:00"):
        order = await make_completed_order(parties, ["10"], ["100"], freight="0")
        invoice = await make_invoice(parties, order)
    with clock.held_at("2026-11-30T16:00:00+00:00"):  # 1 December in Shanghai
        await make_confirmed(parties, await make_transfer(parties, invoice, "600.00"))
    with clock.held_at("2026-12-31T15:59:59+00:00"):
        await make_credit_note(parties, invoice, "4")
    with clock.held_at("2026-12-31T16:00:00+00:00"):
        await make_confirmed(parties, await make_transfer(parties, invoice, "78.00"))
    return order


async def statement(actor: Actor, other: Actor, **said: Any) -> Any:
    """Of December."""
    period = {"from": "2026-12-01", "to": "2026-12-31", "other": encode_id("Company", other.home), **said}
    return await ask(actor, STATEMENT, **period)


def figures(shown: Any) -> tuple[D, dict[str, D], D]:
    """Opening, totals by kind, closing."""
    totals = {one["kind"]: D(one["amount"]["amount"]) for one in shown["totals"]}
    return D(shown["opening"]["amount"]), totals, D(shown["closing"]["amount"])


async def test_december_opens_with_november_and_closes_before_january(parties: Parties, order: Order) -> None:
    shown = await statement(parties.supplier, parties.buyer)
    assert figures(shown) == (D(1130), {"CREDIT_NOTE": D(-452), "PAYMENT": D(-600)}, D(78))
    assert [(one["kind"], one["amount"]["amount"]) for one in shown["entries"]["nodes"]] == [
        ("PAYMENT", "-600.00"), ("CREDIT_NOTE", "-452.00"),
    ]  # fmt: skip
    later = await statement(parties.supplier, parties.buyer, **{"from": "2027-01-01", "to": "2027-01-31"})
    assert figures(later) == (D(78), {"PAYMENT": D(-78)}, D(0))


async def test_the_other_side_s_statement_is_its_mirror(parties: Parties, order: Order) -> None:
    mine, theirs = await statement(parties.supplier, parties.buyer), await statement(parties.buyer, parties.supplier)
    opening, totals, closing = figures(theirs)
    assert figures(mine) == (-opening, {kind: -amount for kind, amount in totals.items()}, -closing)


async def test_others_and_other_currencies_are_not_in_it(parties: Parties, order: Order) -> None:
    other = await make_parties()
    await make_settled_order(other)
    nothing: tuple[D, dict[str, D], D] = (D(0), {}, D(0))
    assert figures(await statement(parties.supplier, parties.buyer, currency="USD")) == nothing
    assert figures(await statement(other.supplier, parties.buyer)) == nothing
    assert figures(await statement(replace(parties.supplier, roles=frozenset({Role.SALES})), parties.buyer)) == nothing
    period = {"from": "2026-12-01", "to": "2026-12-31"}
    assert await ask(parties.supplier, STATEMENT, other="nonsense", **period) is None


async def test_a_period_that_ends_before_it_begins_is_refused(parties: Parties) -> None:
    values = {"other": encode_id("Company", parties.buyer.home), "from": "2026-12-02", "to": "2026-12-01"}
    result = await schema.execute(STATEMENT, variable_values=values, context_value=Context(actor=parties.supplier))
    assert result.errors is not None
    assert "periodEnd" in str(result.errors[0])
    one_day = await statement(parties.supplier, parties.buyer, **{"from": "2199-12-31", "to": "2199-12-31"})
    assert figures(one_day) == (D(0), {}, D(0))
