"""What else a supplier offers for a line of its quotation, and how its price came about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Alternative, Order, OrderLine, Product, QuotationLine
from rules.money import Charge, Rounding, totals
from rules.people import Actor
from rules.pricing.evaluation import Pricing
from rules.pricing.goods import Item, PricedLine, explanation
from rules.problems import NotFound, invalid
from services import clock

Article = OrderLine | Product
"""What is offered instead: what was ordered, priced or specified otherwise, or another article."""


@dataclass(frozen=True)
class OfferedAlternative:
    """Something else for a line; what is None follows the line's own offer, and without a product it is the same article."""

    unit_price: Decimal
    product_id: UUID | None = None
    specification: tuple[tuple[str, str], ...] | None = None
    quantity: Decimal | None = None
    tax_rate: Decimal | None = None
    promised_on: date | None = None
    quality_remark: str | None = None


async def named_articles(
    actor: Actor, offered: Sequence[tuple[OrderLine, Sequence[OfferedAlternative]]]
) -> dict[UUID, Product]:
    """The supplier's own articles that alternatives name, each measured as the line it stands for."""
    named = {other.product_id for _, others in offered for other in others if other.product_id}
    own = Product.visible_to(actor).filter(id__in=named, supplier_id=actor.home)
    products = {product.id: product for product in await own} if named else {}
    for place, (ordered, others) in enumerate(offered):
        for nth, other in enumerate(others):
            if other.product_id is None:
                continue
            if other.product_id not in products:
                raise NotFound("Product", other.product_id)
            if products[other.product_id].unit != ordered.unit:
                raise invalid(f"input.lines[{place}].alternatives[{nth}].productId", "is measured in another unit")
    return products


def alternatives(
    order: Order,
    offered: Iterable[tuple[QuotationLine, Sequence[OfferedAlternative]]],
    ordered: Mapping[UUID, OrderLine],
    articles: Mapping[UUID, Product],
    pricing: Pricing,
) -> list[Alternative]:
    """The alternatives to the lines of a quotation, which the pricing has the prices of; not stored yet."""
    prices = {line.item.key: line for line in pricing.lines}
    found = []
    for line, others in offered:
        for place, other in enumerate(others, 1):
            article = ordered[line.order_line_id] if other.product_id is None else articles[other.product_id]
            made = _alternative(line, article, other, place, pricing.rounding)
            made.price_explanation = _explanation(order, article, made, prices[line.position], pricing)
            found.append(made)
    return found


def _alternative(
    line: QuotationLine, article: Article, other: OfferedAlternative, place: int, rounding: Rounding
) -> Alternative:
    quantity = line.quantity if other.quantity is None else other.quantity
    rate = line.tax_rate if other.tax_rate is None else other.tax_rate
    alone = totals([Charge(quantity, other.unit_price, rate)], rounding)
    said = other.specification
    return Alternative(
        quotation_line_id=line.id,
        position=place,
        product_id=article.id if isinstance(article, Product) else article.product_id,
        sku=article.sku,
        name_zh=article.name_zh,
        name_en=article.name_en,
        specification=article.specification if said is None else [{"name": n, "value": v} for n, v in said],
        quantity=quantity,
        unit_price=other.unit_price,
        tax_rate=rate,
        net=alone.net,
        tax=alone.tax,
        promised_on=other.promised_on or line.promised_on,
        quality_remark=other.quality_remark,
        created_at=clock.now(),
    )


def _explanation(
    order: Order, article: Article, made: Alternative, line: PricedLine, pricing: Pricing
) -> dict[str, Any] | None:
    """The steps to its price; None for an article that is listed in another currency, whose list price explains nothing."""
    if isinstance(article, Product) and article.currency != order.currency:
        return None
    item = Item(line.item.key, made.product_id, made.quantity, article.list_price, made.tax_rate)
    return explanation(order.supplier_id, pricing.instead(line, item, made.unit_price).steps)
