"""When an order is done with: goods accepted, everything invoiced, paid, the supplier has seen the money, and what is to be split is."""

from datetime import datetime

from models import Contract, Invoice, Order, Payment, ReturnRequest, Settlement
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import CLOCK
from services import clock, ledger, obligations
from services.desk import note
from services.settlements import open_due


async def settle_if_done(order: Order) -> None:
    """Mark the order settled, and its contract fulfilled, once nothing is open on any of its axes.

    A claim leaves it so. Money that has to move again does not: a late invoice, a refund due, a cheque that bounced.
    """
    if order.status is not OrderStatus.COMPLETED:
        await obligations.follow(order)
        return
    await open_due(order)
    has_all = not await _is_awaited(order)
    if has_all:
        await obligations.end(order)
    await obligations.follow(order)
    if order.settled_at is None and has_all and await _is_done(order):
        await _conclude(order, clock.now(), ContractStatus.FULFILLED)
    elif order.settled_at is not None and not (await ledger.standing(order)).is_even:
        await _conclude(order, None, ContractStatus.EFFECTIVE)


def as_settled(order: Order) -> dict[str, object]:
    """What an event by which the order may have become settled, or open again, says of that."""
    return {"settled": order.settled_at is not None}


async def settle_for_split(order: Order) -> None:
    """The order may have waited for the split of a payment alone; that is all its buyer is told."""
    before = order.settled_at
    await settle_if_done(order)
    if order.settled_at != before:
        await note(order, EventKind.ORDER_SETTLED, CLOCK, as_settled(order))


async def _conclude(order: Order, settled_at: datetime | None, status: ContractStatus) -> None:
    order.settled_at = settled_at
    contract = await Contract.in_force(order.id)
    if contract is not None:
        contract.status = status
        await contract.save(update_fields=["status"])


async def _is_done(order: Order) -> bool:
    if await ReturnRequest.is_open(order.id):
        return False
    if await Payment.is_waiting(order.id, clock.now()) or await Invoice.is_disputed(order.id):
        return False
    if await Settlement.is_open(order.id):
        return False
    return (await ledger.standing(order)).is_even


async def _is_awaited(order: Order) -> bool:
    """Whether goods are still to come, or to be invoiced."""
    quantities = (await ledger.line_quantities(order)).values()
    return any(line.to_invoice or line.to_despatch or line.under_way for line in quantities)
