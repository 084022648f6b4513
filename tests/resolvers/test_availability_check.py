"""R12: what a supplier sees of stock, time and prices before it quotes, and that nobody else does."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from models import Order
from resolvers.ids import encode_id
from rules.availability import QuotationWarning, Shelf, shelf, warnings
from rules.people import Actor, Role
from services import clock
from services.stocktaking import adjust_stock
from tests.makers import make_platform
from tests.order_makers import (
    Parties,
    lines_of,
    make_contracted_order,
    make_goods,
    make_parties,
    make_placed_order,
    make_quotation,
)
from tests.resolvers.asking import ask, do
from tests.statements import counting

D = Decimal
CHECK = """query ($id: ID!) { order(id: $id) { availabilityCheck { orderLine { position } onHand reserved available shortage
    leadTimeDays earliestOn minimumQuantity listPrice { amount currency }
    lastQuoted { unitPrice { amount } quantity status } } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def checked(actor: Actor, order: Order) -> Any:
    """What the actor is told of the order's lines."""
    return (await ask(actor, CHECK, id=encode_id("Order", order.id)))["availabilityCheck"]


def test_what_is_on_the_shelf_can_be_had_today_and_the_rest_after_the_lead_time() -> None:
    """Of 100 on hand 30 are kept for others: 70 today, 71 in a week; what is made to order is never short."""
    today = clock.today("Asia/Shanghai")
    week = today + timedelta(days=7)
    assert shelf(D(70), D(100), D(30), 7, today) == Shelf(D(70), D(0), today)
    assert shelf(D(71), D(100), D(30), 7, today) == Shelf(D(70), D(1), week)
    assert shelf(D(71), None, D(0), 7, today) == Shelf(None, D(0), week)


def test_a_supplier_is_warned_of_too_much_and_too_early_and_of_nothing_else() -> None:
    today = clock.today("Asia/Shanghai")
    short, enough = shelf(D(71), D(100), D(30), 7, today), shelf(D(70), D(100), D(30), 7, today)
    assert warnings(short, today) == [QuotationWarning.MORE_THAN_AVAILABLE, QuotationWarning.PROMISED_TOO_EARLY]
    assert warnings(short, today + timedelta(days=7)) == [QuotationWarning.MORE_THAN_AVAILABLE]
    assert warnings(enough, today) == []


async def test_the_supplier_sees_stock_time_and_its_own_last_price_before_quoting(parties: Parties) -> None:
    """50 of 80 are signed for; 40 are wanted of the 30 that are left."""
    goods = await make_goods(parties.supplier, stock_on_hand=D(80), minimum_quantity=D(5), quantity_step=D(5))
    await make_contracted_order(parties, ("50",), ("0.35",), goods=[goods])
    order = await make_placed_order(parties, ("40",), goods=[goods])
    week = (clock.today("Asia/Shanghai") + timedelta(days=7)).isoformat()
    [line] = await checked(parties.supplier, order)
    amounts = ("onHand", "reserved", "available", "shortage", "minimumQuantity")
    assert [D(line[name]) for name in amounts] == [D(80), D(50), D(30), D(10), D(5)]
    assert (line["orderLine"]["position"], line["leadTimeDays"], line["earliestOn"]) == (1, 7, week)
    assert line["listPrice"] == {"amount": "0.40", "currency": "CNY"}
    assert line["lastQuoted"] == {"unitPrice": {"amount": "0.35"}, "quantity": "50.000000", "status": "ACCEPTED"}


async def test_nobody_is_shown_what_a_supplier_asked_of_another_buyer(parties: Parties) -> None:
    """The price of a rival buyer is no hint for this one."""
    goods = await make_goods(parties.supplier)
    rival = Parties((await make_parties()).buyer, parties.supplier)
    await make_quotation(rival, await make_placed_order(rival, ("40",), goods=[goods]))
    [line] = await checked(parties.supplier, await make_placed_order(parties, ("40",), goods=[goods]))
    assert line["lastQuoted"] is None


async def test_it_is_for_the_supplier_s_salespeople_and_warehouse_alone(parties: Parties) -> None:
    """Not the buyer, not the operator, not the supplier's bookkeepers; and not once there is nothing to promise."""
    order = await make_placed_order(parties)
    for role, sees in ((Role.SALES, True), (Role.WAREHOUSE, True), (Role.FINANCE, False), (Role.ADMIN, False)):
        actor = replace(parties.supplier, roles=frozenset({role}))
        assert (await checked(actor, order) is not None) is sees
    for actor in (parties.buyer, await make_platform()):
        assert await checked(actor, order) is None
    assert await checked(parties.supplier, await make_contracted_order(parties)) is None


async def test_a_quotation_that_promises_too_much_is_sent_and_its_supplier_warned(parties: Parties) -> None:
    """The buyer is not told; it goes away with the shelf filled."""
    goods = await make_goods(parties.supplier, stock_on_hand=D(5))
    order = await make_placed_order(parties, ("10",), goods=[goods])
    [line] = await lines_of(order)
    today = clock.today("Asia/Shanghai").isoformat()
    shown = "quotation { id status warnings { code warning orderLine { position } } }"
    said = {
        "orderId": encode_id("Order", order.id),
        "expectedVersion": order.version_for(parties.supplier),
        "validUntil": (clock.now() + timedelta(days=3)).isoformat(),
        "lines": [{"orderLineId": encode_id("OrderLine", line.id), "unitPrice": "1", "promisedOn": today}],
    }
    sent = (await do(parties.supplier, "sendQuotation", shown, **said))["quotation"]
    assert sent["status"] == "SENT"
    assert [(one["code"], one["warning"]) for one in sent["warnings"]] == [
        ("MORE_THAN_AVAILABLE", "More than is available"),
        ("PROMISED_TOO_EARLY", "Promised before the goods can be had"),
    ]
    again = "query ($id: ID!) { node(id: $id) { ... on Quotation { warnings { code } } } }"
    assert (await ask(parties.buyer, again, id=sent["id"]))["warnings"] == []
    await adjust_stock(parties.supplier, goods.id, goods.version, D(10))
    assert (await ask(parties.supplier, again, id=sent["id"]))["warnings"] == []


async def test_it_takes_as_many_statements_for_fifty_lines_as_for_one(parties: Parties) -> None:
    counts: list[int] = []
    for lines in (1, 50):
        order = await make_placed_order(parties, ["10"] * lines)
        await make_quotation(parties, order, ["1"] * lines)
        query = (
            "query ($id: ID!) { order(id: $id) { availabilityCheck { shortage } quotations { warnings { code } } } }"
        )
        async with counting() as statements:
            found = await ask(parties.supplier, query, id=encode_id("Order", order.id))
        assert len(found["availabilityCheck"]) == lines
        counts.append(len(statements))
    assert counts[0] == counts[1]
