"""How an order ends without goods: rejected, cancelled, expired."""

from uuid import UUID

from models import Contract, ContractLine, Order, Quotation
from rules.contract import ContractStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import CLOCK, Actor
from rules.terms import ApprovalStatus, QuotationStatus, RejectionReason
from services import approvals, budgets, clock, stock
from services.desk import move, note, open_order
from services.verb import verb


@verb
async def reject_order(
    actor: Actor, order_id: UUID, expected_version: int, reason: RejectionReason, explanation: str
) -> Order:
    """The supplier cannot serve the order, and says why."""
    order = await open_order(actor, "reject_order", order_id, expected_version)
    await _end_quotation(order, QuotationStatus.WITHDRAWN)
    order.closing_reason, order.closing_note = reason, explanation
    move(order, "reject_order")
    await note(order, EventKind.ORDER_REJECTED, actor, {"reason": reason, "explanation": explanation})
    return order


@verb
async def cancel_order(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """The buyer no longer wants the order; only before both sides have signed."""
    order = await open_order(actor, "cancel_order", order_id, expected_version)
    await cancel(order, actor, reason)
    return order


async def cancel(order: Order, actor: Actor, reason: str) -> None:
    """Take an order that is locked, and has the step, off everybody's desk."""
    await approvals.close(order, actor, ApprovalStatus.VOIDED)
    await _end_quotation(order, QuotationStatus.DECLINED)
    await void_contract(order, actor)
    order.closing_reason, order.closing_note = "CANCELLED", reason
    move(order, "cancel_order")
    await note(order, EventKind.ORDER_CANCELLED, actor, {"reason": reason})


async def expire_quotation(order_id: UUID) -> None:
    """What the clock does once a quotation's validity has passed; nothing where somebody was faster."""
    order = await Order.locked(order_id)
    quotation = await Quotation.newest(order_id)
    if order.status is not OrderStatus.PENDING_BUYER or quotation is None or quotation.valid_until > clock.now():
        return
    await approvals.close(order, CLOCK, ApprovalStatus.VOIDED)
    quotation.status = QuotationStatus.EXPIRED
    await quotation.save(update_fields=["status"])
    order.closing_reason = "QUOTATION_EXPIRED"
    move(order, "expire_quotation")
    await note(
        order, EventKind.QUOTATION_EXPIRED, CLOCK, {"quotationId": str(quotation.id), "revision": quotation.revision}
    )


async def lapse_contract(order_id: UUID) -> None:
    """What the clock does once the time to sign has passed; nothing where somebody was faster."""
    order = await Order.locked(order_id)
    contract = await Contract.newest(order_id)
    if order.status is not OrderStatus.PENDING_SIGNATURE or contract is None or contract.sign_by > clock.now():
        return
    await void_contract(order, CLOCK)
    order.closing_reason = "SIGNATURE_OVERDUE"
    move(order, "lapse_contract")
    await note(order, EventKind.CONTRACT_LAPSED, CLOCK, {"contractId": str(contract.id)})


async def void_contract(order: Order, actor: Actor) -> Contract | None:
    """Take the unsigned contract off the table, if there is one, and give up what is kept for it in stock."""
    contract = await Contract.newest(order.id)
    if contract is None or contract.status not in (ContractStatus.DRAFT, ContractStatus.PARTIALLY_SIGNED):
        return None
    contract.status = ContractStatus.VOID
    await contract.save(update_fields=["status"])
    await budgets.hold_still(order)
    unkept = {line.order_line_id: ZERO for line in await ContractLine.of(contract.id)}
    await stock.release(order, contract.id, unkept, actor)
    return contract


async def _end_quotation(order: Order, status: QuotationStatus) -> None:
    quotation = await Quotation.newest(order.id)
    if quotation is not None and quotation.status is QuotationStatus.SENT:
        quotation.status = status
        await quotation.save(update_fields=["status"])
