"""The decisions a buyer's approvers owe: requested, voted on, closed. Their events are a stream of the buyer's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Approval, ApprovalRule, ApprovalVote, Category, Member, Order, OrderLine, Product, Quotation
from rules.approval import Flow, Person, Vote, tiers_from_json
from rules.approval_rules import Conditions, Facts, Rule, Snapshot, first_match
from rules.events import EventKind
from rules.people import Actor, CompanyKind, Role
from rules.problems import ApproverMissing, NotYourTurn
from rules.terms import ApprovalStage, ApprovalStatus, VoteDecision
from services import clock
from services.agreeing import Chosen, Instead
from services.desk import Body, note_apart


@dataclass(frozen=True)
class Question:
    """What the approvers would be asked: by which rule, on what facts."""

    stage: ApprovalStage
    rule: Rule
    facts: Facts


async def question(order: Order, stage: ApprovalStage, amount: Decimal) -> Question | None:
    """What the company's rules ask at this stage about this amount; None where none of them matches."""
    rules = [as_rule(row) for row in await ApprovalRule.in_force(order.buyer_id)]
    if not rules:
        return None
    facts = await facts_of(order, amount)
    rule = first_match(rules, stage, facts)
    return Question(stage, rule, facts) if rule else None


async def award_rule(order: Order, total: Decimal) -> Question | None:
    """What the rules ask before this total is accepted, unless the same people agreed to as much of the same before."""
    asked = await question(order, ApprovalStage.AWARD, total)
    if asked is None:
        return None
    for approved in await Approval.approved(order.id):
        if Snapshot.from_json(approved.snapshot).covers(asked.rule, asked.facts, approved.amount):
            return None
    return asked


async def facts_of(order: Order, amount: Decimal) -> Facts:
    """What conditions look at, read afresh."""
    products = await Product.named(line.product_id for line in await OrderLine.of(order.id))
    return Facts(
        amount=amount,
        currency=order.currency,
        supplier=order.supplier_id,
        requester=order.requester_id,
        categories=await Category.above({product.category_id for product in products.values()}),
    )


async def request(
    order: Order,
    actor: Actor,
    asked: Question,
    quotation: Quotation | None = None,
    chosen: Chosen | None = None,
    instead: Instead | None = None,
    under_agreement: bool = True,
) -> Approval:
    """Ask the approvers; what is asked is copied, so that a later change of the rule changes nothing here.

    ApproverMissing where a tier has nobody who could answer: better now than waiting for ever.
    """
    barred = [member for member in (order.requester_id, actor.responsible) if member is not None]
    approval = Approval(
        order_id=order.id,
        company_id=order.buyer_id,
        quotation_id=quotation and quotation.id,
        under_agreement=under_agreement,
        requested_by_id=actor.responsible,
        stage=asked.stage,
        version=1,
        amount=asked.facts.amount,
        currency=order.currency,
        chosen=None if chosen is None else {str(line): str(quantity) for line, quantity in chosen.items()},
        instead=None if instead is None else {str(line): str(other) for line, other in instead.items()},
        snapshot=Snapshot.of(asked.rule, asked.facts, barred).as_json(),
        tier_since=clock.now(),
        created_at=clock.now(),
    )
    [flow] = await flows([approval])
    if flow.unanswerable is not None:
        raise ApproverMissing(flow.unanswerable, asked.rule.name)
    await approval.save()
    order.approval_pending = True
    body = {"orderId": str(order.id), "stage": asked.stage, "amount": str(asked.facts.amount)}
    await note_apart(approval, 1, EventKind.APPROVAL_REQUESTED, actor, [order.buyer_id], body)
    return approval


