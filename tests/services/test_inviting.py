"""Enquiries and their sibling orders: whom they ask for what, for how long, and what each supplier is left to know."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from models import Approval, Company, Enquiry, EnquiryInvitation, EnquiryMatch, Event, Order, OrderLine, database
from rules.enquiry import EnquiryStatus
from rules.events import Topic
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.people import Role
from rules.problems import Conflict, DeadlinePassed, InvalidInput, NotAllowed, NotFound, StaleVersion, WrongStatus
from rules.terms import RejectionReason
from rules.units import Unit
from services import clock
from services.approving import approve_order, return_order
from services.closing import reject_order
from services.companies import Limit, set_approval_threshold
from services.conversing import post_message
from services.drafting import OrderWish, update_draft
from services.enquiring import EnquiredLine, EnquiryWish, update_enquiry
from services.inviting import cancel_enquiry, extend_enquiry, invite_supplier, issue_enquiry, withdraw_invitation
from services.matching import InvitationWish, MatchWish
from services.quoting import counter_quotation
from services.submitting import submit_order
from services.sweeping import sweep
from tests import servers
from tests.enquiry_makers import Bidders, make_bid, make_bidders, make_enquiry, make_issued_enquiry, renewed, sibling
from tests.makers import make_actor, make_key
from tests.order_makers import fresh, lines_of, make_goods, make_order


@pytest.fixture(scope="module")
async def bidders(postgres_server: EmbeddedPostgres, template: str) -> AsyncIterator[Bidders]:
    """A buyer, and three suppliers with two articles each, the same ones: for all tests, each of which enquires anew."""
    await database.connect(await servers.copied(postgres_server, template))
    try:
        yield await make_bidders(3, 2)
    finally:
        await database.close()


async def matched(enquiry: Enquiry) -> list[list[int]]:
    """The positions that each invited supplier's catalogue answers."""
    return [
        [match.position for match in await EnquiryMatch.of([one.id])] for one in await EnquiryInvitation.of(enquiry.id)
    ]


async def kinds(stream: Any) -> list[str]:
    """What happened in a stream."""
    return [event.kind.value for event in await Event.filter(stream=stream).order_by("seq")]


