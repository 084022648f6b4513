"""So many more for nothing with so many that are paid for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from rules.decimals import ZERO
from rules.money import Rounding, worth
from rules.pricing.goods import Words
from rules.pricing.policy import PromotionPolicy, Term, TermKind, Terms, Worth
from rules.quantity import plain


class BuyNGetM(PromotionPolicy):
    """Of every n + m of one product on the order, m cost nothing; on several lines the cheapest ones."""

    code = "BUY_N_GET_M"
    words = Words("Buy n, get m", "买 n 赠 m")
    because = Words("of every {all} of one product, {free} are free", "同一商品每 {all} 件中 {free} 件免费")
    terms = (
        Term("buy", TermKind.QUANTITY, Words("How many have to be paid for.", "须购买的数量。")),
        Term("get", TermKind.QUANTITY, Words("How many more are free then.", "随后免费的数量。")),
    )

    def reductions(
        self, terms: Terms, products: Mapping[UUID, Decimal], lines: Sequence[Worth], rounding: Rounding
    ) -> Sequence[Decimal]:
        """What the free ones would cost; the quantity that is ordered includes them."""
        together: dict[UUID, list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            together[line.item.product].append(place)
        off = [ZERO] * len(lines)
        for places in together.values():
            ordered = sum((lines[place].item.quantity for place in places), ZERO)
            free = ordered // (terms["buy"] + terms["get"]) * terms["get"]
            for place in sorted(places, key=lambda at: (lines[at].unit_price, lines[at].item.key)):
                given = min(free, lines[place].item.quantity)
                off[place] = worth(given, lines[place].unit_price, rounding)
                free -= given
        return off

    def facts(self, terms: Terms) -> Mapping[str, str]:
        """How many of how many."""
        return {"all": plain(terms["buy"] + terms["get"]), "free": plain(terms["get"])}


POLICY = BuyNGetM()
