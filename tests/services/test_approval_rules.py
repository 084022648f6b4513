"""Rules as data: who keeps them, in which order they ask, and what becomes of what they asked."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from models import Approval, ApprovalRule, ApprovalVote, Company, Event, Member, Order, Product
from models.base import new_id
from rules.approval import Asked, Escalation, Quorum, Tier
from rules.approval_rules import Conditions
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import Actor, CompanyKind, Role
from rules.problems import ApproverMissing, InvalidInput, NotAllowed, NotFound, NotYourTurn, StaleVersion
from rules.terms import ApprovalStage, ApprovalStatus
from services.approval_rules import (
    RuleWish,
    create_approval_rule,
    deactivate_approval_rule,
    reorder_approval_rules,
    update_approval_rule,
)
from services.approving import approve_order, return_order
from services.members import change_roles
from services.submitting import submit_order
from tests.makers import actor_of, make_company, make_key, make_member, make_platform
from tests.order_makers import Parties, fresh, make_goods, make_order, make_parties
from tests.races import at_once

ANY_APPROVER = (Tier(Quorum.ANY, Asked(roles=(Role.APPROVER,))),)


class Staff:
    """A buyer's people: two managers and finance approve, one of them only for its departments' orders."""

    def __init__(self, parties: Parties, admin: Actor, mgr: Actor, fin: Actor) -> None:
        self.parties, self.admin, self.mgr, self.fin = parties, admin, mgr, fin


@pytest.fixture
async def staff(database: str) -> Staff:
    """A buyer with an administrator, a manager and somebody in finance who approve, and a supplier."""
    parties = await make_parties()
    company = await Company.get(id=parties.buyer.home)
    admin = await actor_of(await Member.first_of(company.id))
    mgr = await actor_of(await make_member(company, Role.APPROVER))
    fin = await actor_of(await make_member(company, Role.APPROVER, Role.FINANCE))
    return Staff(parties, admin, mgr, fin)


def wish(*tiers: Tier, stages: Any = ApprovalStage, **conditions: Any) -> RuleWish:
    """A rule with these tiers, or any approver."""
    return RuleWish("rule", frozenset(stages), Conditions(**conditions), tiers or ANY_APPROVER)


async def ruled(staff: Staff, *tiers: Tier, **conditions: Any) -> ApprovalRule:
    """A rule of the buyer, in force."""
    return await create_approval_rule(staff.admin, wish(*tiers, **conditions), idempotency_key=make_key())


async def submitted(staff: Staff, *goods: Product) -> Order:
    """An order that was sent off."""
    order = await make_order(staff.parties, ("1000",) * max(len(goods), 1), goods=goods)
    return await submit_order(staff.parties.buyer, order.id, order.version)


def asks(*actors: Actor) -> Asked:
    """These members by name."""
    return Asked(tuple(actor.member for actor in actors if actor.member))


async def test_two_tiers_each_with_its_own_people(staff: Staff) -> None:
    """Manager first, then all of finance; votes keep who said what, and the order's own stream tells nothing of it."""
    await ruled(staff, Tier(Quorum.ANY, asks(staff.mgr)), Tier(Quorum.ALL, Asked(roles=(Role.FINANCE,))))
    order = await submitted(staff)
    assert order.status is OrderStatus.PENDING_APPROVAL
    with pytest.raises(NotYourTurn):
        await approve_order(staff.fin, order.id, order.version)
    waiting = await approve_order(staff.mgr, order.id, order.version, "fine")
    assert (waiting.status, waiting.version) == (OrderStatus.PENDING_APPROVAL, order.version)
    with pytest.raises(NotAllowed):
        await approve_order(staff.mgr, order.id, order.version)
    done = await approve_order(staff.fin, order.id, order.version)
    assert done.status is OrderStatus.PENDING_SUPPLIER
    votes = await ApprovalVote.all().order_by("id")
    assert [(vote.tier, vote.voter_id, vote.note) for vote in votes] == [
        (1, staff.mgr.member, "fine"),
        (2, staff.fin.member, None),
    ]
    [approval] = await Approval.all()
    events = await Event.filter(stream=approval.id).order_by("seq")
    assert [(event.seq, event.kind, event.readers) for event in events] == [
        (1, EventKind.APPROVAL_REQUESTED, [order.buyer_id]),
        (2, EventKind.APPROVAL_VOTED, [order.buyer_id]),
        (3, EventKind.APPROVAL_DECIDED, [order.buyer_id]),
    ]


