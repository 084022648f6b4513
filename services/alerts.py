"""Money that somebody has to look after: told in the log, and counted for whoever watches the machines."""

from collections import Counter
from enum import StrEnum

import structlog

log = structlog.get_logger(__name__)


class Alert(StrEnum):
    """What has happened, in the words of the measure `dinghuo_money_alerts_total`."""

    REFUND_DUE = "refund_due"
    REFUND_FAILED = "refund_failed"
    REFUND_STUCK = "refund_stuck"
    SPLIT_FAILED = "split_failed"
    SPLIT_LAPSED = "split_lapsed"
    HELD_MONEY_FREE = "held_money_free"
    SHARE_NOT_RETURNED = "share_not_returned"
    SHARE_RETURN_LAPSED = "share_return_lapsed"
    ANSWER_OF_ANOTHER = "answer_of_another"
    PAYMENT_UNTOLD = "payment_untold"
    STATEMENT_UNREADABLE = "statement_unreadable"
    DAYS_NOT_COMPARED = "days_not_compared"


TEXTS = {
    Alert.REFUND_DUE: "paid too late: a refund is due",
    Alert.REFUND_FAILED: "a refund failed",
    Alert.REFUND_STUCK: "a refund waits for somebody at the provider's desk",
    Alert.SPLIT_FAILED: "a split failed",
    Alert.SPLIT_LAPSED: "too late to split a payment",
    Alert.HELD_MONEY_FREE: "held money is free, and its goods are not accepted",
    Alert.SHARE_NOT_RETURNED: "a share did not come back",
    Alert.SHARE_RETURN_LAPSED: "too late to take a share back",
    Alert.ANSWER_OF_ANOTHER: "a provider answered of something else",
    Alert.PAYMENT_UNTOLD: "a provider does not tell of a payment",
    Alert.STATEMENT_UNREADABLE: "a statement could not be read",
    Alert.DAYS_NOT_COMPARED: "payments are too old to be compared by themselves",
}
_raised: Counter[Alert] = Counter()


def alert(kind: Alert, **facts: object) -> None:
    """Raise the alarm. What is done about it is said by events and lists; this is for people whose screen is dark."""
    _raised[kind] += 1
    log.error(TEXTS[kind], alert=kind, **facts)


def raised() -> dict[str, int]:
    """How often each was raised by this process, from none on."""
    return {kind: _raised[kind] for kind in Alert}
