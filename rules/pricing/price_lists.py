"""Price lists: whom they are for, which of them counts, and what they ask from which quantity on (UBL PriceList, Price/BaseQuantity)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rules.money import TaxInclusion


class Audience(StrEnum):
    """Whom a price list or a promotion is for; the narrower one counts before the wider."""

    CUSTOMER = "CUSTOMER"
    GRADE = "GRADE"
    EVERYONE = "EVERYONE"


_NARROW_FIRST = {audience: place for place, audience in enumerate(Audience)}


@dataclass(frozen=True)
class PriceBreak:
    """What one unit costs from this quantity on."""

    minimum_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True)
class PriceList:
    """A list that is open to the buyer today, as far as it names the goods."""

    id: UUID
    name: str
    audience: Audience
    valid_from: date
    prices: Mapping[UUID, Sequence[PriceBreak]]
    tax_inclusion: TaxInclusion = TaxInclusion.EXCLUSIVE

    def reached(self, product: UUID, quantity: Decimal) -> PriceBreak | None:
        """The highest break that the quantity reaches."""
        reached = [one for one in self.prices.get(product, ()) if one.minimum_quantity <= quantity]
        return max(reached, key=lambda one: one.minimum_quantity, default=None)


@dataclass(frozen=True)
class Offers:
    """All that price policies look at.

    `price_lists`: those open to the buyer, the one that counts first before the others; `quantities`: how much of each product is
    wanted on all lines together; `quoted`: what the supplier asks itself, by the line's key.
    """

    price_lists: tuple[PriceList, ...] = ()
    quantities: Mapping[UUID, Decimal] = field(default_factory=dict)
    quoted: Mapping[int, Decimal] = field(default_factory=dict)


def by_precedence(lists: Iterable[PriceList]) -> list[PriceList]:
    """The list that counts first, first: the narrowest audience, then the one that began last, then the one made last."""
    return sorted(
        lists, key=lambda one: (-_NARROW_FIRST[one.audience], one.valid_from.toordinal(), one.id), reverse=True
    )
