"""The catalogue's price, where nothing else is said."""

from rules.pricing.goods import Item, Words
from rules.pricing.policy import PricePolicy, UnitPrice
from rules.pricing.price_lists import Offers


class ListPrice(PricePolicy):
    """What the catalogue says."""

    code = "LIST_PRICE"
    rank = 0
    words = Words("List price", "目录价")
    because = Words("the catalogue's price", "商品目录价格")

    def price(self, item: Item, offers: Offers) -> UnitPrice:
        """The list price."""
        return UnitPrice(item.list_price)


POLICY = ListPrice()
