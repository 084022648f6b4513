"""What is taken of several offers: each contract, everybody else's end, and that it all happens once, whoever acts at the same time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from models import Company, Contract, ContractLine, Enquiry, Event, Order, Quotation, database
from models.base import new_id
from models.transaction import transact
from rules.enquiry import EnquiryStatus, enquiry_actions
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.people import Actor, Role
from rules.problems import (
    InvalidInput,
    NotFound,
    NotYourTurn,
    QuantityExceeded,
    QuotationClosed,
    QuotationsSealed,
    QuotationSuperseded,
    StaleVersion,
    WrongStatus,
)
from rules.terms import QuotationStatus
from services import clock
from services.approving import approve_order, return_order
from services.choosing import AwardWish, award_enquiry
from services.closing import expire_quotation
from services.companies import Limit, set_approval_threshold
from services.inviting import cancel_enquiry, extend_enquiry
from services.quoting import accept_quotation, counter_quotation, decline_quotation, withdraw_quotation
from services.sweeping import sweep
from tests import servers
from tests.enquiry_makers import (
    Bidders,
    make_bid,
    make_bidders,
    make_issued_enquiry,
    make_long_enquiry,
    renewed,
    sibling,
)
from tests.makers import make_actor
from tests.order_makers import fresh
from tests.races import at_once
from tests.statements import counting

ROUNDS = 50
S = OrderStatus


@pytest.fixture(scope="module")
async def bidders(postgres_server: EmbeddedPostgres, template: str) -> AsyncIterator[Bidders]:
    """A buyer, and three suppliers with two articles each, the same ones: for all tests, each of which enquires anew."""
    await database.connect(await servers.copied(postgres_server, template))
    try:
        yield await make_bidders(3, 2)
    finally:
        await database.close()


async def bid_for(bidders: Bidders, *prices: Sequence[str], **wish: Any) -> tuple[Enquiry, list[Quotation]]:
    """An enquiry of 1000 and 20, and the first suppliers' offers on it."""
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"), **wish)
    return enquiry, [await make_bid(bidders, enquiry, place, *each) for place, each in enumerate(prices)]


async def award(bidders: Bidders, enquiry: Enquiry, *wishes: AwardWish, **said: Any) -> Enquiry:
    """What becomes of the enquiry when this is taken."""
    return await award_enquiry(bidders.buyer, enquiry.id, (await renewed(enquiry)).version, wishes, **said)


async def contracts(enquiry: Enquiry) -> int:
    """How many there are on the enquiry's orders."""
    return await Contract.filter(order__enquiry_invitations__enquiry_id=enquiry.id).count()


async def statuses(bidders: Bidders, enquiry: Enquiry) -> list[OrderStatus]:
    """Where each supplier's order stands."""
    return [(await sibling(bidders, enquiry, place)).status for place in range(len(bidders.suppliers))]


async def agreed(order: Order) -> list[tuple[int, Decimal]]:
    """The lines of the order's contract."""
    contract = await Contract.newest(order.id)
    return [(line.position, line.quantity) for line in await ContractLine.of(contract.id)] if contract else []


async def make_approver(bidders: Bidders, limit: str) -> Actor:
    """Somebody whom the buyer's company asks above the limit from now on."""
    company = await Company.get(id=bidders.buyer.home)
    admin, approver = await make_actor(company, Role.ADMIN), await make_actor(company, Role.APPROVER)
    version = (await Company.get(id=company.id)).version
    await set_approval_threshold(admin, version, Limit(Decimal(limit), Currency.CNY))
    return approver


async def test_taking_one_offer_declines_everybody_else(bidders: Bidders) -> None:
    """Whoever has answered and whoever has not; each is told NOT_AWARDED on its own order and nothing more."""
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    awarded = await award(bidders, enquiry, AwardWish(second.id))
    assert (awarded.status, enquiry_actions(awarded)) == (EnquiryStatus.AWARDED, [])
    assert await statuses(bidders, enquiry) == [S.DECLINED, S.PENDING_SIGNATURE, S.DECLINED]
    for place, quotation in ((0, first), (2, None)):
        order = await sibling(bidders, enquiry, place)
        event = await Event.filter(stream=order.id).order_by("-seq").first()
        assert event is not None
        named = {"quotationId": str(quotation.id), "revision": 1} if quotation else {}
        assert (order.closing_reason, order.closing_note) == ("NOT_AWARDED", None)
        assert event.body == {"status": "DECLINED", "reason": "NOT_AWARDED", **named}
    await first.refresh_from_db()
    assert first.status is QuotationStatus.DECLINED
    assert await Event.filter(stream=enquiry.id, kind="ENQUIRY_AWARDED").count() == 1


