"""What happens when a contract takes effect, by the second signature or under a framework agreement."""

from models import Contract, ContractLine, Order
from rules.contract import ContractStatus
from rules.people import Actor
from rules.quantity import Movement
from rules.stock import ReserveAt
from services import clock, credit, ledger, obligations, stock


async def conclude(order: Order, contract: Contract, actor: Actor) -> None:
    """The goods are owed, and kept for this order as the stock policy says; what is lent for them is kept of the buyer's credit."""
    contract.status, contract.effective_at = ContractStatus.EFFECTIVE, clock.now()
    await contract.save(update_fields=["status", "effective_at"])
    agreed = await ContractLine.of(contract.id)
    await ledger.record(Movement.ORDERED, contract.id, {line.order_line_id: line.quantity for line in agreed})
    await stock.reserve_agreed(order, agreed, ReserveAt.SIGNATURE, actor)
    await credit.reserve(order, actor)
    order.contracted_at = contract.effective_at
    await obligations.begin(order, contract)
