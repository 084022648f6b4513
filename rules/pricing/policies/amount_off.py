"""An amount off all the goods together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from rules.decimals import ZERO
from rules.money import Rounding, spread
from rules.pricing.goods import Words
from rules.pricing.policy import PromotionPolicy, Term, TermKind, Terms, Worth
from rules.quantity import plain


class AmountOff(PromotionPolicy):
    """An amount, spread over the lines in proportion to what is left of them; the parts add up to it exactly."""

    code = "AMOUNT_OFF"
    words = Words("Amount off", "立减")
    because = Words("{amount} off all goods together", "合计立减 {amount}")
    terms = (
        Term(
            "amount",
            TermKind.AMOUNT,
            Words("How much comes off, stated as the quotation's prices are.", "立减金额（含税与否同报价单的价格）。"),
        ),
    )

    def reductions(
        self, terms: Terms, products: Mapping[UUID, Decimal], lines: Sequence[Worth], rounding: Rounding
    ) -> Sequence[Decimal]:
        """The amount, or all that is left where that is less."""
        left = [line.left for line in lines]
        return spread(min(terms["amount"], sum(left, ZERO)), left, rounding.currency)

    def facts(self, terms: Terms) -> Mapping[str, str]:
        """The amount."""
        return {"amount": plain(terms["amount"])}


POLICY = AmountOff()
