"""Held money that its provider lets go before it is split: foreseen, on record, and in nobody's way."""

from datetime import datetime, timedelta
from decimal import Decimal as D
from importlib import import_module

import pytest

from models import Errand, Event, OnlinePayment, PaymentRefund, Settlement, SettlementReturn
from models.database import pool
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.problems import WrongStatus
from rules.rails import PaymentFlow, ProviderRefundStatus
from rules.settlement import LapseReason, SettlementStatus
from services import clock
from services.errand_works import work_at_once
from services.retrying import retry_settlement
from tests.makers import make_platform
from tests.order_makers import Parties, fresh, make_contracted_order, make_parties, make_receipt, make_shipment
from tests.payment_makers import WECHAT, line
from tests.source import ROOT
from tests.split_books import agree, books
from tests.split_makers import PLATFORM_PAYEE, Shared, doing, make_rule, make_shared, make_simulated, rail

pytestmark = pytest.mark.usefixtures("database")
S, NONE, DAY = SettlementStatus, D("0.00"), timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier, of whom the platform wants 5 %."""
    found = await make_parties()
    await make_rule(supplier_id=found.supplier.home)
    return found


async def watched(shared: Shared, at: datetime) -> Settlement | None:
    """What the clock does about held money at that moment, and then about the split."""
    with clock.held_at(at):
        await work_at_once(ErrandKind.WATCH_HELD_MONEY, shared.payment.id)
    return await Settlement.of(shared.payment.id)


async def free_at(shared: Shared) -> datetime:
    """From when on the provider splits no more, by its own word of when it was paid: to the second."""
    paid_at = (await OnlinePayment.of(shared.payment.id)).paid_at
    assert paid_at is not None
    return paid_at + 30 * DAY


async def test_a_split_that_stays_refused_lapses_and_its_order_is_settled(
    parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = await make_shared(parties, "1130.00")
    await shared.confirm()
    ends = await free_at(shared)
    with doing(refuses="RECEIVER_INVALID"):
        failed = await shared.split()
    assert (failed.status, failed.split_by) == (S.FAILED, ends)
    errand = await Errand.get(kind=ErrandKind.WATCH_HELD_MONEY, subject_id=shared.payment.id)
    assert errand.due_at == ends - 3 * DAY
    for at, warnings in ((ends - 3 * DAY - MOMENT, 0), (ends - 3 * DAY, 1), (ends - MOMENT, 2)):
        waiting = await watched(shared, at)
        assert waiting is not None
        assert waiting.status is S.FAILED
        assert capsys.readouterr().out.count("will be free before it is split") == bool(warnings)
    await errand.refresh_from_db()
    assert (errand.due_at, errand.done_at) == (ends, None)
    assert (await fresh(shared.order)).settled_at is None
    lapsed = await watched(shared, ends)
    assert lapsed is not None
    assert (lapsed.status, lapsed.commission, lapsed.failure_reason) == (S.LAPSED, NONE, "RECEIVER_INVALID")
    assert "too late to split" in capsys.readouterr().out
    assert (await fresh(shared.order)).settled_at is not None
    event = await Event.filter(stream=lapsed.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.body["lost"]) == (EventKind.SETTLEMENT_LAPSED, "56.50")
    assert not {"COMMISSION", "platform COMMISSION_INCOME"} & (await books(shared)).keys()
    await agree(shared)
    with pytest.raises(WrongStatus):
        await retry_settlement(await make_platform(), lapsed.id, lapsed.version)
    refund = await shared.refund("148.00")
    assert refund.status is ProviderRefundStatus.SUCCEEDED
    assert (await shared.settlement()).status is S.LAPSED
    assert not await SettlementReturn.of(lapsed.id)
    await agree(shared)


async def test_a_split_is_asked_for_until_the_last_moment_and_not_after_it(parties: Parties) -> None:
    """Through the simulated WeChat Pay, which lets the money go by the same clock."""
    first = await make_simulated(parties, WECHAT, PaymentFlow.QR)
    with clock.held_at(await free_at(first) - MOMENT):
        assert (await first.split()).status is S.SETTLED
    settled = await watched(first, await free_at(first))
    assert settled is not None
    assert settled.status is S.SETTLED
    second, bank = await make_simulated(parties, WECHAT, PaymentFlow.QR), line().office.bank
    before = bank.balances[WECHAT, PLATFORM_PAYEE[WECHAT]]
    with clock.held_at(await free_at(second)):
        lapsed = await second.split()
        assert (lapsed.status, lapsed.failure_reason, lapsed.attempts) == (S.LAPSED, LapseReason.NOT_ASKED, 0)
    with clock.held_at(await free_at(second) + timedelta(seconds=1)):
        refund = await second.refund("148.00")
    assert (second.trade.held, second.trade.refunded) == (NONE, D("148.00"))
    await second.told(second.notice(refund=refund.number))
    assert (await PaymentRefund.named(refund.id)).status is ProviderRefundStatus.SUCCEEDED
    assert bank.balances[WECHAT, PLATFORM_PAYEE[WECHAT]] == before
    found = await books(second)
    assert (found["CASH_AT_PROVIDER"], "COMMISSION" in found) == (D("452.00"), False)


async def test_goods_accepted_too_late_leave_nothing_to_split() -> None:
    """Paid early, accepted after four weeks with a week to wait: within the rules, and beyond what the provider holds."""
    parties = await make_parties()
    await make_rule(supplier_id=parties.supplier.home, hold_days=7)
    order = await make_contracted_order(parties, ("10",), ("100",), freight="0")
    first, last = await make_shipment(parties, order, "6"), await make_shipment(parties, order, "4")
    await make_receipt(parties, first)
    shared = await make_shared(parties, "60.00", order=order)
    ends = await free_at(shared)
    assert await watched(shared, ends - 3 * DAY) is None
    with clock.held_at(ends - 2 * DAY):
        await make_receipt(parties, last)
        assert (await shared.split()).status is S.DUE
    errand = await Errand.get(kind=ErrandKind.SPLIT_PAYMENT, subject_id=(await shared.settlement()).id)
    assert errand.due_at == ends
    with clock.held_at(ends):
        lapsed = await shared.split()
    assert (lapsed.status, lapsed.failure_reason) == (S.LAPSED, LapseReason.DUE_TOO_LATE)
    assert rail().given(shared.number) == 0


async def test_a_split_that_waits_for_a_refund_waits_no_longer_than_the_money(parties: Parties) -> None:
    shared = await make_shared(parties)
    await PaymentRefund.create(
        payment_id=shared.payment.id,
        order_id=shared.order.id,
        number="waiting",
        status=ProviderRefundStatus.DUE,
        why="PAID_TOO_LATE",
        amount=D("148.00"),
        created_at=clock.now(),
    )
    ends = await free_at(shared)
    with clock.held_at(ends - MOMENT):
        assert (await shared.split()).status is S.DUE
    with clock.held_at(ends):
        lapsed = await shared.split()
    assert (lapsed.status, lapsed.failure_reason) == (S.LAPSED, LapseReason.REFUND_UNDECIDED)


@pytest.mark.parametrize(("habit", "status", "given"), [("is_dumb", S.SETTLED, "30.00"), ("is_deaf", S.LAPSED, "0.00")])
async def test_what_was_asked_in_time_is_asked_on_until_it_is_known(
    parties: Parties, habit: str, status: SettlementStatus, given: str
) -> None:
    """The provider did it and nobody heard; or it never heard, and refuses by now."""
    shared = await make_shared(parties)
    ends = await free_at(shared)
    with clock.held_at(ends - MOMENT), doing(**{habit: True}):
        assert (await shared.split()).status is S.PROCESSING
    waiting = await watched(shared, ends)
    assert waiting is not None
    assert waiting.status is S.PROCESSING
    with clock.held_at(ends + DAY):
        now = await shared.split()
    assert (now.status, now.commission, rail().given(shared.number)) == (status, D(given), D(given))
    await agree(shared)


async def test_payments_from_before_are_looked_after_too(parties: Parties) -> None:
    [name] = [path.stem for path in (ROOT / "models" / "migrations").glob("*_splits_that_lapse.py")]
    step = import_module(f"models.migrations.{name}")
    shared, done = await make_shared(parties), await make_shared(parties)
    await done.split()
    await Errand.filter(kind=ErrandKind.WATCH_HELD_MONEY).delete()
    await Settlement.all().update(split_by=clock.now())
    await pool().execute(step.ENDS)
    await pool().execute(step.WATCHED)
    ends = await free_at(shared)
    assert (await shared.settlement()).split_by == ends
    [errand] = await Errand.filter(kind=ErrandKind.WATCH_HELD_MONEY)
    assert (errand.subject_id, errand.due_at) == (shared.payment.id, ends - 3 * DAY)