async def test_one_who_returns_it_ends_the_question_whatever_others_said(staff: Staff) -> None:
    await ruled(staff, Tier(Quorum.ALL, asks(staff.mgr, staff.fin)))
    order = await submitted(staff)
    await approve_order(staff.mgr, order.id, order.version)
    returned = await return_order(staff.fin, order.id, order.version, "too dear")
    assert returned.status is OrderStatus.DRAFT
    [approval] = await Approval.all()
    assert (approval.status, approval.reason, approval.decided_by_id) == (
        ApprovalStatus.RETURNED,
        "too dear",
        staff.fin.member,
    )


async def test_two_who_agree_at_the_same_moment_both_count(staff: Staff) -> None:
    """And one who clicks twice counts once."""
    await ruled(staff, Tier(Quorum.ALL, asks(staff.mgr, staff.fin)))
    order = await submitted(staff)
    done, refused = await at_once(
        *(approve_order(actor, order.id, order.version) for actor in (staff.mgr, staff.fin, staff.mgr))
    )
    assert (len(done), len(refused)) == (2, 1)
    assert (await fresh(order)).status is OrderStatus.PENDING_SUPPLIER
    assert await ApprovalVote.all().count() == 2


async def test_a_rule_asks_only_about_what_it_is_made_for(staff: Staff) -> None:
    """By the category of a line, by the supplier, by who ordered."""
    goods, others = await make_goods(staff.parties.supplier), await make_goods(staff.parties.supplier)
    await ruled(staff, categories=(goods.category_id,), suppliers=(staff.parties.supplier.home,))
    assert (await submitted(staff, others)).status is OrderStatus.PENDING_SUPPLIER
    assert (await submitted(staff, others, goods)).status is OrderStatus.PENDING_APPROVAL


async def test_the_first_rule_that_matches_asks_and_the_administrator_sets_the_order(staff: Staff) -> None:
    first = await ruled(staff, Tier(Quorum.ANY, asks(staff.mgr)))
    second = await ruled(staff, Tier(Quorum.ANY, asks(staff.fin)))
    before = await submitted(staff)
    order = [(second.id, second.version), (first.id, first.version)]
    assert [rule.position for rule in await reorder_approval_rules(staff.admin, order)] == [1, 2]
    after = await submitted(staff)
    with pytest.raises(NotAllowed):
        await approve_order(staff.mgr, after.id, after.version)
    assert (await approve_order(staff.mgr, before.id, before.version)).status is OrderStatus.PENDING_SUPPLIER
    assert (await approve_order(staff.fin, after.id, after.version)).status is OrderStatus.PENDING_SUPPLIER
    with pytest.raises(StaleVersion):
        await reorder_approval_rules(staff.admin, order)
    with pytest.raises(InvalidInput):
        await reorder_approval_rules(staff.admin, [(second.id, second.version + 1)])


async def test_a_rule_that_is_changed_or_taken_out_of_force_changes_nothing_that_runs(staff: Staff) -> None:
    rule = await ruled(staff, Tier(Quorum.ANY, asks(staff.mgr)))
    order = await submitted(staff)
    changed = await update_approval_rule(
        staff.admin, rule.id, rule.version, wish(Tier(Quorum.ANY, asks(staff.fin)), stages=[ApprovalStage.SUBMISSION])
    )
    with pytest.raises(StaleVersion):
        await deactivate_approval_rule(staff.admin, rule.id, rule.version)
    await deactivate_approval_rule(staff.admin, rule.id, changed.version)
    assert (await submitted(staff)).status is OrderStatus.PENDING_SUPPLIER
    with pytest.raises(NotAllowed):
        await approve_order(staff.fin, order.id, order.version)
    assert (await approve_order(staff.mgr, order.id, order.version)).status is OrderStatus.PENDING_SUPPLIER
    events = await Event.filter(stream=rule.id).order_by("seq")
    assert [(event.seq, event.body["action"], event.readers) for event in events] == [
        (1, "create_approval_rule", [order.buyer_id]),
        (2, "update_approval_rule", [order.buyer_id]),
        (3, "deactivate_approval_rule", [order.buyer_id]),
    ]


