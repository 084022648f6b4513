"""The decisions a buyer's approvers owe: requested, voted on, closed. Their events are a stream of the buyer's own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from models import Approval, ApprovalVote, Company, Member, Order, Quotation
from models.base import new_id
from rules.approval import Flow, Vote
from rules.events import EventKind
from rules.lifecycle import Side
from rules.people import CLOCK, Actor, CompanyKind
from rules.problems import ApproverMissing, NotYourTurn
from rules.terms import ApprovalStatus, VoteDecision
from services import clock
from services.agreeing import Chosen, Instead
from services.approval_flows import beginning, flows
from services.asking import Question
from services.desk import Body, note_apart


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
    snapshot = asked.snapshot(order, actor.responsible)
    flow = await beginning(order.buyer_id, snapshot)
    if flow.unanswerable is not None:
        raise ApproverMissing(flow.unanswerable, asked.name)
    approval = Approval(
        id=new_id(),
        order_id=order.id,
        company_id=order.buyer_id,
        quotation_id=quotation and quotation.id,
        under_agreement=under_agreement,
        requested_by_id=actor.responsible,
        stage=asked.stage,
        amount=asked.facts.amount,
        currency=order.currency,
        chosen=None if chosen is None else {str(line): str(quantity) for line, quantity in chosen.items()},
        instead=None if instead is None else {str(line): str(other) for line, other in instead.items()},
        snapshot=snapshot.as_json(),
        created_at=clock.now(),
    )
    order.approval_pending = True
    _turn_to(order, approval, flow)
    await _note(order, approval, EventKind.APPROVAL_REQUESTED, actor, {"amount": str(asked.facts.amount)})
    await _tell_platform(order, approval, actor)
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
    await _go_on(order, approval, after, EventKind.APPROVAL_VOTED, actor, body)
    return approval


async def close(order: Order, actor: Actor, status: ApprovalStatus, reason: str | None = None) -> Approval | None:
    """Withdraw or void the pending approval, if there is one."""
    order.approval_pending = order.under_review = False
    approval = await Approval.pending(order.id)
    return await _decide(order, approval, actor, status, reason, {}) if approval else None


async def look_again(order: Order, approval: Approval) -> bool:
    """What the clock does once a tier has waited too long, or one of its people has left: others are asked besides, or
    nobody any more where all who are still there have agreed. Whether that was the last agreement that was needed."""
    [flow] = await flows([approval])
    tier = flow.tiers[flow.tier - 1]
    body = {"tier": flow.tier}
    if flow.is_complete(flow.tier):
        after = replace(flow, tier=flow.tier + 1)
        if after.is_done:
            await _decide(order, approval, CLOCK, ApprovalStatus.APPROVED, None, body)
            return True
        await _go_on(order, approval, after, EventKind.APPROVAL_VOTED, CLOCK, body)
    elif tier.escalation and flow.tier not in flow.escalated and _escalates_at(approval, flow) <= clock.now():
        approval.escalated, approval.review_at = [*approval.escalated, flow.tier], None
        await _note(order, approval, EventKind.APPROVAL_ESCALATED, CLOCK, body, "escalated", "review_at")
    else:
        due = tier.escalation is not None and flow.tier not in flow.escalated
        approval.review_at = _escalates_at(approval, flow) if due else None
        await approval.save(update_fields=["review_at"])
    return False


async def requester_of(order: Order, approval: Approval) -> Actor:
    """The one who asked, as the author of what the approval lets happen: the supplier never meets the approver."""
    member = await Member.named(approval.requested_by_id)
    return Actor(company=order.buyer_id, member=member.id, kind=CompanyKind.BUYER, name=member.display_name)


async def _go_on(order: Order, approval: Approval, after: Flow, kind: EventKind, actor: Actor, body: Body) -> None:
    """The same tier goes on, or the next one begins."""
    if after.tier == approval.tier:
        await _note(order, approval, kind, actor, body)
        return
    _turn_to(order, approval, after)
    await order.save(update_fields=["under_review"])
    await _note(order, approval, kind, actor, body, "tier", "tier_since", "review_at")
    await _tell_platform(order, approval, actor)


def _turn_to(order: Order, approval: Approval, flow: Flow) -> None:
    """Begin with the tier whose turn it is; only the platform's lets the operator see the order."""
    approval.tier, approval.tier_since = flow.tier, clock.now()
    tier = flow.tiers[flow.tier - 1]
    approval.review_at = _escalates_at(approval, flow) if tier.escalation else None
    order.under_review = tier.side is Side.PLATFORM


def _escalates_at(approval: Approval, flow: Flow) -> datetime:
    escalation = flow.tiers[flow.tier - 1].escalation
    return approval.tier_since + timedelta(hours=escalation.after_hours if escalation else 0)


async def _decide(
    order: Order, approval: Approval, actor: Actor, status: ApprovalStatus, reason: str | None, body: Body
) -> Approval:
    order.approval_pending = order.under_review = False
    approval.status, approval.reason, approval.review_at = status, reason, None
    # Whoever of the other side made the question go away is no member of this company, and has decided nothing.
    decided_by = None if actor.company == order.supplier_id else actor.responsible
    approval.decided_by_id, approval.decided_at = decided_by, clock.now()
    changed = ("status", "reason", "review_at", "decided_by_id", "decided_at")
    await _note(order, approval, EventKind.APPROVAL_DECIDED, actor, {"status": status, **body}, *changed)
    return approval


async def _note(
    order: Order,
    approval: Approval,
    kind: EventKind,
    actor: Actor,
    body: Body,
    *changed: str,
    also_for: Iterable[UUID] = (),
) -> None:
    """Save what changed of the approval, and its event under the next number.

    No more than that: `Approval.look_again` may have changed the rest meanwhile.
    """
    approval.version += 1
    await approval.save(update_fields=["version", *changed] if approval.version > 1 else None)
    told = {"orderId": str(order.id), "stage": approval.stage, **body}
    await note_apart(approval, approval.version, kind, actor, [order.buyer_id, *also_for], told)


async def _tell_platform(order: Order, approval: Approval, actor: Actor) -> None:
    platform = await Company.platform() if order.under_review else None
    if platform is not None:
        body = {"tier": approval.tier}
        await _note(order, approval, EventKind.PLATFORM_REVIEW_REQUESTED, actor, body, also_for=[platform.id])
