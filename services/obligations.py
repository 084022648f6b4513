"""What the buyer of an order has to pay by when: it begins with the contract and with each invoice, follows the ledger, and ends."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models import (
    Company,
    Contract,
    Invoice,
    LedgerEntry,
    Order,
    Payment,
    PaymentObligation,
    PaymentReminder,
    Quotation,
)
from models.base import new_id
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import step_for
from rules.obligations import Obligation, ObligationKind, first_look, prepayment_day
from rules.people import CLOCK
from rules.postings import release_posting
from rules.prepayment_problems import PrepaymentAwaited
from rules.terms import local_date
from services import clock, ledger
from services.desk import note
from services.working_days import working_day


async def obligations_of(order: Order) -> list[Obligation]:
    """All of the order's, the prepayment first."""
    return (await PaymentObligation.by_order([order.id]))[order.id]


async def open_prepayment(order: Order) -> Decimal:
    """What of the prepayment has not come, as far as the ledger knows."""
    return sum((one.open for one in await obligations_of(order) if one.kind is ObligationKind.PREPAYMENT), ZERO)


async def unreported_prepayment(order: Order) -> Decimal:
    """What of it no reported payment covers either."""
    return max(await open_prepayment(order) - await Payment.advances_reported(order.id, clock.now()), ZERO)


async def advance_spent(order: Order, amount: Decimal) -> dict[UUID, Decimal]:
    """Which invoices so much of what was paid in advance may have paid: the newest first, as far as they are paid."""
    newest = [invoice.id for invoice in await Invoice.of(order.id).order_by("-id")]
    owed = await LedgerEntry.owed(newest) if amount > 0 else {}
    return ledger.shares(amount, {invoice: one.paid for invoice, one in owed.items()})


async def begin(order: Order, contract: Contract) -> None:
    """The contract binds: its prepayment is due so many days on as the supplier gives, where its terms ask for one."""
    quotation = await Quotation.named(contract.quotation_id)
    if quotation.prepaid_share:
        supplier = await Company.named(order.supplier_id)
        await _write(order, None, _prepayment_due(supplier), supplier.delivery_zone)


async def claim(order: Order, invoice: Invoice, zone: str) -> None:
    """An invoice was issued, and is due on the day that stands in it."""
    await _write(order, invoice.id, invoice.due_on, zone)


async def owe_again(order: Order) -> None:
    """What is owed of no invoice is due with the prepayment; where none was asked for, on the day."""
    if await LedgerEntry.owed_of_none(order.id) > 0 and await PaymentObligation.prepayment_of(order.id) is None:
        zone = (await Company.named(order.supplier_id)).delivery_zone
        await _write(order, None, working_day(clock.today(zone)), zone)


async def renew(order: Order, contract: Contract, was_prepaid: bool) -> None:
    """A changed contract binds: what it asks to be prepaid beyond the one before has a due date of its own, and what was prepaid
    beyond all that is still to be invoiced goes back."""
    ahead = await PaymentObligation.prepayment_of(order.id)
    if ahead is None:
        return
    to_come = contract.total - sum([invoice.total for invoice in await Invoice.of(order.id)], ZERO)
    await _release(order, ahead, (await ledger.standing(order)).advance - max(to_come, ZERO))
    if was_prepaid and await open_prepayment(order):
        ahead.due_on, ahead.look_on = _prepayment_due(await Company.named(order.supplier_id)), None
        await ahead.save(update_fields=["due_on", "look_on"])
    await follow(order)


async def end(order: Order) -> None:
    """No more invoices are to come: no more is to be prepaid, and what is left of what was goes back."""
    ahead = await PaymentObligation.prepayment_of(order.id)
    if ahead is not None and ahead.ended_at is None:
        ahead.ended_at = clock.now()
        await ahead.save(update_fields=["ended_at"])
    if ahead is not None:
        await _release(order, ahead, (await ledger.standing(order)).advance)


async def follow(order: Order) -> None:
    """Let the clock look at what is open and not told, and at nothing else; and remember of which invoices something is owed."""
    found = {one.id: one for one in await obligations_of(order)}
    for row in await PaymentObligation.named(found):
        one = found[row.id]
        is_untold = one.open > 0 and not one.is_told
        look_on = (row.look_on or first_look(one.due_on, clock.today(one.zone))) if is_untold else None
        if (look_on, one.is_owed) != (row.look_on, row.is_owed):
            row.look_on, row.is_owed = look_on, one.is_owed
            await row.save(update_fields=["look_on", "is_owed"])


async def check_prepaid(order: Order) -> None:
    """Refuse to let goods leave before the prepayment has come, where the supplier does not want that."""
    if not (await Company.named(order.supplier_id)).despatch_after_prepayment:
        return
    for one in await obligations_of(order):
        if one.kind is ObligationKind.PREPAYMENT and one.open > 0:
            raise PrepaymentAwaited(one.open, one.currency, one.due_on)


async def look_at(obligation_id: UUID) -> None:
    """What the clock does as an obligation comes near its due date, and once that has passed unpaid; nothing where somebody was faster."""
    [row] = await PaymentObligation.named([obligation_id])
    order = await Order.locked(row.order_id)
    await row.refresh_from_db()
    one = next(one for one in await obligations_of(order) if one.id == row.id)
    now = clock.now()
    if row.look_on is None or row.look_on > local_date(now, one.zone):
        return
    if one.is_overdue(now):
        await note_overdue(order, row, one)
    elif one.open > 0:
        await warn_of_payment(order, row, one)
    else:
        await follow(order)


async def note_overdue(order: Order, row: PaymentObligation, one: Obligation) -> None:
    """Its day is over and something of it is open: both sides are told, once."""
    row.look_on = None
    await _tell(order, row, one, "note_overdue", EventKind.PAYMENT_OVERDUE)


async def warn_of_payment(order: Order, row: PaymentObligation, one: Obligation) -> None:
    """Its day is near and something of it is open: both sides are told, once."""
    row.look_on = first_look(one.due_on, local_date(clock.now(), one.zone))
    await _tell(order, row, one, "warn_of_payment", EventKind.PAYMENT_DUE_SOON)


async def _tell(order: Order, row: PaymentObligation, one: Obligation, action: str, kind: EventKind) -> None:
    step_for(action, order, order.side_of(CLOCK))
    await row.save(update_fields=["look_on"])
    is_overdue = kind is EventKind.PAYMENT_OVERDUE
    await PaymentReminder.create(
        id=new_id(), obligation_id=one.id, due_on=one.due_on, is_overdue=is_overdue, created_at=clock.now()
    )
    body: dict[str, object] = {
        "obligationId": str(one.id),
        "obligationKind": one.kind,
        "invoiceId": one.invoice and str(one.invoice),
        "dueOn": one.due_on.isoformat(),
        "open": str(one.open),
        "currency": one.currency,
    }
    await note(order, kind, CLOCK, body)


async def _release(order: Order, ahead: PaymentObligation, amount: Decimal) -> None:
    if amount > 0:
        await ledger.post(order, ahead.id, release_posting(amount))
        await ledger.set_off(order, ahead.id)


def _prepayment_due(supplier: Company) -> date:
    return working_day(prepayment_day(clock.today(supplier.delivery_zone), supplier.prepayment_days))


async def _write(order: Order, invoice_id: UUID | None, due_on: date, zone: str) -> None:
    moment: datetime = clock.now()
    await PaymentObligation.create(
        id=new_id(),
        order_id=order.id,
        invoice_id=invoice_id,
        due_on=due_on,
        look_on=first_look(due_on, local_date(moment, zone)),
        is_owed=invoice_id is not None,
        created_at=moment,
    )
