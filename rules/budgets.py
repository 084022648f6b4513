"""Budgets of cost centres: what an order may hold of one, what an entry of its ledger is called, and when it is exceeded."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from rules.decimals import ZERO
from rules.lifecycle import FINAL, OrderStatus


class BudgetPolicy(StrEnum):
    """What happens to a step that would take more than a budget has."""

    BLOCK = "BLOCK"
    WARN = "WARN"


class BudgetEntryKind(StrEnum):
    """What an order did to a budget."""

    RESERVED = "RESERVED"
    RELEASED = "RELEASED"
    CONSUMED = "CONSUMED"


@dataclass(frozen=True)
class Holding:
    """What an order holds of a budget, or a change of that: kept for it, or spent by it once its goods are there."""

    reserved: Decimal = ZERO
    consumed: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What the budget has less for it."""
        return self.reserved + self.consumed

    @property
    def kind(self) -> BudgetEntryKind:
        """What a change of so much is called."""
        if self.consumed > 0:
            return BudgetEntryKind.CONSUMED
        return BudgetEntryKind.RESERVED if self.total > 0 else BudgetEntryKind.RELEASED

    def __sub__(self, other: "Holding") -> "Holding":
        return Holding(self.reserved - other.reserved, self.consumed - other.consumed)


class Bearing(Protocol):
    """What of an order says how much of a budget it may hold."""

    status: OrderStatus
    estimated_total: Decimal
    agreed_total: Decimal | None


AGREED = frozenset({OrderStatus.PENDING_SIGNATURE, OrderStatus.CONTRACTED, OrderStatus.COMPLETED})
GONE = FINAL - {OrderStatus.COMPLETED} | {OrderStatus.DRAFT}


def most(order: Bearing, *, asked: Decimal = ZERO, is_sibling: bool = False) -> Decimal:
    """The most that the order may hold where it stands now.

    The estimate once it is submitted, unless it is one of an enquiry's, which asks for prices and orders nothing yet; what is agreed once
    an offer is accepted; nothing once it has ended without goods. `asked`: what the buyer has said yes to already, in an award that
    waits for its approvers or in a change of the contract.
    """
    if order.status in GONE:
        return ZERO
    if order.status in AGREED:
        return max(order.agreed_total or ZERO, asked)
    return max(ZERO if is_sibling else order.estimated_total, asked)


def held_at_most(held: Holding, limit: Decimal, status: OrderStatus) -> Holding:
    """What is left of a holding under a limit, and spent once the goods are there; it never grows."""
    total = min(held.total, limit)
    return Holding(ZERO, total) if status is OrderStatus.COMPLETED else Holding(total, ZERO)


@dataclass(frozen=True)
class BudgetUse:
    """A budget as an order would leave it: its amount, what the others hold of it, and what the order would."""

    amount: Decimal
    others: Decimal
    wanted: Decimal

    @property
    def committed(self) -> Decimal:
        """What all orders would hold together."""
        return self.others + self.wanted

    @property
    def available(self) -> Decimal:
        """What would be left; less than zero where it would be exceeded."""
        return self.amount - self.committed

    @property
    def is_exceeded(self) -> bool:
        """Whether it would not be enough."""
        return self.available < 0

    def is_above(self, share: Decimal) -> bool:
        """Whether more than this share of it would be held, such as 0.8."""
        return self.committed > self.amount * share
