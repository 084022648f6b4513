"""Credit: what a supplier lends a buyer, what of it contracts keep, and whether one more fits."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from rules.decimals import ONE, ZERO
from rules.events import EventKind
from rules.lifecycle import Side
from rules.money import Currency, minor_unit
from rules.people import BORROWERS, LENDERS, Role, Scope
from rules.shortage_problems import CreditBlock as CreditBlock

WARN_ABOVE = Decimal("0.9")
"""The share of its limit from which on a line counts as nearly exhausted."""

_CHECKERS = {Side.BUYER: BORROWERS | {Role.SIGNATORY}, Side.SUPPLIER: LENDERS | {Role.SIGNATORY}}


def may_check(side: Side, roles: frozenset[Role], scopes: frozenset[Scope] | None) -> bool:
    """Whether somebody on this side of an order is told whether it fits: who keeps the line, who reads it, and who signs."""
    if side not in _CHECKERS:
        return False
    if scopes is not None:
        return bool(scopes & {Scope.ORDERS, Scope.QUOTATIONS, Scope.BILLING})
    return bool(roles & _CHECKERS[side])


class CreditMove(StrEnum):
    """What an order did to its buyer's credit."""

    RESERVED = "RESERVED"
    CONSUMED = "CONSUMED"
    RELEASED = "RELEASED"
    RESTORED = "RESTORED"


class CreditStanding(StrEnum):
    """Whether a contract fits into its buyer's credit."""

    ENOUGH = "ENOUGH"
    NOT_ENOUGH = "NOT_ENOUGH"
    BLOCKED = "BLOCKED"
    NO_LIMIT = "NO_LIMIT"


def lent(amount: Decimal, prepaid_share: Decimal, currency: Currency) -> Decimal:
    """What is lent of an amount of which a share is paid beforehand, to the smallest unit of the currency."""
    return (max(amount, ZERO) * (ONE - prepaid_share)).quantize(minor_unit(currency), ROUND_HALF_UP)


def move_of(change: Decimal, kind: EventKind | None) -> CreditMove:
    """What a change of what an order keeps is called: raised by a signature, where no event is named, or with the event of a step."""
    if change > 0:
        return CreditMove.RESERVED if kind is None else CreditMove.RESTORED
    return CreditMove.CONSUMED if kind is EventKind.INVOICE_ISSUED else CreditMove.RELEASED


@dataclass(frozen=True)
class CreditUse:
    """What one buyer has of one supplier's credit in one currency."""

    limit: Decimal | None = None
    """None: nobody set one."""
    reserved: Decimal = ZERO
    """Agreed and not invoiced, without what is paid beforehand."""
    used: Decimal = ZERO
    """Invoiced and not paid."""
    is_suspended: bool = False
    is_overdue: bool = False
    """Whether something is overdue, on a line that lends nothing meanwhile."""

    @property
    def taken(self) -> Decimal:
        """What is reserved and used together."""
        return self.reserved + self.used

    @property
    def available(self) -> Decimal | None:
        """What is left; less than zero where the limit was lowered, or more was invoiced than agreed; None without a limit."""
        return None if self.limit is None else self.limit - self.taken

    @property
    def block(self) -> CreditBlock | None:
        """Why nothing more is lent, whatever is left."""
        if self.is_suspended:
            return CreditBlock.SUSPENDED
        return CreditBlock.OVERDUE if self.is_overdue else None

    def standing(self, needed: Decimal) -> CreditStanding:
        """Whether so much more fits; what needs nothing more fits always."""
        if needed > 0 and self.block is not None:
            return CreditStanding.BLOCKED
        if self.available is None:
            return CreditStanding.NO_LIMIT
        return CreditStanding.ENOUGH if needed <= max(self.available, ZERO) else CreditStanding.NOT_ENOUGH

    def is_nearly_exhausted(self, more: Decimal = ZERO) -> bool:
        """Whether, with so much more, at least nine tenths of the limit are taken."""
        return self.limit is not None and self.taken + more >= self.limit * WARN_ABOVE
