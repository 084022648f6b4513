"""Approvers lend their right for some days: scenario 4, and who may lend what to whom."""

from datetime import date
from typing import Any

import pytest

from models import Approval, ApprovalRule, ApprovalVote, Company, Delegation, Event, Member, Order
from rules.approval import Asked, Escalation, Quorum, Tier
from rules.approval_rules import Conditions
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import Actor, Role
from rules.problems import InvalidInput, NotAllowed, NotFound, Problem, SelfApproval, StaleVersion, WrongStatus
from rules.terms import ApprovalStage
from services import clock
from services.approval_rules import RuleWish, create_approval_rule, reorder_approval_rules
from services.approving import approve_order
from services.delegating import delegate_approval, revoke_delegation
from services.members import change_roles, deactivate_member
from services.submitting import submit_order
from services.sweeping import sweep
from tests.makers import actor_of, make_company, make_key, make_member
from tests.order_makers import Parties, fresh, make_order, make_parties

DEC_1, DEC_7 = date(2026, 12, 1), date(2026, 12, 7)
ON_DEC_3 = "2026-12-03T09:00:00+08:00"


class Staff:
    """A manager who approves alone, a deputy, one more approver, and the administrator."""

    def __init__(self, parties: Parties, admin: Actor, *approvers: Actor) -> None:
        self.parties, self.admin = parties, admin
        self.mgr, self.deputy, self.third = approvers


@pytest.fixture
async def staff(database: str) -> Staff:
    """The buyer's rule asks the manager, after a day also the third one."""
    parties = await make_parties()
    company = await Company.get(id=parties.buyer.home)
    admin = await actor_of(await Member.first_of(company.id))
    approvers = [await actor_of(await make_member(company, Role.APPROVER)) for _ in range(3)]
    found = Staff(parties, admin, *approvers)
    tier = Tier(Quorum.ANY, named(found.mgr), Escalation(24, named(found.third)))
    await ruled(found, tier)
    return found


def named(*actors: Actor) -> Asked:
    """These members."""
    return Asked(tuple(actor.member for actor in actors if actor.member))


async def ruled(staff: Staff, *tiers: Tier) -> None:
    """One more rule of the buyer."""
    wish = RuleWish("rule", frozenset(ApprovalStage), Conditions(), tiers)
    await create_approval_rule(staff.admin, wish, idempotency_key=make_key())


async def submitted(staff: Staff) -> Order:
    """An order that waits for the manager."""
    order = await make_order(staff.parties, requested_on=date(2027, 1, 15))
    return await submit_order(staff.parties.buyer, order.id, order.version)


async def lend(lender: Actor, taker: Actor, /, **days: Any) -> Delegation:
    """The lender's right, or the giver's, from 1 to 7 December unless said."""
    assert taker.member is not None
    said = {"valid_from": DEC_1, "valid_to": DEC_7, **days}
    return await delegate_approval(lender, taker.member, idempotency_key=make_key(), **said)


async def test_the_deputy_answers_for_the_manager_on_the_days_lent_and_on_no_other(staff: Staff) -> None:
    """Scenario 4: may on 12-03, both names kept; refused on 12-08, and before midnight of the company's first day."""
    lent = await lend(staff.mgr, staff.deputy)
    order, later = await submitted(staff), await submitted(staff)
    for refused_at in ("2026-11-30T23:59:59+08:00", "2026-12-08T00:00:00+08:00"):
        with clock.held_at(refused_at), pytest.raises(NotAllowed):
            await approve_order(staff.deputy, order.id, order.version)
    with clock.held_at(ON_DEC_3):
        assert (await approve_order(staff.deputy, order.id, order.version)).status is OrderStatus.PENDING_SUPPLIER
        await revoke_delegation(staff.mgr, lent.id, lent.version)
        with pytest.raises(NotAllowed):
            await approve_order(staff.deputy, later.id, later.version)
    [vote] = await ApprovalVote.all()
    assert (vote.voter_id, vote.seat_id) == (staff.deputy.member, staff.mgr.member)
    decided = await Event.get(kind=EventKind.APPROVAL_DECIDED)
    assert (decided.actor_name, decided.body["onBehalfOfId"]) == (staff.deputy.name, str(staff.mgr.member))
    told = await Event.filter(stream=lent.id).order_by("seq")
    assert [(event.seq, event.kind, event.readers) for event in told] == [
        (1, EventKind.DELEGATION_GIVEN, [order.buyer_id]),
        (2, EventKind.DELEGATION_REVOKED, [order.buyer_id]),
    ]
    with pytest.raises(WrongStatus):
        await revoke_delegation(staff.mgr, lent.id, lent.version + 1)


