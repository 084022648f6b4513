"""Whom an enquiry asks, and which products of each supplier's catalogue answer which of its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from models import Company, Enquiry, EnquiryInvitation, EnquiryLine, EnquiryMatch, Product
from models.base import new_id
from rules.enquiry import Offered, Sought, matches
from rules.people import Actor
from rules.problems import NotFound, invalid
from services import clock


@dataclass(frozen=True)
class MatchWish:
    """The product that answers the line at a position."""

    line: int
    product_id: UUID


@dataclass(frozen=True)
class InvitationWish:
    """A supplier to ask; its products are looked for where None are named."""

    supplier_id: UUID
    products: tuple[MatchWish, ...] | None = None


async def invite(
    actor: Actor, enquiry: Enquiry, wishes: Sequence[InvitationWish], first: int = 1
) -> list[EnquiryInvitation]:
    """Invitations of these suppliers, numbered from `first`, each with the products of its catalogue that answer the lines."""
    await _check_suppliers(actor, enquiry, wishes)
    lines = await EnquiryLine.of(enquiry.id)
    products = await _products(actor, lines, wishes)
    invitations = [
        EnquiryInvitation(
            id=new_id(), enquiry_id=enquiry.id, position=place, supplier_id=wish.supplier_id, created_at=clock.now()
        )
        for place, wish in enumerate(wishes, first)
    ]
    found = [
        EnquiryMatch(invitation_id=one.id, line_id=line.id, position=line.position, product_id=product, created_at=clock.now())
        for place, (one, wish) in enumerate(zip(invitations, wishes, strict=True))
        for line, product in _matched(f"input.invitations[{place}]", lines, wish, products)
    ]  # fmt: skip
    await EnquiryInvitation.write_all(invitations)
    await EnquiryMatch.write_all(found)
    return invitations


async def _check_suppliers(actor: Actor, enquiry: Enquiry, wishes: Sequence[InvitationWish]) -> None:
    wanted = [wish.supplier_id for wish in wishes]
    known = {company.id: company for company in await Company.visible_to(actor).filter(id__in=wanted)}
    for place, supplier in enumerate(wanted):
        if supplier not in known or not known[supplier].is_supplying or supplier == enquiry.buyer_id:
            raise NotFound("Company", supplier)
        if supplier in wanted[:place]:
            raise invalid(f"input.invitations[{place}].supplierId", "names a supplier twice")


async def _products(
    actor: Actor, lines: Sequence[EnquiryLine], wishes: Sequence[InvitationWish]
) -> dict[UUID, dict[UUID, Product]]:
    """By supplier what it offers of what is named, or of what might be meant."""
    named = {match.product_id for wish in wishes for match in wish.products or ()}
    wanted = named | {line.product_id for line in lines if line.product_id}
    suppliers, skus = [wish.supplier_id for wish in wishes], {line.sku for line in lines if line.sku}
    found = await Product.answering(actor, suppliers, wanted, skus, {line.name for line in lines})
    return {wish.supplier_id: {one.id: one for one in found if one.supplier_id == wish.supplier_id} for wish in wishes}


def _matched(
    path: str, lines: Sequence[EnquiryLine], wish: InvitationWish, products: Mapping[UUID, Mapping[UUID, Product]]
) -> list[tuple[EnquiryLine, UUID]]:
    offered = products[wish.supplier_id]
    if wish.products is not None:
        _check_named(path, lines, wish.products, offered)
        chosen: Mapping[int, UUID] = {match.line: match.product_id for match in wish.products}
    else:
        sought = (Sought(line.position, line.name, line.unit, line.sku, line.product_id) for line in lines)
        goods = [Offered(one.id, one.sku, (one.name_zh, one.name_en), one.unit) for one in offered.values()]
        chosen = matches(sought, goods)
    return [(line, chosen[line.position]) for line in lines if line.position in chosen]


def _check_named(
    path: str, lines: Sequence[EnquiryLine], wishes: Sequence[MatchWish], offered: Mapping[UUID, Product]
) -> None:
    by_position = {line.position: line for line in lines}
    for place, wish in enumerate(wishes):
        if wish.product_id not in offered:
            raise NotFound("Product", wish.product_id)
        if wish.line not in by_position:
            raise invalid(f"{path}.products[{place}].line", "there is no such line")
        if wish.line in [other.line for other in wishes[:place]]:
            raise invalid(f"{path}.products[{place}].line", "names a line twice")
        if offered[wish.product_id].unit != by_position[wish.line].unit:
            raise invalid(f"{path}.products[{place}].productId", "is sold in another unit than the line asks for")
