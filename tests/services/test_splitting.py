"""Settlement 分账: the platform's share of a payment, split off when its time has come and taken back before a refund."""

import asyncio
from datetime import timedelta
from decimal import Decimal as D
from importlib import import_module

import pytest

from models import Errand, Event, LedgerEntry, OnlinePayment, PaymentRefund, Settlement, SettlementReturn
from models.database import pool
from rules.accounts import Account
from rules.billing import PaymentMethod, PaymentStatus
from rules.errands import LEASE, ErrandKind
from rules.events import EventKind, Topic
from rules.people import Role
from rules.problems import NotAllowed, NotFound, StaleVersion, WrongStatus
from rules.rails import ChannelState, PaymentFlow, ProviderRefundStatus
from rules.returns import Resolution
from rules.settlement import SettlementStatus, ShareReturnStatus
from services import clock, splitting
from services.commissions import end_commission_rule, set_commission_receiver
from services.errand_works import work_at_once
from services.online_paying import Checkout, close_payment, start_payment
from services.retrying import retry_settlement
from tests.billing_makers import make_confirmed
from tests.makers import make_actor, make_company, make_key, make_platform
from tests.order_makers import (
    Parties,
    fresh,
    make_completed_order,
    make_contracted_order,
    make_parties,
    make_receipt,
    make_shipment,
    make_transfer,
)
from tests.payment_makers import ALIPAY, WECHAT, cut, line
from tests.return_makers import make_resolved, make_return
from tests.source import ROOT
from tests.split_books import agree, books
from tests.split_makers import (
    PLATFORM_PAYEE,
    Shared,
    doing,
    make_receiver,
    make_rule,
    make_shared,
    make_simulated,
    rail,
)

