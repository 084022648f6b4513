"""The decisions a buyer's approvers owe: requested, decided, closed. Their events are a stream of the buyer's own."""

from decimal import Decimal
from uuid import UUID

from models import Approval, Company, Member, Order, Quotation
from rules.events import EventKind
from rules.people import Actor, CompanyKind
from rules.terms import ApprovalRule, ApprovalStage, ApprovalStatus
from services import clock
from services.agreeing import Chosen
from services.desk import note_apart


async def rule_for(company_id: UUID) -> ApprovalRule | None:
    """The company's threshold, if it has set one."""
    company = await Company.named(company_id)
    if company.approval_threshold is None:
        return None
    return ApprovalRule(company.approval_threshold, company.currency)


async def request(
    order: Order,
    actor: Actor,
    stage: ApprovalStage,
    rule: ApprovalRule,
    amount: Decimal,
    quotation: Quotation | None = None,
    chosen: Chosen | None = None,
) -> Approval:
    """Ask the approvers; the rule is copied, so that a later change of it changes nothing here."""
    approval = await Approval.create(
        order_id=order.id,
        company_id=order.buyer_id,
        quotation_id=quotation and quotation.id,
        requested_by_id=actor.responsible,
        stage=stage,
        version=1,
        amount=amount,
        currency=order.currency,
        threshold=rule.threshold,
        threshold_currency=rule.currency,
        chosen=None if chosen is None else {str(line): str(quantity) for line, quantity in chosen.items()},
        created_at=clock.now(),
    )
    order.approval_pending = True
    body = {"orderId": str(order.id), "stage": stage, "amount": str(amount)}
    await note_apart(approval, 1, EventKind.APPROVAL_REQUESTED, actor, [order.buyer_id], body)
    return approval


async def close(order: Order, actor: Actor, status: ApprovalStatus, reason: str | None = None) -> Approval | None:
    """Decide or void the pending approval, if there is one."""
    order.approval_pending = False
    approval = await Approval.pending(order.id)
    if approval is None:
        return None
    approval.status, approval.reason = status, reason
    # Whoever of the other side made the question go away is no member of this company, and has decided nothing.
    decided_by = actor.responsible if actor.company == order.buyer_id else None
    approval.decided_by_id, approval.decided_at = decided_by, clock.now()
    approval.version += 1
    await approval.save()
    body = {"orderId": str(order.id), "stage": approval.stage, "status": status}
    await note_apart(approval, approval.version, EventKind.APPROVAL_DECIDED, actor, [order.buyer_id], body)
    return approval


async def award_rule(order: Order, total: Decimal) -> ApprovalRule | None:
    """The rule that asks for approval of this total, unless as much was approved on this order before."""
    rule = await rule_for(order.buyer_id)
    if rule is None or not rule.applies(total, order.currency):
        return None
    return None if await Approval.covers(order.id, total) else rule


async def requester_of(order: Order, approval: Approval) -> Actor:
    """The one who asked, as the author of what the approval lets happen: the supplier never meets the approver."""
    member = await Member.named(approval.requested_by_id)
    return Actor(company=order.buyer_id, member=member.id, kind=CompanyKind.BUYER, name=member.display_name)
