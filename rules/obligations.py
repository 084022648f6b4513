"""What the terms of payment oblige a buyer to: a prepayment, and then what of each invoice it does not cover. Amounts follow from the
contract and the ledger alone; nobody sets them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from uuid import UUID

from rules.decimals import NOTHING
from rules.money import EXACT, Currency, Rounding
from rules.terms import local_date

WARNED_BEFORE = timedelta(days=3)
"""So long before an obligation is due both sides are told that it will be, unless it comes up later than that."""


class ObligationKind(StrEnum):
    """What the buyer has to pay for."""

    PREPAYMENT = "PREPAYMENT"
    INVOICE = "INVOICE"


@dataclass(frozen=True)
class Claim:
    """An invoice: what it claimed, what credit notes took back of that, and what is still owed of it."""

    total: Decimal
    credited: Decimal
    owed: Decimal

    @property
    def standing(self) -> Decimal:
        """What was not taken back."""
        return self.total - self.credited


@dataclass(frozen=True)
class Prepaid:
    """A prepayment: what the contract asks for, what of it came and no invoice has used, and whether no more invoices are to come;
    `again`: what is owed of no invoice, since money was taken back that had been paid back or used otherwise."""

    amount: Decimal
    advance: Decimal
    has_ended: bool = False
    again: Decimal = NOTHING


@dataclass(frozen=True)
class Part:
    """How much an obligation is for, and how much of that is open."""

    amount: Decimal
    open: Decimal

    @property
    def paid(self) -> Decimal:
        """What of it came, by money, credit or set-off."""
        return self.amount - self.open


@dataclass(frozen=True)
class Obligation(Part):
    """A part with its due date, a date at `zone`; `invoice` is the one it is for, None for the prepayment."""

    id: UUID
    order: UUID
    kind: ObligationKind
    invoice: UUID | None
    invoice_number: str | None
    due_on: date
    zone: str
    currency: Currency
    is_told: bool
    """Whether it was told that this day passed unpaid."""
    is_owed: bool
    """Whether anything is owed of its invoice, be it this part or what was to be prepaid of it; no word of a prepayment."""

    def is_overdue(self, now: datetime) -> bool:
        """Whether something of it is open although its day is over."""
        return self.open > 0 and self.due_on < local_date(now, self.zone)


def prepayment(total: Decimal, share: Decimal, rounding: Rounding) -> Decimal:
    """What is to be prepaid of a contract's total, tax included: rounded once."""
    with localcontext(EXACT):
        return rounding(total * share)


def parts(prepaid: Prepaid | None, claims: Sequence[Claim]) -> tuple[Part | None, list[Part]]:
    """The prepayment's part and each invoice's, in the order of the claims, which is that in which they were issued.

    The first invoices use the prepayment up before later ones do. What an invoice uses of it was due before the rest of it, and is
    paid first; a credit note lowers the rest first. What is owed of no invoice is due with the prepayment. The parts add up to what is
    claimed, and what is open of them to what is owed, both with what is still to be prepaid.
    """
    left = prepaid.amount if prepaid else NOTHING
    rests, ahead, ahead_open = [], NOTHING, NOTHING
    for claim in claims:
        used = min(claim.total, left)
        left -= used
        used = min(used, claim.standing)
        missing = max(used - (claim.standing - claim.owed), NOTHING)
        rests.append(Part(claim.standing - used, claim.owed - missing))
        ahead, ahead_open = ahead + used, ahead_open + missing
    if prepaid is None:
        return None, rests
    if prepaid.has_ended:
        left = NOTHING
    left_open = max(left - prepaid.advance, NOTHING)
    return Part(ahead + left + prepaid.again, ahead_open + left_open + prepaid.again), rests


def prepayment_day(bound_on: date, days: int) -> date:
    """The day by which is to be prepaid, unless nobody works then: at the earliest the one after the contract bound."""
    return bound_on + timedelta(days=max(days, 1))


def first_look(due_on: date, today: date) -> date:
    """When the clock looks at an obligation first: to warn, or, where it is too late for that, when it is overdue."""
    warned_on = due_on - WARNED_BEFORE
    return warned_on if warned_on > today else due_on + timedelta(days=1)
