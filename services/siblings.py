"""The sibling orders of an enquiry: one for each supplier, none of which tells of the others or of the enquiry."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from models import Company, Enquiry, EnquiryInvitation, EnquiryLine, EnquiryMatch, Order, OrderLine
from models.base import new_id
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import FieldFault, InvalidInput
from services import clock
from services.desk import note, number
from services.drafting import LineWish, OrderWish, fill
from services.submitting import submit

Lines = Mapping[UUID, EnquiryLine]


async def open_siblings(actor: Actor, enquiry: Enquiry, invitations: Sequence[EnquiryInvitation]) -> None:
    """Submit one order to each invited supplier, with what its catalogue answers; InvalidInput names what stands against any."""
    lines = {line.id: line for line in await EnquiryLine.of(enquiry.id)}
    found: dict[UUID, list[EnquiryMatch]] = defaultdict(list)
    for match in await EnquiryMatch.of([one.id for one in invitations]):
        found[match.invitation_id].append(match)
    company = await Company.named(enquiry.buyer_id)
    faults: list[FieldFault] = []
    for place, invitation in enumerate(invitations):
        matched, path = found[invitation.id], f"invitations[{place}]"
        if not matched:
            faults.append(FieldFault(f"{path}.products", "no product of this supplier answers any line"))
            continue
        try:
            await _open(actor, _sibling(actor, enquiry, invitation, company), invitation, matched, lines)
        except InvalidInput as refused:
            faults += [replace(fault, path=_told(path, fault.path, matched)) for fault in refused.faults]
    if faults:
        raise InvalidInput(tuple(faults))


def _sibling(actor: Actor, enquiry: Enquiry, invitation: EnquiryInvitation, company: Company) -> Order:
    """A draft that begins now: neither its id nor its number nor its first version tells how long the enquiry was at work."""
    moment = clock.now()
    return Order(
        id=new_id(),
        number=number(Series.ORDER),
        buyer_id=enquiry.buyer_id,
        supplier_id=invitation.supplier_id,
        requester_id=actor.responsible,
        cost_centre_id=enquiry.cost_centre_id,
        turn=Side.BUYER,
        turn_since=moment,
        currency=company.currency,
        delivery_place=enquiry.delivery_place,
        delivery_zone=enquiry.delivery_zone,
        delivery_address=enquiry.delivery_address,
        requested_on=enquiry.requested_on,
        quality_requirement=enquiry.quality_requirement,
        answer_by=enquiry.answer_by,
        is_sealed=enquiry.is_sealed,
        created_at=moment,
        updated_at=moment,
    )


async def _open(
    actor: Actor, order: Order, invitation: EnquiryInvitation, matched: Sequence[EnquiryMatch], lines: Lines
) -> None:
    await order.save()
    await fill(actor, order, OrderWish(lines=tuple(_wish(match, lines[match.line_id]) for match in matched)))
    await note(order, EventKind.ORDER_CREATED, actor)
    invitation.order_id = order.id
    await invitation.save(update_fields=["order_id"])
    for match, line in zip(matched, await OrderLine.of(order.id), strict=True):
        match.order_line_id = line.id
    await EnquiryMatch.bulk_update(matched, ["order_line_id"])
    await submit(order, actor)


def _wish(match: EnquiryMatch, line: EnquiryLine) -> LineWish:
    return LineWish(match.product_id, line.quantity, line.requested_on, line.quality_requirement)


def _told(path: str, field: str, matched: Sequence[EnquiryMatch]) -> str:
    """Where a fault of a sibling's stands in the enquiry: its n-th line is the enquiry's line that it answers."""
    inner = re.sub(r"(?<=^lines\[)\d+", lambda place: str(matched[int(place[0])].position - 1), field)
    return f"{path}.{inner}"
