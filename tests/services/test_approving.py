"""The buyer's own approvals: scenarios 2 and 3, and that the supplier never meets them."""

from decimal import Decimal

import pytest

from models import Approval, Company, Event, Member, Order
from rules.approval_rules import Snapshot
from rules.events import Topic
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.people import Actor, Role
from rules.problems import ApprovalRequired, ApproverMissing, NotAllowed, NotFound, SelfApproval
from rules.terms import ApprovalStatus
from services.approving import approve_order, return_order
from services.closing import cancel_order
from services.companies import Limit, set_approval_threshold
from services.conversing import post_message
from services.quoting import accept_quotation
from services.submitting import submit_order, withdraw_order
from tests.makers import actor_of as signed_in
from tests.makers import make_company, make_key, make_member
from tests.order_makers import Parties, fresh, make_order, make_parties, make_quotation


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def manager(parties: Parties) -> Actor:
    """An approver of the buyer, whose company's threshold is 10 000."""
    company = await Company.get(id=parties.buyer.home)
    admin = await signed_in(await Member.first_of(company.id))
    await set_approval_threshold(admin, company.version, Limit(Decimal("10000.00"), Currency.CNY))
    return await signed_in(await make_member(company, Role.APPROVER, Role.REQUESTER))


async def submitted(parties: Parties, quantity: str) -> Order:
    """An order of so many pieces at list price 0.40, submitted."""
    order = await make_order(parties, (quantity,))
    return await submit_order(parties.buyer, order.id, order.version)


async def test_an_order_above_the_threshold_waits_where_the_supplier_cannot_see_it(
    parties: Parties, manager: Actor
) -> None:
    """Scenario 2: 30 000 × 0.40 = 12 000."""
    order = await submitted(parties, "30000")
    assert order.status is OrderStatus.PENDING_APPROVAL
    with pytest.raises(NotFound):
        await post_message(parties.supplier, order.id, "hello?", idempotency_key=make_key())
    with pytest.raises(NotAllowed):
        await approve_order(parties.buyer, order.id, order.version)
    approved = await approve_order(manager, order.id, order.version)
    assert approved.status is OrderStatus.PENDING_SUPPLIER
    assert approved.version_for(parties.supplier) == 1


async def test_an_order_below_the_threshold_goes_straight_to_the_supplier(parties: Parties, manager: Actor) -> None:
    """20 000 × 0.40 = 8 000, 9 040 with tax."""
    assert (await submitted(parties, "20000")).status is OrderStatus.PENDING_SUPPLIER
    assert await Approval.all().count() == 0


async def test_nobody_approves_their_own_order(parties: Parties, manager: Actor) -> None:
    """Not even an approver; one who is alone learns it before the order waits for nobody."""
    order = await make_order(Parties(manager, parties.supplier), ("30000",))
    with pytest.raises(ApproverMissing):
        await submit_order(manager, order.id, order.version)
    await make_member(await Company.named(manager.home), Role.APPROVER)
    order = await submit_order(manager, order.id, order.version)
    with pytest.raises(SelfApproval):
        await approve_order(manager, order.id, order.version)
    assert (await fresh(order)).status is OrderStatus.PENDING_APPROVAL


async def test_the_supplier_counts_from_one_and_meets_no_approver(parties: Parties, manager: Actor) -> None:
    """What the supplier's sequence and its first event tell: nothing of drafts and approvals."""
    order = await submitted(parties, "30000")
    await approve_order(manager, order.id, order.version)
    shared = await Event.filter(stream=order.id, readers__contains=[parties.supplier.home]).order_by("seq")
    assert [(event.shared_seq, event.kind, event.actor_name) for event in shared] == [
        (1, "ORDER_PLACED", parties.buyer.name)
    ]
    assert all(event.readers == [order.buyer_id] for event in await Event.filter(topic=Topic.APPROVAL))


async def test_a_returned_order_is_a_draft_with_the_reason_kept(parties: Parties, manager: Actor) -> None:
    """And so is a withdrawn one; the approval is closed either way."""
    order = await submitted(parties, "30000")
    returned = await return_order(manager, order.id, order.version, "split it")
    assert returned.status is OrderStatus.DRAFT
    order = await submit_order(parties.buyer, order.id, returned.version)
    order = await withdraw_order(parties.buyer, order.id, order.version, "mistake")
    assert order.status is OrderStatus.DRAFT
    decided = await Approval.all().order_by("id")
    assert [(approval.status, approval.reason) for approval in decided] == [
        (ApprovalStatus.RETURNED, "split it"),
        (ApprovalStatus.WITHDRAWN, "mistake"),
    ]


async def test_a_quotation_above_what_was_approved_needs_an_approver_again(parties: Parties, manager: Actor) -> None:
    """Scenario 3: ordered at 8 000, quoted at 11 000; the order's own stream tells nothing until the award."""
    order = await submitted(parties, "20000")
    quotation = await make_quotation(parties, order, ("0.55",))
    before = await fresh(order)
    waiting = await accept_quotation(parties.buyer, quotation.id, before.version)
    assert (waiting.status, waiting.version) == (OrderStatus.PENDING_BUYER, before.version)
    with pytest.raises(ApprovalRequired):
        await accept_quotation(parties.buyer, quotation.id, before.version)
    awarded = await approve_order(manager, order.id, waiting.version)
    assert awarded.status is OrderStatus.PENDING_SIGNATURE
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.actor_name) == ("QUOTATION_ACCEPTED", parties.buyer.name)


async def test_a_returned_award_leaves_the_quotation_open(parties: Parties, manager: Actor) -> None:
    """It can be accepted again, or the order cancelled."""
    order = await submitted(parties, "20000")
    quotation = await make_quotation(parties, order, ("0.55",))
    waiting = await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    returned = await return_order(manager, order.id, waiting.version, "too dear")
    assert (returned.status, returned.version) == (OrderStatus.PENDING_BUYER, waiting.version)
    await accept_quotation(parties.buyer, quotation.id, returned.version)
    await cancel_order(parties.buyer, order.id, returned.version, "no budget")
    statuses = [approval.status for approval in await Approval.all().order_by("id")]
    assert statuses == [ApprovalStatus.RETURNED, ApprovalStatus.VOIDED]


async def test_a_pending_approval_keeps_its_threshold(parties: Parties, manager: Actor) -> None:
    """A limit changed mid-flight changes nothing that runs."""
    order = await submitted(parties, "30000")
    company = await Company.get(id=parties.buyer.home)
    admin = await signed_in(await Member.first_of(company.id))
    await set_approval_threshold(admin, company.version, Limit(Decimal("50000.00"), Currency.CNY))
    [approval] = await Approval.all()
    assert Snapshot.from_json(approval.snapshot).conditions.amount_above == Decimal("10000.00")
    assert (await fresh(order)).status is OrderStatus.PENDING_APPROVAL


async def test_approvers_of_another_company_see_nothing(parties: Parties, manager: Actor) -> None:
    """A stranger's approver gets the answer of a missing id."""
    order = await submitted(parties, "30000")
    stranger = await signed_in(await make_member(await make_company(), Role.APPROVER))
    with pytest.raises(NotFound):
        await approve_order(stranger, order.id, order.version)
