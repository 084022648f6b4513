"""When an order is done with: goods accepted, everything invoiced, paid, and the supplier has seen the money."""

from models import Invoice, Order, Payment
from rules.lifecycle import OrderStatus
from services import clock, ledger


async def settle_if_done(order: Order) -> None:
    """Mark the order settled once nothing is open on any of its axes."""
    if order.settled_at is None and order.status is OrderStatus.COMPLETED and await _is_done(order):
        order.settled_at = clock.now()


async def _is_done(order: Order) -> bool:
    quantities = (await ledger.line_quantities(order)).values()
    if any(line.to_invoice > 0 for line in quantities):
        return False
    if await Payment.is_waiting(order.id) or await Invoice.is_disputed(order.id):
        return False
    invoiced, paid = await ledger.invoiced_and_paid(order)
    return invoiced > 0 and invoiced == paid
