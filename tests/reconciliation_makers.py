"""Days on which somebody paid, each in nobody else's statement; and what the simulated providers plant into those."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from models import PaymentRefund, Reconciliation, ReconciliationDifference
from partners.payments.simulator.bills import Plants
from rules.billing import PaymentMethod
from rules.people import Actor
from services import clock
from services.online_paying import refund_payment
from services.reconciliations import reconcile_payments
from tests.makers import make_key
from tests.order_makers import Parties
from tests.payment_makers import ALIPAY, Started, line, make_merchant, make_online_payment

_days = count()


def a_day() -> date:
    """A day that no other test of this process uses."""
    return date(2026, 1, 5) + timedelta(days=2 * next(_days))


def at(day: date, hour: str = "12:00") -> datetime:
    """A moment of the day, in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour}:00+08:00")


def morning_after(day: date) -> datetime:
    """When its statement is there."""
    return at(day + timedelta(days=1), "10:00")


async def make_paid(
    parties: Parties,
    day: date,
    first: Started | None = None,
    *,
    method: PaymentMethod = ALIPAY,
    amount: str = "100.00",
    hour: str = "12:00",
    is_told: bool = True,
) -> Started:
    """A payment that was made on that day, of the same invoice as the first; of which its provider tells, or not."""
    invoice = None if first is None else first.invoice
    started = await make_online_payment(parties, invoice, method=method, amount=amount)
    with clock.held_at(at(day, hour)):
        if is_told:
            assert (await started.pay()).status == 200
        else:
            line().office.bank.pay(started.trade, clock.now())
    return started


async def make_paid_back(started: Started, day: date, amount: str, hour: str = "13:00") -> PaymentRefund:
    """A refund that went through on that day."""
    payment = await started.now()
    with clock.held_at(at(day, hour)):
        supplier = started.parties.supplier
        await refund_payment(supplier, payment.id, payment.version, Decimal(amount), "退款", idempotency_key=make_key())
        refund = (await PaymentRefund.of(payment.id))[-1]
        if started.account.method is not ALIPAY:
            await started.told(started.notice(refund=refund.number))
    return refund


@contextmanager
def planted(method: PaymentMethod, plants: Plants) -> Iterator[None]:
    """While this lasts the provider's statements are wrong like this."""
    bills = line().office.bills(method)
    before, bills.plants = bills.plants, plants
    try:
        yield
    finally:
        bills.plants = before


async def compared(
    actor: Actor,
    day: date,
    *,
    method: PaymentMethod = ALIPAY,
    plants: Plants | None = None,
    now: datetime | None = None,
) -> Reconciliation:
    """The day, compared the morning after."""
    with planted(method, plants or Plants()), clock.held_at(now or morning_after(day)):
        return await reconcile_payments(actor, method, day)


async def make_difference(parties: Parties, number: str = "INVENTED") -> ReconciliationDifference:
    """An open difference: a day's statement has a payment of this number, of which nobody knows."""
    await make_merchant(parties.supplier)
    row = await compared(parties.supplier, a_day(), plants=Plants(invented={number: Decimal("7.77")}))
    return await ReconciliationDifference.get(reconciliation_id=row.id)
