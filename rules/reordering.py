"""What of an earlier order, or of a template, can be ordered now."""

from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum

from rules.money import Currency


class LeftOutReason(StrEnum):
    """Why a line is not ordered again."""

    NOT_OFFERED = "NOT_OFFERED"
    OTHER_CURRENCY = "OTHER_CURRENCY"


def left_out(products: Sequence[Hashable], offered: Mapping[Hashable, Currency]) -> dict[int, LeftOutReason]:
    """The places of the lines that cannot be ordered, by what is offered now and in which currency.

    An order has one currency: that of its first line which is offered.
    """
    currency = next((offered[product] for product in products if product in offered), None)
    reasons: dict[int, LeftOutReason] = {}
    for place, product in enumerate(products):
        if product not in offered:
            reasons[place] = LeftOutReason.NOT_OFFERED
        elif offered[product] is not currency:
            reasons[place] = LeftOutReason.OTHER_CURRENCY
    return reasons
