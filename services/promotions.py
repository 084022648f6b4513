"""A supplier's promotions, as its administrators and salespeople make and end them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import Product, Promotion, PromotionProduct
from models.base import new_id
from rules.events import EventKind
from rules.money import Currency, check_amount
from rules.people import Actor
from rules.pricing.policy import PromotionPolicy
from rules.pricing.promotion import Stacking
from rules.pricing.registry import checked_terms, promotion_policy
from rules.problems import NotFound, StaleVersion, invalid
from services import clock
from services.price_lists import EVERYONE, AudienceWish, check_audience, check_period, open_supplier
from services.streams import note_apart
from services.verb import creating, verb


@dataclass(frozen=True)
class PromotedProduct:
    """A product that a promotion is about, and how many of it belong together with the others."""

    product_id: UUID
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class PromotionWish:
    """Everything a supplier says of a promotion; without products it is about all goods."""

    name: str
    currency: Currency
    policy: str
    terms: tuple[tuple[str, Decimal], ...]
    valid_from: date
    valid_to: date | None = None
    to: AudienceWish = EVERYONE
    products: tuple[PromotedProduct, ...] = ()
    stacking: Stacking = Stacking.COMBINABLE
    priority: int = 100
    minimum_amount: Decimal = Decimal(0)
    max_uses: int | None = None
    max_uses_per_customer: int | None = None


@creating(Promotion)
async def create_promotion(actor: Actor, wish: PromotionWish, *, idempotency_key: str) -> Promotion:
    """A promotion that reduces what is priced from its first day on; it is never changed, only ended."""
    await open_supplier(actor, "create_promotion")
    await check_audience(actor, wish.to)
    policy = promotion_policy("input.policy", wish.policy)
    terms = checked_terms("input.terms", policy, wish.terms, wish.currency)
    check_period(wish.valid_from, wish.valid_to)
    check_amount("input.minimumAmount", wish.minimum_amount, wish.currency)
    await _check_products(actor, wish, policy)
    promotion = Promotion(
        id=new_id(),
        supplier_id=actor.home,
        name=wish.name,
        currency=wish.currency,
        policy=policy.code,
        terms={name: str(value) for name, value in terms.items()},
        audience=wish.to.audience,
        customer_id=wish.to.customer_id,
        grade_id=wish.to.grade_id,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        stacking=wish.stacking,
        priority=wish.priority,
        minimum_amount=wish.minimum_amount,
        max_uses=wish.max_uses,
        max_uses_per_customer=wish.max_uses_per_customer,
        created_at=clock.now(),
    )
    await _note(promotion, actor, "create_promotion")
    await PromotionProduct.write_all(_products(promotion, wish.products))
    return promotion


@verb
async def end_promotion(actor: Actor, promotion_id: UUID, expected_version: int) -> Promotion:
    """The promotion over for good; offers that are open, and contracts, keep what it took off."""
    await open_supplier(actor, "end_promotion")
    promotion = await Promotion.owned(actor.home, promotion_id)
    if promotion is None:
        raise NotFound("Promotion", promotion_id)
    if promotion.version != expected_version:
        raise StaleVersion(promotion.version)
    if promotion.ended_at is not None:
        raise invalid("input.promotionId", "has ended already")
    promotion.ended_at = clock.now()
    await _note(promotion, actor, "end_promotion")
    return promotion


async def _check_products(actor: Actor, wish: PromotionWish, policy: PromotionPolicy) -> None:
    """Refuse products that are not the company's, are named twice, or are missing where the policy needs them."""
    named = [one.product_id for one in wish.products]
    own = await Product.of_supplier(actor.home, named)
    for place, product_id in enumerate(named):
        if product_id not in own:
            raise NotFound("Product", product_id)
        if product_id in named[:place]:
            raise invalid(f"input.products[{place}].productId", "names a product twice")
        if own[product_id].currency != wish.currency:
            raise invalid(f"input.products[{place}].productId", "is priced in another currency than the promotion")
    if policy.needs_products and not named:
        raise invalid("input.products", "name the products that belong together")


def _products(promotion: Promotion, said: Sequence[PromotedProduct]) -> list[PromotionProduct]:
    return [
        PromotionProduct(
            promotion_id=promotion.id, product_id=one.product_id, quantity=one.quantity, created_at=clock.now()
        )
        for one in said
    ]


async def _note(promotion: Promotion, actor: Actor, action: str) -> None:
    """Save the promotion and its event under the next number, for the supplier alone."""
    promotion.version += 1
    await promotion.save()
    readers = [promotion.supplier_id]
    await note_apart(promotion, promotion.version, EventKind.PROMOTION_CHANGED, actor, readers, {"action": action})
