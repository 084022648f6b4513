"""An enquiry on its way: to its suppliers, to more or fewer of them, for a longer time, to its end."""

from datetime import datetime
from uuid import UUID

from models import Enquiry, EnquiryInvitation, EnquiryLine, Order
from rules.enquiry import EnquiryStatus
from rules.events import EventKind
from rules.lifecycle import UNDECIDED, step_for
from rules.people import CLOCK, Actor
from rules.problems import Conflict, NotFound, invalid
from services import clock
from services.closing import cancel
from services.desk import note
from services.enquiring import advance, open_enquiry, record
from services.matching import InvitationWish, invite
from services.siblings import open_siblings
from services.verb import verb


@verb
async def issue_enquiry(actor: Actor, enquiry_id: UUID, expected_version: int) -> Enquiry:
    """Ask every invited supplier by an order of its own, each of which goes through the buyer's approval like any other."""
    enquiry = await open_enquiry(actor, "issue_enquiry", enquiry_id, expected_version)
    invitations = await EnquiryInvitation.of(enquiry.id)
    if not await EnquiryLine.of(enquiry.id).exists():
        raise invalid("lines", "say what is asked for")
    if not invitations:
        raise invalid("invitations", "invite at least one supplier")
    _check_deadline("answerBy", enquiry.answer_by)
    await open_siblings(actor, enquiry, invitations)
    enquiry.issued_at = clock.now()
    advance(enquiry, "issue_enquiry")
    await record(enquiry, EventKind.ENQUIRY_ISSUED, actor)
    return enquiry


@verb
async def invite_supplier(actor: Actor, enquiry_id: UUID, expected_version: int, wish: InvitationWish) -> Enquiry:
    """Ask one more supplier while the others are at it."""
    enquiry = await open_enquiry(actor, "invite_supplier", enquiry_id, expected_version)
    invited = await EnquiryInvitation.of(enquiry.id)
    if wish.supplier_id in [one.supplier_id for one in invited]:
        raise Conflict("supplierId")
    _check_deadline("answerBy", enquiry.answer_by)
    await open_siblings(actor, enquiry, await invite(actor, enquiry, [wish], len(invited) + 1))
    advance(enquiry, "invite_supplier")
    await record(enquiry, EventKind.SUPPLIER_INVITED, actor, {"supplierId": str(wish.supplier_id)})
    return enquiry


@verb
async def withdraw_invitation(
    actor: Actor, enquiry_id: UUID, expected_version: int, supplier_id: UUID, reason: str
) -> Enquiry:
    """Cancel one supplier's order; the others notice nothing."""
    enquiry = await open_enquiry(actor, "withdraw_invitation", enquiry_id, expected_version)
    invitation = await EnquiryInvitation.of(enquiry.id).get_or_none(supplier_id=supplier_id)
    if invitation is None or invitation.order_id is None:
        raise NotFound("Company", supplier_id)
    order = await Order.locked(invitation.order_id)
    step_for("cancel_order", order, order.side_of(actor))
    await cancel(order, actor, reason)
    invitation.withdrawn_at = clock.now()
    await invitation.save(update_fields=["withdrawn_at"])
    advance(enquiry, "withdraw_invitation")
    await record(enquiry, EventKind.INVITATION_WITHDRAWN, actor, {"supplierId": str(supplier_id), "reason": reason})
    return enquiry


@verb
async def extend_enquiry(actor: Actor, enquiry_id: UUID, expected_version: int, answer_by: datetime) -> Enquiry:
    """Give every supplier more time, or ask for offers anew after the time has ended; what was opened stays open."""
    enquiry = await open_enquiry(actor, "extend_enquiry", enquiry_id, expected_version)
    _check_deadline("input.answerBy", answer_by)
    if enquiry.answer_by is not None and answer_by <= enquiry.answer_by:
        raise invalid("input.answerBy", "must be later than before")
    if enquiry.status is EnquiryStatus.CLOSED:
        enquiry.is_sealed = False
    enquiry.answer_by = answer_by
    for order in await EnquiryInvitation.siblings(enquiry.id):
        if order.status in UNDECIDED:
            order.answer_by = answer_by
            await note(order, EventKind.DEADLINE_EXTENDED, actor, {"answerBy": answer_by.isoformat()})
    advance(enquiry, "extend_enquiry")
    await record(enquiry, EventKind.ENQUIRY_EXTENDED, actor, {"answerBy": answer_by.isoformat()})
    return enquiry


@verb
async def cancel_enquiry(actor: Actor, enquiry_id: UUID, expected_version: int, reason: str) -> Enquiry:
    """End the enquiry, and with it every order that was not awarded."""
    enquiry = await open_enquiry(actor, "cancel_enquiry", enquiry_id, expected_version)
    for order in await EnquiryInvitation.siblings(enquiry.id):
        if order.status in UNDECIDED:
            await cancel(order, actor, reason)
    enquiry.closing_note = reason
    advance(enquiry, "cancel_enquiry")
    await record(enquiry, EventKind.ENQUIRY_CANCELLED, actor, {"reason": reason})
    return enquiry


async def close_enquiry(enquiry_id: UUID) -> None:
    """What the clock does once the time to answer has ended: sealed quotations are read from now on, never earlier.

    Nothing where somebody was faster, or where the time was extended.
    """
    enquiry = await Enquiry.due(enquiry_id)
    if enquiry is None or enquiry.status is not EnquiryStatus.OPEN or not _has_ended(enquiry.answer_by):
        return
    for order in await EnquiryInvitation.siblings(enquiry.id):
        if order.is_sealed:
            order.is_sealed = False
            await order.save(update_fields=["is_sealed"])
    enquiry.closed_at = clock.now()
    advance(enquiry, "close_enquiry")
    await record(enquiry, EventKind.ENQUIRY_CLOSED, CLOCK)


def _has_ended(answer_by: datetime | None) -> bool:
    return answer_by is not None and answer_by <= clock.now()


def _check_deadline(path: str, answer_by: datetime | None) -> None:
    if _has_ended(answer_by):
        raise invalid(path, "must be in the future")
