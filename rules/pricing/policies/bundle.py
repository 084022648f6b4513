"""Several products together at one price."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from rules.decimals import ZERO
from rules.money import Rounding, spread
from rules.pricing.goods import Words
from rules.pricing.policy import PromotionPolicy, Term, TermKind, Terms, Worth
from rules.quantity import plain


class Bundle(PromotionPolicy):
    """As many whole bundles as the order has cost the bundle's price; whatever is beside them costs what it costs."""

    code = "BUNDLE"
    words = Words("Bundle", "组合优惠")
    because = Words("a bundle costs {price} altogether", "组合价 {price}")
    terms = (
        Term(
            "price",
            TermKind.AMOUNT,
            Words(
                "What one bundle costs altogether, stated as the quotation's prices are.",
                "一个组合的总价（含税与否同报价单的价格）。",
            ),
        ),
    )
    needs_products = True

    def reductions(
        self, terms: Terms, products: Mapping[UUID, Decimal], lines: Sequence[Worth], rounding: Rounding
    ) -> Sequence[Decimal]:
        """By how much the bundles are cheaper than their parts, spread over the parts; nothing where they are not."""
        ordered = dict.fromkeys(products, ZERO)
        for line in lines:
            ordered[line.item.product] += line.item.quantity
        bundles = min(ordered[product] // needed for product, needed in products.items())
        parts = _parts(lines, {product: bundles * needed for product, needed in products.items()})
        saved = max(sum(parts, ZERO) - bundles * terms["price"], ZERO)
        return spread(rounding(saved), parts, rounding.currency)

    def facts(self, terms: Terms) -> Mapping[str, str]:
        """The price of one."""
        return {"price": plain(terms["price"])}


def _parts(lines: Sequence[Worth], wanted: dict[UUID, Decimal]) -> list[Decimal]:
    """What of each line stands in a bundle, at its price; the first lines first."""
    parts = []
    for line in lines:
        taken = min(wanted[line.item.product], line.item.quantity)
        wanted[line.item.product] -= taken
        parts.append(taken * line.unit_price)
    return parts


POLICY = Bundle()
