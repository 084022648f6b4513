"""What silence after arrival means, and what can be wrong with goods."""

from datetime import datetime, timedelta
from enum import StrEnum

INSPECTION_DAYS = 7
"""For so many days after arrival the buyer may say nothing, unless the contract says otherwise; then the goods count as accepted.

Civil Code of the People's Republic of China, article 621: the period for inspection is the one agreed.
"""

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


def acceptance_after(arrived_at: datetime, now: datetime, inspection_days: int) -> datetime:
    """When silence becomes acceptance of goods that arrived, of which nobody could know before now."""
    return max(arrived_at, now) + timedelta(days=inspection_days)


def acceptance_warned(accept_by: datetime, now: datetime) -> datetime:
    """The same once both sides are warned: late warnings put it off."""
    return max(accept_by, now + NOTICE)
