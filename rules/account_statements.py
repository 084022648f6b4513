"""Statements of account as files: what stands in one, how far its making is, and how much of all that there may be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.accounts import BETWEEN, MIRROR, Account, PostingKind
from rules.money import Currency
from rules.phrase import Phrase
from rules.problems import invalid

ACCOUNTS = (*sorted(BETWEEN), *(MIRROR[account] for account in sorted(BETWEEN)))
"""What one owes the other, as the supplier's books have it and as the buyer's."""

MOST_LINES = 100_000
MOST_UNDER_WAY = 5
"""Files that are being made for one company at the same time."""

KEPT_FOR = timedelta(days=7)
"""How long a file lies in the storage; it can be made anew at any time, and the books are kept anyway."""

TRIES = 3
"""How often the making is begun, by workers that die as by those that fail, before the file has failed."""

TOLD_EVERY = timedelta(seconds=1)
"""Between two words of progress."""


class StatementFormat(StrEnum):
    """What kind of file."""

    PDF = "PDF"
    XLSX = "XLSX"
    CSV = "CSV"


class StatementFileStatus(StrEnum):
    """How far a file is."""

    QUEUED = "QUEUED"
    WORKING = "WORKING"
    READY = "READY"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class StatementFailure(StrEnum):
    """Why a file could not be made."""

    UNAVAILABLE = "UNAVAILABLE"
    UNBALANCED = "UNBALANCED"
    INTERRUPTED = "INTERRUPTED"
    FAULT = "FAULT"


S = StatementFileStatus
UNDER_WAY = frozenset({S.QUEUED, S.WORKING})
CAME_TO_NOTHING = frozenset({S.FAILED, S.CANCELLED})
MADE_ANEW = CAME_TO_NOTHING | {S.EXPIRED}


@dataclass(frozen=True)
class Party:
    """A company as its books name it."""

    name: str
    english_name: str
    credit_code: str


@dataclass(frozen=True)
class StatementLine:
    """One entry of the books, and what the balance is after it; an amount above zero is a debit, in favour of whose statement it is."""

    booked_on: date
    kind: PostingKind
    document: str
    order: str
    invoice: str
    account: Account
    amount: Decimal
    balance: Decimal

    @property
    def debit(self) -> Decimal | None:
        """What was added to the balance."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """What was taken off it."""
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice that was not paid in full when the period ended; what is owed is below zero where it is owed by whose statement it is.

    Without a number it is what an order owes of no invoice, due with its prepayment.
    """

    number: str
    order: str
    issued_on: date
    due_on: date
    owed: Decimal
    days_overdue: int


@dataclass(frozen=True)
class KindTotal:
    """What acts of one kind added to the balance, and in how many entries."""

    kind: PostingKind
    entries: int
    amount: Decimal


@dataclass(frozen=True)
class StatementHead:
    """What stands above and below the lines: all of it as of one moment."""

    owner: Party
    counterparty: Party
    currency: Currency
    period_start: date
    period_end: date
    as_of: datetime
    zone: str
    opening: Decimal
    closing: Decimal
    totals: tuple[KindTotal, ...]
    open_invoices: int
    owed: Decimal
    locale: str
    colour: str | None = None

    @property
    def lines(self) -> int:
        """How many entries there are."""
        return sum(total.entries for total in self.totals)

    @property
    def local_as_of(self) -> datetime:
        """The moment as clocks show it at whose statement it is."""
        return self.as_of.astimezone(ZoneInfo(self.zone))


def days_overdue(due_on: date, on: date) -> int:
    """For how many days something has been due: none on the day itself."""
    return max((on - due_on).days, 0)


def check_length(path: str, lines: int) -> None:
    """Refuse what is longer than a file may be."""
    if lines > MOST_LINES:
        raise invalid(
            path,
            Phrase(
                "is too late: {lines} entries were booked until then, and a file takes {most}",
                lines=lines,
                most=MOST_LINES,
            ),
        )
