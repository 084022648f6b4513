"""How a contract ends before any goods have left: by both sides, or by the operator."""

from uuid import UUID

from models import Contract, Order
from rules.billing import FulfilmentStatus
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.lifecycle import Amendment
from rules.people import Actor
from rules.problems import NotFound, WrongStatus
from services import budgets, ledger, obligations
from services.changing import drop_amendment
from services.covering import give_back
from services.desk import move, note, open_order, other_side, turn_to
from services.giving_up import give_up_all
from services.rebooking import book
from services.verb import verb


@verb
async def propose_termination(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """Ask the other side to end the contract; goods may still leave until it agrees, and then it cannot."""
    order = await open_order(actor, "propose_termination", order_id, expected_version)
    await _check_nothing_left("propose_termination", order)
    order.amendment, order.closing_note = Amendment.TERMINATION_PROPOSED, reason
    turn_to(order, other_side(order.side_of(actor)))
    move(order, "propose_termination")
    await note(order, EventKind.TERMINATION_PROPOSED, actor, {"reason": reason})
    return order


@verb
async def agree_termination(actor: Actor, order_id: UUID, expected_version: int) -> Order:
    """End the contract by the word of both sides."""
    order = await open_order(actor, "agree_termination", order_id, expected_version)
    await _terminate(order, "agree_termination", actor, order.closing_note or "")
    return order


@verb
async def refuse_termination(actor: Actor, order_id: UUID, expected_version: int, reason: str | None = None) -> Order:
    """Let the contract stand: by the side that was asked, or by the one that asked."""
    order = await open_order(actor, "refuse_termination", order_id, expected_version)
    move(order, "refuse_termination")
    await drop_amendment(order)
    await note(order, EventKind.TERMINATION_REFUSED, actor, {"reason": reason} if reason else {})
    return order


@verb
async def terminate_order(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """End a contract that the two sides cannot end themselves; the operator's word."""
    order = await open_order(actor, "terminate_order", order_id, expected_version)
    await _terminate(order, "terminate_order", actor, reason)
    return order


async def _terminate(order: Order, action: str, actor: Actor, reason: str) -> None:
    await _check_nothing_left(action, order)
    contract = await Contract.in_force(order.id)
    if contract is None:
        raise NotFound("Contract", order.id)
    await drop_amendment(order)
    await budgets.hold_still(order)
    await book(order, contract.id, {}, actor)
    contract.status = ContractStatus.TERMINATED
    await contract.save(update_fields=["status"])
    await give_back(order, actor)
    await obligations.end(order)
    await obligations.follow(order)
    await give_up_all(order)
    order.closing_reason, order.closing_note = "TERMINATED", reason
    move(order, action)
    await note(order, EventKind.ORDER_TERMINATED, actor, {"reason": reason, "contractId": str(contract.id)})


async def _check_nothing_left(action: str, order: Order) -> None:
    """Once goods are on their way a contract is fulfilled or changed, no longer ended."""
    if any(line.despatched for line in (await ledger.line_quantities(order)).values()):
        raise WrongStatus(action, FulfilmentStatus.PARTIALLY_SHIPPED, (FulfilmentStatus.NOT_SHIPPED,))
