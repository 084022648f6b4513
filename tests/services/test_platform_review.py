"""The platform's own look at orders: off by default, then a last tier that an operator decides."""

from decimal import Decimal

import pytest

from models import Approval, Company, Event, Order
from rules.events import EventKind, Topic
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.people import Actor, CompanyKind
from rules.problems import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.approving import approve_order, return_order
from services.companies import Limit, set_approval_threshold
from services.platform_review import set_platform_review
from services.submitting import submit_order
from tests.estates import Firm
from tests.makers import make_platform
from tests.order_makers import Parties, fresh, make_order, make_parties


async def reviewing(*, is_on: bool = True, above: str | None = "1000") -> Actor:
    """The operator, after switching the review on, or off."""
    operator = await make_platform()
    platform = await Company.named(operator.home)
    limit = Limit(Decimal(above), Currency.CNY) if above else None
    await set_platform_review(operator, platform.version, is_on=is_on, amount_above=limit)
    return operator


@pytest.mark.usefixtures("database")
async def test_the_operator_decides_last_and_sees_an_order_only_while_it_is_asked() -> None:
    """Below the amount nothing changes; above it, first the buyer's approver, then the platform, as each counts."""
    buyer, supplier = await Firm.made(CompanyKind.BUYER, delivery_place="上海"), await Firm.made(CompanyKind.SUPPLIER)
    parties = Parties(buyer.everybody, supplier.everybody)
    company = await Company.named(buyer.company.id)
    await set_approval_threshold(buyer.admin, company.version, Limit(Decimal(1000), Currency.CNY))
    operator = await reviewing()
    small, large = await make_order(parties, ("1000",)), await make_order(parties, ("10000",))
    assert (await submit_order(parties.buyer, small.id, small.version)).status is OrderStatus.PENDING_SUPPLIER
    order = await submit_order(parties.buyer, large.id, large.version)
    with pytest.raises(NotFound):
        await approve_order(operator, order.id, 0)
    await approve_order(buyer.approver, order.id, order.version)
    [seen] = await Order.visible_to(operator).filter(status=OrderStatus.PENDING_APPROVAL)
    assert (seen.id, seen.version_for(operator), seen.under_review) == (order.id, 0, True)
    assert await Order.visible_to(parties.supplier).filter(id=order.id) == []
    with pytest.raises(NotAllowed):
        await approve_order(buyer.approver, order.id, order.version)
    with pytest.raises(StaleVersion):
        await approve_order(operator, order.id, order.version)
    done = await approve_order(operator, order.id, 0)
    assert (done.status, done.version_for(operator), done.under_review) == (OrderStatus.PENDING_SUPPLIER, 1, False)
    [asked] = await Event.filter(kind=EventKind.PLATFORM_REVIEW_REQUESTED)
    assert asked.readers == [order.buyer_id, operator.company]
    others = await Event.filter(topic=Topic.APPROVAL, stream=asked.stream).exclude(id=asked.id)
    assert all(event.readers == [order.buyer_id] for event in others)
    numbers = [event.seq for event in await Event.filter(stream=asked.stream).order_by("seq")]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.usefixtures("database")
async def test_what_the_operator_gives_back_is_the_buyer_s_alone_again() -> None:
    """Where the company itself asks nobody, the platform alone decides; switched off, nobody does."""
    parties = await make_parties()
    operator = await reviewing(above=None)
    order = await make_order(parties)
    order = await submit_order(parties.buyer, order.id, order.version)
    returned = await return_order(operator, order.id, 0, "licence missing")
    assert (returned.status, returned.under_review) == (OrderStatus.DRAFT, False)
    assert await Order.visible_to(operator).filter(id=order.id) == []
    [approval] = await Approval.all()
    assert (approval.reason, approval.decided_by_id) == ("licence missing", operator.member)
    assert await Approval.visible_to(operator) == []
    await reviewing(is_on=False)
    order = await submit_order(parties.buyer, order.id, (await fresh(order)).version)
    assert order.status is OrderStatus.PENDING_SUPPLIER


@pytest.mark.usefixtures("database")
async def test_only_the_operator_switches_it_by_an_amount_that_is_one() -> None:
    parties = await make_parties()
    operator = await make_platform()
    version = (await Company.named(operator.home)).version
    with pytest.raises(NotAllowed):
        await set_platform_review(parties.buyer, 1, is_on=True)
    with pytest.raises(StaleVersion):
        await set_platform_review(operator, version + 1, is_on=True)
    with pytest.raises(InvalidInput):
        await set_platform_review(operator, version, is_on=True, amount_above=Limit(Decimal("0.1"), Currency.JPY))
