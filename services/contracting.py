"""A frozen text goes back to negotiation."""

from uuid import UUID

from models import Order
from rules.events import EventKind
from rules.people import Actor
from services.closing import void_contract
from services.desk import move, note, open_order
from services.verb import verb


@verb
async def refuse_contract(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """Send the text back to negotiation; its version is void, and so are signatures on it."""
    order = await open_order(actor, "refuse_contract", order_id, expected_version)
    contract = await void_contract(order, actor)
    order.agreed_total = None
    move(order, "refuse_contract")
    body = {"contractId": str(contract.id) if contract else None, "reason": reason}
    await note(order, EventKind.CONTRACT_REFUSED, actor, body)
    return order
