"""Promotions: what they are about, how they stand beside each other, and why one gives nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rules.decimals import ZERO
from rules.pricing.goods import PricedLine
from rules.pricing.policy import Terms


class Stacking(StrEnum):
    """Whether others may be applied beside a promotion."""

    COMBINABLE = "COMBINABLE"
    EXCLUSIVE = "EXCLUSIVE"


class LeftOut(StrEnum):
    """Why a promotion that is open to the buyer gives nothing on an order."""

    USED_UP = "USED_UP"
    OTHER_GOODS = "OTHER_GOODS"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    NOT_STACKABLE = "NOT_STACKABLE"
    NOTHING_OFF = "NOTHING_OFF"


@dataclass(frozen=True)
class Promotion:
    """A promotion that is open to the buyer today, in the currency of the order.

    `products`: what it is about, with how many belong together; empty: all goods. `priority`: the smaller number is applied first.
    `uses_left`: how many more orders of the buyer it may reduce; None: any number.
    """

    id: UUID
    name: str
    policy: str
    terms: Terms
    products: Mapping[UUID, Decimal] = field(default_factory=dict)
    stacking: Stacking = Stacking.COMBINABLE
    priority: int = 100
    minimum_amount: Decimal = ZERO
    uses_left: int | None = None

    def is_about(self, product: UUID) -> bool:
        """Whether the product is among its goods."""
        return not self.products or product in self.products


def in_turn(promotions: Iterable[Promotion]) -> list[Promotion]:
    """In the order in which they are applied, however they were given."""
    return sorted(promotions, key=lambda one: (one.priority, one.id))


def why_not(promotion: Promotion, about: Sequence[PricedLine], before: Sequence[Promotion]) -> LeftOut | None:
    """What stands against applying it to the lines it is about after those before; None where nothing does.

    The minimum is held against the prices before any promotion, so that one promotion does not undo another.
    """
    worth = sum((line.gross for line in about), ZERO)
    is_beside = bool(before) and (promotion.stacking is Stacking.EXCLUSIVE or before[0].stacking is Stacking.EXCLUSIVE)
    reasons = (
        (LeftOut.USED_UP, promotion.uses_left is not None and promotion.uses_left <= 0),
        (LeftOut.OTHER_GOODS, not about),
        (LeftOut.BELOW_MINIMUM, worth < promotion.minimum_amount),
        (LeftOut.NOT_STACKABLE, is_beside),
    )
    return next((reason for reason, holds in reasons if holds), None)
