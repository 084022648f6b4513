"""What the schema tells of a negotiation: every difference, field by field, whose move it is, and what was read."""

from decimal import Decimal
from typing import Any

import pytest

from models import Order
from resolvers.ids import encode_id
from rules.allowances import Allowance, AllowanceKind
from rules.money import TaxInclusion
from rules.terms import PaymentMoment
from services import clock
from services.conversing import ask_buyer
from services.quoting import LineCounter, TermsCounter, counter_quotation
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_awarded_order,
    make_parties,
    make_placed_order,
    make_quotation,
    make_signed,
)
from tests.resolvers.asking import ask, do
from tests.statements import counting

D = Decimal
COUNTERS = """query ($id: ID!) { order(id: $id) { counterOffers {
    freight paymentNetDays differences { field label quoted wanted orderLine { position } } } } }"""
CHANGES = """query ($id: ID!) { order(id: $id) { quotations {
    revision changes { field label before after orderLine { position } } } } }"""
TURN = "query ($id: ID!) { order(id: $id) { turn turnLabel } }"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def told(parties: Parties, query: str, order: Order, side: str = "buyer", locale: str = "en") -> Any:
    """What one side is told of the order."""
    return await ask(getattr(parties, side), query, locale, id=encode_id("Order", order.id))


async def countered(parties: Parties, **terms: Any) -> Order:
    """Two lines quoted; the first wanted cheaper, the second as quoted, and other terms."""
    order = await make_placed_order(parties, ("10", "20"))
    await make_quotation(parties, order, ("1.00", "2.00"))
    order = await fresh(order)
    first, second = await lines_of(order)
    wishes = (LineCounter(first.id, unit_price=D("0.90")), LineCounter(second.id, unit_price=D("2.0")))
    await counter_quotation(parties.buyer, order.id, order.version, wishes, None, TermsCounter(**terms))
    return order


async def test_a_counter_offer_shows_what_is_wanted_that_was_not_quoted(parties: Parties) -> None:
    """Not the line whose price is wanted as quoted, nor the terms that nobody spoke of; both sides read the same."""
    order = await countered(
        parties,
        freight=D("20.00"),
        payment_net_days=60,
        payment_moment=PaymentMoment.AFTER_INVOICE,
        inspection_days=14,
        warranty_days=730,
    )
    [counter] = (await told(parties, COUNTERS, order))["counterOffers"]
    assert (counter["freight"], counter["paymentNetDays"]) == ("20.00", 60)
    rows = [(d["field"], d["label"], d["quoted"], d["wanted"], d["orderLine"]) for d in counter["differences"]]
    assert rows == [
        ("UNIT_PRICE", "Unit price", "1", "0.9", {"position": 1}),
        ("FREIGHT", "Freight", "50", "20", None),
        ("PAYMENT_NET_DAYS", "Days to pay", "30", "60", None),
        ("INSPECTION_DAYS", "Inspection period in days", "7", "14", None),
        ("WARRANTY_DAYS", "Warranty in days", "365", "730", None),
    ]
    assert (await told(parties, COUNTERS, order, "supplier"))["counterOffers"] == [counter]


async def test_fields_are_named_in_the_reader_s_language(parties: Parties) -> None:
    order = await countered(parties)
    [counter] = (await told(parties, COUNTERS, order, locale="zh-CN"))["counterOffers"]
    assert [one["label"] for one in counter["differences"]] == ["单价"]


async def test_a_revision_shows_what_changed_since_the_one_before(parties: Parties) -> None:
    """The first changes nothing; the second gives way in price and allowance, and its total says so."""
    order = await countered(parties)
    less = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "a large order", amount=D("5.00"))
    until = (await order.quotations.all())[0].valid_until
    await make_quotation(parties, order, ("0.95", "2.00"), allowances=(less,), valid_until=until)
    second, first = (await told(parties, CHANGES, order))["quotations"]
    assert first["changes"] == []
    rows = [
        (c["field"], c["before"], c["after"], c["orderLine"] and c["orderLine"]["position"]) for c in second["changes"]
    ]
    assert rows == [
        ("UNIT_PRICE", "1", "0.95", 1),
        ("ALLOWANCES", "0", "-5", None),
        ("TOTAL", "111", "104.79", None),
    ]


