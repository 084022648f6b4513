"""What happens when a contract takes effect, by the second signature or under a framework agreement."""

from models import Contract, ContractLine, Order
from rules.contract import ContractStatus
from rules.quantity import Movement
from services import clock, ledger, stock


async def conclude(order: Order, contract: Contract) -> None:
    """The goods are owed, and kept for this order where there is stock."""
    contract.status, contract.effective_at = ContractStatus.EFFECTIVE, clock.now()
    await contract.save(update_fields=["status", "effective_at"])
    agreed = {line.order_line_id: line.quantity for line in await ContractLine.of(contract.id)}
    await ledger.record(Movement.ORDERED, contract.id, agreed)
    await stock.reserve(order, agreed)
    order.contracted_at = contract.effective_at
