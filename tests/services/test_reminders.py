"""Due dates across everything that may happen to an order: what is told of them, when, and once, whoever looks at the same moment."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError

from models import Company, Event, Order, PaymentObligation, PaymentReminder
from models.base import new_id
from models.transaction import transact
from rules.quantity import Inspection
from services import clock, ledger
from services.obligations import look_at, obligations_of
from services.sweeping import sweep
from tests.billing_makers import make_confirmed, make_prepayment
from tests.change_makers import make_changed_order
from tests.order_makers import (
    Parties,
    lines_of,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
    make_transfer,
)
from tests.races import in_the_middle_of

pytestmark = pytest.mark.usefixtures("database")
THURSDAY = "2026-11-26T03:00Z"
"""What binds now is to be prepaid by Friday."""
SATURDAY = "2026-11-27T16:00:00Z"
"""The supplier's midnight, in Shanghai."""


async def prepaying(parties: Parties, share: str = "1") -> Order:
    """A hundred at 1.00, 113.00 with tax, to be prepaid by Friday."""
    with clock.held_at(THURSDAY):
        return await make_contracted_order(parties, ["100"], ["1"], freight="0", prepaid_share=D(share))


async def told(order: Order) -> list[str]:
    """What the order's stream says of due dates."""
    events = Event.filter(stream=order.id, kind__in=["PAYMENT_DUE_SOON", "PAYMENT_OVERDUE"]).order_by("seq")
    return [event.kind async for event in events]


async def next_look(order: Order) -> date | None:
    """When the clock looks at the prepayment again."""
    return (await PaymentObligation.get(order_id=order.id, invoice_id=None)).look_on


async def test_of_two_clocks_in_each_other_s_middle_one_tells() -> None:
    order = await prepaying(await make_parties())
    [one] = await obligations_of(order)
    with clock.held_at(SATURDAY):
        await in_the_middle_of(lambda: look_at(one.id), lambda: transact(lambda: look_at(one.id)))
    assert await told(order) == ["PAYMENT_OVERDUE"]

    def remind(**other: Any) -> Any:
        facts = {"obligation_id": one.id, "due_on": date(2027, 1, 4), "is_overdue": True, **other}
        return PaymentReminder.create(id=new_id(), created_at=clock.now(), **facts)

    with pytest.raises(IntegrityError):  # the database itself keeps one of a kind for each due date
        await in_the_middle_of(remind, remind)
    await remind(is_overdue=False)
    await remind(due_on=date(2027, 1, 5))
    assert await PaymentReminder.filter(obligation_id=one.id).count() == 4


async def test_the_clock_looks_at_nothing_before_its_day_has_come_at_the_supplier() -> None:
    """Where it is already tomorrow in UTC, or still today, makes no difference; what is due on one day keeps its order."""
    parties = await make_parties()
    first, second = [(await obligations_of(await prepaying(parties)))[0].id for _ in range(2)]
    await PaymentObligation.filter(id=first).update(ended_at=None)  # which puts it behind the other one
    midnight = datetime.fromisoformat(SATURDAY)

    async def due(now: datetime) -> list[UUID]:
        return [one for one in await PaymentObligation.to_look_at(now, 1000) if one in (first, second)]

    assert await due(midnight - timedelta(microseconds=1)) == []
    assert await due(midnight) == await due(midnight + timedelta(days=30)) == [first, second]
    await Company.filter(id=parties.supplier.company).update(delivery_zone="America/Los_Angeles")
    assert await due(midnight + timedelta(hours=15, minutes=59)) == []
    assert await due(midnight + timedelta(hours=16)) == [first, second]


async def test_what_is_told_is_not_told_again_after_a_part_payment_or_a_change_which_gives_nobody_more_time() -> None:
    parties = await make_parties()
    order = await prepaying(parties)
    with clock.held_at(SATURDAY):
        await sweep()
        await make_confirmed(parties, await make_prepayment(parties, order, "13.00"))
        assert await next_look(order) is None
        await sweep()
    with clock.held_at("2026-12-03T03:00Z"):
        order = await make_changed_order(parties, order, "150")
        [one] = await obligations_of(order)
        assert (one.due_on, one.open, one.is_overdue(clock.now())) == (date(2026, 11, 27), D("156.50"), True)
        await sweep()
    assert await told(order) == ["PAYMENT_OVERDUE"]


async def test_payments_before_and_after_a_warning_take_no_word_away() -> None:
    parties = await make_parties()
    with clock.held_at(THURSDAY):
        order = await make_contracted_order(parties, ["100"], ["1"], freight="0", payment_net_days=30)
        await make_receipt(parties, await make_shipment(parties, order))
        invoice = await make_invoice(parties, order)
    warned_on = invoice.due_on - timedelta(days=3)
    with clock.held_at(f"{warned_on}T03:00Z"):
        await make_confirmed(parties, await make_transfer(parties, invoice, "13.00"))
        await sweep()
        await make_confirmed(parties, await make_transfer(parties, invoice, "7.00"))
    [event] = await Event.filter(stream=order.id, kind="PAYMENT_DUE_SOON")
    assert (event.body["open"], event.body["dueOn"]) == ("100.00", invoice.due_on.isoformat())
    assert (await PaymentObligation.get(invoice_id=invoice.id)).look_on == invoice.due_on + timedelta(days=1)
    with clock.held_at(f"{invoice.due_on + timedelta(days=1)}T03:00Z"):
        await sweep()
    assert await told(order) == ["PAYMENT_DUE_SOON", "PAYMENT_OVERDUE"]


async def test_what_is_prepaid_on_top_is_told_of_by_its_own_day() -> None:
    parties = await make_parties()
    order = await prepaying(parties)
    with clock.held_at(SATURDAY):
        await sweep()
        await make_confirmed(parties, await make_prepayment(parties, order, "113.00"))
    with clock.held_at("2026-12-03T03:00Z"):
        order = await make_changed_order(parties, order, "150")
        assert await next_look(order) == date(2026, 12, 5)
    with clock.held_at("2026-12-05T03:00Z"):
        await sweep()
        assert await told(order) == ["PAYMENT_OVERDUE"] * 2
        order = await make_changed_order(parties, order, "60")
        now = await ledger.standing(order)
        assert (now.advance, now.refund_due) == (D("67.80"), D("45.20")), "more than can still be invoiced goes back"
        assert await next_look(order) is None


async def test_of_goods_that_are_not_to_come_nothing_is_to_be_prepaid() -> None:
    """Ten of a hundred were rejected with the last delivery, and nobody has paid yet."""
    parties = await make_parties()
    order = await prepaying(parties)
    [line] = await lines_of(order)
    with clock.held_at(THURSDAY):
        inspected = {line.id: Inspection(D(90), D(10), reason="bent")}
        await make_receipt(parties, await make_shipment(parties, order), inspected)
        await make_invoice(parties, order)
    open_now = sum(one.open for one in await obligations_of(order))
    assert open_now == (await ledger.standing(order)).owed == D("101.70")
