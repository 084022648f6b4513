"""How orders end without goods, by a side or by the clock alone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from models import Contract, Event, Order, Quotation, Shipment
from rules.acceptance import INSPECTION_DAYS, NOTICE
from rules.contract import ContractStatus
from rules.lifecycle import OrderStatus
from rules.problems import ContractLapsed, NotFound, StaleVersion, WrongStatus
from rules.shipping import ShipmentStatus, TrackingCode
from rules.terms import QuotationStatus, RejectionReason
from services import clock
from services.awarding import TIME_TO_SIGN
from services.closing import cancel_order, reject_order
from services.sweeping import sweep
from tests.order_makers import (
    Parties,
    fresh,
    make_awarded_order,
    make_contracted_order,
    make_order,
    make_parties,
    make_placed_order,
    make_quotation,
    make_shipment,
    make_sighting,
    make_signed,
)

SILENCE = timedelta(days=INSPECTION_DAYS)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_a_rejection_says_why(parties: Parties) -> None:
    """R17: code and words are kept and told; the order is over."""
    order = await make_placed_order(parties)
    version = order.version_for(parties.supplier)
    with pytest.raises(WrongStatus):
        await reject_order(parties.buyer, order.id, order.version, RejectionReason.PRICE, "no")
    rejected = await reject_order(parties.supplier, order.id, version, RejectionReason.CAPACITY, "line is full")
    assert (rejected.status, rejected.closing_reason, rejected.closing_note) == (
        OrderStatus.REJECTED,
        RejectionReason.CAPACITY,
        "line is full",
    )
    with pytest.raises(WrongStatus):
        await cancel_order(parties.buyer, order.id, rejected.version, "x")


async def quoted(parties: Parties) -> Order:
    """An order with an open quotation."""
    order = await make_placed_order(parties)
    await make_quotation(parties, order)
    return await fresh(order)


@pytest.mark.parametrize("stage", [make_order, make_placed_order, quoted, make_awarded_order])
async def test_the_buyer_may_cancel_until_both_have_signed(
    parties: Parties, stage: Callable[[Parties], Awaitable[Order]]
) -> None:
    """Whatever was open on it is closed with it."""
    order = await stage(parties)
    cancelled = await cancel_order(parties.buyer, order.id, order.version, "no budget")
    assert cancelled.status is OrderStatus.CANCELLED
    assert not await Quotation.filter(status=QuotationStatus.SENT).exists()
    assert not await Contract.filter(status__in=[ContractStatus.DRAFT, ContractStatus.PARTIALLY_SIGNED]).exists()


async def test_a_signed_contract_cannot_be_cancelled(parties: Parties) -> None:
    """It binds."""
    order = await make_contracted_order(parties)
    with pytest.raises(WrongStatus):
        await cancel_order(parties.buyer, order.id, order.version, "no budget")


async def test_a_cancelled_draft_stays_its_buyers_secret(parties: Parties) -> None:
    """The supplier never hears that there was one."""
    order = await make_order(parties)
    await cancel_order(parties.buyer, order.id, order.version, "changed my mind")
    assert all(event.readers == [order.buyer_id] for event in await Event.filter(stream=order.id))


async def test_nobody_cancels_on_an_old_page_or_for_others(parties: Parties) -> None:
    """Stale, and a stranger's."""
    order = await make_placed_order(parties)
    with pytest.raises(StaleVersion):
        await cancel_order(parties.buyer, order.id, order.version - 1, "x")
    with pytest.raises(NotFound):
        await cancel_order((await make_parties()).buyer, order.id, order.version, "x")


async def test_the_time_to_sign_ends_with_or_without_the_sweeper(parties: Parties) -> None:
    """At its last moment it can be signed; after it, it lapses once."""
    order = await make_awarded_order(parties)
    contract = await Contract.newest(order.id)
    assert contract is not None
    with clock.held_at(contract.sign_by - timedelta(milliseconds=1)):
        assert await sweep() == 0
        await make_signed(order, parties.buyer)
    with clock.held_at(contract.sign_by):
        with pytest.raises(ContractLapsed):
            await make_signed(order, parties.supplier)
        assert await sweep() == 1
        assert await sweep() == 0
    lapsed = await fresh(order)
    assert (lapsed.status, lapsed.closing_reason) == (OrderStatus.EXPIRED, "SIGNATURE_OVERDUE")
    assert contract.sign_by - contract.created_at <= TIME_TO_SIGN + timedelta(seconds=1)


async def test_long_silence_after_arrival_is_acceptance(parties: Parties) -> None:
    """Not a moment before; the clock signs the event."""
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    arrived = clock.now()
    with clock.held_at(arrived):
        await make_sighting(parties, shipment, TrackingCode.DELIVERED, arrived)
    with clock.held_at(arrived + SILENCE - NOTICE):
        assert await sweep() == 1  # both sides are warned
    with clock.held_at(arrived + SILENCE - timedelta(seconds=1)):
        assert await sweep() == 0
    with clock.held_at(arrived + SILENCE):
        assert await sweep() == 1
    done = await Shipment.get(id=shipment.id)
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (done.status, (await fresh(order)).status, event.actor_name) == (
        ShipmentStatus.RECEIVED,
        OrderStatus.COMPLETED,
        "clock",
    )