pytestmark = pytest.mark.usefixtures("database")
S, NONE = SettlementStatus, D("0.00")


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier, of whom the platform wants 5 %."""
    found = await make_parties()
    await make_rule(supplier_id=found.supplier.home)
    return found


async def kinds(shared: Shared) -> list[EventKind]:
    """What happened to the split."""
    return [event.kind for event in await Event.filter(stream=(await shared.settlement()).id).order_by("seq")]


async def returned_as_told(shared: Shared) -> list[D]:
    """How much of the share came back, as its supplier was told."""
    told = Event.filter(stream=(await shared.settlement()).id, kind=EventKind.SETTLEMENT_REVERSED)
    return [D(str(event.body["returned"])) for event in await told.order_by("seq")]


async def test_a_share_of_600_is_split_and_its_part_comes_back_before_148_are_refunded(parties: Parties) -> None:
    """Scenario 12, after scenario 11: 1130 claimed, 600 paid; 30.00 / 570.00; six of ten come back; 7.40 + 140.60."""
    shared = await make_shared(parties)
    assert (await shared.settlement()).status is S.DUE
    settled = await shared.split()
    assert (settled.status, settled.base, settled.commission) == (S.SETTLED, D("600.00"), D("30.00"))
    assert (rail().given(shared.number), rail().kept(shared.number)) == (D("30.00"), D("570.00"))
    for pieces in ("4", "2"):
        await make_resolved(parties, await make_return(parties, shared.order, pieces), Resolution.CREDIT)
    asked = len(rail().asked)
    refund = await shared.refund("148.00")
    [row] = await SettlementReturn.of(settled.id)
    assert (row.amount, row.status, refund.status) == (
        D("7.40"),
        ShareReturnStatus.REVERSED,
        ProviderRefundStatus.SUCCEEDED,
    )
    assert rail().asked[asked:] == [row.number]
    assert rail().refunded_before[row.number] == NONE
    assert (rail().given(shared.number), rail().kept(shared.number)) == (D("22.60"), D("429.40"))
    now = await shared.settlement()
    assert (now.status, now.returned) == (S.SETTLED, D("7.40"))
    assert await books(shared) | {"SALES": 0, "VAT_PAYABLE": 0} == {
        "SALES": 0,
        "VAT_PAYABLE": 0,
        "CASH_AT_PROVIDER": D("429.40"),
        "COMMISSION": D("22.60"),
        "platform CASH_AT_PROVIDER": D("22.60"),
        "platform COMMISSION_INCOME": D("-22.60"),
        **{name: much for name, much in (await books(shared)).items() if name.startswith("buyer ")},
    }
    assert await kinds(shared) == [
        EventKind.SETTLEMENT_DUE,
        EventKind.SETTLEMENT_SETTLED,
        EventKind.SETTLEMENT_REVERSING,
        EventKind.SETTLEMENT_REVERSED,
    ]
    assert await returned_as_told(shared) == [D("7.40")]
    await agree(shared)


async def test_the_buyer_s_books_and_its_order_s_stream_know_nothing_of_it(parties: Parties) -> None:
    shared = await make_shared(parties)
    await shared.split()
    await shared.confirm()
    await shared.refund("1.00")
    told = await Event.filter(stream=shared.order.id).order_by("seq")
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert all(event.topic is not Topic.SETTLEMENT for event in told)
    for event in await Event.filter(stream=(await shared.settlement()).id):
        assert parties.buyer.company not in event.readers
        assert parties.supplier.company in event.readers
    of_split = {one.posting for one in await LedgerEntry.filter(order_id=shared.order.id, account=Account.COMMISSION)}
    assert not await LedgerEntry.filter(posting__in=of_split, company_id=parties.buyer.company).exists()


async def test_a_payment_that_bears_no_commission_is_not_held_by_its_provider() -> None:
    parties = await make_parties()
    shared = await make_shared(parties)
    assert not await Settlement.filter(order_id=shared.order.id).exists()
    await shared.confirm()
    await shared.refund("1.00")


async def test_the_split_waits_for_acceptance_and_then_its_days(parties: Parties) -> None:
    await make_rule("0.10", supplier_id=parties.supplier.home, hold_days=7)
    order = await make_contracted_order(parties, ("10",), ("100",), freight="0")
    first, last = await make_shipment(parties, order, "6"), await make_shipment(parties, order, "4")
    await make_receipt(parties, first)
    shared = await make_shared(parties, "60.00", order=order)
    assert not await Settlement.filter(order_id=order.id).exists()
    await make_receipt(parties, last)
    accepted = (await fresh(order)).completed_at
    assert accepted is not None
    due = await shared.settlement()
    assert (due.status, due.due_at) == (S.DUE, accepted + timedelta(days=7))
    assert (await shared.split()).status is S.DUE
    with clock.held_at(due.due_at - timedelta(microseconds=1)):
        assert (await shared.split()).status is S.DUE
    with clock.held_at(due.due_at):
        settled = await shared.split()
    assert (settled.status, settled.commission) == (S.SETTLED, D("6.00"))


async def test_an_order_is_settled_only_after_its_split(parties: Parties) -> None:
    shared = await make_shared(parties, "1130.00")
    await shared.confirm()
    assert (await fresh(shared.order)).settled_at is None
    await shared.split()
    assert (await fresh(shared.order)).settled_at is not None
    last = await Event.filter(stream=shared.order.id).order_by("-seq").first()
    assert last is not None
    assert last.kind is EventKind.ORDER_SETTLED
    assert (await books(shared))["BANK"] == D("1073.50")
    await agree(shared)


async def test_what_is_paid_out_is_what_the_provider_still_holds(parties: Parties) -> None:
    shared = await make_shared(parties)
    await shared.split()
    await shared.refund("148.00")
    await shared.confirm()
    assert (await books(shared))["BANK"] == D("429.40")
    assert "CASH_AT_PROVIDER" not in await books(shared)
    await shared.refund("452.00")
    assert (await shared.settlement()).status is S.REVERSED
    assert rail().given(shared.number) == 0
    await agree(shared)


async def test_a_refund_before_the_split_makes_its_base_smaller(parties: Parties) -> None:
    shared = await make_shared(parties)
    await shared.refund("148.00")
    due = await shared.settlement()
    assert (due.status, due.base, due.commission) == (S.DUE, D("452.00"), D("22.60"))
    await shared.split()
    assert rail().given(shared.number) == D("22.60")
    assert not await SettlementReturn.of(due.id)
    await agree(shared)


async def test_nothing_is_split_of_what_went_back_altogether(parties: Parties) -> None:
    shared = await make_shared(parties)
    await shared.refund("600.00")
    assert (await shared.settlement()).status is S.REVERSED
    assert (await shared.split()).status is S.REVERSED
    assert rail().given(shared.number) == 0


async def test_what_came_too_late_is_not_split(parties: Parties) -> None:
    """It goes back, and the platform has nothing of it; what paid the rest is split, and the order settled, as without it."""
    shared = await make_shared(parties)
    payment = await start_payment(
        parties.buyer, shared.invoice.id, Checkout(ALIPAY, PaymentFlow.QR), idempotency_key=make_key()
    )
    late = Shared(parties, shared.order, shared.invoice, payment, shared.account)
    await close_payment(parties.buyer, payment.id, payment.version)
    await make_confirmed(parties, await make_transfer(parties, shared.invoice, "530.00"))
    late.trade.state = ChannelState.WAITING  # somebody was faster than the closing
    await late.pay()
    assert (await late.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    assert await Settlement.of(payment.id) is None
    assert not await Errand.filter(kind=ErrandKind.WATCH_HELD_MONEY, subject_id=payment.id).exists()
    await shared.confirm()
    await shared.split()
    await late.refund("530.00")
    assert await Settlement.filter(order_id=shared.order.id).count() == 1
    assert (await fresh(shared.order)).settled_at is not None
    assert (rail().given(shared.number), rail().given(late.number)) == (D("30.00"), NONE)


async def test_a_share_that_is_less_than_a_hundredth_still_frees_the_rest(parties: Parties) -> None:
    shared = await make_shared(parties, "0.01")
    settled = await shared.split()
    assert (settled.status, settled.commission) == (S.SETTLED, NONE)
    assert rail().splits[settled.number].amount == 0
    await shared.refund("0.01")
    await agree(shared)


@pytest.mark.parametrize("habit", ["is_deaf", "is_dumb"])
async def test_what_nobody_knows_is_asked_again_under_the_same_number(parties: Parties, habit: str) -> None:
    """Deaf: nothing happened. Dumb: it did, and nobody heard; a repetition has no second effect."""
    shared = await make_shared(parties)
    with doing(**{habit: True}):
        assert (await shared.split()).status is S.PROCESSING
        assert (await books(shared)).get("COMMISSION") is None
    settled = await shared.split()
    assert (settled.status, settled.attempts) == (S.SETTLED, 2)
    assert rail().given(shared.number) == D("30.00")
    with doing(**{habit: True}):
        refund = await shared.refund("148.00")
        assert (refund.status, (await shared.settlement()).status) == (ProviderRefundStatus.REQUESTED, S.REVERSING)
        assert shared.trade.refunded == 0
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    assert shared.trade.refunded == D("148.00")
    assert rail().given(shared.number) == D("22.60")
    await agree(shared)


async def test_who_receives_the_share_stays_by_name_while_nobody_knows_whether_it_has(parties: Parties) -> None:
    """Another one is named meanwhile: what was asked for goes on as it was, and the next split goes to the other."""
    shared = await make_shared(parties)
    with doing(is_dumb=True):
        assert (await shared.split()).status is S.PROCESSING
    await Settlement.all().update(receiver_name=None)
    [name] = [path.stem for path in (ROOT / "models" / "migrations").glob("*_receiver_names.py")]
    await pool().execute(import_module(f"models.migrations.{name}").NAMED)  # as what was asked for before it was kept
    await set_commission_receiver(await make_platform(), ALIPAY, "2088000000000002", "另一家")
    settled = await shared.split()
    assert (settled.status, settled.receiver, settled.receiver_name) == (S.SETTLED, PLATFORM_PAYEE[ALIPAY], "平台")
    assert rail().splits[settled.number].receiver == PLATFORM_PAYEE[ALIPAY]
    assert rail().names[PLATFORM_PAYEE[ALIPAY]] == "平台"


async def test_whoever_dies_between_the_rail_s_yes_and_the_commit_is_followed_by_another(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = await make_shared(parties)
    settlement = await shared.settlement()

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(splitting, "_conclude", dies)
        with pytest.raises(asyncio.CancelledError):
            await shared.split()
    assert rail().given(shared.number) == D("30.00")
    assert (await shared.split()).status is S.PROCESSING  # in the hands of who died
    with clock.held_at(clock.now() + LEASE):
        assert (await shared.split()).status is S.SETTLED
    assert rail().asked[-2:] == [settlement.number] * 2
    await agree(shared)


async def test_two_at_once_split_once(parties: Parties) -> None:
    shared = await make_shared(parties)
    settlement = await shared.settlement()
    errand = await Errand.get(kind=ErrandKind.SPLIT_PAYMENT, subject_id=settlement.id)
    await asyncio.gather(*(splitting.split(errand) for _ in range(4)))
    assert (await shared.settlement()).status is S.SETTLED
    await asyncio.gather(*(splitting.split(errand) for _ in range(2)), shared.refund("148.00"))
    assert rail().given(shared.number) == D("22.60")
    assert await LedgerEntry.filter(order_id=shared.order.id, account=Account.COMMISSION).count() == 2
    await agree(shared)


async def test_a_receiver_without_balance_leaves_it_reversing_with_an_alert_and_the_same_number(
    parties: Parties,
) -> None:
    shared = await make_shared(parties)
    await shared.split()
    with doing(is_poor=True):
        refund = await shared.refund("148.00")
        await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    now = await shared.settlement()
    [row] = await SettlementReturn.of(now.id)
    assert (now.status, row.status, row.failure_reason) == (
        S.REVERSING,
        ShareReturnStatus.REVERSING,
        "BALANCE_NOT_ENOUGH",
    )
    assert (refund.status, shared.trade.refunded) == (ProviderRefundStatus.REQUESTED, NONE)
    alert = await Event.filter(stream=now.id).order_by("-seq").first()
    assert alert is not None
    assert alert.body["reason"] == "BALANCE_NOT_ENOUGH"
    assert (await kinds(shared)).count(EventKind.SETTLEMENT_REVERSING) == 2
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    assert rail().asked[-3:] == [row.number] * 3
    assert shared.trade.refunded == D("148.00")
    await agree(shared)


async def test_a_refund_waits_while_the_provider_splits(parties: Parties) -> None:
    shared = await make_shared(parties)
    with doing(is_deaf=True):
        await shared.split()
    refund = await shared.refund("148.00")
    assert (refund.status, shared.trade.refunded) == (ProviderRefundStatus.REQUESTED, NONE)
    await shared.split()
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    assert (shared.trade.refunded, rail().given(shared.number)) == (D("148.00"), D("22.60"))
    await agree(shared)


async def test_a_split_waits_while_a_refund_is_under_way(parties: Parties) -> None:
    shared = await make_shared(parties)
    refund = await PaymentRefund.create(
        payment_id=shared.payment.id,
        order_id=shared.order.id,
        number="waiting",
        status=ProviderRefundStatus.REQUESTED,
        why="REQUESTED",
        amount=D("148.00"),
        created_at=clock.now(),
    )
    assert (await shared.split()).status is S.DUE
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    refund.status = ProviderRefundStatus.FAILED
    await refund.save()
    assert (await shared.split()).status is S.SETTLED


async def test_money_that_was_paid_back_elsewhere_takes_its_share_with_it(parties: Parties) -> None:
    shared = await make_shared(parties)
    await shared.split()
    line().office.bank.refund(shared.trade, "ELSEWHERE", D("148.00"))
    await shared.told(shared.notice(refund="ELSEWHERE"))
    [row] = await SettlementReturn.of((await shared.settlement()).id)
    assert (row.status, row.amount) == (ShareReturnStatus.REVERSING, D("7.40"))
    await work_at_once(ErrandKind.TAKE_BACK_SHARE, row.id)
    assert rail().given(shared.number) == D("22.60")
    await agree(shared)


async def test_what_went_back_elsewhere_while_the_provider_split_is_made_up_for(parties: Parties) -> None:
    shared = await make_shared(parties)
    with doing(is_dumb=True):
        await shared.split()
    line().office.bank.refund(shared.trade, "ELSEWHERE", D("148.00"))
    await shared.told(shared.notice(refund="ELSEWHERE"))
    await shared.split()
    [row] = await SettlementReturn.of((await shared.settlement()).id)
    await work_at_once(ErrandKind.TAKE_BACK_SHARE, row.id)
    assert rail().given(shared.number) == D("22.60")
    await agree(shared)


@pytest.mark.parametrize(
    ("back", "status", "commission"), [("1130.00", S.REVERSED, NONE), ("130.00", S.FAILED, D("50.00"))]
)
async def test_what_went_back_elsewhere_is_not_split_where_the_provider_then_refuses(
    parties: Parties, back: str, status: SettlementStatus, commission: D
) -> None:
    """Asked for while nobody answered, and refused after all or a part of it had gone back at the provider's desk."""
    shared = await make_shared(parties, "1130.00")
    with doing(is_deaf=True):
        assert (await shared.split()).status is S.PROCESSING
    await make_resolved(parties, await make_return(parties, shared.order, "10"), Resolution.CREDIT)
    line().office.bank.refund(shared.trade, "ELSEWHERE", D(back))
    await shared.told(shared.notice(refund="ELSEWHERE"))
    with doing(refuses="NOTHING_THERE"):
        ended = await shared.split()
    assert (ended.status, ended.base, ended.commission) == (status, D("1130.00") - D(back), commission)
    assert (await kinds(shared))[-1] is (
        EventKind.SETTLEMENT_REVERSED if status is S.REVERSED else EventKind.SETTLEMENT_FAILED
    )
    assert await Settlement.is_open(shared.order.id) is (status is S.FAILED)
    assert ((await fresh(shared.order)).settled_at is None) is (status is S.FAILED)
    await agree(shared)


