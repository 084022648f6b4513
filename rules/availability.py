"""What a supplier tells others of its stock: whether there is enough, never how much."""

from decimal import Decimal
from enum import StrEnum

PLENTY = 10
"""Minimum orders; what is left for so many is no longer called low."""


class Availability(StrEnum):
    """Whether an order of a product could leave at once."""

    IN_STOCK = "IN_STOCK"
    LOW = "LOW"
    OUT = "OUT"
    MADE_TO_ORDER = "MADE_TO_ORDER"


def available(on_hand: Decimal | None, reserved: Decimal) -> Decimal | None:
    """What is not kept for anybody yet; None when the product is made to order."""
    return None if on_hand is None else max(on_hand - reserved, Decimal(0))


def availability(on_hand: Decimal | None, reserved: Decimal, minimum: Decimal) -> Availability:
    """How it stands, measured by the smallest quantity that can be ordered."""
    left = available(on_hand, reserved)
    if left is None:
        return Availability.MADE_TO_ORDER
    if left < minimum:
        return Availability.OUT
    return Availability.LOW if left < minimum * PLENTY else Availability.IN_STOCK
