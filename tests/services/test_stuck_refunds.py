"""Refunds that a provider calls abnormal, closed or refused, and what becomes of them when they go through after all."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal as D
from itertools import permutations

import pytest

from models import Event, LedgerEntry, OnlinePayment, PaymentRefund, SettlementReturn
from partners.payments.simulator.postman import Habits
from rules.accounts import Account
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.rails import PaymentFlow, ProviderRefundStatus
from rules.settlement import SettlementStatus, ShareReturnStatus
from services import clock
from services.errand_works import work_at_once
from services.online_paying import refund_payment
from tests.makers import make_key
from tests.order_makers import Parties, make_parties
from tests.payment_makers import ALIPAY, WECHAT, Started, cut, line, make_online_payment
from tests.split_makers import PLATFORM_PAYEE, Shared, make_rule, make_simulated

pytestmark = pytest.mark.usefixtures("database")
R, NONE = ProviderRefundStatus, D("0.00")


@pytest.fixture
async def shared() -> Shared:
    """600.00 paid through the simulated WeChat Pay, of which the platform has 30.00."""
    return await make_split(await make_ruled())


async def make_ruled() -> Parties:
    """A buyer and a supplier, of whom the platform wants 5 %."""
    parties = await make_parties()
    await make_rule(supplier_id=parties.supplier.home)
    return parties


async def make_split(parties: Parties) -> Shared:
    """A payment through WeChat Pay, split."""
    shared = await make_simulated(parties, WECHAT, PaymentFlow.QR)
    assert (await shared.split()).status is SettlementStatus.SETTLED
    return shared


@contextmanager
def refunds(fate: str) -> Iterator[None]:
    """While this lasts, that becomes of the refunds WeChat Pay is asked for."""
    postman = line().office.postman
    postman.habits = Habits(refunds=fate)
    try:
        yield
    finally:
        postman.habits = Habits()


async def asked(refund: PaymentRefund) -> PaymentRefund:
    """The clock asks for it once more."""
    await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    return await PaymentRefund.named(refund.id)


async def money(shared: Shared) -> tuple[object, ...]:
    """What the supplier's books have with the provider, what the provider has for it, and whose share is what."""
    refunds = await PaymentRefund.of(shared.payment.id)
    documents = [shared.payment.id, *(one.id for one in refunds)]
    held = await LedgerEntry.held(shared.order.supplier_id, documents)
    commission = await LedgerEntry.filter(order_id=shared.order.id, account=Account.COMMISSION)
    online, settlement = await OnlinePayment.of(shared.payment.id), await shared.settlement()
    [share] = shared.trade.shares.values()
    booked = sum((entry.amount for entry in commission), NONE)
    assert booked == share.kept == settlement.commission - settlement.returned
    assert held == shared.trade.amount - shared.trade.refunded - share.kept
    gone = sum((one.amount for one in refunds if one.status is R.SUCCEEDED), NONE)
    assert online.refunded == shared.trade.refunded == gone
    return held, booked, gone, settlement.status, [(one.status, one.failure_reason) for one in refunds]


async def count(shared: Shared, kind: EventKind) -> int:
    """How often it happened on the order."""
    return await Event.filter(stream=shared.order.id, kind=kind).count()


async def test_an_abnormal_refund_waits_for_somebody_and_is_done_when_that_is_told(
    shared: Shared, capsys: pytest.CaptureFixture[str]
) -> None:
    with refunds("ABNORMAL"):
        refund = await shared.refund("148.00")
        assert (await shared.told(shared.notice(refund=refund.number))).status == 200
        for _ in range(2):
            refund = await asked(refund)
            assert (refund.status, refund.failure_reason) == (R.REQUESTED, "ABNORMAL")
    assert capsys.readouterr().out.count("waits for somebody") == 1
    assert (await OnlinePayment.of(shared.payment.id)).refunded == NONE
    assert (await shared.told(shared.notice(refund=refund.number))).status == 200
    assert await money(shared) == (
        D("429.40"),
        D("22.60"),
        D("148.00"),
        SettlementStatus.SETTLED,
        [(R.SUCCEEDED, None)],
    )
    assert (await count(shared, EventKind.REFUND_FAILED), await count(shared, EventKind.PAYMENT_REFUNDED)) == (0, 1)


async def test_a_refund_that_went_to_the_supplier_s_own_bank_is_still_to_be_paid_back(shared: Shared) -> None:
    """The payer's card was gone, and somebody at the supplier's had it sent there: the books keep the money."""
    with refunds("MERCHANT_BANK_CARD"):
        refund = await shared.refund("148.00")
    for _ in range(2):
        assert (await shared.told(shared.notice(refund=refund.number))).status == 200
    refund = await PaymentRefund.named(refund.id)
    assert (refund.status, refund.failure_reason) == (R.FAILED, "MERCHANT_BANK_CARD")
    held = await LedgerEntry.held(shared.order.supplier_id, [shared.payment.id, refund.id])
    assert (held, (await OnlinePayment.of(shared.payment.id)).refunded) == (D("577.40"), NONE)
    assert (await count(shared, EventKind.REFUND_FAILED), await count(shared, EventKind.PAYMENT_REFUNDED)) == (1, 0)


