"""What is done outside after a commit, and when it is tried again."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(seconds=30)
"""How long an errand is in one process's hands: longer than any partner may take to answer. Whoever works longer renews it meanwhile."""

HEAD_START = timedelta(seconds=5)
"""For how long an errand is left to the process whose caller waits for it; longer than it takes from the commit to the first step."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)
"""Between two tries: doubled each time up to the second."""


class ErrandKind(StrEnum):
    """What is to be done."""

    START_PAYMENT = "START_PAYMENT"
    FOLLOW_PAYMENT = "FOLLOW_PAYMENT"
    REFUND_PAYMENT = "REFUND_PAYMENT"
    SPLIT_PAYMENT = "SPLIT_PAYMENT"
    TAKE_BACK_SHARE = "TAKE_BACK_SHARE"
    WATCH_HELD_MONEY = "WATCH_HELD_MONEY"
    RECONCILE = "RECONCILE"
    MATCH_INVOICE = "MATCH_INVOICE"
    MAKE_STATEMENT = "MAKE_STATEMENT"


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)