@pytest.mark.parametrize("kind", [ErrandKind.SPLIT_PAYMENT, ErrandKind.WATCH_HELD_MONEY])
async def test_a_split_of_nothing_that_was_left_open_ends_whoever_looks_at_it(
    parties: Parties, kind: ErrandKind
) -> None:
    """As older versions left it: refused, and all of the payment gone back; nothing is lost by it."""
    shared = await make_shared(parties)
    left = await shared.settlement()
    await shared.refund("600.00")
    status = S.DUE if kind is ErrandKind.SPLIT_PAYMENT else S.FAILED
    await Settlement.filter(id=left.id).update(status=status, base=left.base, commission=left.commission)
    assert left.commission == D("30.00")
    ends = left.split_by if kind is ErrandKind.WATCH_HELD_MONEY else clock.now()
    with clock.held_at(ends):
        await work_at_once(kind, left.id if kind is ErrandKind.SPLIT_PAYMENT else shared.payment.id)
    now = await shared.settlement()
    assert (now.status, now.base, now.commission, now.attempts) == (S.REVERSED, NONE, NONE, 0)
    assert not await Settlement.is_open(shared.order.id)


async def test_what_the_provider_refuses_is_asked_again_by_the_operator_under_the_same_number(
    parties: Parties,
) -> None:
    shared = await make_shared(parties)
    with doing(refuses="RECEIVER_INVALID"):
        failed = await shared.split()
    assert (failed.status, failed.failure_reason) == (S.FAILED, "RECEIVER_INVALID")
    assert (await kinds(shared))[-1] is EventKind.SETTLEMENT_FAILED
    operator = await make_platform()
    auditor = await make_actor(await make_company(), Role.FINANCE)
    with pytest.raises(NotAllowed):
        await retry_settlement(auditor, failed.id, failed.version)
    with pytest.raises(StaleVersion):
        await retry_settlement(operator, failed.id, failed.version - 1)
    with pytest.raises(NotFound):
        await retry_settlement(operator, shared.order.id, failed.version)
    await shared.refund("148.00")
    done = await retry_settlement(operator, failed.id, failed.version)
    assert (done.status, done.number, done.commission) == (S.SETTLED, failed.number, D("22.60"))
    with pytest.raises(WrongStatus):
        await retry_settlement(operator, failed.id, done.version)
    await agree(shared)