async def test_freight_is_compared_as_prices_are_stated_and_a_revision_may_state_them_otherwise(
    parties: Parties,
) -> None:
    """Freight of 50.00 with tax is wanted at 50.00 with tax: no difference. Without tax it would be one."""
    order = await make_placed_order(parties, ("10",))
    first = await make_quotation(parties, order, ("1.13",), tax_inclusion=TaxInclusion.INCLUSIVE)
    assert (first.freight, first.total) == (D("45.87"), D("61.30"))
    order = await fresh(order)
    await counter_quotation(parties.buyer, order.id, order.version, (), "please", TermsCounter(freight=D("50.00")))
    [counter] = (await told(parties, COUNTERS, order))["counterOffers"]
    assert counter["differences"] == []
    await make_quotation(parties, order, ("1.13",), valid_until=first.valid_until)
    second, _ = (await told(parties, CHANGES, order, locale="zh-CN"))["quotations"]
    told_apart = [(one["field"], one["label"], one["before"], one["after"]) for one in second["changes"]]
    assert told_apart == [
        ("TAX_INCLUSION", "含税或未税报价", "INCLUSIVE", "EXCLUSIVE"),
        ("TOTAL", "总价", "61.3", "67.27"),
    ]


async def test_differences_take_as_many_statements_for_a_hundred_lines_as_for_one(parties: Parties) -> None:
    counts = []
    for lines in (1, 100):
        order = await make_placed_order(parties, ["10"] * lines)
        await make_quotation(parties, order, ["1.00"] * lines)
        order = await fresh(order)
        wishes = tuple(LineCounter(line.id, quantity=D(5)) for line in await lines_of(order))
        await counter_quotation(parties.buyer, order.id, order.version, wishes)
        await make_quotation(parties, order, ["0.90"] * lines)
        async with counting() as statements:
            [counter] = (await told(parties, COUNTERS, order))["counterOffers"]
            changed, _ = (await told(parties, CHANGES, order))["quotations"]
        assert (len(counter["differences"]), len(changed["changes"])) == (lines, lines + 2)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_each_side_reads_whose_move_it_is_in_its_own_words(parties: Parties) -> None:
    """In both languages: to quote, to answer, to decide, to sign; nobody once both have signed."""
    order = await make_placed_order(parties)
    assert (await told(parties, TURN, order))["turnLabel"] == "Waiting for the supplier's quotation"
    assert (await told(parties, TURN, order, "supplier", "zh-CN"))["turnLabel"] == "等待您报价"
    await ask_buyer(
        parties.supplier, order.id, order.version_for(parties.supplier), "which?", idempotency_key=make_key()
    )
    assert (await told(parties, TURN, order))["turnLabel"] == "Waiting for your answer"
    await make_quotation(parties, order)
    assert (await told(parties, TURN, order, "supplier"))["turnLabel"].startswith("Waiting for the buyer's decision")
    awarded = await make_awarded_order(parties)
    await make_signed(awarded, parties.buyer)
    assert (await told(parties, TURN, awarded, "supplier"))["turnLabel"] == "Waiting for your signature"
    await make_signed(awarded, parties.supplier)
    assert await told(parties, TURN, awarded) == {"turn": None, "turnLabel": None}


async def test_a_counter_offer_may_be_about_terms_alone_and_not_about_nothing(parties: Parties) -> None:
    order = await make_placed_order(parties)
    await make_quotation(parties, order)
    order = await fresh(order)
    said = {"orderId": encode_id("Order", order.id), "expectedVersion": order.version}
    shown = "counterOffer { differences { field quoted wanted } }"
    for wrong, field in (
        ({}, "input.lines"),
        ({"freight": "-1"}, "input.freight"),
        ({"prepaidShare": "1.1"}, "input.prepaidShare"),
        ({"validUntil": clock.now().isoformat()}, "input.validUntil"),
    ):
        refused = await do(parties.buyer, "counterQuotation", shown, **said, **wrong)
        assert refused["faults"] == [{"field": field}]
    made = await do(parties.buyer, "counterQuotation", shown, **said, prepaidShare="0.3")
    assert made["counterOffer"]["differences"] == [{"field": "PREPAID_SHARE", "quoted": "0", "wanted": "0.3"}]
