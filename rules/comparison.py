"""Offers side by side: what each line really costs at the place of delivery, and who is cheapest. Currencies are never mixed."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from rules.decimals import ZERO
from rules.money import Currency, landed


@dataclass(frozen=True)
class ComparedOffer:
    """An offer as far as it is compared: by the enquiry's line what it quotes, and what it comes to with everything."""

    key: Hashable
    currency: Currency
    total: Decimal
    quantities: Mapping[int, Decimal]
    amounts: Mapping[int, Decimal]
    """Of each line with its tax."""
    is_open: bool = True
    """Whether it can be had; what ran out is shown and not ranked."""

    @cached_property
    def landed(self) -> dict[int, Decimal]:
        """What each line costs with its share of freight and of whatever else the total has; together exactly the total."""
        return dict(zip(self.amounts, landed(list(self.amounts.values()), self.total, self.currency), strict=True))

    def missing(self, asked: Mapping[int, Decimal]) -> list[int]:
        """The lines of which it offers nothing, or less than is asked for."""
        return [line for line, quantity in asked.items() if self.quantities.get(line, ZERO) < quantity]


def ranks(offers: Sequence[ComparedOffer], asked: Mapping[int, Decimal]) -> dict[Hashable, int]:
    """The place of each offer that covers everything among those in its currency, the cheapest first; equal totals share a place."""
    whole = [offer for offer in offers if offer.is_open and not offer.missing(asked)]
    return {
        offer.key: 1 + sum(other.total < offer.total for other in whole if other.currency == offer.currency)
        for offer in whole
    }


def cheapest(offers: Iterable[ComparedOffer], line: int) -> set[Hashable]:
    """Who asks least for a unit of the line, landed, in each currency."""
    per_unit: dict[Currency, dict[Hashable, Decimal]] = {}
    for offer in offers:
        if offer.is_open and line in offer.amounts:
            price = offer.landed[line] / offer.quantities[line]
            per_unit.setdefault(offer.currency, {})[offer.key] = price
    return {key for prices in per_unit.values() for key, price in prices.items() if price == min(prices.values())}
