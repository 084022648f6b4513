"""Daily reconciliation 对账: what a provider's statement of a day says, compared with what our ledger says of the same day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from rules.billing import PaymentMethod
from rules.terms import local_date

ZONE = "Asia/Shanghai"
"""Where both providers' days begin and end."""

READY_AT = time(10)
"""From when the statement of the day before can be expected there: WeChat Pay says 10, Alipay says 9."""

SETTLES_IN = timedelta(minutes=10)
"""A refund of which the provider told so shortly before midnight may stand in the next day's statement: clocks differ."""

NONE_AFTER = timedelta(days=2)
"""How long after a day's end a provider that has no statement of it is believed that nothing happened on it."""

KEPT_DAYS = 90
"""WeChat Pay keeps statements for three months, of which this is the least."""

FIRST_OF_ALIPAY = date(2016, 1, 1)
NONE = Decimal("0.00")
_FEN = Decimal("0.01")


class EntryKind(StrEnum):
    """Which way money went."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


class ReconciliationStatus(StrEnum):
    """How far the comparison of a day is."""

    WAITING = "WAITING"
    UNREADABLE = "UNREADABLE"
    RECONCILED = "RECONCILED"
    DIFFERS = "DIFFERS"


class DifferenceKind(StrEnum):
    """How the provider's statement and our ledger disagree about one payment or refund."""

    MISSING = "MISSING"
    UNKNOWN = "UNKNOWN"
    ALTERED = "ALTERED"
    DOUBLED = "DOUBLED"


class AlteredFact(StrEnum):
    """What of an entry differs."""

    AMOUNT = "AMOUNT"
    STATE = "STATE"
    TRANSACTION = "TRANSACTION"
    FEE = "FEE"


Key = tuple[EntryKind, str, str]


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One payment or refund as a provider's statement has it; amounts are above zero, whichever way the money went."""

    kind: EntryKind
    number: str
    """Our number of the payment with the provider."""
    transaction_id: str
    refund_number: str
    """Our number of the refund with the provider; empty for a payment."""
    amount: Decimal
    fee: Decimal
    """What the provider keeps; below zero where it gives a fee back with a refund."""
    at: datetime
    app_id: str | None = None
    """Of which app, where the statement says it: an account may serve others than this system."""
    has_failed: bool = False
    """Whether it did not come through, as the statement knew it."""

    @property
    def key(self) -> Key:
        """What both sides call it."""
        return self.kind, self.number, self.refund_number


@dataclass(frozen=True, slots=True)
class Record:
    """The same as we have it."""

    kind: EntryKind
    document: UUID
    """The payment, or the refund."""
    payment: UUID
    number: str
    transaction_id: str
    refund_number: str
    amount: Decimal
    """By the ledger, where it is posted."""
    fee: Decimal | None
    """By the ledger; None where none is posted."""
    has_happened: bool
    is_expected: bool
    """Whether the day's statement has to have it."""
    elsewhere: bool = False
    """Whether another day's statement has it already."""

    @property
    def key(self) -> Key:
        """What both sides call it."""
        return self.kind, self.number, self.refund_number


@dataclass(frozen=True)
class Difference:
    """One disagreement; what one side does not know is None."""

    kind: DifferenceKind
    ours: Record | None
    theirs: StatementEntry | None
    times: int
    """How many times the statement has it."""
    fact: AlteredFact | None = None


@dataclass
class Side:
    """What one side says of the day."""

    paid: Decimal = NONE
    refunded: Decimal = NONE
    count: int = 0

    def add(self, kind: EntryKind, amount: Decimal) -> None:
        """One more."""
        self.count += 1
        if kind is EntryKind.PAYMENT:
            self.paid += amount
        else:
            self.refunded += amount


@dataclass
class Comparison:
    """What came out."""

    ours: Side = field(default_factory=Side)
    theirs: Side = field(default_factory=Side)
    fees: Decimal = NONE
    """What the provider keeps of the day's entries, by its statement."""
    differences: list[Difference] = field(default_factory=list)
    found: list[Record] = field(default_factory=list)
    """What the statement has of ours."""
    charged: list[tuple[Record, Decimal]] = field(default_factory=list)
    """The fees that are to be posted: of what both sides agree on, where none is."""

    @property
    def status(self) -> ReconciliationStatus:
        """In one word."""
        return ReconciliationStatus.DIFFERS if self.differences else ReconciliationStatus.RECONCILED


