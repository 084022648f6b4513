"""How an enquiry ends: once what was awarded is through, every other supplier's order is declined in the same transaction."""

from models import Enquiry, EnquiryInvitation, Order, Quotation
from rules.enquiry import EnquiryStatus
from rules.events import EventKind
from rules.lifecycle import UNDECIDED, OrderStatus
from rules.people import Actor
from rules.terms import ApprovalStatus, QuotationStatus
from services import approvals
from services.closing import cancel
from services.desk import move, note
from services.enquiring import advance, record

NOT_AWARDED = "NOT_AWARDED"


async def decline_the_rest(enquiry: Enquiry | None, actor: Actor) -> None:
    """Decline what was not awarded, and with it end the enquiry; nothing while approvers owe a decision on an award.

    The enquiry was locked before any of its orders, so that two who decide on two siblings wait for each other and never cross.
    """
    if enquiry is None or enquiry.status not in (EnquiryStatus.OPEN, EnquiryStatus.CLOSED):
        return
    siblings = await EnquiryInvitation.siblings(enquiry.id)
    if any(is_awaited(order) for order in siblings):
        return
    for order in siblings:
        if order.status in UNDECIDED:
            await _pass_over(order, actor)
    advance(enquiry, "award_enquiry")
    await record(enquiry, EventKind.ENQUIRY_AWARDED, actor)


def is_awaited(order: Order) -> bool:
    """Whether the buyer's approvers owe a decision on the award of this sibling."""
    return order.approval_pending and order.status is OrderStatus.PENDING_BUYER


async def _pass_over(order: Order, actor: Actor) -> None:
    """End a sibling that got nothing; the supplier is told that much, and the same words whoever else there was."""
    if order.hidden_versions is None:
        await cancel(order, actor, NOT_AWARDED)
        return
    await approvals.close(order, actor, ApprovalStatus.VOIDED)
    body: dict[str, object] = {"reason": NOT_AWARDED}
    quotation = await Quotation.newest(order.id)
    if quotation is not None and quotation.status is QuotationStatus.SENT:
        quotation.status = QuotationStatus.DECLINED
        await quotation.save(update_fields=["status"])
        body |= {"quotationId": str(quotation.id), "revision": quotation.revision}
    order.closing_reason = NOT_AWARDED
    move(order, "award_enquiry")
    await note(order, EventKind.QUOTATION_DECLINED, actor, body)
