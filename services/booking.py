"""Money that is booked: which invoices it pays, of which orders, and what each of them is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from models import LedgerEntry, Order, Payment, PaymentAllocation
from rules.accounts import Account
from rules.billing import PaymentStatus
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import OrderStatus, step_for
from rules.people import Actor
from rules.postings import payment_posting
from rules.problems import NotFound, StaleVersion, WrongStatus
from services import ledger
from services.desk import Body, lock_orders, note
from services.obligations import open_prepayment
from services.settling import as_settled

Orders = Mapping[UUID, Order]


async def open_payment(
    actor: Actor, payment_id: UUID, expected_version: int, action: str, *statuses: PaymentStatus
) -> tuple[dict[UUID, Order], Payment]:
    """The payment and the orders whose invoices it is for, locked in the order of their ids: as it was read, in one of these statuses."""
    payment = await Payment.visible_to(actor).get_or_none(id=payment_id)
    if payment is None:
        raise NotFound("Payment", payment_id)
    orders = await lock_orders(actor, await payment.orders())
    await payment.refresh_from_db()
    if payment.version != expected_version:
        raise StaleVersion(payment.version)
    for order in orders.values():
        step_for(action, order, order.side_of(actor))
    if payment.status not in statuses:
        raise WrongStatus(action, payment.status, statuses)
    return orders, payment


async def book_money(orders: Orders, payment: Payment, into: Account) -> None:
    """Let what was received pay what it was meant for, as far as that is still owed; what is beyond it is the buyer's credit, or goes
    back where the contract has ended.

    The caller holds the locks of the orders (`open_payment`), and has said in `payment.received` how much came.
    """
    received, own = payment.received or ZERO, orders[payment.order_id]
    by_order = await _allocate(payment, received)
    surplus = received - sum([much for parts in by_order.values() for much in parts.values()], ZERO)
    payment.advance = min(surplus, await open_prepayment(own)) if payment.advance else ZERO
    for order in orders.values():
        if order is not own:
            await ledger.post(order, payment.id, payment_posting(by_order[order.id], into=into))
    ahead, kept = payment.advance, Account.REFUNDS if own.status is OrderStatus.TERMINATED else Account.CREDIT
    paid = payment_posting(by_order[own.id], surplus - ahead, into, advance=ahead, kept=kept)
    await ledger.post(own, payment.id, paid)
    await ledger.set_off(own, payment.id, Account.ADVANCES, *((kept,) if kept is Account.REFUNDS else ()))


async def _allocate(payment: Payment, received: Decimal) -> dict[UUID, dict[UUID, Decimal]]:
    """By order what of the money goes to which invoice: as it was meant, and then what more of the same is owed."""
    meant = await PaymentAllocation.of(payment.id)
    owed = await LedgerEntry.receivables([one.invoice_id for one in meant])
    parts = ledger.shares(received, {one.invoice_id: min(one.amount, owed[one.invoice_id]) for one in meant})
    left = {invoice: owed[invoice] - parts.get(invoice, ZERO) for invoice in owed}
    for invoice, more in ledger.shares(received - sum(parts.values(), ZERO), left).items():
        parts[invoice] = parts.get(invoice, ZERO) + more
    by_order: dict[UUID, dict[UUID, Decimal]] = defaultdict(dict)
    for one in meant:
        await one.become(parts.get(one.invoice_id, ZERO))
        if one.invoice_id in parts:
            by_order[one.invoice.order_id][one.invoice_id] = parts[one.invoice_id]
    return by_order


async def close_payment(payment: Payment) -> None:
    """Save the payment under its next version."""
    payment.version += 1
    await payment.save()


def by_cost_centre(orders: Iterable[Order]) -> list[Order]:
    """The orders as they are noted: the rows of their cost centres are locked one after the other, and nobody is to wait in a circle."""
    return sorted(orders, key=lambda one: str(one.cost_centre_id))


async def note_each(orders: Orders, kind: EventKind, actor: Actor, payment: Payment, more: Body | None = None) -> None:
    """Tell each order's two sides of the payment, and how much of it is the order's."""
    parts: dict[UUID, Decimal] = dict.fromkeys(orders, ZERO)
    for one in await PaymentAllocation.of(payment.id):
        parts[one.invoice.order_id] = parts.get(one.invoice.order_id, ZERO) + one.amount
    parts[payment.order_id] += (payment.received or payment.amount) - sum(parts.values(), ZERO)
    for order in by_cost_centre(orders.values()):
        said = {"paymentId": str(payment.id), "amount": str(parts[order.id]), **(more or {})}
        await note(order, kind, actor, said | as_settled(order))