async def test_accepting_a_sibling_by_itself_is_the_same_award(bidders: Bidders) -> None:
    enquiry, (first, _) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    order = await sibling(bidders, enquiry, 0)
    assert (await accept_quotation(bidders.buyer, first.id, order.version)).status is S.PENDING_SIGNATURE
    assert await statuses(bidders, enquiry) == [S.PENDING_SIGNATURE, S.DECLINED, S.DECLINED]
    assert (await renewed(enquiry)).status is EnquiryStatus.AWARDED


async def test_lines_and_quantities_of_several_are_taken_together(bidders: Bidders) -> None:
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    wishes = (AwardWish(first.id, {1: Decimal(400), 2: Decimal(20)}), AwardWish(second.id, {1: Decimal(600)}))
    await award(bidders, enquiry, *wishes)
    assert await statuses(bidders, enquiry) == [S.PENDING_SIGNATURE, S.PENDING_SIGNATURE, S.DECLINED]
    assert await agreed(await sibling(bidders, enquiry, 0)) == [(1, Decimal(400)), (2, Decimal(20))]
    assert await agreed(await sibling(bidders, enquiry, 1)) == [(1, Decimal(600))]


async def test_what_cannot_be_taken_is_refused_and_nobody_is_declined(bidders: Bidders) -> None:
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    elsewhere, (other,) = await bid_for(bidders, ("0.1", "1"))
    too_much = (AwardWish(first.id, {1: Decimal(400)}), AwardWish(second.id, {1: Decimal("600.000001")}))
    for wishes, problem in (
        ((AwardWish(new_id()),), NotFound),
        ((AwardWish(other.id),), NotFound),
        ((AwardWish(first.id), AwardWish(first.id)), InvalidInput),
        ((AwardWish(first.id, {3: Decimal(1)}),), InvalidInput),
        ((AwardWish(first.id, {}),), InvalidInput),
        ((AwardWish(first.id, {1: Decimal(1001)}),), QuantityExceeded),
        (too_much, QuantityExceeded),
    ):
        with pytest.raises(problem):
            await award(bidders, enquiry, *wishes)
    with pytest.raises(QuantityExceeded) as refused:
        await award(bidders, enquiry, *too_much)
    assert (refused.value.line, refused.value.requested, refused.value.remaining) == (
        1,
        Decimal("1000.000001"),
        Decimal(1000),
    )
    with pytest.raises(StaleVersion):
        await award_enquiry(bidders.buyer, enquiry.id, 1, (AwardWish(first.id),))
    with pytest.raises(NotFound):
        await award_enquiry((await make_bidders(0)).buyer, enquiry.id, 2, (AwardWish(first.id),))
    assert await statuses(bidders, enquiry) == [S.PENDING_BUYER, S.PENDING_BUYER, S.PENDING_SUPPLIER]
    assert await contracts(enquiry) == 0
    await award(bidders, enquiry, *too_much, beyond=True)
    assert await statuses(bidders, enquiry) == [S.PENDING_SIGNATURE, S.PENDING_SIGNATURE, S.DECLINED]
    assert (await renewed(elsewhere)).status is EnquiryStatus.OPEN


async def test_an_award_finds_the_newest_offer_in_its_time_or_takes_nothing(bidders: Bidders) -> None:
    """Every guard of an acceptance holds for each part: one that fails takes the others along."""
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    order = await sibling(bidders, enquiry, 1)
    await counter_quotation(bidders.buyer, order.id, order.version, (), "cheaper")
    newer = await make_bid(bidders, enquiry, 1, "0.1", "1")
    half = {1: Decimal(500)}
    with pytest.raises(QuotationSuperseded):
        await award(bidders, enquiry, AwardWish(first.id, half), AwardWish(second.id, half))
    end = newer.valid_until
    with clock.held_at(end), pytest.raises(QuotationClosed):
        await award(bidders, enquiry, AwardWish(newer.id))
    assert await contracts(enquiry) == 0
    with clock.held_at(end - timedelta(microseconds=1)):
        await award(bidders, enquiry, AwardWish(newer.id))
    assert await statuses(bidders, enquiry) == [S.DECLINED, S.PENDING_SIGNATURE, S.DECLINED]


@pytest.mark.usefixtures("bidders")
async def test_the_rest_waits_until_the_approvers_have_decided() -> None:
    bidders = await make_bidders(3, 2)
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    approver = await make_approver(bidders, "300")
    part = {1: Decimal(500)}
    waiting = await award(bidders, enquiry, AwardWish(first.id), beyond=True)
    assert waiting.status is EnquiryStatus.OPEN
    assert await statuses(bidders, enquiry) == [S.PENDING_BUYER, S.PENDING_BUYER, S.PENDING_SUPPLIER]
    with pytest.raises(NotYourTurn):
        await award(bidders, enquiry, AwardWish(second.id, part))
    order = await sibling(bidders, enquiry, 0)
    await return_order(approver, order.id, order.version, "too dear")
    await award(bidders, enquiry, AwardWish(first.id, part), AwardWish(second.id, part))
    # Half of the second is below the limit and a contract already; the first is asked about again.
    assert await statuses(bidders, enquiry) == [S.PENDING_SIGNATURE, S.PENDING_SIGNATURE, S.DECLINED]