def compare(ours: Mapping[Key, Record], theirs: Iterable[StatementEntry], app_id: str) -> Comparison:
    """Hold the entries of a day's statement against our records of that day, and of others that the statement names.

    What an account collected for another app is nobody's difference. Keeps one of each of our records, and what differs.
    """
    result, times, unknown = Comparison(), dict[Key, int](), dict[Key, StatementEntry]()
    altered: dict[Key, tuple[StatementEntry, AlteredFact]] = {}
    for entry in theirs:
        record = ours.get(entry.key)
        if record is None and entry.app_id not in (None, app_id):
            continue
        times[entry.key] = times.get(entry.key, 0) + 1
        if not entry.has_failed:
            result.theirs.add(entry.kind, entry.amount)
            result.fees += entry.fee
        if record is None:
            unknown.setdefault(entry.key, entry)
        elif (fact := altered_fact(record, entry)) is not None:
            altered[entry.key] = entry, fact
        elif record.fee is None and entry.fee and not entry.has_failed and times[entry.key] == 1:
            result.charged.append((record, entry.fee))
    _judge_ours(result, ours, times, altered)
    result.differences += [
        Difference(DifferenceKind.UNKNOWN, None, entry, times[key]) for key, entry in unknown.items()
    ]
    return result


def _judge_ours(
    result: Comparison,
    ours: Mapping[Key, Record],
    times: Mapping[Key, int],
    altered: Mapping[Key, tuple[StatementEntry, AlteredFact]],
) -> None:
    for key, record in ours.items():
        seen = times.get(key, 0)
        if record.has_happened and not record.elsewhere and (seen or record.is_expected):
            result.ours.add(record.kind, record.amount)
        if not seen:
            if record.is_expected and record.has_happened and not record.elsewhere:
                result.differences.append(Difference(DifferenceKind.MISSING, record, None, 0))
            continue
        result.found.append(record)
        if key in altered:
            entry, fact = altered[key]
            result.differences.append(Difference(DifferenceKind.ALTERED, record, entry, seen, fact))
        if seen > 1 or record.elsewhere:
            result.differences.append(Difference(DifferenceKind.DOUBLED, record, None, seen + record.elsewhere))
    doubled = {
        difference.ours.key
        for difference in result.differences
        if difference.ours and difference.kind is DifferenceKind.DOUBLED
    }
    result.charged = [(record, fee) for record, fee in result.charged if record.key not in doubled]


def altered_fact(record: Record, entry: StatementEntry) -> AlteredFact | None:
    """The first thing in the entry that is not as we have it; None where all is."""
    if record.has_happened == entry.has_failed:
        return AlteredFact.STATE
    if entry.has_failed:
        return None
    if entry.amount != record.amount:
        return AlteredFact.AMOUNT
    if record.transaction_id and entry.transaction_id != record.transaction_id:
        return AlteredFact.TRANSACTION
    if abs(entry.fee) > entry.amount or (record.fee is not None and entry.fee != record.fee):
        return AlteredFact.FEE
    return None


def day_of(at: datetime, kind: EntryKind) -> date:
    """The day whose statement has to have what happened then: a payment's by its provider's time, a refund's by when it was done at
    the latest."""
    return local_date(at if kind is EntryKind.PAYMENT else at + SETTLES_IN, ZONE)


def span(day: date, kind: EntryKind) -> tuple[datetime, datetime]:
    """From when until before when something happened that belongs to the day."""
    begins = datetime.combine(day, time(), ZoneInfo(ZONE)).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(ZONE)).astimezone(UTC)
    early = timedelta() if kind is EntryKind.PAYMENT else SETTLES_IN
    return begins - early, ends - early


def newest_day(now: datetime) -> date:
    """The last day of which there may be a statement by now: the one before, and before ten the one before that."""
    here = now.astimezone(ZoneInfo(ZONE))
    return here.date() - timedelta(days=1 if here.time() >= READY_AT else 2)


def clock_days(now: datetime) -> tuple[date, date]:
    """The first and the last day that are compared by themselves: of those every provider still has its statement."""
    return local_date(now, ZONE) - timedelta(days=KEPT_DAYS), newest_day(now)


def days_kept(method: PaymentMethod, now: datetime) -> tuple[date, date]:
    """The first and the last day of which the provider may give a statement: of today it never does."""
    today = local_date(now, ZONE)
    first = FIRST_OF_ALIPAY if method is PaymentMethod.ALIPAY else today - timedelta(days=KEPT_DAYS)
    return first, today - timedelta(days=1)


def is_believed_empty(day: date, now: datetime) -> bool:
    """Whether a provider that has no statement of the day will have none."""
    return now >= span(day, EntryKind.PAYMENT)[1] + NONE_AFTER


def to_the_fen(fee: Decimal) -> Decimal:
    """A fee as it is settled, in whole hundredths: WeChat Pay writes it with five decimals."""
    return fee.quantize(_FEN, ROUND_HALF_UP)
