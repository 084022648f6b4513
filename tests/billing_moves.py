"""One random try at each step of an order's money; those of orders are in `moves`."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models import Invoice, OfficialInvoice, Payment, Refund
from models.base import new_id
from models.crediting import left_of
from rules.accounts import Excess
from rules.crediting import CreditWish, Left
from services import bouncing, clock, crediting, ledger, paying, recording_fapiao, refunding, using_credit
from tests.fapiao_makers import make_fapiao
from tests.makers import make_key

REASON = "算错了 · miscounted"


async def issue_credit_note(turn: Any) -> object:
    """All of it, or a part by quantity or by amount, or more than is left."""
    invoice = await turn.one(Invoice)
    lines = (await left_of([invoice.id]))[invoice.id].values() if invoice.created_at else ()
    wishes = tuple(_wishes(turn, list(lines))) if turn.chance.random() < 0.7 else None
    return await crediting.issue_credit_note(
        turn.actor,
        invoice.id,
        invoice.version,
        REASON,
        wishes,
        turn.chance.choice(list(Excess)),
        idempotency_key=make_key(),
    )


def _wishes(turn: Any, lines: list[Left]) -> Iterator[CreditWish]:
    for line in lines[: turn.chance.choice([1, 1, 2])]:
        if turn.chance.random() < 0.5:
            yield CreditWish(line.id, turn.much(line.quantity))
        else:
            yield CreditWish(line.id, net=round(turn.much(line.net), 2))


async def record_official_invoice(turn: Any) -> object:
    """All of the invoice, a part, or more than it."""
    invoice = await turn.one(Invoice)
    net = round(turn.much(invoice.net or Decimal(1)), 2)
    fapiao = make_fapiao(str(net), str(invoice.tax or 0))
    meant = recording_fapiao.FapiaoFor(invoice.id)
    return await recording_fapiao.record_official_invoice(turn.actor, meant, fapiao, idempotency_key=make_key())


async def void_official_invoice(turn: Any) -> object:
    rows = await OfficialInvoice.filter(order_id=turn.order.id)
    found = turn.chance.choice(rows).id if rows else new_id()
    return await recording_fapiao.void_official_invoice(turn.actor, found, REASON)


async def submit_cheque(turn: Any) -> object:
    """For the invoice, or more than that as credit."""
    invoice = await turn.one(Invoice)
    amount = round(turn.much(invoice.total), 2)
    cheque = paying.Transfer(amount, clock.today("Asia/Shanghai"), make_key(), surplus_as_credit=True)
    return await paying.submit_cheque(turn.actor, invoice.id, cheque, idempotency_key=make_key())


async def bounce_cheque(turn: Any) -> object:
    payment = await turn.one(Payment)
    return await bouncing.bounce_cheque(turn.actor, payment.id, payment.version, REASON)


async def apply_credit(turn: Any) -> object:
    return await using_credit.apply_credit(turn.actor, (await turn.one(Invoice)).id, idempotency_key=make_key())


async def send_refund(turn: Any) -> object:
    """What is due, a part of it, or more."""
    now = await ledger.standing(turn.order)
    amount = round(turn.much(now.refund_due + now.credit), 2)
    repayment = refunding.Repayment(amount, clock.today("Asia/Shanghai"), make_key())
    return await refunding.send_refund(turn.actor, turn.order.id, None, repayment, idempotency_key=make_key())


async def confirm_refund(turn: Any) -> object:
    refund = await turn.one(Refund)
    return await refunding.confirm_refund(turn.actor, refund.id, refund.version)


async def reject_refund(turn: Any) -> object:
    refund = await turn.one(Refund)
    return await refunding.reject_refund(turn.actor, refund.id, refund.version, REASON)


_OFFICIAL = (record_official_invoice, void_official_invoice)
_MONEY = (submit_cheque, bounce_cheque, apply_credit, send_refund, confirm_refund, reject_refund)
BILLING_MOVES = {move.__name__: move for move in (issue_credit_note, *_OFFICIAL, *_MONEY)}
