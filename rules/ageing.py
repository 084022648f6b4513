"""How old what is owed is: by the days that it has been due."""

from datetime import date
from enum import StrEnum


class Age(StrEnum):
    """For how many days something has been due; on the day itself it is not overdue yet."""

    NOT_DUE = "NOT_DUE"
    DAYS_1_TO_30 = "DAYS_1_TO_30"
    DAYS_31_TO_60 = "DAYS_31_TO_60"
    DAYS_61_TO_90 = "DAYS_61_TO_90"
    OVER_90_DAYS = "OVER_90_DAYS"


# The last day of each age; what is older has the last one.
LAST_DAYS = ((0, Age.NOT_DUE), (30, Age.DAYS_1_TO_30), (60, Age.DAYS_31_TO_60), (90, Age.DAYS_61_TO_90))


def age_of(due_on: date, on: date) -> Age:
    """How old something that is due on one day is on another."""
    days = (on - due_on).days
    return next((age for last, age in LAST_DAYS if days <= last), Age.OVER_90_DAYS)
