"""What time and departures do to approvals that wait."""

from uuid import UUID

from models import Approval, Enquiry, Order
from rules.people import Actor, CompanyKind, Role
from rules.terms import ApprovalStatus
from services import approvals, clock
from services.approving import go_on


async def review_approval(approval_id: UUID) -> None:
    """Ask others once a tier has waited too long, and let go on what waits for nobody; nothing where somebody was faster."""
    approval = await Approval.named(approval_id)
    buyer = Actor(company=approval.company_id, kind=CompanyKind.BUYER, roles=frozenset({Role.REQUESTER}))
    enquiry = await Enquiry.around(buyer, approval.order_id)
    order = await Order.locked(approval.order_id)
    await approval.refresh_from_db()
    if approval.status is not ApprovalStatus.PENDING or approval.review_at is None or approval.review_at > clock.now():
        return
    if await approvals.look_again(order, approval):
        await go_on(order, approval, enquiry)