@pytest.mark.usefixtures("bidders")
async def test_the_last_approval_declines_the_rest_in_the_requester_s_name() -> None:
    bidders = await make_bidders(3, 2)
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    approver = await make_approver(bidders, "100")
    half = {1: Decimal(500)}
    await award(bidders, enquiry, AwardWish(first.id, half), AwardWish(second.id, half))
    for place, rest in ((0, [S.PENDING_BUYER, S.PENDING_SUPPLIER]), (1, [S.PENDING_SIGNATURE, S.DECLINED])):
        order = await sibling(bidders, enquiry, place)
        await approve_order(approver, order.id, order.version)
        assert await statuses(bidders, enquiry) == [S.PENDING_SIGNATURE, *rest]
    assert (await renewed(enquiry)).status is EnquiryStatus.AWARDED
    passed_over = await sibling(bidders, enquiry, 2)
    event = await Event.filter(stream=passed_over.id).order_by("-seq").first()
    assert event is not None
    assert event.actor_member_id == bidders.buyer.member


@pytest.mark.usefixtures("bidders")
async def test_what_was_awarded_before_counts_towards_what_is_asked_for() -> None:
    """One part of an award is through, the other was given back: what is left may be taken elsewhere."""
    bidders = await make_bidders(3, 2)
    enquiry, (first, second, third) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"), ("0.2", "2"))
    approver = await make_approver(bidders, "200")
    await award(bidders, enquiry, AwardWish(first.id, {1: Decimal(900)}), AwardWish(second.id, {1: Decimal(100)}))
    order = await sibling(bidders, enquiry, 0)
    await return_order(approver, order.id, order.version, "not these")
    assert await statuses(bidders, enquiry) == [S.PENDING_BUYER, S.PENDING_SIGNATURE, S.PENDING_BUYER]
    with pytest.raises(QuantityExceeded) as refused:
        await award(bidders, enquiry, AwardWish(third.id, {1: Decimal(901)}))
    assert refused.value.remaining == Decimal(900)
    await award(bidders, enquiry, AwardWish(third.id, {1: Decimal(600)}))
    assert await statuses(bidders, enquiry) == [S.DECLINED, S.PENDING_SIGNATURE, S.PENDING_SIGNATURE]


@pytest.mark.usefixtures("bidders")
async def test_cancelling_leaves_what_is_awarded() -> None:
    bidders = await make_bidders(3, 2)
    enquiry, (first, second) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"))
    approver = await make_approver(bidders, "200")
    await award(bidders, enquiry, AwardWish(first.id, {1: Decimal(900)}), AwardWish(second.id, {1: Decimal(100)}))
    order = await sibling(bidders, enquiry, 0)
    await return_order(approver, order.id, order.version, "not these")
    await cancel_enquiry(bidders.buyer, enquiry.id, (await renewed(enquiry)).version, "enough")
    assert await statuses(bidders, enquiry) == [S.CANCELLED, S.PENDING_SIGNATURE, S.CANCELLED]


async def test_a_sealed_offer_is_neither_read_nor_answered_before_it_is_opened(bidders: Bidders) -> None:
    end = clock.now() + timedelta(days=5)
    enquiry, (first, _) = await bid_for(bidders, ("0.3", "3"), ("0.2", "2"), is_sealed=True, answer_by=end)
    order = await sibling(bidders, enquiry, 0)
    with clock.held_at(end - timedelta(microseconds=1)):
        await sweep()
        for attempt in (
            award(bidders, enquiry, AwardWish(first.id)),
            counter_quotation(bidders.buyer, order.id, order.version, (), "cheaper"),
            decline_quotation(bidders.buyer, order.id, order.version, "no"),
        ):
            with pytest.raises(QuotationsSealed) as refused:
                await attempt
            assert refused.value.deadline == end
        # Even its id is nobody's to confirm.
        with pytest.raises(NotFound):
            await accept_quotation(bidders.buyer, first.id, order.version)
        assert "award_enquiry" not in enquiry_actions(await renewed(enquiry))
    with clock.held_at(end):
        await sweep()
        await award(bidders, enquiry, AwardWish(first.id))
    assert await statuses(bidders, enquiry) == [S.PENDING_SIGNATURE, S.DECLINED, S.DECLINED]


