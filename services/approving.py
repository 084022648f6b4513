"""What approvers do: let an order or an award go on, or give it back."""

from uuid import UUID

from models import Approval, Order, Quotation
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import Actor
from rules.problems import NotYourTurn, SelfApproval
from rules.terms import ApprovalStage, ApprovalStatus
from services import approvals
from services.awarding import award, check_acceptable
from services.desk import move, note, open_order
from services.submitting import place
from services.verb import verb


@verb
async def approve_order(actor: Actor, order_id: UUID, expected_version: int, note_text: str | None = None) -> Order:
    """Let the order go to the supplier, or the accepted quotation become a contract; never for one's own order."""
    order = await open_order(actor, "approve_order", order_id, expected_version)
    approval = await _decide(order, actor, "approve_order", ApprovalStatus.APPROVED, note_text)
    requester = await approvals.requester_of(order, approval)
    if approval.stage is ApprovalStage.SUBMISSION:
        await place(order, "approve_order", requester)
    else:
        quotation = await Quotation.named(approval.quotation_id)
        await check_acceptable(order, quotation)
        await award(order, quotation, "approve_order", requester, approval.choice)
    return order


@verb
async def return_order(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """Give the order back to its requester with a reason; a quotation waiting for award stays open."""
    order = await open_order(actor, "return_order", order_id, expected_version)
    await _decide(order, actor, "return_order", ApprovalStatus.RETURNED, reason)
    if order.status is OrderStatus.PENDING_APPROVAL:
        move(order, "return_order")
        await note(order, EventKind.ORDER_RETURNED, actor)
    else:
        await order.save(update_fields=["approval_pending"])
    return order


async def _decide(order: Order, actor: Actor, action: str, status: ApprovalStatus, reason: str | None) -> Approval:
    pending = await Approval.pending(order.id)
    if pending is None:
        raise NotYourTurn(action)
    if actor.member in (order.requester_id, pending.requested_by_id):
        raise SelfApproval(action)
    decided = await approvals.close(order, actor, status, reason)
    return decided or pending