async def vote(
    order: Order,
    actor: Actor,
    action: str,
    decision: VoteDecision,
    note_text: str | None = None,
    on_behalf_of: UUID | None = None,
) -> Approval:
    """One answer to the pending approval: the last one that was needed decides it."""
    approval = await Approval.pending(order.id)
    if approval is None or actor.member is None:
        raise NotYourTurn(action)
    [flow] = await flows([approval])
    seat = flow.seat_of(actor.member, action, on_behalf_of)
    await ApprovalVote.create(
        approval_id=approval.id,
        tier=flow.tier,
        seat_id=seat,
        voter_id=actor.member,
        decision=decision,
        note=note_text,
        created_at=clock.now(),
    )
    body = {"tier": flow.tier, "onBehalfOfId": None if seat == actor.member else str(seat)}
    if decision is VoteDecision.RETURNED:
        return await _decide(order, approval, actor, ApprovalStatus.RETURNED, note_text, body)
    after = flow.after(Vote(flow.tier, seat, actor.member))
    if after.is_done:
        return await _decide(order, approval, actor, ApprovalStatus.APPROVED, note_text, body)
    if after.tier != approval.tier:
        approval.tier, approval.tier_since = after.tier, clock.now()
    await _note(order, approval, EventKind.APPROVAL_VOTED, actor, body)
    return approval


async def close(order: Order, actor: Actor, status: ApprovalStatus, reason: str | None = None) -> Approval | None:
    """Withdraw or void the pending approval, if there is one."""
    order.approval_pending = False
    approval = await Approval.pending(order.id)
    return await _decide(order, approval, actor, status, reason, {}) if approval else None


async def flows(approvals: Sequence[Any]) -> list[Flow]:
    """Each approval as it stands, with those who could answer it now: in as many statements for a hundred as for one."""
    people = await _people({approval.company_id for approval in approvals})
    votes = await ApprovalVote.on(approval.id for approval in approvals)
    return [
        _flow(one, people[one.company_id], [vote for vote in votes if vote.approval_id == one.id]) for one in approvals
    ]


async def requester_of(order: Order, approval: Approval) -> Actor:
    """The one who asked, as the author of what the approval lets happen: the supplier never meets the approver."""
    member = await Member.named(approval.requested_by_id)
    return Actor(company=order.buyer_id, member=member.id, kind=CompanyKind.BUYER, name=member.display_name)


def as_rule(row: Any) -> Rule:
    """A stored rule as the rules know it."""
    return Rule(
        row.id,
        row.name,
        row.version,
        frozenset(ApprovalStage(stage) for stage in row.stages),
        Conditions.from_json(row.conditions),
        tiers_from_json(row.tiers),
    )


async def _people(companies: set[UUID]) -> dict[UUID, tuple[Person, ...]]:
    """The approvers of each company: whoever is asked by a rule has to be one."""
    found: dict[UUID, list[Person]] = {company: [] for company in companies}
    for member in await Member.with_role(companies, Role.APPROVER):
        found[member.company_id].append(Person(member.id, frozenset(map(Role, member.roles))))
    return {company: tuple(people) for company, people in found.items()}


def _flow(approval: Any, people: tuple[Person, ...], votes: Sequence[ApprovalVote]) -> Flow:
    snapshot = Snapshot.from_json(approval.snapshot)
    return Flow(
        tiers=snapshot.tiers,
        people=people,
        barred=snapshot.barred,
        votes=tuple(
            Vote(one.tier, one.seat_id, one.voter_id) for one in votes if one.decision == VoteDecision.APPROVED
        ),
        escalated=frozenset(approval.escalated),
        tier=approval.tier,
    )


async def _decide(
    order: Order, approval: Approval, actor: Actor, status: ApprovalStatus, reason: str | None, body: Body
) -> Approval:
    order.approval_pending = False
    approval.status, approval.reason = status, reason
    # Whoever of the other side made the question go away is no member of this company, and has decided nothing.
    decided_by = None if actor.company == order.supplier_id else actor.responsible
    approval.decided_by_id, approval.decided_at = decided_by, clock.now()
    await _note(order, approval, EventKind.APPROVAL_DECIDED, actor, {"status": status, **body})
    return approval


async def _note(order: Order, approval: Approval, kind: EventKind, actor: Actor, body: Body) -> None:
    """Save the approval and its event under the next number."""
    approval.version += 1
    await approval.save()
    told = {"orderId": str(order.id), "stage": approval.stage, **body}
    await note_apart(approval, approval.version, kind, actor, [order.buyer_id], told)
