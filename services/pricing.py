"""What goods cost the one who buys them: the supplier's lists and promotions that are open to it today, and the policies that read them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.pricing import is_open_on, open_prices
from models.promotion import open_promotions, products_of
from models.rows import Row
from rules.money import Currency, Rounding, TaxInclusion
from rules.pricing.evaluation import NOTHING_QUOTED, Pricing, priced
from rules.pricing.goods import Item
from rules.pricing.price_lists import Audience, PriceBreak, PriceList
from rules.pricing.promotion import Promotion, Stacking
from rules.pricing.registry import promotion_policies
from services import clock

Kept = tuple[UUID, str]
"""A supplier and a currency."""


@dataclass(frozen=True)
class Market:
    """What is open to one buyer of the goods that were looked up."""

    lists: Mapping[Kept, list[PriceList]] = field(default_factory=dict)
    promotions: Mapping[Kept, list[Promotion]] = field(default_factory=dict)

    def price_lists(self, supplier_id: UUID, currency: str) -> list[PriceList]:
        """The supplier's lists in this currency."""
        return self.lists.get((supplier_id, str(currency)), [])

    def pricing(
        self,
        supplier_id: UUID,
        items: Sequence[Item],
        rounding: Rounding,
        quoted: Mapping[int, Decimal] = NOTHING_QUOTED,
        only: Collection[UUID] | None = None,
    ) -> Pricing:
        """The goods of one supplier, priced together; `only`: with no other promotions than these."""
        kept = supplier_id, str(rounding.currency)
        promotions = [one for one in self.promotions.get(kept, []) if only is None or one.id in only]
        return priced(items, self.price_lists(*kept), promotions, rounding, quoted)


async def open_market(buyer: UUID, products: Collection[UUID], beside: Collection[UUID] = ()) -> Market:
    """What is open to the buyer of these products today, in as many statements however many they are.

    `beside`: goods whose price lists matter too, but no promotion.
    """
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in await open_prices(buyer, [*products, *beside], clock.now()):
        if is_open_on(row, clock.today(row.zone)):
            found[row.list_id].append(row)
    lists: dict[Kept, list[PriceList]] = defaultdict(list)
    for rows in found.values():
        lists[rows[0].supplier_id, rows[0].currency].append(_list(rows))
    promotions: dict[Kept, list[Promotion]] = defaultdict(list)
    for row in await open_promotions(buyer, products, clock.now()):
        if is_open_on(row, clock.today(row.zone)) and row.policy in promotion_policies():
            promotions[row.supplier_id, row.currency].append(_promotion(row))
    return Market(lists, promotions)


async def pricing_of(order: Any, lines: Sequence[Any]) -> Pricing:
    """The order's lines at the prices that apply to its buyer now."""
    market = await open_market(order.buyer_id, [line.product_id for line in lines])
    return market.pricing(order.supplier_id, [item(line) for line in lines], Rounding(Currency(order.currency)))


def item(line: Any, quantity: Decimal | None = None, tax_rate: Decimal | None = None) -> Item:
    """An order line as it wants a price; what is None is as the line says."""
    return Item(
        line.position,
        line.product_id,
        line.quantity if quantity is None else quantity,
        line.list_price,
        line.tax_rate if tax_rate is None else tax_rate,
    )


def _promotion(row: Row) -> Promotion:
    limits = ((row.max_uses, row.used), (row.max_uses_per_customer, row.own_uses))
    left = [most - used for most, used in limits if most is not None]
    return Promotion(
        row.id,
        row.name,
        row.policy,
        {name: Decimal(value) for name, value in row.terms.items()},
        products_of(row),
        Stacking(row.stacking),
        row.priority,
        row.minimum_amount,
        min(left, default=None),
    )


def _list(rows: Sequence[Row]) -> PriceList:
    prices: dict[UUID, list[PriceBreak]] = defaultdict(list)
    for row in rows:
        prices[row.product_id].append(PriceBreak(row.minimum_quantity, row.unit_price))
    head = rows[0]
    return PriceList(
        head.list_id, head.name, Audience(head.audience), head.valid_from, prices, TaxInclusion(head.tax_inclusion)
    )
