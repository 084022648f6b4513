"""How a supplier's stock is kept for orders: from which step on, and whether more may be promised than lies there (R45)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Self
from uuid import UUID

from rules.decimals import ZERO


class ReserveAt(IntEnum):
    """The step of an order from which on goods are kept for it, in the order in which they come."""

    ACCEPTANCE = 1
    SIGNATURE = 2
    DESPATCH = 3


class StockPolicy(StrEnum):
    """A policy is one entry here: its code, from which step on goods are kept, whether beyond the shelf, and what that means.

    Codes are stored, so an entry is never taken away or renamed.
    """

    reserve_at: ReserveAt
    allows_backorder: bool
    meaning: str

    def __new__(cls, code: str, reserve_at: ReserveAt, allows_backorder: bool, meaning: str) -> Self:
        """A member whose value is its code."""
        policy = str.__new__(cls, code)
        policy._value_ = code
        policy.reserve_at, policy.allows_backorder, policy.meaning = reserve_at, allows_backorder, meaning
        return policy

    RESERVE_AT_ACCEPTANCE = (
        "RESERVE_AT_ACCEPTANCE",
        ReserveAt.ACCEPTANCE,
        True,
        "Kept once a quotation is accepted; what is missing waits for the next delivery.",
    )
    RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY = (
        "RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY",
        ReserveAt.ACCEPTANCE,
        False,
        "Kept once a quotation is accepted; accepting more than is free is refused.",
    )
    RESERVE_AT_SIGNATURE = (
        "RESERVE_AT_SIGNATURE",
        ReserveAt.SIGNATURE,
        True,
        "Kept once both sides have signed; what is missing waits for the next delivery.",
    )
    RESERVE_AT_SIGNATURE_IN_STOCK_ONLY = (
        "RESERVE_AT_SIGNATURE_IN_STOCK_ONLY",
        ReserveAt.SIGNATURE,
        False,
        "Kept once both sides have signed; the second signature is refused where less is free.",
    )
    RESERVE_AT_DESPATCH = (
        "RESERVE_AT_DESPATCH",
        ReserveAt.DESPATCH,
        True,
        "Kept for nobody: what lies there leaves with whoever comes first.",
    )


DEFAULT_POLICY = StockPolicy.RESERVE_AT_SIGNATURE
"""Of a supplier that chose none."""


class StockMovement(StrEnum):
    """What an entry of the stock ledger records."""

    OPENING = "OPENING"
    RECEIVED = "RECEIVED"
    ADJUSTED = "ADJUSTED"
    RESERVED = "RESERVED"
    RELEASED = "RELEASED"
    DESPATCHED = "DESPATCHED"
    PUT_BACK = "PUT_BACK"
    RETURNED = "RETURNED"
    TRANSFERRED = "TRANSFERRED"


class StockCount(StrEnum):
    """What somebody who was at the shelf says of a change of it."""

    RECEIVED = "RECEIVED"
    ADJUSTED = "ADJUSTED"


@dataclass(frozen=True)
class Place:
    """A product in one warehouse: what lies there, what of it is kept for orders, and by which policy more is."""

    warehouse: UUID
    on_hand: Decimal
    reserved: Decimal
    policy: StockPolicy

    @property
    def free(self) -> Decimal:
        """What is not kept for anybody."""
        return max(self.on_hand - self.reserved, ZERO)


def allot(wanted: Decimal, places: Sequence[Place], at: ReserveAt) -> tuple[dict[UUID, Decimal], Decimal]:
    """How much is kept in which of the places, in their order, and how much of it nobody can keep.

    What is missing is promised by the first place that may promise it. It is short only where all places have had their moment; a place
    that keeps goods later, or at despatch, may still have it then.
    """
    due = [place for place in places if place.policy.reserve_at <= at]
    kept: dict[UUID, Decimal] = {}
    left = wanted
    for place in due:
        if part := min(place.free, left):
            kept[place.warehouse] = part
            left -= part
    promising = next((place for place in due if place.policy.allows_backorder), None)
    if left and promising is not None:
        kept[promising.warehouse] = kept.get(promising.warehouse, ZERO) + left
        return kept, ZERO
    return kept, left if len(due) == len(places) else ZERO


def may_leave(place: Place, own: Decimal = ZERO) -> Decimal:
    """How much may leave a place with an order for which `own` is kept there; what is kept for others stays where nothing beyond the
    shelf is promised, since they rely on it."""
    return place.on_hand if place.policy.allows_backorder else min(place.on_hand, own + place.free)


def free_of(places: Iterable[Place]) -> Decimal:
    """What is kept for nobody in any of them."""
    return sum((place.free for place in places), ZERO)
