"""A share off what is left to pay."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from rules.decimals import ZERO
from rules.money import Rounding, spread
from rules.pricing.goods import Words
from rules.pricing.policy import PromotionPolicy, Term, TermKind, Terms, Worth
from rules.quantity import plain


class Percentage(PromotionPolicy):
    """So many per cent off, rounded once for all lines together and spread over them."""

    code = "PERCENTAGE"
    words = Words("Percentage off", "按比例优惠")
    because = Words("{percent} % off", "优惠 {percent}%")
    terms = (Term("share", TermKind.SHARE, Words("How much comes off: 0.1 is 10 %.", "优惠比例：0.1 即 10%。")),)

    def reductions(
        self, terms: Terms, products: Mapping[UUID, Decimal], lines: Sequence[Worth], rounding: Rounding
    ) -> Sequence[Decimal]:
        """The share of what is left of all lines, spread in proportion."""
        left = [line.left for line in lines]
        return spread(rounding(sum(left, ZERO) * terms["share"]), left, rounding.currency)

    def facts(self, terms: Terms) -> Mapping[str, str]:
        """The share in per cent."""
        return {"percent": plain(terms["share"] * 100)}


POLICY = Percentage()