async def test_a_right_lent_on_reaches_the_last_and_never_comes_back(staff: Staff) -> None:
    """A→B→A is refused, A→B→C→A as well, unless the days do not meet; A→B→C is fine."""
    await lend(staff.mgr, staff.deputy)
    with pytest.raises(InvalidInput):
        await lend(staff.deputy, staff.mgr)
    await lend(staff.deputy, staff.third, valid_to=date(2026, 12, 5))
    with pytest.raises(InvalidInput):
        await lend(staff.third, staff.mgr, valid_from=date(2026, 12, 5))
    await lend(staff.third, staff.mgr, valid_from=date(2026, 12, 8), valid_to=date(2026, 12, 9))
    order = await submitted(staff)
    with clock.held_at(ON_DEC_3):
        assert (await approve_order(staff.third, order.id, order.version)).status is OrderStatus.PENDING_SUPPLIER


async def test_the_requester_gets_no_right_over_the_own_order_from_anybody(staff: Staff) -> None:
    buyer = await Member.get(id=staff.parties.buyer.member)
    await change_roles(staff.admin, buyer.id, buyer.version, frozenset({Role.REQUESTER, Role.APPROVER}))
    requester = await actor_of(await Member.get(id=buyer.id))
    await lend(staff.mgr, requester)
    order = await submitted(staff)
    with clock.held_at(ON_DEC_3):
        for on_behalf_of in (None, staff.mgr.member):
            with pytest.raises(SelfApproval):
                await approve_order(requester, order.id, order.version, on_behalf_of=on_behalf_of)


async def test_who_lends_what_to_whom(staff: Staff) -> None:
    """One's own right, to an approver of the same company, for days to come; an administrator anybody's."""
    stranger = await actor_of(await make_member(await make_company(), Role.APPROVER))
    with pytest.raises(NotAllowed):
        await lend(staff.mgr, staff.deputy, giver=staff.third.member)
    by_admin = await lend(staff.admin, staff.deputy, giver=staff.mgr.member)
    assert by_admin.giver_id == staff.mgr.member
    for problem, taker, days in (
        (NotFound, stranger, {}),
        (InvalidInput, staff.parties.buyer, {}),
        (InvalidInput, staff.mgr, {}),
        (InvalidInput, staff.deputy, {"valid_to": date(2026, 11, 30)}),
        (InvalidInput, staff.deputy, {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 1, 2)}),
    ):
        with pytest.raises(problem):
            await lend(staff.mgr, taker, **days)
    refusals: list[tuple[type[Problem], Actor, int]] = [
        (NotFound, stranger, 1),
        (NotAllowed, staff.third, 1),
        (StaleVersion, staff.mgr, 7),
        (NotAllowed, staff.parties.buyer, 1),
    ]
    for refused, actor, version in refusals:
        with pytest.raises(refused):
            await revoke_delegation(actor, by_admin.id, version)
    assert await Delegation.visible_to(stranger) == []
    assert await Delegation.all().count() == 1


async def test_who_waited_too_long_is_helped_once(staff: Staff) -> None:
    """After a day the third one is asked besides; one event, however often the sweeper comes by."""
    with clock.held_at("2026-12-01T09:00:00+08:00"):
        order = await submitted(staff)
    for moment in ("2026-12-02T08:59:59+08:00", "2026-12-02T09:00:00+08:00", "2026-12-04T09:00:00+08:00"):
        with clock.held_at(moment):
            if moment == "2026-12-02T08:59:59+08:00":
                with pytest.raises(NotAllowed):
                    await approve_order(staff.third, order.id, order.version)
            await sweep()
    [approval] = await Approval.all()
    assert (approval.escalated, approval.version) == ([1], 2)
    [event] = await Event.filter(kind=EventKind.APPROVAL_ESCALATED)
    assert (event.actor_name, event.body["tier"], event.readers) == ("clock", 1, [order.buyer_id])
    assert (await approve_order(staff.third, order.id, order.version)).status is OrderStatus.PENDING_SUPPLIER


async def test_who_has_left_is_not_waited_for(staff: Staff) -> None:
    """All of two were asked and one agreed; when the other leaves, the order goes on by itself."""
    await ruled(staff, Tier(Quorum.ALL, named(staff.mgr, staff.deputy)))
    rules = await ApprovalRule.in_force(staff.admin.home)
    await reorder_approval_rules(staff.admin, [(rule.id, rule.version) for rule in reversed(rules)])
    order = await submitted(staff)
    await approve_order(staff.mgr, order.id, order.version)
    await sweep()
    assert (await fresh(order)).status is OrderStatus.PENDING_APPROVAL
    deputy = await Member.get(id=staff.deputy.member)
    await deactivate_member(staff.admin, deputy.id, deputy.version)
    await sweep()
    gone_on = await fresh(order)
    assert (gone_on.status, gone_on.approval_pending) == (OrderStatus.PENDING_SUPPLIER, False)
    placed = await Event.get(kind=EventKind.ORDER_PLACED)
    assert placed.actor_name == staff.parties.buyer.name
