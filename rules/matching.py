"""Three-way match: what an invoice claims, against the contract's price of what was accepted and kept, within the buyer's tolerance."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rules.decimals import ZERO
from rules.fapiao import Sums
from rules.money import Rounding, minor_unit, worth


class MatchStatus(StrEnum):
    """What the comparison came to; the worst of the lines' is the invoice's."""

    MATCHED = "MATCHED"
    WITHIN_TOLERANCE = "WITHIN_TOLERANCE"
    EXCEPTION = "EXCEPTION"


class MatchFault(StrEnum):
    """What differs."""

    QUANTITY = "QUANTITY"
    PRICE = "PRICE"
    OFFICIAL_INVOICE = "OFFICIAL_INVOICE"


WORSE = {MatchStatus.MATCHED: 0, MatchStatus.WITHIN_TOLERANCE: 1, MatchStatus.EXCEPTION: 2}


@dataclass(frozen=True)
class Tolerance:
    """How much more than it should a line may claim: a share of that, or an amount, whichever is more."""

    share: Decimal = ZERO
    amount: Decimal = ZERO

    def covers(self, difference: Decimal, expected: Decimal) -> bool:
        """Whether so little is put up with."""
        return difference <= max(self.share * expected, self.amount)


@dataclass(frozen=True)
class ClaimedLine:
    """A line of an invoice, goods or freight, as far as credit notes have left it, beside what it stands on. Amounts are
    stated as the prices are: with tax where they include it."""

    position: int
    order_line: UUID | None
    ordered: Decimal
    accepted: Decimal
    """What the buyer accepted and did not send back."""
    invoiced: Decimal
    older: Decimal
    """What older invoices claim of that."""
    contract_price: Decimal
    invoice_price: Decimal
    claimed: Decimal


@dataclass(frozen=True)
class MatchedLine:
    """A line and what the comparison came to."""

    line: ClaimedLine
    difference: Decimal
    """What is claimed beyond the contract's price of what was accepted; below zero where it is less."""
    status: MatchStatus
    faults: tuple[MatchFault, ...]


@dataclass(frozen=True)
class Match:
    """What the comparison of an invoice came to, and in what it differs."""

    status: MatchStatus
    faults: tuple[MatchFault, ...]
    lines: tuple[MatchedLine, ...]


def matched_line(line: ClaimedLine, tolerance: Tolerance, rounding: Rounding) -> MatchedLine:
    """The comparison of one line. A rounding is no difference, and nobody minds to pay less than was agreed."""
    available = max(line.accepted - line.older, ZERO)
    expected = worth(min(line.invoiced, available), line.contract_price, rounding)
    difference = line.claimed - expected
    if difference <= minor_unit(rounding.currency):
        return MatchedLine(line, difference, MatchStatus.MATCHED, ())
    quantity = (MatchFault.QUANTITY,) if line.invoiced > available else ()
    price = (MatchFault.PRICE,) if line.invoice_price > line.contract_price or not quantity else ()
    within = tolerance.covers(difference, expected)
    status = MatchStatus.WITHIN_TOLERANCE if within else MatchStatus.EXCEPTION
    return MatchedLine(line, difference, status, quantity + price)


def official_match(claimed: Sums, recorded: Sums, rounding: Decimal) -> MatchStatus:
    """How the official invoices compare with the invoice; while there are none yet, nothing is wrong with them."""
    if recorded in (Sums(), claimed):
        return MatchStatus.MATCHED
    return MatchStatus.WITHIN_TOLERANCE if (recorded - claimed).is_within(rounding) else MatchStatus.EXCEPTION


def match(lines: Iterable[MatchedLine], official: MatchStatus) -> Match:
    """The comparison of an invoice: as bad as the worst of it."""
    found = tuple(lines)
    status = max((official, *(line.status for line in found)), key=WORSE.__getitem__)
    faults = {fault for line in found for fault in line.faults}
    if official is not MatchStatus.MATCHED:
        faults.add(MatchFault.OFFICIAL_INVOICE)
    return Match(status, tuple(sorted(faults)), found)
