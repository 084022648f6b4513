"""The supplier takes an open quotation back: once, before it is accepted, and whoever is faster wins."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from models import Approval, Company, Contract, Event, Order, Quotation
from rules.events import Topic
from rules.lifecycle import OrderStatus, Side
from rules.money import Currency
from rules.people import CompanyKind, Role
from rules.problems import NotAllowed, NotFound, QuotationSuperseded, QuotationWithdrawn, StaleVersion, WrongStatus
from rules.terms import ApprovalStatus, QuotationStatus
from services.companies import Limit, set_approval_threshold
from services.quoting import accept_quotation, withdraw_quotation
from tests.estates import Firm
from tests.order_makers import Parties, fresh, make_parties, make_placed_order, make_quotation


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def quoted(parties: Parties) -> tuple[Order, Quotation]:
    """An order with an open quotation."""
    order = await make_placed_order(parties)
    quotation = await make_quotation(parties, order)
    return await fresh(order), quotation


async def withdraw(parties: Parties, order: Order) -> Order:
    """The supplier, who has read the order as given, takes its quotation back."""
    return await withdraw_quotation(parties.supplier, order.id, order.version_for(parties.supplier), "copper went up")


async def test_a_withdrawn_quotation_makes_it_the_suppliers_turn_and_both_sides_are_told(parties: Parties) -> None:
    """The next revision is number 2, and the first stays withdrawn."""
    order, quotation = await quoted(parties)
    order = await withdraw(parties, order)
    assert (order.status, order.turn) == (OrderStatus.PENDING_SUPPLIER, Side.SUPPLIER)
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.body["reason"], event.body["revision"]) == ("QUOTATION_WITHDRAWN", "copper went up", 1)
    assert set(event.readers) == {order.buyer_id, order.supplier_id}
    second = await make_quotation(parties, order, ("0.35",))
    await quotation.refresh_from_db()
    assert (quotation.status, second.revision, second.status) == (QuotationStatus.WITHDRAWN, 2, QuotationStatus.SENT)


async def test_a_withdrawn_quotation_is_not_accepted_whatever_page_the_buyer_has_open(parties: Parties) -> None:
    """Told so, with its revision; once there is a newer one, told which."""
    order, quotation = await quoted(parties)
    withdrawn = await withdraw(parties, order)
    for version in (order.version, withdrawn.version):
        with pytest.raises(QuotationWithdrawn) as refused:
            await accept_quotation(parties.buyer, quotation.id, version)
        assert (refused.value.current_revision, refused.value.valid_until) == (1, quotation.valid_until)
    await make_quotation(parties, order)
    with pytest.raises(QuotationSuperseded):
        await accept_quotation(parties.buyer, quotation.id, order.version)
    assert await Contract.all().count() == 0


async def test_only_the_suppliers_salespeople_withdraw_and_only_what_is_open(parties: Parties) -> None:
    """Not the buyer, not a stranger, not before there is a quotation, not twice, not once it was accepted."""
    bare = await make_placed_order(parties)
    with pytest.raises(WrongStatus):
        await withdraw(parties, bare)
    order, quotation = await quoted(parties)
    with pytest.raises(WrongStatus):
        await withdraw_quotation(parties.buyer, order.id, order.version, "mine")
    with pytest.raises(NotFound):
        await withdraw_quotation((await make_parties()).supplier, order.id, 1, "spying")
    keeper = replace(parties.supplier, roles=frozenset({Role.WAREHOUSE}))
    with pytest.raises(NotAllowed):
        await withdraw_quotation(keeper, order.id, order.version_for(keeper), "no role")
    accepted = await accept_quotation(parties.buyer, quotation.id, order.version)
    with pytest.raises(StaleVersion):
        await withdraw(parties, order)
    with pytest.raises(WrongStatus):
        await withdraw(parties, accepted)


@pytest.mark.usefixtures("database")
async def test_an_award_that_waits_for_approval_is_void_and_nobody_of_the_supplier_has_decided_it() -> None:
    """The buyer's approvers are told; the supplier's numbers do not count it."""
    firm = await Firm.made(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号")
    parties = Parties(firm.everybody, (await make_parties()).supplier)
    order, quotation = await quoted(parties)
    version = (await Company.named(firm.company.id)).version
    await set_approval_threshold(firm.admin, version, Limit(Decimal(1), Currency.CNY))
    await accept_quotation(parties.buyer, quotation.id, order.version)
    order = await withdraw(parties, order)
    approval = await Approval.get(order_id=order.id)
    assert (approval.status, approval.decided_by_id, order.approval_pending) == (ApprovalStatus.VOIDED, None, False)
    told = await Event.filter(stream=approval.id).order_by("-seq").first()
    assert told is not None
    assert (told.topic, told.readers) == (Topic.APPROVAL, [order.buyer_id])
    assert await Event.filter(stream=order.id).count() == order.version


async def test_of_an_acceptance_and_a_withdrawal_at_once_exactly_one_counts(parties: Parties) -> None:
    """Twenty rounds; the loser is refused and leaves nothing."""
    won = set()
    for _ in range(20):
        order, quotation = await quoted(parties)
        answers = await asyncio.gather(
            accept_quotation(parties.buyer, quotation.id, order.version),
            withdraw(parties, order),
            return_exceptions=True,
        )
        [winner] = [answer for answer in answers if isinstance(answer, Order)]
        [loser] = [answer for answer in answers if isinstance(answer, Exception)]
        accepted = winner.status is OrderStatus.PENDING_SIGNATURE
        assert isinstance(loser, StaleVersion if accepted else QuotationWithdrawn)
        assert (await fresh(order)).status is winner.status
        assert await Contract.filter(order_id=order.id).count() == int(accepted)
        won.add(winner.status)
    assert won <= {OrderStatus.PENDING_SIGNATURE, OrderStatus.PENDING_SUPPLIER}
