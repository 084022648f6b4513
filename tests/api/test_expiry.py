"""Scenario 8, over HTTP: a quotation can be accepted up to the last millisecond, and not at the next, sweeper or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from models import Contract, Event, Order
from resolvers.ids import encode_id
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from services import clock
from services.quoting import counter_quotation
from services.sweeping import sweep
from tests.api.test_story import ACCEPT
from tests.house import Caller, open_house
from tests.order_makers import Parties, fresh, make_parties, make_placed_order, make_quotation
from tests.processes import token_of

QUOTED = "2026-12-01T08:00:00Z"
UNTIL = "2026-12-11T00:00:00+08:00"
LAST = "2026-12-10T15:59:59.999Z"
OVER = "2026-12-10T16:00:00.000Z"
READ = """query ($id: ID!) { order(id: $id) { status availableActions quotations { status revision validUntil } contracts { id } } }"""


@dataclass
class Counter:
    """A buyer at the screen, with a quotation that is valid until midnight in Shanghai."""

    buyer: Caller
    parties: Parties
    order: Order
    accepting: dict[str, object]


@pytest.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    """Quoted on 1 December; nothing is swept but by the test."""
    with clock.held_at(QUOTED):
        async with open_house(database_url, tmp_path) as house:
            for sweeper in house.app.state.house.sweepers:
                await sweeper.stop()
            parties = await make_parties()
            order = await make_placed_order(parties)
            quotation = await make_quotation(parties, order, valid_until=datetime.fromisoformat(UNTIL))
            version = (await fresh(order)).version
            accepting = {"quotationId": encode_id("Quotation", quotation.id), "expectedVersion": version}
            yield Counter(await house.enter(parties.buyer), parties, order, accepting)


@asynccontextmanager
async def at(counter: Counter, moment: str) -> AsyncIterator[Caller]:
    """The buyer, signed in anew at that moment: an access token lives for minutes, a quotation for days."""
    with clock.held_at(moment):
        counter.buyer.token = await token_of(counter.parties.buyer)
        yield counter.buyer


async def test_it_is_accepted_in_the_last_millisecond(counter: Counter) -> None:
    async with at(counter, LAST) as buyer:
        accepted = await buyer.do(ACCEPT, **counter.accepting)
    assert accepted["order"]["status"] == "PENDING_SIGNATURE"
    assert await Contract.filter(order_id=counter.order.id).count() == 1


async def test_it_is_refused_at_the_moment_itself_though_nothing_was_swept(counter: Counter) -> None:
    async with at(counter, OVER) as buyer:
        refused = await buyer.do(ACCEPT, **counter.accepting)
        assert (await fresh(counter.order)).status is OrderStatus.PENDING_BUYER
    assert refused["__typename"] == "QuotationProblem"
    assert (refused["code"], refused["currentRevision"]) == ("QUOTE_EXPIRED", 1)
    assert refused["validUntil"] == "2026-12-10T16:00:00Z"
    assert await Contract.filter(order_id=counter.order.id).count() == 0


async def test_the_sweeper_says_so_once_and_not_a_moment_too_early(counter: Counter) -> None:
    for moment, status, expired in ((LAST, "PENDING_BUYER", 0), (OVER, "EXPIRED", 1), (OVER, "EXPIRED", 1)):
        async with at(counter, moment) as buyer:
            await sweep()
            order = (await buyer.ask(READ, id=encode_id("Order", counter.order.id)))["order"]
        assert order["status"] == status
        assert ("ACCEPT_QUOTATION" in order["availableActions"]) is (expired == 0)
        told = Event.filter(stream=counter.order.id, kind=EventKind.QUOTATION_EXPIRED)
        assert await told.count() == expired
    assert [quotation["status"] for quotation in order["quotations"]] == ["EXPIRED"]


async def test_after_the_sweeper_the_status_is_what_stands_against_it(counter: Counter) -> None:
    async with at(counter, OVER) as buyer:
        await sweep()
        version = (await fresh(counter.order)).version
        refused = await buyer.do(ACCEPT, **{**counter.accepting, "expectedVersion": version})
    assert (refused["code"], refused["status"], refused["allowedIn"]) == ("WRONG_STATUS", "EXPIRED", ["PENDING_BUYER"])


async def test_whoever_holds_an_older_revision_is_told_of_the_current_one(counter: Counter) -> None:
    """Superseded, and not expired, although that is true of it as well."""
    parties, order = counter.parties, counter.order
    await counter_quotation(parties.buyer, order.id, (await fresh(order)).version, (), "cheaper")
    await make_quotation(parties, order, ("0.3",), valid_until=datetime.fromisoformat("2026-12-20T00:00:00+08:00"))
    async with at(counter, OVER) as buyer:
        refused = await buyer.do(ACCEPT, **{**counter.accepting, "expectedVersion": (await fresh(order)).version})
    assert (refused["code"], refused["currentRevision"]) == ("QUOTE_SUPERSEDED", 2)
    assert refused["validUntil"] == "2026-12-19T16:00:00Z"
