"""Offers side by side in the schema: figures worked out by hand, and as many statements for 200 lines as for two."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from models import Enquiry, database
from resolvers.ids import encode_id
from rules.money import Currency
from rules.people import Actor
from rules.terms import RejectionReason
from services import clock
from services.closing import reject_order
from services.quoting import withdraw_quotation
from services.sweeping import sweep
from tests import servers
from tests.enquiry_makers import (
    Bidders,
    make_bid,
    make_bidders,
    make_enquiry,
    make_issued_enquiry,
    make_long_enquiry,
    sibling,
)
from tests.order_makers import make_goods, make_parties
from tests.resolvers.asking import ask
from tests.statements import counting

COMPARISON = """query ($id: ID!) { enquiry(id: $id) { comparison {
    lines { line { position name } prices { supplier quotationLine { unitPrice quantity net tax promisedOn }
        landed { amount currency } landedUnitPrice { amount } leadTimeDays isCheapest } }
    offers { invitation { position supplier { legalName } } quotation { revision freight { amount } total { amount } paymentNetDays }
        missingLines readyOn rank }
    unanswered { position order { status closingReason } } } } }"""
ENQUIRIES = """query ($order: ID!) { enquiries(filter: { orderId: $order, statuses: [OPEN] }) {
    nodes { number statusLabel availableActions requester { displayName } lines { quantity { value unit } product { sku } }
        invitations { matches { position orderLineId product { sku } } } } } }"""


@pytest.fixture(scope="module")
async def bidders(postgres_server: EmbeddedPostgres, template: str) -> AsyncIterator[Bidders]:
    """A buyer, and three suppliers with two articles each, the same ones: for all tests, each of which enquires anew."""
    await database.connect(await servers.copied(postgres_server, template))
    try:
        yield await make_bidders(3, 2)
    finally:
        await database.close()


async def compared(actor: Actor, enquiry: Enquiry) -> Any:
    """The comparison as the actor is told it."""
    return (await ask(actor, COMPARISON, id=encode_id("Enquiry", enquiry.id)))["comparison"]


async def test_each_line_is_compared_with_its_share_of_freight_and_tax(bidders: Bidders) -> None:
    """First: 300 + 39 and 60 + 7.80, freight 50 + 4.50: 45.4166… and 9.0833…. Second: 320 + 41.60 and 62 + 8.06, freight 0."""
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    await make_bid(bidders, enquiry, 0, "0.3", "3")
    await make_bid(bidders, enquiry, 1, "0.32", "3.1", freight="0", payment_net_days=60)
    gone = await sibling(bidders, enquiry, 2)
    await reject_order(bidders.suppliers[2], gone.id, 1, RejectionReason.CAPACITY, "full")
    found = await compared(bidders.buyer, enquiry)
    first, second = found["lines"]
    assert [price["landed"]["amount"] for price in first["prices"]] == ["384.42", "361.60"]
    assert [price["landed"]["amount"] for price in second["prices"]] == ["76.88", "70.06"]
    assert [price["landedUnitPrice"]["amount"] for price in first["prices"]] == ["0.38442", "0.3616"]
    assert [price["isCheapest"] for price in first["prices"]] == [False, True]
    assert [(price["supplier"], price["leadTimeDays"]) for price in first["prices"]] == [(1, 27), (2, 27)]
    totals = [Decimal(offer["quotation"]["total"]["amount"]) for offer in found["offers"]]
    assert totals == [Decimal("461.30"), Decimal("431.66")]
    assert [
        sum(Decimal(line["prices"][place]["landed"]["amount"]) for line in found["lines"]) for place in (0, 1)
    ] == totals
    assert [(offer["rank"], offer["missingLines"]) for offer in found["offers"]] == [(2, []), (1, [])]
    assert found["unanswered"] == [{"position": 3, "order": {"status": "REJECTED", "closingReason": "CAPACITY"}}]


async def test_currencies_are_shown_and_not_compared(bidders: Bidders) -> None:
    bidders = replace(bidders, suppliers=bidders.suppliers[:2])
    dollars = await make_goods(bidders.suppliers[1], sku=bidders.goods[0][0].sku + "-US", currency=Currency.USD)
    mixed = replace(bidders, goods=[bidders.goods[0], [dollars]])
    enquiry = await make_long_enquiry(mixed, 1)
    await make_bid(mixed, enquiry, 0, "7")
    await make_bid(mixed, enquiry, 1, "1")
    found = await compared(mixed.buyer, enquiry)
    [line] = found["lines"]
    assert [(price["landed"]["currency"], price["isCheapest"]) for price in line["prices"]] == [
        ("CNY", True),
        ("USD", True),
    ]
    assert [offer["rank"] for offer in found["offers"]] == [1, 1]


async def test_only_what_its_supplier_stands_by_is_compared(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    await make_bid(bidders, enquiry, 0, "0.3", "3")
    order = await sibling(bidders, enquiry, 0)
    await withdraw_quotation(bidders.suppliers[0], order.id, order.version_for(bidders.suppliers[0]), "a mistake")
    assert (await compared(bidders.buyer, enquiry))["offers"] == []
    await make_bid(bidders, enquiry, 0, "0.4", "4", valid_until=clock.now() + timedelta(days=1))
    [offer] = (await compared(bidders.buyer, enquiry))["offers"]
    assert (offer["quotation"]["revision"], offer["rank"]) == (2, 1)
    with clock.held_at(clock.now() + timedelta(days=2)):
        await sweep()
    [offer] = (await compared(bidders.buyer, enquiry))["offers"]
    assert offer["rank"] is None


async def test_there_is_nothing_to_compare_in_a_draft_or_under_seal(bidders: Bidders) -> None:
    assert await compared(bidders.buyer, await make_enquiry(bidders, ("1000", "20"))) is None
    end = clock.now() + timedelta(days=2)
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"), is_sealed=True, answer_by=end)
    await make_bid(bidders, enquiry, 0, "0.3", "3")
    assert await compared(bidders.buyer, enquiry) is None
    with clock.held_at(end):
        await sweep()
    assert len((await compared(bidders.buyer, enquiry))["offers"]) == 1


async def test_nobody_but_the_buyer_compares(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    order = encode_id("Order", (await sibling(bidders, enquiry, 0)).id)
    stranger = (await make_parties()).buyer
    for actor in (bidders.suppliers[0], stranger, Actor.anonymous()):
        assert await ask(actor, COMPARISON, id=encode_id("Enquiry", enquiry.id)) is None
        assert await ask(actor, ENQUIRIES, order=order) == {"nodes": []}
    [found] = (await ask(bidders.buyer, ENQUIRIES, locale="zh-CN", order=order))["nodes"]
    assert (found["number"], found["statusLabel"]) == (enquiry.number, "询价中")
    assert "EXTEND_ENQUIRY" in found["availableActions"]
    assert [match["position"] for match in found["invitations"][0]["matches"]] == [1, 2]


async def test_two_hundred_lines_of_three_suppliers_take_what_two_take(bidders: Bidders) -> None:
    counts = []
    for lines in (2, 200):
        enquiry = await make_long_enquiry(bidders, lines)
        for place in range(3):
            await make_bid(bidders, enquiry, place, *["1"] * lines)
        await compared(bidders.buyer, enquiry)
        async with counting() as sent:
            found = await compared(bidders.buyer, enquiry)
        assert [len(line["prices"]) for line in found["lines"]] == [3] * lines
        counts.append(len(sent))
    assert counts[0] == counts[1] < 15
