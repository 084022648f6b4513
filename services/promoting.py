"""Which orders hold which promotions: taken when an offer binds the supplier, given back when it comes to nothing (decision 0132).

The promotions are locked after the order and its cost centre, in the order of their ids, before they are counted.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from models import Order, Promotion, PromotionUse
from rules.lifecycle import OrderStatus
from rules.money import Rounding
from rules.phrase import Phrase
from rules.pricing.evaluation import Pricing
from rules.pricing.goods import Item
from rules.problems import NotFound, invalid
from services import clock
from services.pricing import open_market

HOLDING = frozenset(
    {OrderStatus.PENDING_BUYER, OrderStatus.PENDING_SIGNATURE, OrderStatus.CONTRACTED, OrderStatus.COMPLETED}
)
"""While an offer is open, or was taken."""


async def offered(
    order: Order,
    items: Sequence[Item],
    quoted: Mapping[int, Decimal],
    named: Sequence[UUID] | None,
    rounding: Rounding,
    beside: Collection[UUID],
) -> Pricing:
    """The goods of an offer on a locked order, priced; from now on the order holds the promotions that reduce it.

    `named`: these promotions and no others, each of which has to reduce it; None: all that may. `beside`: articles offered instead.
    """
    await Promotion.hold_limited(order.supplier_id)
    market = await open_market(order.buyer_id, [one.product for one in items], beside)
    pricing = market.pricing(order.supplier_id, items, rounding, quoted, named)
    _check(named or (), pricing)
    taken = [one.promotion.id for one in pricing.promotions if one.reason is None]
    if taken:
        now = clock.now()
        await PromotionUse.write_all(
            PromotionUse(promotion_id=one, order_id=order.id, customer_id=order.buyer_id, created_at=now)
            for one in taken
        )
        await Promotion.count(taken, 1)
        order.holds_promotions = True
    return pricing


async def follow(order: Order) -> None:
    """Give back what the order holds once its offer has come to nothing."""
    if not order.holds_promotions or order.status in HOLDING:
        return
    held = await PromotionUse.of(order.id)
    await Promotion.locked(held)
    await PromotionUse.drop(order.id)
    await Promotion.count(held, -1)
    order.holds_promotions = False
    await order.save(update_fields=["holds_promotions"])


def _check(named: Sequence[UUID], pricing: Pricing) -> None:
    found = {one.promotion.id: one.reason for one in pricing.promotions}
    for place, promotion in enumerate(named):
        if promotion not in found:
            raise NotFound("Promotion", promotion)
        if reason := found[promotion]:
            raise invalid(
                f"input.promotionIds[{place}]", Phrase("gives nothing on this order: {reason}", reason=reason)
            )
