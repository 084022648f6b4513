"""What silence after arrival means, and what can be wrong with goods."""

from datetime import datetime, timedelta
from enum import StrEnum

SILENCE = timedelta(days=7)
"""For so long after arrival the buyer may say nothing; then the goods count as accepted."""

NOTICE = timedelta(days=2)
"""So long before that both sides are warned; nobody's silence counts without a warning this long before."""


class GoodsFault(StrEnum):
    """Why goods are not accepted, or go back."""

    DAMAGED = "DAMAGED"
    DEFECTIVE = "DEFECTIVE"
    WRONG_ITEM = "WRONG_ITEM"
    OUT_OF_DATE = "OUT_OF_DATE"
    MISSING = "MISSING"
    OTHER = "OTHER"


def acceptance_after(arrived_at: datetime, now: datetime) -> datetime:
    """When silence becomes acceptance of goods that arrived, of which nobody could know before now."""
    return max(arrived_at, now) + SILENCE


def acceptance_warned(accept_by: datetime, now: datetime) -> datetime:
    """The same once both sides are warned: late warnings put it off."""
    return max(accept_by, now + NOTICE)
