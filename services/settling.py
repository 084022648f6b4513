"""When an order is done with: goods accepted, everything invoiced, paid, and the supplier has seen the money."""

from models import Contract, Invoice, Order, Payment, ReturnRequest
from rules.contract import ContractStatus
from rules.lifecycle import OrderStatus
from services import clock, ledger


async def settle_if_done(order: Order) -> None:
    """Mark the order settled, and its contract fulfilled, once nothing is open on any of its axes."""
    if order.settled_at is not None or order.status is not OrderStatus.COMPLETED or not await _is_done(order):
        return
    order.settled_at = clock.now()
    contract = await Contract.in_force(order.id)
    if contract is not None:
        contract.status = ContractStatus.FULFILLED
        await contract.save(update_fields=["status"])


async def _is_done(order: Order) -> bool:
    quantities = (await ledger.line_quantities(order)).values()
    if any(line.to_invoice or line.to_despatch or line.under_way for line in quantities):
        return False
    if await ReturnRequest.is_open(order.id):
        return False
    if await Payment.is_waiting(order.id) or await Invoice.is_disputed(order.id):
        return False
    invoiced, paid = await ledger.invoiced_and_paid(order)
    return invoiced == paid