async def test_issuing_asks_each_supplier_by_an_order_of_its_own(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    assert (enquiry.status, enquiry.version) == (EnquiryStatus.OPEN, 2)
    for place, supplier in enumerate(bidders.suppliers):
        order = await sibling(bidders, enquiry, place)
        lines = await lines_of(order)
        assert (order.supplier_id, order.status, order.answer_by) == (
            supplier.home,
            OrderStatus.PENDING_SUPPLIER,
            enquiry.answer_by,
        )
        assert [(line.product_id, line.quantity) for line in lines] == [
            (one.id, Decimal(much)) for one, much in zip(bidders.goods[place], ("1000", "20"), strict=True)
        ]
        # The supplier's own count begins here, whatever went before.
        assert (order.version_for(supplier), await kinds(order.id)) == (1, ["ORDER_CREATED", "ORDER_PLACED"])
    assert await kinds(enquiry.id) == ["ENQUIRY_CREATED", "ENQUIRY_ISSUED"]


async def test_an_enquiry_s_stream_is_the_buyer_s_alone(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    events = await Event.filter(stream=enquiry.id)
    assert [(event.topic, event.readers) for event in events] == [(Topic.ENQUIRY, [bidders.buyer.home])] * 2


async def test_no_row_that_a_supplier_reads_names_the_enquiry(bidders: Bidders) -> None:
    """Not in any column or body of the order's, and its number and ids follow from nothing of the enquiry's."""
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"), title="zq-title", remark="zq-remark")
    secrets = {str(enquiry.id), enquiry.number, "zq-title", "zq-remark"}
    secrets |= {str(one.id) for one in await EnquiryInvitation.of(enquiry.id)}
    order = await sibling(bidders, enquiry, 0)
    rows = [order, *await lines_of(order), *await Event.filter(stream=order.id)]
    told = " ".join(str(value) for row in rows for value in vars(row).values())
    assert [secret for secret in secrets if secret in told] == []
    assert str(order.id) in told


async def test_each_line_is_answered_by_the_one_product_of_its_number_or_name(bidders: Bidders) -> None:
    first, second = bidders.goods[0]
    await make_goods(bidders.suppliers[2], sku=second.sku + "-B", name_zh="专用螺母")
    lines = (
        EnquiredLine(Decimal(5), name="anything", unit=Unit.H87, sku=first.sku),
        EnquiredLine(Decimal(5), name="专用螺母", unit=Unit.H87),
        EnquiredLine(Decimal(5), name="Hexagon bolt", unit=Unit.H87),
        EnquiredLine(Decimal(5), name="anything", unit=Unit.KGM, sku=second.sku),
        EnquiredLine(Decimal(5), product_id=second.id),
    )
    enquiry = await make_enquiry(bidders, lines=lines)
    # The third is ambiguous: every supplier has two bolts of that name; the fourth is asked in another unit.
    assert await matched(enquiry) == [[1, 5], [1, 5], [1, 2, 5]]


async def test_a_supplier_gets_the_lines_it_is_asked_for_and_counts_them_from_one(bidders: Bidders) -> None:
    only_second = InvitationWish(bidders.suppliers[1].home, (MatchWish(2, bidders.goods[1][0].id),))
    enquiry = await make_issued_enquiry(
        bidders, ("1000", "20"), invitations=(InvitationWish(bidders.suppliers[0].home), only_second)
    )
    [line] = await lines_of(await sibling(bidders, enquiry, 1))
    assert (line.position, line.quantity, line.product_id) == (1, Decimal(20), bidders.goods[1][0].id)


async def test_what_cannot_be_asked_is_refused(bidders: Bidders) -> None:
    first, second = bidders.suppliers[:2]
    other_unit = await make_goods(first, unit=Unit.KGM)
    enquiry = await make_enquiry(bidders, ("1000", "20"))
    for invitations, problem in (
        ((InvitationWish(bidders.buyer.home),), NotFound),
        ((InvitationWish(first.home), InvitationWish(first.home)), InvalidInput),
        ((InvitationWish(first.home, (MatchWish(1, bidders.goods[1][0].id),)),), NotFound),
        ((InvitationWish(first.home, (MatchWish(3, bidders.goods[0][0].id),)),), InvalidInput),
        ((InvitationWish(first.home, (MatchWish(1, other_unit.id),)),), InvalidInput),
        ((InvitationWish(first.home, (MatchWish(1, bidders.goods[0][0].id),) * 2),), InvalidInput),
    ):
        with pytest.raises(problem):
            await update_enquiry(bidders.buyer, enquiry.id, 1, EnquiryWish(invitations=invitations))
    for wish in (
        EnquiryWish(delivery_zone="Mars/Olympus"),
        EnquiryWish(lines=(EnquiredLine(Decimal(1), unit=Unit.H87),)),
        EnquiryWish(lines=(EnquiredLine(Decimal(1), name="bolt"),)),
    ):
        with pytest.raises(InvalidInput):
            await update_enquiry(bidders.buyer, enquiry.id, 1, wish)
    with pytest.raises(StaleVersion):
        await update_enquiry(bidders.buyer, enquiry.id, 0, EnquiryWish())
    with pytest.raises(NotFound):
        await update_enquiry(second, enquiry.id, 1, EnquiryWish())
    assert (await renewed(enquiry)).version == 1
    assert await matched(enquiry) == [[1, 2]] * 3


async def test_lines_replaced_later_are_matched_anew(bidders: Bidders) -> None:
    enquiry = await make_enquiry(bidders, ("1000", "20"))
    lines = (EnquiredLine(Decimal(5), name="bolt", unit=Unit.H87, sku=bidders.goods[0][1].sku),)
    changed = await update_enquiry(bidders.buyer, enquiry.id, 1, EnquiryWish(lines=lines, remark="fewer"))
    assert (changed.version, changed.remark, await matched(enquiry)) == (2, "fewer", [[1]] * 3)


async def test_what_stands_against_any_supplier_s_order_is_named_and_nobody_is_asked(bidders: Bidders) -> None:
    before = await Order.filter(buyer_id=bidders.buyer.home).count()
    picky = await make_goods(bidders.suppliers[1], minimum_quantity=Decimal(5000))
    invitations = (
        InvitationWish(bidders.suppliers[0].home),
        InvitationWish(bidders.suppliers[1].home, (MatchWish(2, picky.id),)),
        InvitationWish(bidders.suppliers[2].home),
    )
    enquiry = await make_enquiry(bidders, ("1000", "20"), invitations=invitations)
    with pytest.raises(InvalidInput) as refused:
        await issue_enquiry(bidders.buyer, enquiry.id, 1)
    [fault] = refused.value.faults
    assert (fault.path, fault.suggestion) == ("invitations[1].lines[1].quantity", "5000")
    nobody = InvitationWish((await make_bidders(1)).suppliers[0].home)
    enquiry = await update_enquiry(bidders.buyer, enquiry.id, 1, EnquiryWish(invitations=(nobody,)))
    with pytest.raises(InvalidInput, match=r"invitations\[0\].products"):
        await issue_enquiry(bidders.buyer, enquiry.id, 2)
    assert await Order.filter(buyer_id=bidders.buyer.home).count() == before


async def test_an_enquiry_is_issued_once_with_lines_suppliers_and_time(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    with pytest.raises(WrongStatus):
        await issue_enquiry(bidders.buyer, enquiry.id, 2)
    for wish in ({"lines": ()}, {"invitations": ()}, {"answer_by": clock.now()}):
        empty = await make_enquiry(bidders, ("1000", "20"), **wish)
        with pytest.raises(InvalidInput):
            await issue_enquiry(bidders.buyer, empty.id, 1)
    approver = await make_actor(await Company.get(id=bidders.buyer.home), Role.APPROVER)
    with pytest.raises(NotAllowed):
        await cancel_enquiry(approver, enquiry.id, 2, "no")


@pytest.mark.usefixtures("bidders")
async def test_each_sibling_passes_the_buyer_s_approval_and_no_supplier_sees_it_before() -> None:
    bidders = await make_bidders(3, 2)
    company = await Company.get(id=bidders.buyer.home)
    admin = await make_actor(company, Role.ADMIN)
    approver = await make_actor(company, Role.APPROVER)
    company = await Company.get(id=company.id)
    await set_approval_threshold(admin, company.version, Limit(Decimal(100), Currency.CNY))
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    orders = [await sibling(bidders, enquiry, place) for place in range(3)]
    assert {order.status for order in orders} == {OrderStatus.PENDING_APPROVAL}
    assert await Approval.filter(company_id=company.id).count() == 3
    assert await Order.visible_to(bidders.suppliers[0]).count() == 0
    placed = await approve_order(approver, orders[0].id, orders[0].version)
    assert (placed.status, placed.version_for(bidders.suppliers[0])) == (OrderStatus.PENDING_SUPPLIER, 1)
    assert await Order.visible_to(bidders.suppliers[1]).count() == 0
    returned = await return_order(approver, orders[1].id, orders[1].version, "too many")
    with pytest.raises(InvalidInput, match="enquiry"):
        await update_draft(bidders.buyer, returned.id, returned.version, OrderWish())
    assert (await submit_order(bidders.buyer, returned.id, returned.version)).status is OrderStatus.PENDING_APPROVAL


async def test_an_order_of_no_enquiry_is_edited_as_ever(bidders: Bidders) -> None:
    order = await make_order(bidders.parties(0))
    assert (await update_draft(bidders.buyer, order.id, order.version, OrderWish(delivery_place="there"))).version == 2


async def test_one_more_supplier_is_asked_and_another_no_longer(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(
        bidders, ("1000", "20"), invitations=(InvitationWish(bidders.suppliers[0].home),)
    )
    untouched = await fresh(await sibling(bidders, enquiry, 0))
    enquiry = await invite_supplier(bidders.buyer, enquiry.id, 2, InvitationWish(bidders.suppliers[1].home))
    assert (await sibling(bidders, enquiry, 1)).status is OrderStatus.PENDING_SUPPLIER
    with pytest.raises(Conflict):
        await invite_supplier(bidders.buyer, enquiry.id, 3, InvitationWish(bidders.suppliers[1].home))
    with pytest.raises(NotFound):
        await withdraw_invitation(bidders.buyer, enquiry.id, 3, bidders.suppliers[2].home, "no")
    enquiry = await withdraw_invitation(bidders.buyer, enquiry.id, 3, bidders.suppliers[1].home, "found cheaper")
    order = await sibling(bidders, enquiry, 1)
    assert (order.status, order.closing_note) == (OrderStatus.CANCELLED, "found cheaper")
    with pytest.raises(WrongStatus):
        await withdraw_invitation(bidders.buyer, enquiry.id, 4, bidders.suppliers[1].home, "again")
    # The one who was there all the time has had nothing happen to it.
    assert vars(await fresh(untouched)) == {**vars(untouched)}
    assert await kinds(enquiry.id) == ["ENQUIRY_CREATED", "ENQUIRY_ISSUED", "SUPPLIER_INVITED", "INVITATION_WITHDRAWN"]


async def test_first_offers_come_in_until_the_deadline_to_the_microsecond(bidders: Bidders) -> None:
    end = clock.now() + timedelta(days=5)
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"), answer_by=end)
    later = {"valid_until": end + timedelta(days=9)}
    with clock.held_at(end - timedelta(microseconds=1)):
        await sweep()
        assert (await renewed(enquiry)).status is EnquiryStatus.OPEN
        await make_bid(bidders, enquiry, 0, "0.3", "3", **later)
    with clock.held_at(end):
        with pytest.raises(DeadlinePassed) as refused:
            await make_bid(bidders, enquiry, 1, "0.3", "3", **later)
        assert refused.value.deadline == end
        await sweep()
        await sweep()
        assert (await renewed(enquiry)).status is EnquiryStatus.CLOSED
        assert (await kinds(enquiry.id)).count("ENQUIRY_CLOSED") == 1
        # Whoever answers a counter-offer was asked anew.
        order = await sibling(bidders, enquiry, 0)
        await counter_quotation(bidders.buyer, order.id, order.version, (), "cheaper")
        await make_bid(bidders, enquiry, 0, "0.2", "2", **later)


async def test_more_time_is_given_to_every_supplier_that_still_has_a_say(bidders: Bidders) -> None:
    end = clock.now() + timedelta(days=5)
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"), answer_by=end)
    gone = await sibling(bidders, enquiry, 2)
    await reject_order(bidders.suppliers[2], gone.id, 1, RejectionReason.CAPACITY, "full")
    with pytest.raises(InvalidInput):
        await extend_enquiry(bidders.buyer, enquiry.id, 2, end)
    with clock.held_at(end):
        await sweep()
        later = end + timedelta(days=1)
        enquiry = await extend_enquiry(bidders.buyer, enquiry.id, 3, later)
        assert (enquiry.status, enquiry.answer_by) == (EnquiryStatus.OPEN, later)
        await make_bid(bidders, enquiry, 1, "0.3", "3")
    for place, kept in ((0, later), (1, later), (2, end)):
        order = await sibling(bidders, enquiry, place)
        assert (order.answer_by, "DEADLINE_EXTENDED" in await kinds(order.id)) == (kept, kept == later)


async def test_a_cancelled_enquiry_takes_every_order_along_that_still_lives(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    gone = await sibling(bidders, enquiry, 2)
    await reject_order(bidders.suppliers[2], gone.id, 1, RejectionReason.PRICE, "no")
    await make_bid(bidders, enquiry, 1, "0.3", "3")
    cancelled = await cancel_enquiry(bidders.buyer, enquiry.id, 2, "no longer needed")
    assert (cancelled.status, cancelled.closing_note) == (EnquiryStatus.CANCELLED, "no longer needed")
    assert [(await sibling(bidders, enquiry, place)).status.value for place in range(3)] == [
        "CANCELLED",
        "CANCELLED",
        "REJECTED",
    ]
    with pytest.raises(WrongStatus):
        await extend_enquiry(bidders.buyer, enquiry.id, 3, clock.now() + timedelta(days=9))


async def test_a_draft_is_cancelled_without_anybody_hearing_of_it(bidders: Bidders) -> None:
    before = await Order.filter(buyer_id=bidders.buyer.home).count()
    enquiry = await make_enquiry(bidders, ("1000", "20"))
    assert (await cancel_enquiry(bidders.buyer, enquiry.id, 1, "a mistake")).status is EnquiryStatus.CANCELLED
    assert await Order.filter(buyer_id=bidders.buyer.home).count() == before


async def test_suppliers_talk_with_the_buyer_each_on_its_own_order(bidders: Bidders) -> None:
    enquiry = await make_issued_enquiry(bidders, ("1000", "20"))
    order = await sibling(bidders, enquiry, 0)
    await post_message(bidders.suppliers[0], order.id, "which steel?", idempotency_key=make_key())
    with pytest.raises(NotFound):
        await post_message(bidders.suppliers[1], order.id, "I too", idempotency_key=make_key())
    assert await OrderLine.filter(order__supplier_id=bidders.suppliers[1].home, order_id=order.id).count() == 0