async def test_a_sealed_offer_is_improved_until_the_deadline_and_outlives_the_opening(bidders: Bidders) -> None:
    end = clock.now() + timedelta(days=5)
    enquiry, _ = await bid_for(bidders, ("0.3", "3"), is_sealed=True, answer_by=end)
    order = await sibling(bidders, enquiry, 0)
    supplier = bidders.suppliers[0]
    await withdraw_quotation(supplier, order.id, order.version_for(supplier), "a better one")
    with pytest.raises(InvalidInput, match="validUntil"):
        await make_bid(bidders, enquiry, 0, "0.2", "2", valid_until=end)
    better = await make_bid(bidders, enquiry, 0, "0.2", "2")
    assert better.revision == 2
    with clock.held_at(end):
        await sweep()
        await extend_enquiry(bidders.buyer, enquiry.id, 3, end + timedelta(days=1))
        # What was opened stays open, for those who answer later, too.
        assert not (await sibling(bidders, enquiry, 1)).is_sealed
        await award(bidders, enquiry, AwardWish(better.id))


@pytest.fixture(scope="module")
async def rivals(bidders: Bidders) -> Bidders:
    """Two of the suppliers."""
    return replace(bidders, suppliers=bidders.suppliers[:2])


async def test_two_awards_at_once_make_one(rivals: Bidders) -> None:
    """Of two different offers, one by the enquiry and one by the order itself, fifty times."""
    for _ in range(ROUNDS):
        enquiry, (first, second) = await bid_for(rivals, ("0.3", "3"), ("0.2", "2"))
        order = await sibling(rivals, enquiry, 1)
        done, refused = await at_once(
            award_enquiry(rivals.buyer, enquiry.id, 2, (AwardWish(first.id),)),
            accept_quotation(rivals.buyer, second.id, order.version),
        )
        assert (len(done), len(refused)) == (1, 1), refused
        assert isinstance(refused[0], StaleVersion | WrongStatus)
        assert sorted(await statuses(rivals, enquiry)) == [S.DECLINED, S.PENDING_SIGNATURE]
        assert await contracts(enquiry) == 1


async def test_an_award_and_a_withdrawal_at_once_have_one_outcome(rivals: Bidders) -> None:
    """Either the supplier was first, and nothing is awarded; or the award was, and the offer binds."""
    for _ in range(ROUNDS):
        enquiry, (first, second) = await bid_for(rivals, ("0.3", "3"), ("0.2", "2"))
        order, supplier = await sibling(rivals, enquiry, 1), rivals.suppliers[1]
        half = {1: Decimal(500)}
        done, refused = await at_once(
            award_enquiry(rivals.buyer, enquiry.id, 2, (AwardWish(first.id, half), AwardWish(second.id, half))),
            withdraw_quotation(supplier, order.id, order.version_for(supplier), "sold out"),
        )
        assert (len(done), len(refused)) == (1, 1), refused
        assert (await statuses(rivals, enquiry), await contracts(enquiry)) in (
            ([S.PENDING_SIGNATURE, S.PENDING_SIGNATURE], 2),
            ([S.PENDING_BUYER, S.PENDING_SUPPLIER], 0),
        )


async def test_an_award_and_the_end_of_the_validity_at_once_have_one_outcome(rivals: Bidders) -> None:
    """Time passes, and the sweeper comes by, at another moment of the award in each of fifty rounds."""
    found = set()
    for nth in range(ROUNDS):
        enquiry, (first, _) = await bid_for(rivals, ("0.3", "3"), ("0.2", "2"))
        order, end = await sibling(rivals, enquiry, 0), first.valid_until
        with clock.held_at(end - timedelta(microseconds=1)):
            awarding = asyncio.create_task(award(rivals, enquiry, AwardWish(first.id)))
            await asyncio.sleep(nth * 0.0005)
            with clock.held_at(end):
                await transact(partial(expire_quotation, order.id))
                [outcome] = await asyncio.gather(awarding, return_exceptions=True)
        found.add(((await fresh(order)).status, await contracts(enquiry), type(outcome)))
    assert found <= {(S.PENDING_SIGNATURE, 1, Enquiry), (S.EXPIRED, 0, QuotationClosed), (S.EXPIRED, 0, WrongStatus)}
    assert S.EXPIRED in {status for status, _, _ in found}


async def test_awarding_two_hundred_lines_takes_what_two_take(bidders: Bidders) -> None:
    counts = []
    for lines in (2, 200):
        enquiry = await make_long_enquiry(bidders, lines)
        offers = [await make_bid(bidders, enquiry, place, *["1"] * lines) for place in range(3)]
        half = {place: Decimal(5) for place in range(1, lines + 1)}
        async with counting() as sent:
            await award(bidders, enquiry, AwardWish(offers[0].id, half), AwardWish(offers[1].id, half))
        counts.append(len(sent))
        assert sorted(await statuses(bidders, enquiry)) == [S.DECLINED, S.PENDING_SIGNATURE, S.PENDING_SIGNATURE]
    assert counts[0] == counts[1] < 100