async def test_a_rule_made_after_the_contract_bound_takes_nothing_and_one_ended_since_still_does() -> None:
    parties = await make_parties()
    await make_receiver()
    early = await make_completed_order(parties, ("10",), ("100",), freight="0")
    rule = await make_rule(supplier_id=parties.supplier.home)
    bound = await make_completed_order(parties, ("10",), ("100",), freight="0")
    await end_commission_rule(await make_platform(), rule.id, rule.version)
    late = await make_completed_order(parties, ("10",), ("100",), freight="0")
    for order, bears in ((early, False), (bound, True), (late, False)):
        shared = await make_shared(parties, "1.00", order=order)
        assert await Settlement.filter(order_id=shared.order.id).exists() is bears


async def test_a_share_comes_back_within_half_a_year_of_the_split_and_not_after_it(parties: Parties) -> None:
    """Of WeChat Pay; two refunds, one at the last moment, and the other when it is over."""
    shared = await make_simulated(parties, WECHAT, PaymentFlow.QR)
    settled = await shared.split()
    assert settled.settled_at is not None
    ends = settled.settled_at + timedelta(days=180)
    for moment, status in ((ends - timedelta(microseconds=1), "REVERSED"), (ends, "LAPSED")):
        with clock.held_at(moment):
            refund = await shared.refund("148.00")
            await shared.told(shared.notice(refund=refund.number))
        row = (await SettlementReturn.of(settled.id))[-1]
        assert (row.amount, row.status) == (D("7.40"), status)
        assert (await PaymentRefund.named(refund.id)).status is ProviderRefundStatus.SUCCEEDED
        assert shared.trade.shares[settled.number].kept == D("22.60")
    assert await returned_as_told(shared) == [D("7.40"), NONE]
    found = await books(shared)
    assert (found["CASH_AT_PROVIDER"], found["COMMISSION"]) == (D("281.40"), D("22.60"))


