"""What approvers do: let an order or an award go on, or give it back."""

from uuid import UUID

from models import Approval, Enquiry, Order, Quotation
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import Actor
from rules.terms import ApprovalStage, ApprovalStatus, VoteDecision
from services import approvals, budgets
from services.awarding import award, check_acceptable
from services.declining import decline_the_rest
from services.desk import move, note, open_order
from services.submitting import place
from services.verb import verb


@verb
async def approve_order(
    actor: Actor,
    order_id: UUID,
    expected_version: int,
    note_text: str | None = None,
    on_behalf_of: UUID | None = None,
) -> Order:
    """Agree to the order or the award; with the last agreement it goes on. Never for one's own order.

    `on_behalf_of` names the colleague who was asked, where the caller answers for one.
    """
    enquiry = await Enquiry.around(actor, order_id)
    order = await open_order(actor, "approve_order", order_id, expected_version)
    approval = await approvals.vote(order, actor, "approve_order", VoteDecision.APPROVED, note_text, on_behalf_of)
    if approval.status is ApprovalStatus.APPROVED:
        await go_on(order, approval, enquiry)
    return order


@verb
async def return_order(
    actor: Actor, order_id: UUID, expected_version: int, reason: str, on_behalf_of: UUID | None = None
) -> Order:
    """Give the order back to its requester with a reason; a quotation waiting for award stays open."""
    order = await open_order(actor, "return_order", order_id, expected_version)
    await approvals.vote(order, actor, "return_order", VoteDecision.RETURNED, reason, on_behalf_of)
    if order.status is OrderStatus.PENDING_APPROVAL:
        move(order, "return_order")
        await note(order, EventKind.ORDER_RETURNED, actor)
    else:
        await order.save(update_fields=["approval_pending"])
        await budgets.follow(order, actor)
    return order


async def go_on(order: Order, approval: Approval, enquiry: Enquiry | None) -> None:
    """What everybody agreed to happens, in the name of the one who asked; `enquiry`, locked before the order, may be decided by it."""
    requester = await approvals.requester_of(order, approval)
    if approval.stage is ApprovalStage.SUBMISSION:
        await place(order, "approve_order", requester)
    elif approval.quotation_id is None:
        # A change of the contract: whoever asked agrees or signs now.
        await order.save(update_fields=["approval_pending"])
    else:
        quotation = await Quotation.named(approval.quotation_id)
        await check_acceptable(order, quotation)
        under = approval.under_agreement
        await award(
            order, quotation, "approve_order", requester, approval.choice, approval.replacements, under_agreement=under
        )
        await decline_the_rest(enquiry, requester)
