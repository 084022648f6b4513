"""Offers, counter-offers and acceptance: scenarios 5 and 8, and the refused twin of each step."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models import Contract, Event, Order, Quotation, QuotationLine
from rules.lifecycle import OrderStatus, Side
from rules.problems import (
    InvalidInput,
    NotFound,
    QuotationClosed,
    QuotationSuperseded,
    StaleVersion,
    WrongStatus,
)
from rules.terms import QuotationStatus
from services import clock
from services.quoting import LineCounter, Offer, OfferLine, accept_quotation, counter_quotation, decline_quotation
from services.quoting import send_quotation as send
from services.sweeping import sweep
from tests.order_makers import Parties, fresh, lines_of, make_parties, make_placed_order, make_quotation


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def quoted(parties: Parties, **terms: Any) -> tuple[Order, Quotation]:
    """An order with an open quotation."""
    order = await make_placed_order(parties)
    quotation = await make_quotation(parties, order, **terms)
    return await fresh(order), quotation


async def counter(parties: Parties, order: Order, remark: str = "0.30 please") -> None:
    """The buyer would rather pay less."""
    await counter_quotation(parties.buyer, order.id, (await fresh(order)).version, (), remark)


async def test_a_quotation_adds_up_and_awaits_the_buyer(parties: Parties) -> None:
    """Scenario 1's figures: 333.00 + 50.00 + 43.29 + 4.50."""
    order, quotation = await quoted(parties)
    assert (quotation.net, quotation.tax, quotation.total) == (Decimal("383.00"), Decimal("47.79"), Decimal("430.79"))
    assert (order.status, order.turn) == (OrderStatus.PENDING_BUYER, Side.BUYER)
    [line] = await QuotationLine.of(quotation.id)
    assert (line.net, line.tax, line.promised_on) == (Decimal("333.00"), Decimal("43.29"), order.requested_on)


async def test_a_quotation_covers_every_line_once_and_ends_in_the_future(parties: Parties) -> None:
    """A line too few, a stranger's line, a validity in the past."""
    order = await make_placed_order(parties, ("10", "20"))
    first, second = await lines_of(order)
    stranger = (await lines_of(await make_placed_order(parties)))[0]
    later, version = clock.now() + timedelta(days=1), order.version_for(parties.supplier)
    for lines, problem in (
        ([first], InvalidInput),
        ([first, first], InvalidInput),
        ([first, stranger], NotFound),
        ([], InvalidInput),
    ):
        offer = Offer(lines=tuple(OfferLine(line.id, Decimal(1)) for line in lines), valid_until=later)
        with pytest.raises(problem):
            await send(parties.supplier, order.id, version, offer)
    offer = Offer(lines=tuple(OfferLine(line.id, Decimal(1)) for line in (first, second)), valid_until=clock.now())
    with pytest.raises(InvalidInput, match="validUntil"):
        await send(parties.supplier, order.id, version, offer)
    assert await Quotation.all().count() == 0
    assert (await fresh(order)).version == order.version


async def test_a_counter_offer_makes_it_the_suppliers_turn_and_the_next_revision_replaces_the_first(
    parties: Parties,
) -> None:
    """Revision 2 supersedes revision 1; the buyer's old page learns which one is current."""
    order, first = await quoted(parties)
    [line] = await lines_of(order)
    offer = await counter_quotation(
        parties.buyer, order.id, order.version, (LineCounter(line.id, unit_price=Decimal("0.30")),)
    )
    assert (await fresh(order)).status is OrderStatus.NEGOTIATING
    assert offer.quotation_id == first.id
    second = await make_quotation(parties, order, ("0.31",))
    await first.refresh_from_db()
    assert (first.status, second.revision) == (QuotationStatus.SUPERSEDED, 2)
    with pytest.raises(QuotationSuperseded) as refused:
        await accept_quotation(parties.buyer, first.id, order.version)
    assert refused.value.current_revision == 2


async def test_a_counter_offer_says_something(parties: Parties) -> None:
    """Neither lines nor a remark."""
    order, _ = await quoted(parties)
    with pytest.raises(InvalidInput):
        await counter_quotation(parties.buyer, order.id, order.version, ())


async def test_a_quotation_can_be_accepted_until_its_last_microsecond_and_not_after(parties: Parties) -> None:
    """Scenario 8, sweeper or not."""
    until = datetime.fromisoformat("2026-12-11T00:00:00+08:00")
    with clock.held_at("2026-12-01T00:00:00Z"):
        _, kept = await quoted(parties, valid_until=until)
        late, lost = await quoted(parties, valid_until=until)
    with clock.held_at("2026-12-10T15:59:59.999Z"):
        assert await sweep() == 0
        order = await accept_quotation(parties.buyer, kept.id, (await Order.get(id=kept.order_id)).version)
        assert order.status is OrderStatus.PENDING_SIGNATURE
    with clock.held_at("2026-12-10T16:00:00.000Z"):
        with pytest.raises(QuotationClosed) as refused:
            await accept_quotation(parties.buyer, lost.id, late.version)
        assert refused.value.valid_until == until
        assert await sweep() == 1
        assert (await fresh(late)).status is OrderStatus.EXPIRED
        with pytest.raises(WrongStatus):
            await accept_quotation(parties.buyer, lost.id, late.version + 1)


async def test_two_who_accept_two_revisions_at_once_make_one_contract(parties: Parties) -> None:
    """Scenario 5, at one server: the loser learns the current revision."""
    for _ in range(5):
        order, first = await quoted(parties)
        await counter(parties, order)
        second = await make_quotation(parties, order)
        version = (await fresh(order)).version
        answers = await asyncio.gather(
            accept_quotation(parties.buyer, first.id, version - 2),
            accept_quotation(parties.buyer, second.id, version),
            return_exceptions=True,
        )
        lost, won = answers
        assert isinstance(won, Order)
        assert isinstance(lost, QuotationSuperseded)
        assert lost.current_revision == second.revision
        assert await Contract.filter(order_id=order.id).count() == 1


async def test_an_accepted_quotation_is_not_accepted_again(parties: Parties) -> None:
    """The stale page, and the fresh one."""
    order, quotation = await quoted(parties)
    accepted = await accept_quotation(parties.buyer, quotation.id, order.version)
    with pytest.raises(StaleVersion) as refused:
        await accept_quotation(parties.buyer, quotation.id, order.version)
    assert refused.value.current_version == accepted.version
    with pytest.raises(WrongStatus):
        await accept_quotation(parties.buyer, quotation.id, accepted.version)


async def test_declining_ends_the_order_and_tells_why(parties: Parties) -> None:
    """The reason is kept and told."""
    order, quotation = await quoted(parties)
    await decline_quotation(parties.buyer, order.id, order.version, "too dear")
    await quotation.refresh_from_db()
    assert quotation.status is QuotationStatus.DECLINED
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert event.body["reason"] == "too dear"


async def test_a_stranger_cannot_tell_that_a_quotation_exists(parties: Parties) -> None:
    """Another buyer's answer is that of a missing id."""
    stranger = (await make_parties()).buyer
    order, quotation = await quoted(parties)
    with pytest.raises(NotFound) as refused:
        await accept_quotation(stranger, quotation.id, order.version)
    assert refused.value.facts() == {"kind": "Quotation", "id": quotation.id}