async def test_it_may_become_too_late_while_a_share_s_return_is_asked_for(parties: Parties) -> None:
    shared = await make_simulated(parties, WECHAT, PaymentFlow.QR)
    settled = await shared.split()
    assert settled.settled_at is not None
    ends = settled.settled_at + timedelta(days=180)
    with clock.held_at(ends - timedelta(microseconds=1)), cut(is_deaf=True):
        refund = await shared.refund("148.00")
    with clock.held_at(ends):
        await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
        await shared.told(shared.notice(refund=refund.number))
    [row] = await SettlementReturn.of(settled.id)
    assert (row.status, (await PaymentRefund.named(refund.id)).status) == (
        ShareReturnStatus.LAPSED,
        ProviderRefundStatus.SUCCEEDED,
    )
    assert shared.trade.shares[settled.number].kept == D("30.00")
    assert await returned_as_told(shared) == [NONE]


@pytest.mark.parametrize(
    ("method", "flow"), [(ALIPAY, PaymentFlow.QR), (ALIPAY, PaymentFlow.PAGE), (WECHAT, PaymentFlow.QR)]
)
async def test_each_provider_splits_and_a_receiver_without_money_holds_the_refund_up(
    parties: Parties, method: PaymentMethod, flow: PaymentFlow
) -> None:
    """Scenario 12 through the simulator; of a scanned code Alipay takes the share back by itself."""
    shared = await make_simulated(parties, method, flow)
    bank, platform = line().office.bank, (method, PLATFORM_PAYEE[method])
    before = bank.balances[platform]
    assert shared.trade.held == D("600.00")
    assert (await shared.split()).status is S.SETTLED
    assert (shared.trade.held, bank.balances[platform] - before) == (NONE, D("30.00"))
    had, bank.balances[platform] = bank.balances[platform], NONE
    refund = await shared.refund("148.00")
    assert (refund.status, (await shared.settlement()).status) == (ProviderRefundStatus.REQUESTED, S.REVERSING)
    [row] = await SettlementReturn.of((await shared.settlement()).id)
    assert row.failure_reason
    assert shared.trade.refunded == NONE
    bank.balances[platform] = had
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    if method is WECHAT:
        await shared.told(shared.notice(refund=refund.number))
    assert (await PaymentRefund.named(refund.id)).status is ProviderRefundStatus.SUCCEEDED
    assert (bank.balances[platform] - before, shared.trade.refunded) == (D("22.60"), D("148.00"))
    now = await shared.settlement()
    assert (now.status, now.returned) == (S.SETTLED, D("7.40"))
    found = await books(shared)
    assert (found["CASH_AT_PROVIDER"], found["COMMISSION"]) == (D("429.40"), D("22.60"))


