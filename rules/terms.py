"""Commercial terms: payment, delivery and the documents that carry them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


class Incoterm(StrEnum):
    """Incoterms 2020 delivery terms."""

    EXW = "EXW"
    FCA = "FCA"
    CPT = "CPT"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CIF = "CIF"


class QuotationStatus(StrEnum):
    """What became of a quotation; a sent one is never edited."""

    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"


class PartialAcceptance(StrEnum):
    """Whether a buyer may accept some lines of a quotation, or smaller quantities."""

    ALLOWED = "ALLOWED"
    WHOLE_ONLY = "WHOLE_ONLY"


class PaymentMoment(StrEnum):
    """From when the days count within which the rest is to be paid (UBL PaymentTerms)."""

    AFTER_INVOICE = "AFTER_INVOICE"
    ON_RECEIPT = "ON_RECEIPT"


class ApprovalStatus(StrEnum):
    """What the buyer's approvers decided."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    VOIDED = "VOIDED"


class ApprovalStage(StrEnum):
    """What is being approved: sending the order out, or accepting a quotation."""

    SUBMISSION = "SUBMISSION"
    AWARD = "AWARD"


class VoteDecision(StrEnum):
    """What somebody who was asked for an approval said."""

    APPROVED = "APPROVED"
    RETURNED = "RETURNED"


class RejectionReason(StrEnum):
    """Why a supplier rejects an order (UBL OrderResponse)."""

    OUT_OF_STOCK = "OUT_OF_STOCK"
    CAPACITY = "CAPACITY"
    LEAD_TIME = "LEAD_TIME"
    PRICE = "PRICE"
    SPECIFICATION = "SPECIFICATION"
    OTHER = "OTHER"


def is_zone(name: str) -> bool:
    """Whether this is an IANA time zone."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    # Listing them walks hundreds of files: 20 ms that every order would wait for.
    return frozenset(available_timezones())


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date at a place when the moment happens there."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """The moment at which the day begins at a place."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def is_on_time(arrived_at: datetime, promised_on: date, zone: str) -> bool:
    """Whether goods arrived by the end of the promised date at the delivery place."""
    return local_date(arrived_at, zone) <= promised_on


def credit_days(net_days: int, prepaid_share: Decimal, moment: PaymentMoment) -> int:
    """For how many days after the invoice the whole amount is lent: none where a part is prepaid, or the days begin before it."""
    return net_days if not prepaid_share and moment == PaymentMoment.AFTER_INVOICE else 0


def due_date(invoiced_on: date, net_days: int) -> date:
    """The day by which an invoice is to be paid."""
    return invoiced_on + timedelta(days=net_days)