@pytest.mark.parametrize(("fate", "reason"), [("CLOSED", "CLOSED"), ("REFUSED", "NOT_ENOUGH NO_BALANCE")])
async def test_a_refund_that_the_provider_ends_says_why(shared: Shared, fate: str, reason: str) -> None:
    with refunds(fate):
        refund = await asked(await shared.refund("148.00"))
    assert (refund.status, refund.failure_reason) == (R.FAILED, reason)


async def test_closed_and_done_end_in_the_same_whichever_is_told_first() -> None:
    parties, ends = await make_ruled(), list[object]()
    for order in permutations(("CLOSED", "SUCCESS")):
        shared = await make_split(parties)
        with refunds("CLOSED"):
            refund = await shared.refund("148.00")
        notices = {"CLOSED": shared.notice(refund=refund.number)}
        line().office.bank.refund(shared.trade, refund.number, D("148.00"), now=clock.now())
        notices["SUCCESS"] = shared.notice(refund=refund.number)
        for name in (*order, *order):
            assert (await shared.told(notices[name])).status == 200
        await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
        returns = await SettlementReturn.of((await shared.settlement()).id)
        ends.append((await money(shared), [(row.amount, row.status, row.refund_id == refund.id) for row in returns]))
    assert ends[0] == ends[1]
    done = (D("429.40"), D("22.60"), D("148.00"), SettlementStatus.SETTLED, [(R.SUCCEEDED, None)])
    assert ends[0] == (done, [(D("7.40"), ShareReturnStatus.REVERSED, True)])


async def test_what_a_closed_refund_brought_back_counts_once_when_it_is_done_after_another(shared: Shared) -> None:
    """7.40 came for the first, which failed; they were set off against the second; then the first is done, and 7.40 more come."""
    with refunds("CLOSED"):
        first = await asked(await shared.refund("148.00"))
    second = await shared.refund("148.00")
    await shared.told(shared.notice(refund=second.number))
    assert (await money(shared))[:3] == (D("429.40"), D("22.60"), D("148.00"))
    line().office.bank.refund(shared.trade, first.number, D("148.00"), now=clock.now())
    await shared.told(shared.notice(refund=first.number))
    await work_at_once(ErrandKind.TAKE_BACK_SHARE, (await SettlementReturn.of((await shared.settlement()).id))[-1].id)
    assert (await money(shared))[:3] == (D("288.80"), D("15.20"), D("296.00"))


async def test_a_share_that_was_given_up_with_its_refund_comes_when_that_is_done_after_all() -> None:
    """Of a scanned code's payment Alipay brings it along."""
    shared = await make_simulated(await make_ruled(), ALIPAY, PaymentFlow.QR)
    await shared.split()
    bank, supplier = line().office.bank, (ALIPAY, shared.account.payee)
    had, bank.balances[supplier] = bank.balances[supplier], NONE
    refund = await shared.refund("148.00")
    assert refund.status is R.FAILED
    bank.balances[supplier] = had
    [share] = shared.trade.shares.values()
    share.returns[refund.number] = D("7.40")
    bank.balances[ALIPAY, PLATFORM_PAYEE[ALIPAY]] -= D("7.40")
    bank.balances[supplier] += D("7.40")
    bank.refund(shared.trade, refund.number, D("148.00"), now=clock.now())
    await shared.told(shared.notice(refund=refund.number))
    await work_at_once(ErrandKind.TAKE_BACK_SHARE, (await SettlementReturn.of((await shared.settlement()).id))[-1].id)
    assert (await money(shared))[:3] == (D("429.40"), D("22.60"), D("148.00"))


async def test_a_sum_that_told_of_a_refund_that_had_failed_is_not_counted_twice() -> None:
    """Alipay: the first failed and was done at its desk; the sum with the second tells of it before its own notice comes."""
    shared, bank = await make_online_payment(await make_parties(), amount="100.00"), line().office.bank
    await shared.pay()
    had, bank.balances[ALIPAY, shared.account.payee] = bank.balances[ALIPAY, shared.account.payee], NONE
    first = await refunded(shared, "10.00")
    assert first.status is R.FAILED
    bank.balances[ALIPAY, shared.account.payee] = had
    bank.refund(shared.trade, first.number, D("10.00"), now=clock.now())
    early = shared.notice(refund=first.number)
    with cut(is_deaf=True):
        second = await refunded(shared, "20.00")
    assert (await shared.told(early)).status == 503
    await asked(second)
    for number in (second.number, first.number):
        assert (await shared.told(shared.notice(refund=number))).status == 200
    gone = [one.amount for one in await PaymentRefund.of(shared.payment.id) if one.status is R.SUCCEEDED]
    assert sorted(gone) == [D("10.00"), D("20.00")]
    assert (await OnlinePayment.of(shared.payment.id)).refunded == shared.trade.refunded == D("30.00")


async def refunded(started: Started, amount: str) -> PaymentRefund:
    """The supplier pays so much back."""
    now, key = await started.now(), make_key()
    await refund_payment(started.parties.supplier, now.id, now.version, D(amount), "returned", idempotency_key=key)
    return (await PaymentRefund.of(now.id))[-1]