async def test_a_refund_that_was_to_bring_its_share_and_is_refused_leaves_it(parties: Parties) -> None:
    shared = await make_simulated(parties, ALIPAY, PaymentFlow.QR)
    await shared.split()
    bank, supplier = line().office.bank, (ALIPAY, shared.account.payee)
    had, bank.balances[supplier] = bank.balances[supplier], NONE
    refund = await shared.refund("148.00")
    assert refund.status is ProviderRefundStatus.FAILED
    now = await shared.settlement()
    assert (now.status, now.returned) == (S.SETTLED, NONE)
    bank.balances[supplier] = had
    await shared.refund("148.00")
    assert (await shared.settlement()).returned == D("7.40")


@pytest.mark.parametrize("is_possible", [True, False])
async def test_what_went_back_elsewhere_while_a_refund_is_undecided_is_to_be_told_later(
    parties: Parties, is_possible: bool
) -> None:
    """Alipay tells the sum of all refunds and no more: what of it is whose is known once ours is decided."""
    shared = await make_shared(parties)
    with cut(is_deaf=True):
        refund = await shared.refund("148.00" if is_possible else "600.00")
    line().office.bank.refund(shared.trade, "ELSEWHERE", D("52.00"))
    notice = shared.notice(refund="ELSEWHERE")
    assert (await shared.told(notice)).status == 503
    assert [one.number for one in await PaymentRefund.of(shared.payment.id)] == [refund.number]
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    assert (await shared.told(notice)).status == 200  # with the sum of then
    if is_possible:
        await shared.told(shared.notice(refund=refund.number))
    gone = await PaymentRefund.filter(status=ProviderRefundStatus.SUCCEEDED)
    assert sorted(one.amount for one in gone) == [D("52.00"), D("148.00")][: 1 + is_possible]
    assert (await OnlinePayment.of(shared.payment.id)).refunded == shared.trade.refunded
