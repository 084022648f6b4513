"""Templates of orders: what a company's requesters order again and again, kept under a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Company, Order, OrderLine, OrderTemplate, OrderTemplateLine, Product
from models.base import new_id
from rules.people import Actor
from rules.problems import NotFound, StaleVersion
from services import addresses, clock
from services.verb import creating, verb


@dataclass(frozen=True)
class TemplateLine:
    """One product, as much of it as is usual."""

    product_id: UUID
    quantity: Decimal
    quality_requirement: str | None = None
    delivery_address_id: UUID | None = None


@creating(OrderTemplate)
async def create_order_template(
    actor: Actor, name: str, supplier_id: UUID, lines: Sequence[TemplateLine], *, idempotency_key: str
) -> OrderTemplate:
    """Goods of one supplier under a name."""
    supplier = await Company.visible_to(actor).get_or_none(id=supplier_id)
    if supplier is None or not supplier.is_supplying:
        raise NotFound("Company", supplier_id)
    template = _blank(actor, name, supplier_id)
    written = await _lines(actor, template, lines)
    await template.save()
    await OrderTemplateLine.write_all(written)
    return template


@creating(OrderTemplate)
async def save_order_as_template(actor: Actor, order_id: UUID, name: str, *, idempotency_key: str) -> OrderTemplate:
    """What an order of the caller's company asks for, under a name."""
    order = await own_order(actor, order_id)
    template = _blank(actor, name, order.supplier_id)
    await template.save()
    lines = await OrderLine.of(order.id)
    await OrderTemplateLine.write_all([_copied(template, place, line) for place, line in enumerate(lines, 1)])
    return template


@verb
async def update_order_template(
    actor: Actor, template_id: UUID, expected_version: int, name: str | None, lines: Sequence[TemplateLine] | None
) -> OrderTemplate:
    """The template under another name or with other lines; what is None stays, lines are replaced together."""
    template = await _opened(actor, template_id, expected_version)
    if name is not None:
        template.name = name
    if lines is not None:
        written = await _lines(actor, template, lines)
        await OrderTemplateLine.of(template.id).delete()
        await OrderTemplateLine.write_all(written)
    await _save(template)
    return template


@verb
async def remove_order_template(actor: Actor, template_id: UUID, expected_version: int) -> OrderTemplate:
    """The template, which is there no longer; orders made from it stay."""
    template = await _opened(actor, template_id, expected_version)
    template.removed_at = clock.now()
    await _save(template)
    return template


async def own_order(actor: Actor, order_id: UUID) -> Order:
    """An order that the caller's company buys by."""
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    if order is None or order.buyer_id != actor.company:
        raise NotFound("Order", order_id)
    return order


async def named(actor: Actor, template_id: UUID) -> OrderTemplate:
    """A template of the caller's company."""
    template = await OrderTemplate.visible_to(actor).get_or_none(id=template_id)
    if template is None:
        raise NotFound("OrderTemplate", template_id)
    return template


async def _opened(actor: Actor, template_id: UUID, expected_version: int) -> OrderTemplate:
    """The template, locked for this transaction, if the caller has read its newest version."""
    template = await OrderTemplate.visible_to(actor).select_for_update(no_key=True).get_or_none(id=template_id)
    if template is None:
        raise NotFound("OrderTemplate", template_id)
    if template.version != expected_version:
        raise StaleVersion(template.version)
    return template


async def _save(template: OrderTemplate) -> None:
    template.version += 1
    template.updated_at = clock.now()
    await template.save()


def _blank(actor: Actor, name: str, supplier_id: UUID) -> OrderTemplate:
    moment = clock.now()
    return OrderTemplate(
        id=new_id(),
        company_id=actor.home,
        supplier_id=supplier_id,
        name=name,
        created_at=moment,
        updated_at=moment,
    )


async def _lines(actor: Actor, template: OrderTemplate, wishes: Sequence[TemplateLine]) -> list[OrderTemplateLine]:
    """The lines with the names of their products, all of which the template's supplier has to offer."""
    wanted = {wish.product_id for wish in wishes}
    offered = Product.visible_to(actor).filter(id__in=list(wanted), supplier_id=template.supplier_id)
    products = {product.id: product for product in await offered}
    for missing in wanted - products.keys():
        raise NotFound("Product", missing)
    await addresses.all_named(actor, (wish.delivery_address_id for wish in wishes if wish.delivery_address_id))
    return [_line(template, place, products[wish.product_id], wish) for place, wish in enumerate(wishes, 1)]


def _copied(template: OrderTemplate, position: int, line: OrderLine) -> OrderTemplateLine:
    wish = TemplateLine(line.product_id, line.quantity, line.quality_requirement, line.delivery_entry_id)
    return _line(template, position, line, wish)


def _line(
    template: OrderTemplate, position: int, article: Product | OrderLine, wish: TemplateLine
) -> OrderTemplateLine:
    return OrderTemplateLine(
        template_id=template.id,
        position=position,
        product_id=wish.product_id,
        sku=article.sku,
        name_zh=article.name_zh,
        name_en=article.name_en,
        unit=article.unit,
        quantity=wish.quantity,
        quality_requirement=wish.quality_requirement,
        delivery_entry_id=wish.delivery_address_id,
        created_at=clock.now(),
    )
