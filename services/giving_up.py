"""Payments that are started and that nobody is to pay any more: what became of them, only their provider says."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from models import OnlinePayment, Order
from rules.errands import ErrandKind
from services import clock, errands


async def give_up(payment_ids: Iterable[UUID], due_at: datetime | None = None) -> None:
    """Ask the provider what became of them, and to close what nobody has paid, now unless said. Belongs inside a verb's transaction."""
    wanted = list(payment_ids)
    await OnlinePayment.ask_to_close(wanted, clock.now())
    for payment_id in wanted:
        await errands.send(ErrandKind.FOLLOW_PAYMENT, payment_id, due_at)


async def give_up_all(order: Order) -> None:
    """The same of all of an order that has ended: what comes in nevertheless would only have to go back."""
    await give_up(await OnlinePayment.awaited(order.id))
