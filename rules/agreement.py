"""Framework agreements: signed once, they stand for the signatures on later orders within their limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from rules.lifecycle import Side
from rules.money import Currency
from rules.problems import NotYourTurn, WrongStatus


class AgreementStatus(StrEnum):
    """How far a framework agreement has come."""

    PROPOSED = "PROPOSED"
    PARTIALLY_SIGNED = "PARTIALLY_SIGNED"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    TERMINATED = "TERMINATED"
    REFUSED = "REFUSED"


class CoverageGap(StrEnum):
    """What keeps an active agreement from standing for the signatures on an order."""

    OUT_OF_PERIOD = "OUT_OF_PERIOD"
    OTHER_CURRENCY = "OTHER_CURRENCY"
    OTHER_PAYMENT_TERMS = "OTHER_PAYMENT_TERMS"
    PRICE_ABOVE_AGREED = "PRICE_ABOVE_AGREED"
    ABOVE_ORDER_LIMIT = "ABOVE_ORDER_LIMIT"
    ABOVE_TOTAL_LIMIT = "ABOVE_TOTAL_LIMIT"


PARTIES = (Side.BUYER, Side.SUPPLIER)
A = AgreementStatus
# fmt: off
_WAYS = {
    # action, from                                 to
    ("sign_agreement",      A.PROPOSED):           A.PARTIALLY_SIGNED,
    ("sign_agreement",      A.PARTIALLY_SIGNED):   A.ACTIVE,
    ("refuse_agreement",    A.PROPOSED):           A.REFUSED,
    ("refuse_agreement",    A.PARTIALLY_SIGNED):   A.REFUSED,
    ("terminate_agreement", A.ACTIVE):             A.TERMINATED,
    ("expire_agreement",    A.PROPOSED):           A.EXPIRED,
    ("expire_agreement",    A.PARTIALLY_SIGNED):   A.EXPIRED,
    ("expire_agreement",    A.ACTIVE):             A.EXPIRED,
}
# fmt: on
UNSIGNED = (A.PROPOSED, A.PARTIALLY_SIGNED)
BY_PARTIES = ("sign_agreement", "refuse_agreement", "terminate_agreement")


class Standing(Protocol):
    """What the guards look at: `turn` is the side whose signature is still missing while the other's is there."""

    status: AgreementStatus
    turn: Side | None


def next_status(action: str, agreement: Standing, side: Side) -> AgreementStatus:
    """Where the step leads; WrongStatus where there is none, NotYourTurn for a side that has signed and would sign again."""
    target = _WAYS.get((action, agreement.status))
    if target is None or (side not in PARTIES and action in BY_PARTIES):
        raise WrongStatus(action, agreement.status, tuple(source for name, source in _WAYS if name == action))
    if not _is_open(action, agreement, side):
        raise NotYourTurn(action)
    return target


def agreement_actions(agreement: Standing, side: Side) -> list[str]:
    """What this side could do next."""
    if side not in PARTIES:
        return []
    return [name for name in BY_PARTIES if (name, agreement.status) in _WAYS and _is_open(name, agreement, side)]


def _is_open(action: str, agreement: Standing, side: Side) -> bool:
    return action != "sign_agreement" or agreement.turn in (side, None)


@dataclass(frozen=True)
class AgreedPrice:
    """What one unit of a product costs at most, without tax, from this quantity on."""

    unit_price: Decimal
    minimum_quantity: Decimal


@dataclass(frozen=True)
class Purchase:
    """One line of an order that is to be called off."""

    product: UUID
    quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True)
class CallOff:
    """An order that is to be covered: its total with tax, today at its delivery place, its terms and its lines."""

    total: Decimal
    currency: Currency
    today: date
    net_days: int
    purchases: tuple[Purchase, ...]


class Frame(Protocol):
    """The limits of an active agreement, and how much of them is used."""

    currency: Currency
    valid_from: date
    valid_to: date
    order_limit: Decimal
    total_limit: Decimal
    called_off: Decimal
    payment_net_days: int


Prices = Mapping[UUID, Sequence[AgreedPrice]]
# fmt: off
_GAPS: tuple[tuple[CoverageGap, Callable[[Frame, Prices, CallOff], bool]], ...] = (
    (CoverageGap.OUT_OF_PERIOD,       lambda frame, _, order: not frame.valid_from <= order.today <= frame.valid_to),
    (CoverageGap.OTHER_CURRENCY,      lambda frame, _, order: order.currency != frame.currency),
    (CoverageGap.OTHER_PAYMENT_TERMS, lambda frame, _, order: order.net_days != frame.payment_net_days),
    (CoverageGap.PRICE_ABOVE_AGREED,  lambda _, prices, order: any(_is_dearer(prices, bought) for bought in order.purchases)),
    (CoverageGap.ABOVE_ORDER_LIMIT,   lambda frame, _, order: order.total > frame.order_limit),
    (CoverageGap.ABOVE_TOTAL_LIMIT,   lambda frame, _, order: order.total > frame.total_limit - frame.called_off),
)
# fmt: on


def coverage_gap(frame: Frame, prices: Prices, order: CallOff) -> CoverageGap | None:
    """The first thing that keeps an active agreement from covering the order; None where it does."""
    return next((gap for gap, applies in _GAPS if applies(frame, prices, order)), None)


def _is_dearer(prices: Prices, bought: Purchase) -> bool:
    """Whether the line costs more than was agreed for so many; a product or quantity without a price is bought at any."""
    reached = [price for price in prices.get(bought.product, ()) if price.minimum_quantity <= bought.quantity]
    if not reached:
        return False
    return bought.unit_price > max(reached, key=lambda price: price.minimum_quantity).unit_price
