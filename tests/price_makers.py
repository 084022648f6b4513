"""Makes price lists, promotions and grades of customers by walking the real verbs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import CustomerGrade, Order, PriceList, Product, Promotion, Quotation
from rules.money import Currency
from rules.people import Actor
from rules.pricing.price_lists import PriceBreak
from services import clock
from services.offering import Offer, OfferLine
from services.price_lists import (
    AudienceWish,
    ProductPrices,
    assign_customer_grade,
    create_customer_grade,
    create_price_list,
    set_price_list_items,
)
from services.promotions import PromotionWish, create_promotion
from services.quoting import send_quotation
from tests.makers import make_key
from tests.order_makers import Parties, fresh, lines_of

Breaks = Mapping[str, str]
"""A price for one, by the quantity from which it holds."""


def prices_of(product: Product, breaks: Breaks) -> ProductPrices:
    """All prices of a product."""
    return ProductPrices(product.id, tuple(PriceBreak(Decimal(much), Decimal(price)) for much, price in breaks.items()))


async def make_price_list(
    supplier: Actor, product: Product | None = None, breaks: Breaks | None = None, **facts: Any
) -> PriceList:
    """A list valid from yesterday on, for everyone unless `customer_id` or `grade_id` is said; with the product's prices if given."""
    today = clock.today("Asia/Shanghai")
    to = AudienceWish(facts.pop("customer_id", None), facts.pop("grade_id", None))
    said = {"name": "2026", "currency": Currency.CNY, "to": to, "valid_from": today - timedelta(days=1), **facts}
    listed = await create_price_list(supplier, **said, idempotency_key=make_key())
    if product is None:
        return listed
    return await set_price_list_items(
        supplier, listed.id, listed.version, [prices_of(product, breaks or {"1": "0.30"})]
    )


async def make_grade(supplier: Actor, *customers: UUID, name: str | None = None) -> CustomerGrade:
    """A grade with these customers, who have ordered before."""
    key = make_key()
    grade = await create_customer_grade(supplier, name or f"Dealers {key}", idempotency_key=key)
    for customer in customers:
        await assign_customer_grade(supplier, customer, grade.id)
    return await CustomerGrade.get(id=grade.id)


async def make_proposed_quotation(
    parties: Parties, order: Order, prices: Sequence[str | None] = (), **terms: Any
) -> Quotation:
    """A quotation of a placed order that says nothing of prices, or only of those that are given."""
    lines = await lines_of(order)
    said = [*prices, *(None for _ in lines[len(prices) :])]
    offered = [
        OfferLine(line.id, None if price is None else Decimal(price)) for line, price in zip(lines, said, strict=True)
    ]
    version = (await fresh(order)).version_for(parties.supplier)
    offer = Offer(lines=tuple(offered), valid_until=clock.now() + timedelta(days=9), **terms)
    return await send_quotation(parties.supplier, order.id, version, offer)


async def make_promotion(supplier: Actor, policy: str = "PERCENTAGE", /, **facts: Any) -> Promotion:
    """A promotion for everyone from yesterday on, 10 % off unless said; a policy's terms are given as texts."""
    today = clock.today("Asia/Shanghai")
    terms: Mapping[str, str] = facts.pop("terms", {"share": "0.1"})
    said = {
        "name": "Autumn",
        "currency": Currency.CNY,
        "policy": policy,
        "terms": tuple((name, Decimal(value)) for name, value in terms.items()),
        "valid_from": today - timedelta(days=1),
        **facts,
    }
    return await create_promotion(supplier, PromotionWish(**said), idempotency_key=make_key())
