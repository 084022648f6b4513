"""Changes of a contract in force: proposed by one side, agreed by the other, signed by both; or dropped on the way."""

from uuid import UUID

from models import Contract, ContractLine, Order
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.lifecycle import Amendment, OrderStatus, Side
from rules.people import CLOCK, Actor
from rules.problems import ApprovalRequired, NotFound, invalid
from rules.terms import ApprovalStatus
from services import approvals, budgets, clock, ledger
from services.amending import check_quantities, draw_up_change
from services.asking import Question, award_rule
from services.contract_changes import Change, LineChange
from services.desk import move, note, open_order, other_side, turn_to
from services.verb import verb


@verb
async def propose_change(actor: Actor, order_id: UUID, expected_version: int, change: Change) -> Contract:
    """The next version of the contract, for the other side to agree to; the buyer's approvers are asked where it costs more.

    Goods go on moving by the version in force meanwhile.
    """
    order = await open_order(actor, "propose_change", order_id, expected_version)
    return await _propose(order, await _in_force(order), "propose_change", actor, change)


@verb
async def propose_short_close(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Contract:
    """A change of the contract down to what has left the supplier: once both sides have signed it, nothing more is owed.

    InvalidInput while nothing has left, since then the contract is terminated instead, or when nothing is open.
    """
    order = await open_order(actor, "propose_short_close", order_id, expected_version)
    base, booked = await _in_force(order), await ledger.line_quantities(order)
    if not any(line.delivered > 0 for line in booked.values()):
        raise invalid("input.orderId", "nothing has left yet: terminate the contract instead")
    if not any(line.to_despatch for line in booked.values()):
        raise invalid("input.orderId", "everything has left: nothing is open that could be closed")
    lines = [line.order_line_id for line in await ContractLine.of(base.id)]
    change = Change(reason, tuple(LineChange(line, booked[line].delivered) for line in lines))
    return await _propose(order, base, "propose_short_close", actor, change)


@verb
async def agree_change(actor: Actor, order_id: UUID, expected_version: int) -> Order:
    """Agree that both sides sign the proposed version; the buyer's approvers come first where it costs more than they agreed to."""
    order = await open_order(actor, "agree_change", order_id, expected_version)
    contract = await open_change(order)
    await check_quantities(order, await ContractLine.of(contract.id))
    if order.side_of(actor) is Side.BUYER:
        await budgets.reserve(order, actor, contract.total)
        if await _ask_approvers(order, contract, actor):
            await order.save(update_fields=["approval_pending"])
            return order
    order.amendment = Amendment.CHANGE_AGREED
    turn_to(order, None)
    move(order, "agree_change")
    await note(order, EventKind.CONTRACT_CHANGE_AGREED, actor, _named(contract))
    return order


@verb
async def refuse_change(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """Leave the contract as it is: by the side that is asked, or by one that has not signed what was agreed."""
    order = await open_order(actor, "refuse_change", order_id, expected_version)
    await _drop(order, "refuse_change", EventKind.CONTRACT_CHANGE_REFUSED, actor, reason)
    return order


@verb
async def withdraw_change(actor: Actor, order_id: UUID, expected_version: int, reason: str | None = None) -> Order:
    """Take one's own proposal back before the other side has agreed."""
    order = await open_order(actor, "withdraw_change", order_id, expected_version)
    await _drop(order, "withdraw_change", EventKind.CONTRACT_CHANGE_WITHDRAWN, actor, reason)
    return order


async def lapse_change(order_id: UUID) -> None:
    """What the clock does once the time to sign a change has passed, nothing where somebody was faster: the contract stays as it is."""
    order = await Order.locked(order_id)
    contract = await Contract.open_one(order_id)
    if order.status is not OrderStatus.CONTRACTED or contract is None or contract.sign_by > clock.now():
        return
    await drop_amendment(order)
    move(order, "lapse_change")
    await note(order, EventKind.CONTRACT_CHANGE_LAPSED, CLOCK, _named(contract))


async def drop_amendment(order: Order) -> Contract | None:
    """Take what is proposed off the table: a change's version is void, and so are signatures on it."""
    contract = await Contract.open_one(order.id)
    if contract is not None:
        contract.status = ContractStatus.VOID
        await contract.save(update_fields=["status"])
        await approvals.close(order, CLOCK, ApprovalStatus.VOIDED)
    if order.amendment is Amendment.TERMINATION_PROPOSED:
        order.closing_note = None
    order.amendment = None
    turn_to(order, None)
    return contract


async def check_approved(order: Order, contract: Contract) -> None:
    """Refuse the buyer's signature on a version that costs more than its approvers agreed to."""
    if await _question(order, contract) is not None:
        raise ApprovalRequired("sign_contract")


async def open_change(order: Order) -> Contract:
    """The version that is proposed or agreed."""
    contract = await Contract.open_one(order.id)
    if contract is None:
        raise NotFound("Contract", order.id)
    return contract


async def _propose(order: Order, base: Contract, action: str, actor: Actor, change: Change) -> Contract:
    side = order.side_of(actor)
    contract = await draw_up_change(order, base, side, change)
    order.amendment = Amendment.CHANGE_PROPOSED
    turn_to(order, other_side(side))
    if side is Side.BUYER:
        await budgets.reserve(order, actor, contract.total)
        await _ask_approvers(order, contract, actor)
    move(order, action)
    await note(order, EventKind.CONTRACT_CHANGE_PROPOSED, actor, _named(contract, change.reason))
    return contract


async def _in_force(order: Order) -> Contract:
    contract = await Contract.in_force(order.id)
    if contract is None:
        raise NotFound("Contract", order.id)
    return contract


async def _ask_approvers(order: Order, contract: Contract, actor: Actor) -> bool:
    """Whether a decision is owed first; nothing of it shows in the order's own stream."""
    asked = await _question(order, contract)
    if asked is not None:
        await approvals.request(order, actor, asked)
    return asked is not None


async def _question(order: Order, contract: Contract) -> Question | None:
    if order.agreed_total is not None and contract.total <= order.agreed_total:
        return None
    return await award_rule(order, contract.total)


async def _drop(order: Order, action: str, kind: EventKind, actor: Actor, reason: str | None) -> None:
    contract = await open_change(order)
    move(order, action)
    await drop_amendment(order)
    await note(order, kind, actor, _named(contract, reason))


def _named(contract: Contract, reason: str | None = None) -> dict[str, object]:
    said: dict[str, object] = {"contractId": str(contract.id), "sha256": contract.sha256}
    return {**said, "reason": reason} if reason else said
