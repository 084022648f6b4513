"""Which offers on an enquiry are taken: one, or lines and quantities of several."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from models import ContractLine, Enquiry, EnquiryInvitation, EnquiryLine, EnquiryMatch, Order, Quotation, QuotationLine
from rules.decimals import ZERO
from rules.people import Actor
from rules.problems import NotFound, NotYourTurn, QuantityExceeded, invalid
from services.agreeing import Chosen, Instead
from services.declining import decline_the_rest, is_awaited
from services.enquiring import open_enquiry
from services.quoting import accept
from services.verb import verb

V = TypeVar("V")
# The place of the enquiry's line that each order line answers.
Places = Mapping[UUID, int]


@dataclass(frozen=True)
class AwardWish:
    """What is taken of one quotation: quantities by the enquiry's line, or everything as quoted.

    `instead`: the alternative that is taken for a line instead of its own offer.
    """

    quotation_id: UUID
    lines: Mapping[int, Decimal] | None = None
    instead: Mapping[int, UUID] | None = None


@dataclass(frozen=True)
class _Award:
    """A quotation that is taken, the order it is on, and what of it."""

    order: Order
    quotation: Quotation
    chosen: Chosen | None
    instead: Instead | None
    quantities: Chosen


@verb
async def award_enquiry(
    actor: Actor, enquiry_id: UUID, expected_version: int, wishes: Sequence[AwardWish], *, beyond: bool = False
) -> Enquiry:
    """Accept what is chosen of the offers, each with all that stands for accepting it alone, and decline everything else.

    Where approvers come first, the rest stays open until they have decided. `beyond`: more than was asked for may be taken.
    """
    enquiry = await open_enquiry(actor, "award_enquiry", enquiry_id, expected_version)
    orders = {order.id: order for order in await EnquiryInvitation.siblings(enquiry.id)}
    if any(map(is_awaited, orders.values())):
        raise NotYourTurn("award_enquiry")
    places = await EnquiryMatch.places(enquiry.id)
    awards = await _awards(actor, orders, places, wishes)
    if not beyond:
        await _check_quantities(enquiry, orders, places, awards)
    # What is locked for each is its supplier's, so by supplier: two enquiries of one buyer never wait for each other in a circle.
    for award in sorted(awards, key=lambda one: one.order.supplier_id):
        await accept(award.order, award.quotation, actor, award.chosen, award.instead)
    await decline_the_rest(enquiry, actor)
    return enquiry


async def _awards(
    actor: Actor, orders: Mapping[UUID, Order], places: Places, wishes: Sequence[AwardWish]
) -> list[_Award]:
    named = [wish.quotation_id for wish in wishes]
    found = {one.id: one for one in await Quotation.visible_to(actor).filter(id__in=named, order_id__in=list(orders))}
    quoted: dict[UUID, dict[UUID, Decimal]] = {id_: {} for id_ in found}
    for line in await QuotationLine.of_all(found):
        quoted[line.quotation_id][line.order_line_id] = line.quantity
    awards: list[_Award] = []
    for place, wish in enumerate(wishes):
        if wish.quotation_id not in found:
            raise NotFound("Quotation", wish.quotation_id)
        quotation = found[wish.quotation_id]
        if quotation.order_id in [award.order.id for award in awards]:
            raise invalid(f"input.awards[{place}].quotationId", "names a supplier twice")
        offered = {places[line]: line for line in quoted[quotation.id]}
        chosen = _chosen(f"input.awards[{place}]", wish.lines, offered)
        instead = _chosen(f"input.awards[{place}]", wish.instead or None, offered)
        taken = quoted[quotation.id] if chosen is None else chosen
        awards.append(_Award(orders[quotation.order_id], quotation, chosen, instead, taken))
    return awards


def _chosen(path: str, lines: Mapping[int, V] | None, offered: Mapping[int, UUID]) -> dict[UUID, V] | None:
    """The same by order line."""
    if lines is None:
        return None
    if not lines.keys() <= offered.keys():
        raise invalid(f"{path}.lines", "name lines that this quotation offers")
    return {offered[place]: value for place, value in lines.items()}


async def _check_quantities(
    enquiry: Enquiry, orders: Mapping[UUID, Order], places: Places, awards: Sequence[_Award]
) -> None:
    """Refuse to take more of a line than is asked for, what was awarded before included."""
    before, taken = defaultdict[int, Decimal](Decimal), defaultdict[int, Decimal](Decimal)
    for agreed in await ContractLine.standing(orders):
        before[places[agreed.order_line_id]] += agreed.quantity
    for award in awards:
        for line, quantity in award.quantities.items():
            taken[places[line]] += quantity
    for asked in await EnquiryLine.of(enquiry.id):
        remaining = max(asked.quantity - before[asked.position], ZERO)
        if taken[asked.position] > remaining:
            raise QuantityExceeded(asked.position, taken[asked.position], remaining)
