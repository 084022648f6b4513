"""What the supplier asks in a quotation, whatever its lists say."""

from rules.pricing.goods import Item, Words
from rules.pricing.policy import PricePolicy, UnitPrice
from rules.pricing.price_lists import Offers


class Quoted(PricePolicy):
    """The price that was written into the quotation, where it is another one."""

    code = "QUOTED"
    rank = 90
    words = Words("Quoted price", "报价")
    because = Words("the supplier's own word in this quotation", "供应商在本报价中另行报价")

    def price(self, item: Item, offers: Offers) -> UnitPrice | None:
        """The price that was said; None where none was."""
        said = offers.quoted.get(item.key)
        return None if said is None else UnitPrice(said, tax_inclusion=None)


POLICY = Quoted()
