"""However many rows there are, a request sends as many statements: pages, one order with all that belongs to it, replay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.bounds import Limits
from api.embedded import EmbeddedPostgres
from api.operations import Live, Operations
from api.schema import schema as shown_schema
from models import Product, database
from models.feed import announce_batch
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.request import Request
from rules.shipping import TrackingCode
from services import clock
from services.conversing import post_message
from services.quoting import accept_quotation, counter_quotation
from subscriptions.bell import Bell
from subscriptions.fields import use_tails
from subscriptions.tail import Tails
from tests import servers
from tests.deep_queries import selection
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    make_goods,
    make_invoice,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_sighting,
    make_signed,
    make_transfer,
)
from tests.package_makers import make_sscc, make_wish
from tests.statements import counting

FEW, MANY = 5, 50
SCHEMA = shown_schema._schema
OPERATIONS = Operations(shown_schema, Limits(tokens=20_000, document_bytes=200_000, cost=10**9))
assert SCHEMA.query_type is not None
FIELDS = SCHEMA.query_type.fields
LIST = f"query ($first: Int) {{ orders(first: $first) {selection(SCHEMA, FIELDS['orders'], 5)} }}"
DETAIL = f"query ($id: ID!) {{ order(id: $id) {selection(SCHEMA, FIELDS['order'], 4)} }}"
FACTS = "subscription { companyEvents(after: 0) { cursor seq kind label occurredAt actor { name } } }"
WITH_ORDERS = "subscription { companyEvents(after: 0) { ... on OrderEvent { order { number lines { sku } } } } }"


@dataclass
class Desk:
    """A buyer with fifty orders: `small` has one of everything, `large` much."""

    parties: Parties
    small: UUID
    large: UUID

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of the answer."""
        answer = await OPERATIONS.prepare(Request(query, None, variables)).answer(self.context())
        assert "errors" not in answer, answer
        return answer["data"]

    async def statements(self, query: str, **variables: Any) -> int:
        """How many the answer takes."""
        async with counting() as sent:
            await self.ask(query, **variables)
        return len(sent)

    def context(self) -> Context:
        """The buyer's, fresh as for every operation."""
        return Context(actor=self.parties.buyer)


@pytest.fixture(scope="module")
async def desk(postgres_server: EmbeddedPostgres, template: str) -> AsyncIterator[Desk]:
    """Made once: the tests only read."""
    await database.connect(await servers.copied(postgres_server, template))
    try:
        parties = await make_parties()
        goods = [await make_goods(parties.supplier) for _ in range(3)]
        for _ in range(MANY - 2):
            await make_quotation(parties, await make_placed_order(parties, goods=goods[:1]))
        small = await lived(parties, goods[:1], rounds=1, messages=1, parts=1)
        yield Desk(parties, small, await lived(parties, goods, rounds=3, messages=20, parts=2))
    finally:
        await database.close()


async def lived(parties: Parties, goods: list[Product], rounds: int, messages: int, parts: int) -> UUID:
    """An order with a line for each of the goods, so many counter-offers and messages, sent and paid in so many parts."""
    quantities, prices = ["10"] * len(goods), ["1"] * len(goods)
    order = await make_placed_order(parties, quantities, goods=goods)
    for _ in range(rounds):
        await make_quotation(parties, order, prices)
        await counter_quotation(parties.buyer, order.id, (await fresh(order)).version, (), "cheaper")
    quotation = await make_quotation(parties, order, prices)
    for number in range(messages):
        await post_message(parties.buyer, order.id, f"message {number}", idempotency_key=make_key())
    await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    for actor in (parties.buyer, parties.supplier):
        await make_signed(order, actor)
    for _ in range(parts):
        packages = tuple([await make_wish(order, "0.1", sscc=make_sscc()) for _ in range(parts)])
        shipment = await make_shipment(parties, order, *[str(Decimal(10) / parts)] * len(goods), packages=packages)
        await make_receipt(parties, await make_sighting(parties, shipment, TrackingCode.PICKED_UP, clock.now()))
        await make_transfer(parties, await make_invoice(parties, order))
    return order.id


async def test_a_list_of_fifty_takes_what_a_list_of_five_takes(desk: Desk) -> None:
    """Orders with all that they lead to: lines and their ledgers, products, both companies, quotations, shipments, money."""
    page = (await desk.ask(LIST, first=MANY))["orders"]["nodes"]
    assert len(page) == MANY
    few, many = await desk.statements(LIST, first=FEW), await desk.statements(LIST, first=MANY)
    assert few == many < 100


async def test_an_order_with_much_of_everything_takes_what_one_with_little_takes(desk: Desk) -> None:
    large = (await desk.ask(DETAIL, id=encode_id("Order", desk.large)))["order"]
    assert [len(large[part]) for part in ("lines", "quotations", "messages", "shipments", "invoices", "payments")] == [
        3,
        4,
        20,
        2,
        2,
        2,
    ]
    small, much = [await desk.statements(DETAIL, id=encode_id("Order", id_)) for id_ in (desk.small, desk.large)]
    assert small == much


async def test_replaying_fifty_events_takes_what_replaying_five_takes(desk: Desk) -> None:
    """One reading of the feed; an event's own facts take nothing more, and its order with lines takes two each time."""
    while (announced := await announce_batch()) and announced.events:
        pass
    bell = Bell("memory://")
    tails = Tails(bell)
    await bell.start()
    await tails.start()
    use_tails(tails)
    try:
        for count in (FEW, MANY):
            assert await replayed(desk, FACTS, count) == 0
            assert await replayed(desk, WITH_ORDERS, count) == 2 * count
    finally:
        await tails.stop()
        await bell.stop()


async def replayed(desk: Desk, query: str, count: int) -> int:
    """How many statements it takes to show a new subscriber so many events, reading the feed not counted."""
    async with counting() as sent:
        live: Live = await OPERATIONS.prepare(Request(query, None, {})).subscribe(desk.context())
        source: Any = live.source
        for _ in range(count):
            answer = await live.show(await anext(source), desk.context())
            assert "errors" not in answer
        await source.aclose()
    readings = [sql for sql in sent if "feed_entry" in sql]
    # The subscriber's own, and perhaps one of the tails' clock, which reads for all subscribers together.
    assert 1 <= len(readings) <= 2
    return len(sent) - len(readings)
