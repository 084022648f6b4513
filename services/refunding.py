"""Money that goes back: the supplier says that it was sent, the buyer whether it came."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import Order, Refund
from models.base import new_id
from rules.billing import RefundStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import step_for
from rules.money import check_amount
from rules.people import Actor
from rules.postings import refund_posting
from rules.problems import AmountMismatch, Conflict, NotFound, StaleVersion, WrongStatus
from services import clock, ledger
from services.desk import lock_order, note, number, open_order
from services.settling import as_settled, settle_if_done
from services.verb import creating, verb


@dataclass(frozen=True)
class Repayment:
    """A transfer to the buyer, as the supplier records it."""

    amount: Decimal
    paid_on: date
    bank_reference: str
    remark: str | None = None


@creating(Refund)
async def send_refund(
    actor: Actor, order_id: UUID, expected_version: int | None, repayment: Repayment, *, idempotency_key: str
) -> Refund:
    """Record what was paid back: what is due first, then credit; it counts once the buyer has seen the money."""
    order = await open_order(actor, "send_refund", order_id, expected_version)
    check_amount("input.amount", repayment.amount, order.currency)
    now, (due_sent, credit_sent) = await ledger.standing(order), await Refund.on_its_way(order.id)
    due, credit = max(now.refund_due - due_sent, ZERO), max(now.credit - credit_sent, ZERO)
    if not 0 < repayment.amount <= due + credit:
        raise AmountMismatch(due + credit, repayment.amount, order.currency)
    if await Refund.has_reference(order.id, repayment.bank_reference):
        raise Conflict("bankReference")
    refund = await Refund.create(
        id=new_id(),
        number=number(Series.REFUND),
        order_id=order.id,
        currency=order.currency,
        amount=repayment.amount,
        credit=max(repayment.amount - due, ZERO),
        paid_on=repayment.paid_on,
        bank_reference=repayment.bank_reference,
        remark=repayment.remark,
        created_at=clock.now(),
    )
    await note(order, EventKind.REFUND_SENT, actor, _body(refund))
    return refund


@verb
async def confirm_refund(actor: Actor, refund_id: UUID, expected_version: int) -> Refund:
    """The buyer has the money; settles the order if nothing else is open."""
    order, refund = await _open(actor, refund_id, expected_version, "confirm_refund")
    refund.status, refund.confirmed_at = RefundStatus.RECEIVED, clock.now()
    await _close(refund)
    await ledger.post(order, refund.id, refund_posting(refund.amount - refund.credit, refund.credit))
    await settle_if_done(order)
    await note(order, EventKind.REFUND_RECEIVED, actor, _body(refund) | as_settled(order))
    return refund


@verb
async def reject_refund(actor: Actor, refund_id: UUID, expected_version: int, reason: str) -> Refund:
    """The money did not come; it is due as before, unless something is owed by now that it pays."""
    order, refund = await _open(actor, refund_id, expected_version, "reject_refund")
    refund.status, refund.missed_reason = RefundStatus.MISSED, reason
    await _close(refund)
    await ledger.set_off(order, refund.id)
    await settle_if_done(order)
    await note(order, EventKind.REFUND_MISSED, actor, {**_body(refund), **as_settled(order), "reason": reason})
    return refund


async def _open(actor: Actor, refund_id: UUID, expected_version: int, action: str) -> tuple[Order, Refund]:
    refund = await Refund.visible_to(actor).get_or_none(id=refund_id)
    if refund is None:
        raise NotFound("Refund", refund_id)
    order = await lock_order(actor, refund.order_id)
    await refund.refresh_from_db()
    if refund.version != expected_version:
        raise StaleVersion(refund.version)
    step_for(action, order, order.side_of(actor))
    if refund.status is not RefundStatus.SENT:
        raise WrongStatus(action, refund.status, (RefundStatus.SENT,))
    return order, refund


async def _close(refund: Refund) -> None:
    refund.version += 1
    await refund.save()


def _body(refund: Refund) -> dict[str, object]:
    return {"refundId": str(refund.id), "amount": str(refund.amount)}
