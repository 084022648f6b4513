"""What a supplier tells others of its stock: whether there is enough, never how much."""

from dataclasses import dataclass
from datetime import date, timedelta
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


@dataclass(frozen=True)
class Shelf:
    """What can be said of a wanted quantity from what there is: how much is free, how much is missing, and from when on."""

    available: Decimal | None
    shortage: Decimal
    earliest_on: date


def shelf(wanted: Decimal, on_hand: Decimal | None, reserved: Decimal, lead_time_days: int, today: date) -> Shelf:
    """Today where all of it is free on the shelf; else after the lead time. What is made to order is never short."""
    free = available(on_hand, reserved)
    shortage = Decimal(0) if free is None else max(wanted - free, Decimal(0))
    at_once = free is not None and not shortage
    return Shelf(free, shortage, today if at_once else today + timedelta(days=lead_time_days))


class QuotationWarning(StrEnum):
    """What a supplier should look at in its own quotation; nothing of it stands against sending it."""

    MORE_THAN_AVAILABLE = "MORE_THAN_AVAILABLE"
    PROMISED_TOO_EARLY = "PROMISED_TOO_EARLY"


def warnings(found: Shelf, promised_on: date) -> list[QuotationWarning]:
    """More than is free, and a date before the goods can be had."""
    said = {
        QuotationWarning.MORE_THAN_AVAILABLE: bool(found.shortage),
        QuotationWarning.PROMISED_TOO_EARLY: promised_on < found.earliest_on,
    }
    return [warning for warning, is_so in said.items() if is_so]
