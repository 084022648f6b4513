"""Drafts made from a template or an earlier order: what is still offered, at today's prices, and word of what is not."""

from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Event, Order, OrderLine, OrderTemplateLine, Product
from rules.events import EventKind
from rules.people import Actor
from rules.reordering import LeftOutReason, left_out
from services import addresses, templates
from services.desk import note
from services.drafting import LineWish, OrderWish, begun, fill
from services.verb import creating

Line = OrderLine | OrderTemplateLine


@dataclass(frozen=True)
class LeftOut:
    """A line that could not be ordered again, as it was called then."""

    sku: str
    name_zh: str
    name_en: str
    quantity: str
    unit: str
    reason: LeftOutReason


@creating(Order)
async def create_order_from_template(
    actor: Actor, template_id: UUID, requested_on: date | None, *, idempotency_key: str
) -> Order:
    """A draft of what the template names, delivered where the last order with its supplier went."""
    template = await templates.named(actor, template_id)
    order = await begun(actor, template.supplier_id)
    return await _filled(actor, order, await OrderTemplateLine.of(template.id), requested_on)


@creating(Order)
async def order_again(actor: Actor, order_id: UUID, requested_on: date | None, *, idempotency_key: str) -> Order:
    """A draft of what an earlier order of the caller's company asked for, delivered where that one went."""
    source = await templates.own_order(actor, order_id)
    order = await begun(actor, source.supplier_id)
    addresses.same_as(order, source)
    order.quality_requirement, order.cost_centre_id = source.quality_requirement, source.cost_centre_id
    return await _filled(actor, order, await OrderLine.of(source.id), requested_on)


async def left_out_of(order: Order) -> list[LeftOut]:
    """What the draft was made without, read from its first event: a repeated request is told the same."""
    told: Any = (await Event.first_of(order.id)).body.get("leftOut", [])
    return [LeftOut(**{**line, "reason": LeftOutReason(line["reason"])}) for line in told]


async def _filled(actor: Actor, order: Order, lines: Sequence[Line], requested_on: date | None) -> Order:
    named: list[UUID] = [line.product_id for line in lines]
    offered = Product.visible_to(actor).filter(id__in=named, supplier_id=order.supplier_id, is_active=True)
    reasons = left_out(named, {product.id: product.currency for product in await offered})
    book = await addresses.kept(actor, (line.delivery_entry_id for line in lines))
    wishes = tuple(_wish(line, book) for place, line in enumerate(lines) if place not in reasons)
    await order.save()
    await fill(actor, order, OrderWish(lines=wishes, requested_on=requested_on))
    told = [asdict(_left_out(lines[place], reason)) for place, reason in reasons.items()]
    await note(order, EventKind.ORDER_CREATED, actor, {"leftOut": told} if told else None)
    return order


def _wish(line: Line, book: Container[UUID | None]) -> LineWish:
    """As much as then, and to the same place: an order's as it was copied, a template's as long as it stands in the book."""
    wish = LineWish(line.product_id, line.quantity, quality_requirement=line.quality_requirement)
    if isinstance(line, OrderLine):
        return replace(wish, delivered_like=line)
    return replace(wish, delivery_address_id=line.delivery_entry_id if line.delivery_entry_id in book else None)


def _left_out(line: Line, reason: LeftOutReason) -> LeftOut:
    much: Decimal = line.quantity
    return LeftOut(line.sku, line.name_zh, line.name_en, str(much), line.unit, reason)