async def test_a_tier_that_nobody_could_answer_is_told_at_once(staff: Staff) -> None:
    """Whoever it named is no approver any more; nothing is left waiting for ever."""
    await ruled(staff, Tier(Quorum.ANY, asks(staff.mgr)), Tier(Quorum.ANY, asks(staff.fin)))
    fin = await Member.get(id=staff.fin.member)
    await change_roles(staff.admin, fin.id, fin.version, frozenset({Role.FINANCE}))
    order = await make_order(staff.parties)
    with pytest.raises(ApproverMissing) as missing:
        await submit_order(staff.parties.buyer, order.id, order.version)
    assert (missing.value.tier, missing.value.rule) == (2, "rule")
    assert (await fresh(order)).status is OrderStatus.DRAFT
    assert await Approval.all().count() == 0


async def test_a_repeated_request_makes_one_rule(staff: Staff) -> None:
    key = make_key()
    first, second = [await create_approval_rule(staff.admin, wish(), idempotency_key=key) for _ in range(2)]
    assert first.id == second.id
    assert await ApprovalRule.all().count() == 1


async def test_what_a_rule_names_has_to_be_there(staff: Staff) -> None:
    """Colleagues who approve, categories, suppliers, whole amounts; strangers' ids are those of nothing."""
    stranger = await make_member(await make_company(), Role.APPROVER)
    requester = asks(staff.parties.buyer)
    # fmt: off
    wrong: list[tuple[type[Exception], RuleWish]] = [
        (NotFound,     wish(Tier(Quorum.ANY, Asked((stranger.id,))))),
        (NotFound,     wish(Tier(Quorum.ANY, Asked((new_id(),))))),
        (NotFound,     wish(categories=(new_id(),))),
        (NotFound,     wish(suppliers=(stranger.company_id,))),
        (NotFound,     wish(requesters=(stranger.id,))),
        (NotFound,     wish(replace(ANY_APPROVER[0], escalation=Escalation(1, Asked((stranger.id,)))))),
        (InvalidInput, wish(Tier(Quorum.ANY, requester))),
        (InvalidInput, wish(Tier(Quorum.ANY, Asked()))),
        (InvalidInput, wish(Tier(Quorum.ANY, Asked(roles=(Role.OPERATOR,))))),
        (InvalidInput, wish(replace(ANY_APPROVER[0], escalation=Escalation(0, asks(staff.mgr))))),
        (InvalidInput, wish(replace(ANY_APPROVER[0], escalation=Escalation(1, Asked())))),
        (InvalidInput, wish(*ANY_APPROVER * 6)),
        (InvalidInput, wish(stages=[])),
        (InvalidInput, wish(amount_above=Decimal("-1"), amount_currency="CNY")),
        (InvalidInput, wish(amount_above=Decimal("0.5"), amount_currency="JPY")),
    ]
    # fmt: on
    for problem, given in wrong:
        with pytest.raises(problem):
            await create_approval_rule(staff.admin, given, idempotency_key=make_key())
    assert await ApprovalRule.all().count() == 0


async def test_only_the_company_s_own_administrators_keep_its_rules(staff: Staff) -> None:
    rule = await ruled(staff)
    other = await actor_of(await Member.first_of((await make_company(CompanyKind.TRADER)).id))
    for actor, problem in ((staff.mgr, NotAllowed), (other, NotFound), (await make_platform(), NotAllowed)):
        with pytest.raises(problem):
            await update_approval_rule(actor, rule.id, rule.version, wish())
        with pytest.raises(problem):
            await deactivate_approval_rule(actor, rule.id, rule.version)
    assert [seen.id for seen in await ApprovalRule.visible_to(staff.mgr)] == [rule.id]
    for actor in (other, staff.parties.supplier, await make_platform()):
        assert await ApprovalRule.visible_to(actor) == []
