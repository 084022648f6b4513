"""Who is told of an order's money: those whose business it is, and never more than they could ask for (0171)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from api.bounds import Limits
from api.operations import Live, Operations
from api.schema import schema
from models.feed import announce_batch
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.request import Request
from rules.people import Actor, Role, Scope
from services.conversing import post_message
from subscriptions.bell import Bell
from subscriptions.fields import use_tails
from subscriptions.tail import Tails
from tests.makers import make_key
from tests.order_makers import Parties, make_parties, make_settled_order

OPERATIONS = Operations(schema, Limits())
FEED = "subscription { companyEvents(after: 0) { kind } }"
STREAM = "subscription ($id: ID!) { orderEvents(orderId: $id, after: 0) { kind } }"
MONEY = ["INVOICE_ISSUED", "PAYMENT_SUBMITTED", "FUNDS_CONFIRMED"]
ASKED = "query ($id: ID!) { order(id: $id) { invoices { total { amount } } payments { amount { amount } } } }"


@pytest.fixture
async def parties(database: str) -> AsyncIterator[Parties]:
    """A buyer and a supplier, whose feeds can be followed."""
    bell = Bell("memory://")
    tails = Tails(bell)
    await bell.start()
    await tails.start()
    use_tails(tails)
    yield await make_parties()
    await tails.stop()
    await bell.stop()


async def told(actor: Actor, query: str, **variables: Any) -> list[str]:
    """What somebody is told, up to the message that comes last."""
    live: Live = await OPERATIONS.prepare(Request(query, None, variables)).subscribe(Context(actor=actor))
    source: Any = live.source
    kinds: list[str] = []
    while "MESSAGE_POSTED" not in kinds:
        answer: Any = await live.show(await anext(source), Context(actor=actor))
        [event] = answer["data"].values()
        kinds.append(event["kind"])
    await source.aclose()
    return kinds


async def test_feeds_tell_of_money_whom_it_concerns_and_the_order_s_stream_is_whole(parties: Parties) -> None:
    order = await make_settled_order(parties)
    await post_message(parties.buyer, order.id, "done", idempotency_key=make_key())
    while (announced := await announce_batch()) and announced.events:
        pass
    for side in (parties.buyer, parties.supplier):
        for actor, is_told in (
            (replace(side, roles=frozenset({Role.FINANCE})), True),
            (replace(side, roles=frozenset({Role.VIEWER})), False),
            (replace(side, roles=frozenset(), scopes=frozenset({Scope.READ, Scope.SHIPMENTS})), False),
            (replace(side, roles=frozenset(), scopes=frozenset({Scope.READ, Scope.BILLING})), True),
        ):
            heard = await told(actor, FEED)
            assert [kind for kind in heard if kind in MONEY] == MONEY * is_told
            assert "SHIPMENT_RECEIVED" in heard
            assert [
                kind for kind in await told(actor, STREAM, id=encode_id("Order", order.id)) if kind in MONEY
            ] == MONEY
            shown = await schema.execute(
                ASKED, {"id": encode_id("Order", order.id)}, context_value=Context(actor=actor)
            )
            assert shown.data == {
                "order": {"invoices": [{"total": {"amount": "430.79"}}], "payments": [{"amount": {"amount": "430.79"}}]}
            }
