"""The price list that counts for the buyer, by how much of the product is ordered on all lines together."""

from decimal import Decimal

from rules.pricing.goods import Item, Words
from rules.pricing.policy import PricePolicy, UnitPrice
from rules.pricing.price_lists import Offers
from rules.quantity import plain


class PriceListPrice(PricePolicy):
    """The first list, by precedence, with a price for so many."""

    code = "PRICE_LIST"
    rank = 10
    words = Words("Price list", "价目表")
    because = Words("your price from a quantity of {quantity} on", "订购数量达到 {quantity} 起的专属价")

    def price(self, item: Item, offers: Offers) -> UnitPrice | None:
        """The price at the break that is reached; None where no list names the product for so few."""
        wanted = offers.quantities.get(item.product, Decimal(0))
        for one in offers.price_lists:
            if reached := one.reached(item.product, wanted):
                facts = (("quantity", plain(reached.minimum_quantity)),)
                return UnitPrice(reached.unit_price, one.id, one.name, facts, one.tax_inclusion)
        return None


POLICY = PriceListPrice()
