"""Until when offers come in, and from when on they are read."""

from datetime import datetime

from models import Order
from rules.lifecycle import OrderStatus
from rules.problems import DeadlinePassed, invalid
from services import clock


def check_in_time(order: Order, valid_until: datetime) -> None:
    """Refuse a first offer after the time to answer, and a sealed one that would end before anybody may read it.

    Whoever answers a counter-offer was asked anew, and has no deadline.
    """
    if order.answer_by is None or order.status is not OrderStatus.PENDING_SUPPLIER:
        return
    if clock.now() >= order.answer_by:
        raise DeadlinePassed(order.answer_by)
    if order.is_sealed and valid_until <= order.answer_by:
        raise invalid(
            "input.validUntil", "must be later than the opening of the quotations", order.answer_by.isoformat()
        )
