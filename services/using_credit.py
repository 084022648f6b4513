"""The buyer's credit with a supplier: what was paid too much on one order pays another one."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from models import Invoice, LedgerEntry, Order, Payment, PaymentAllocation, Refund
from models.base import new_id
from rules.billing import PaymentMethod, PaymentStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import step_for
from rules.money import check_amount
from rules.people import Actor
from rules.postings import credit_moved, credit_posting
from rules.problems import AmountMismatch, NotFound
from services import clock, ledger
from services.booking import by_cost_centre
from services.desk import lock_orders, note, number
from services.paying import open_amounts
from services.settling import as_settled, settle_if_done
from services.verb import creating


@creating(Payment)
async def apply_credit(
    actor: Actor, invoice_id: UUID, amount: Decimal | None = None, *, idempotency_key: str
) -> Payment:
    """Pay an invoice with credit from orders of the same two companies, the oldest first: as much as there is and is open, unless said."""
    invoice = await Invoice.visible_to(actor).get_or_none(id=invoice_id).select_related("order")
    if invoice is None:
        raise NotFound("Invoice", invoice_id)
    pair = invoice.order
    holding = await LedgerEntry.orders_with_credit(pair.supplier_id, pair.buyer_id, invoice.currency)
    orders = await lock_orders(actor, {pair.id, *holding})
    step_for("apply_credit", orders[pair.id], orders[pair.id].side_of(actor))
    credit = await _available(orders)
    most = min(sum(credit.values(), ZERO), (await open_amounts((invoice.id,)))[invoice.id])
    wanted = most if amount is None else amount
    check_amount("input.amount", wanted, invoice.currency)
    if not 0 < wanted <= most:
        raise AmountMismatch(most, wanted, invoice.currency)
    payment = await _write(orders[pair.id], invoice, wanted)
    used = ledger.shares(wanted, credit)
    await _move(orders, payment, invoice, used)
    await settle_if_done(orders[pair.id])
    used[pair.id] = wanted
    for order in by_cost_centre(orders[one] for one in used):
        kind = EventKind.CREDIT_APPLIED if order.id == pair.id else EventKind.CREDIT_USED
        await note(order, kind, actor, _body(payment, used[order.id]) | as_settled(order))
    return payment


async def _available(orders: Mapping[UUID, Order]) -> dict[UUID, Decimal]:
    """The credit of each order, the oldest first, but for what is on its way back to the buyer."""
    standings, sent = await LedgerEntry.standings(orders), await Refund.credit_on_its_way(orders)
    return {order: standings[order].credit - sent.get(order, ZERO) for order in sorted(orders)}


async def _move(
    orders: Mapping[UUID, Order], payment: Payment, invoice: Invoice, parts: Mapping[UUID, Decimal]
) -> None:
    target = orders[invoice.order_id]
    for order_id, part in parts.items():
        if order_id != target.id:
            left, came = credit_moved(part)
            await ledger.post(orders[order_id], payment.id, left)
            await ledger.post(target, payment.id, came)
    await ledger.post(target, payment.id, credit_posting(invoice.id, payment.amount))


async def _write(order: Order, invoice: Invoice, amount: Decimal) -> Payment:
    moment, reference = clock.now(), number(Series.PAYMENT)
    payment = await Payment.create(
        id=new_id(),
        number=reference,
        order_id=order.id,
        method=PaymentMethod.CREDIT_BALANCE,
        status=PaymentStatus.FUNDS_CONFIRMED,
        currency=invoice.currency,
        amount=amount,
        received=amount,
        paid_on=clock.today(order.delivery_zone),
        bank_reference=reference,
        confirmed_at=moment,
        created_at=moment,
    )
    await PaymentAllocation.create(payment_id=payment.id, invoice_id=invoice.id, amount=amount, created_at=moment)
    return payment


def _body(payment: Payment, amount: Decimal) -> dict[str, object]:
    return {"paymentId": str(payment.id), "amount": str(amount)}
