"""Two servers on one database and one broker: scenarios 5, 6, 7, 9 and 17, and what is promised when either of them dies."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from models import Company, Contract, Order, Quotation, database
from models.base import new_id
from resolvers.ids import encode_id
from rules.people import CompanyKind, Role
from services import ledger
from services.quoting import counter_quotation
from tests import servers
from tests.api.test_story import ACCEPT, CREATE, step
from tests.enquiry_makers import Bidders, make_issued_enquiry, sibling
from tests.house import Caller
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import (
    fresh,
    lines_of,
    make_contracted_order,
    make_goods,
    make_parties,
    make_quotation,
    make_shipment,
)
from tests.processes import Process, open_fleet, token_of
from tests.scene import POST, Scene, shown

DESPATCH = step("despatchShipment", "shipment { id }")
FOLLOW = """subscription ($order: ID!, $after: Int) {
  orderEvents(orderId: $order, after: $after) { __typename seq cursor ... on MessagePosted { message { text } } }
}"""
FEED = """subscription ($after: Int) {
  companyEvents(after: $after, filter: { topics: [ORDER] }) { cursor seq ... on OrderEvent { order { id } } }
}"""
HEARD = "subscription { companyEvents(after: 0) { cursor seq kind } }"
SPYING = (
    "query ($id: ID!) { order(id: $id) { id } enquiry(id: $id) { id } node(id: $id) { id } }",
    "query ($id: ID!) { order(id: $id) { buyer { legalName } quotations { total { amount } order { id } } } }",
    f"query ($id: ID!) {{ {' '.join(f'a{n}: node(id: $id) {{ __typename }}' for n in range(50))} }}",
    "query ($id: ID!) { enquiries(filter: { orderId: $id }) { nodes { id } pageInfo { endCursor hasNextPage } } }",
)
SPYING_LIVE = (
    "subscription ($id: ID!) { orderEvents(orderId: $id, after: 0) { seq } }",
    "subscription ($id: ID!) { enquiryEvents(enquiryId: $id, after: 0) { seq } }",
)
LISTED = "query ($number: String) { orders(filter: { number: $number }) { nodes { id } pageInfo { endCursor } } }"
REJECT = step("rejectOrder", "order { id }")
ROUNDS = 50
CLICKS = 10
# What is held against an accept that came second: the version has moved on, or the status that was accepted from has.
TOO_LATE = {"STALE_VERSION", "WRONG_STATUS"}


@pytest.fixture(scope="module")
def broker() -> Iterator[servers.Valkey]:
    """A Valkey that may be killed."""
    with servers.valkey() as server:
        yield server


@pytest.fixture(scope="module")
async def scene(
    postgres_server: EmbeddedPostgres,
    template: str,
    broker: servers.Valkey,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Scene]:
    """Two servers for all tests of this file: starting them takes longer than what they are asked."""
    url = await servers.copied(postgres_server, template)
    await database.connect(url)
    data_dir: Path = tmp_path_factory.mktemp("var")
    try:
        async with open_fleet(url, broker, data_dir) as fleet:
            parties = await make_parties()
            colleague = await make_actor(await Company.named(parties.buyer.home), Role.REQUESTER)
            people = [await token_of(one) for one in (parties.buyer, colleague, parties.supplier)]
            yield Scene(fleet, parties, await make_goods(parties.supplier), *people)
    finally:
        await database.close()


async def test_ten_clicks_on_two_servers_make_one_order(scene: Scene) -> None:
    """Scenario 6."""
    callers = [process.caller(scene.buyer) for process in (scene.fleet.first, scene.fleet.second)]
    wish = {
        "supplierId": encode_id("Company", scene.parties.supplier.home),
        "lines": [{"productId": encode_id("Product", scene.goods.id), "quantity": "10"}],
        "idempotencyKey": make_key(),
    }
    before = await Order.filter(buyer_id=scene.parties.buyer.home).count()
    answers = await asyncio.gather(*(callers[click % 2].ask_raw(CREATE, input=wish) for click in range(CLICKS)))
    assert answers[0]["data"]["createOrder"]["__typename"] == "CreateOrderSuccess", answers[0]
    assert answers == [answers[0]] * CLICKS
    assert await Order.filter(buyer_id=scene.parties.buyer.home).count() == before + 1
    other = {**wish, "lines": [{"productId": encode_id("Product", scene.goods.id), "quantity": "11"}]}
    for caller in callers:
        assert (await caller.do(CREATE, **other))["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await Order.filter(buyer_id=scene.parties.buyer.home).count() == before + 1


async def test_two_accept_two_revisions_at_once_and_there_is_one_contract(scene: Scene) -> None:
    """Scenario 5; beside the two, a third accepts the current revision too, for between those the race is open."""
    winners = set()
    for _ in range(ROUNDS):
        winners.add(await accept_at_once(scene))
    assert winners <= {0, 1}


async def accept_at_once(scene: Scene) -> int:
    """Which of the two who took the current revision got the contract; everybody else learned why not."""
    order, old, new = await two_revisions(scene)
    first, second = scene.fleet.first, scene.fleet.second
    accepting = (
        (first.caller(scene.buyer), new),
        (second.caller(scene.colleague), new),
        (second.caller(scene.buyer), old),
    )
    version = (await fresh(order)).version
    *took_new, took_old = await asyncio.gather(
        *(
            caller.do(ACCEPT, quotationId=encode_id("Quotation", quotation.id), expectedVersion=version)
            for caller, quotation in accepting
        )
    )
    assert (took_old["code"], took_old["currentRevision"]) == ("QUOTE_SUPERSEDED", 2)
    [winner] = [place for place, took in enumerate(took_new) if took["__typename"] == "AcceptQuotationSuccess"]
    assert took_new[1 - winner]["code"] in TOO_LATE
    assert await Contract.filter(order_id=order.id).count() == 1
    assert await Quotation.filter(order_id=order.id, status="ACCEPTED").values_list("id", flat=True) == [new.id]
    return winner


async def two_revisions(scene: Scene) -> tuple[Order, Quotation, Quotation]:
    """An order with a superseded quotation and an open one."""
    order = await scene.placed()
    old = await make_quotation(scene.parties, order)
    version = (await fresh(order)).version
    await counter_quotation(scene.parties.buyer, order.id, version, (), "cheaper")
    return order, old, await make_quotation(scene.parties, order, ("0.3",))


async def test_two_who_post_the_last_40_do_not_both_ship(scene: Scene) -> None:
    """Scenario 9: of two who post what one of them may, one is told what remains."""
    for number in range(ROUNDS):
        order = await make_contracted_order(scene.parties, ["100"], tolerance=("0", "0.05")[number % 2])
        await make_shipment(scene.parties, order, "60")
        servers = scene.fleet.first, scene.fleet.second
        answers = await asyncio.gather(*(despatch(scene, order, one, ("40", "45")[number % 2]) for one in servers))
        sent = [answer for answer in answers if answer["__typename"] == "DespatchShipmentSuccess"]
        [refused] = [answer for answer in answers if answer not in sent]
        assert len(sent) == 1
        assert refused["code"] == "QUANTITY_EXCEEDED", refused
        assert Decimal(refused["remaining"]) == 0
        [line] = await lines_of(order)
        assert (await ledger.line_quantities(order))[line.id].despatched == (100, 105)[number % 2]


async def despatch(scene: Scene, order: Order, process: Process, quantity: str) -> dict[str, str]:
    """So much more, by way of this process; nobody says which version they read."""
    [line] = await lines_of(order)
    return await process.caller(scene.supplier).do(
        DESPATCH,
        orderId=shown(order),
        lines=[{"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity}],
        transportMode="ROAD",
        carrier="SF Express",
        waybill=make_key(),
        idempotencyKey=make_key(),
    )


async def test_a_rival_who_asks_either_server_meets_nothing(scene: Scene) -> None:
    """Scenario 7: asked too, the rival finds of an order that lives on meanwhile what it finds of an id that is none, by every way."""
    rival = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SALES)
    others = await make_goods(rival, sku=scene.goods.sku)
    bidders = Bidders(scene.parties.buyer, [scene.parties.supplier, rival], [[scene.goods], [others]])
    first, second = scene.fleet.first, scene.fleet.second
    spies = [process.caller(await token_of(rival)) for process in (first, second)]
    async with spies[1].listening(HEARD) as listener:
        enquiry = await make_issued_enquiry(bidders, ("1000",))
        secret = await sibling(bidders, enquiry, 0)
        for number in range(ROUNDS):
            kind, hidden = (("Order", secret.id), ("Enquiry", enquiry.id))[number % 2]
            ids = encode_id(kind, hidden), encode_id(kind, new_id()), "no-id"
            _, *answers = await asyncio.gather(
                scene.say((first, second)[number % 3 % 2], secret, "nobody else hears this"),
                *(spied(spies[number // 2 % 2], id_, secret.number) for id_ in ids),
            )
            assert answers == answers[:1] * 3
        own = shown(await sibling(bidders, enquiry, 1))
        await spies[0].do(POST, orderId=own, text="done", idempotencyKey=make_key())
        heard = await listener.take(2)
    assert [(event["kind"], event["seq"]) for event in heard] == [("ORDER_PLACED", 1), ("MESSAGE_POSTED", 2)]
    # Nor does a gap between their places in the feed tell that something was left out.
    assert heard[1]["cursor"] - heard[0]["cursor"] == 1


async def spied(spy: Caller, id_: str, number: str) -> list[str]:
    """Every answer about an id, which is blotted out: by itself, along a path, under fifty names, in a list, step by step, live."""
    following = []
    for query in SPYING_LIVE:
        async with spy.listening(query, id=id_) as listener:
            following.append(await listener.client.hear())
    answers = [await spy.ask_raw(query, id=id_) for query in SPYING]
    rejection = {"orderId": id_, "expectedVersion": 1, "reason": "PRICE", "explanation": "no"}
    answers += [await spy.ask_raw(LISTED, number=number), await spy.ask_raw(REJECT, input=rejection)]
    return [json.dumps(answer).replace(id_, "WHAT-WAS-GIVEN") for answer in (*answers, *following)]


async def test_events_of_both_servers_come_once_and_in_order(scene: Scene) -> None:
    """Two subscribers, one on each server, while both servers write to the same order."""
    order, fleet = await scene.placed(), scene.fleet
    async with AsyncExitStack() as stack:
        listeners = [
            await stack.enter_async_context(process.caller(token).listening(FOLLOW, order=shown(order), after=0))
            for process, token in ((fleet.first, scene.buyer), (fleet.second, scene.supplier))
        ]
        await asyncio.gather(
            scene.say(fleet.first, order, *(f"first {number}" for number in range(10))),
            scene.say(fleet.second, order, *(f"second {number}" for number in range(10))),
        )
        bought, supplied = [await listener.take(count) for listener, count in zip(listeners, (22, 21), strict=True)]
    assert [event["seq"] for event in bought] == [event["cursor"] for event in bought] == list(range(1, 23))
    assert [event["seq"] for event in supplied] == list(range(1, 22))
    texts = [event["message"]["text"] for event in bought[2:]]
    assert texts == [event["message"]["text"] for event in supplied[1:]]
    for server in ("first", "second"):
        assert [text for text in texts if text.startswith(server)] == [f"{server} {number}" for number in range(10)]


async def test_without_the_broker_everything_goes_on_a_little_later(scene: Scene) -> None:
    order, fleet = await scene.placed(), scene.fleet
    async with fleet.second.caller(scene.buyer).listening(FOLLOW, order=shown(order), after=2) as listener:
        fleet.broker.stop()
        try:
            for seq in (3, 4, 5):
                await scene.say(fleet.first, order, "nobody rings")
                assert (await listener.next())["seq"] == seq
        finally:
            fleet.broker.start()
        await scene.say(fleet.first, order, "the bell is back")
        assert (await listener.next())["seq"] == 6


async def test_who_was_away_while_everything_crashed_misses_nothing(scene: Scene) -> None:
    """Scenario 17: after seq 7, five events; servers and broker are killed and started again."""
    order, fleet = await scene.placed(), scene.fleet
    async with fleet.first.caller(scene.buyer).listening(FOLLOW, order=shown(order), after=0) as listener:
        await scene.say(fleet.first, order, *(f"message {seq}" for seq in range(3, 8)))
        assert [event["seq"] for event in await listener.take(7)] == list(range(1, 8))
    await scene.say(fleet.second, order, *(f"message {seq}" for seq in range(8, 13)))
    await fleet.kill_all()
    fleet.broker.start()
    await fleet.start_both()
    async with fleet.first.caller(scene.buyer).listening(FOLLOW, order=shown(order), after=7) as listener:
        await expect(listener.take(5), range(8, 13))
        await scene.say(fleet.second, order, "message 13", "message 14")
        await expect(listener.take(2), range(13, 15))
        await scene.say(fleet.first, order, "message 15")
        await expect(listener.take(1), range(15, 16))
    await feed_is_complete(fleet.second.caller(scene.buyer), order)


async def expect(events: Any, numbers: range) -> None:
    """The messages of these numbers, each with the text it was written with."""
    told = [(event["seq"], event["cursor"], event["message"]["text"]) for event in await events]
    assert told == [(seq, seq, f"message {seq}") for seq in numbers]


async def feed_is_complete(buyer: Caller, order: Order) -> None:
    """The company's feed has each of the order's fifteen events once, in order."""
    events: list[dict[str, Any]] = []
    async with buyer.listening(FEED, after=0) as listener:
        while not events or (events[-1]["order"]["id"], events[-1]["seq"]) != (shown(order), 15):
            events.append(await listener.next())
    positions = [event["cursor"] for event in events]
    assert positions == sorted(set(positions))
    assert [event["seq"] for event in events if event["order"]["id"] == shown(order)] == list(range(1, 16))


async def test_a_server_that_is_told_to_stop_says_goodbye(scene: Scene) -> None:
    order = await scene.placed()
    leaving = await scene.fleet.start()
    async with leaving.caller(scene.buyer).listening(FOLLOW, order=shown(order), after=0) as listener:
        await listener.take(2)
        status, (code, _) = await asyncio.gather(leaving.stop(), listener.client.closed())
    assert code == 1001
    assert status in (0, -signal.SIGTERM)  # a parent that waits is told in either way that it was the signal
