"""Payments through a provider: started, told of, closed, paid back; and what is known when the provider does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from models import Errand, Event, LedgerEntry, MerchantAccount, OnlinePayment, Payment, PaymentNotice, PaymentRefund
from models.database import pool
from models.transaction import transact
from partners.payments.alipay import Alipay
from partners.payments.wechat_pay import WeChatPay
from rules.accounts import OrderPaymentStatus
from rules.billing import PaymentMethod, PaymentStatus
from rules.errands import LEASE, LONGEST_PAUSE, ErrandKind
from rules.events import EventKind
from rules.people import Role
from rules.problems import AmountMismatch, InvalidInput, NotAllowed, NotFound, PaymentUnavailable, WrongStatus
from rules.rails import (
    COVERS_FOR,
    FLOWS,
    ONLINE,
    OPEN_FOR,
    ChannelState,
    NoticeStatus,
    PaymentFlow,
    ProviderRefundStatus,
    RefundReason,
    Refusal,
)
from services import clock, partners
from services.alerts import raised
from services.errand_works import work
from services.merchants import merchant_of, set_merchant_account
from services.online_news import apply_news
from services.online_paying import Checkout, close_payment, refund_payment, start_payment
from services.online_queries import called
from services.paying import confirm_funds
from services.verb import committed
from tests.billing_makers import make_confirmed
from tests.carrier_makers import as_admin
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import (
    Parties,
    fresh,
    make_completed_order,
    make_invoice,
    make_parties,
    make_transfer,
)
from tests.partners.payments.certificates import certified
from tests.payment_makers import (
    ALIPAY,
    WECHAT,
    Started,
    credentials_of,
    cut,
    line,
    make_ended,
    make_merchant,
    make_online_payment,
)

pytestmark = pytest.mark.usefixtures("database")
TOTAL = Decimal("430.79")
each_method = pytest.mark.parametrize("method", sorted(ONLINE))


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def kinds(started: Started) -> list[EventKind]:
    """What happened to the order's money."""
    events = await Event.filter(stream=started.order.id).order_by("seq")
    return [
        event.kind for event in events if "PAYMENT" in event.kind or "REFUND" in event.kind or "FUNDS" in event.kind
    ]


async def standing(started: Started) -> tuple[OrderPaymentStatus, Decimal]:
    """What the supplier's books say of the order, and what lies at the provider."""
    now = (await LedgerEntry.standings([started.order.id]))[started.order.id]
    at_provider = await LedgerEntry.filter(
        order_id=started.order.id, account="CASH_AT_PROVIDER", company_id=started.parties.supplier.company
    )
    return now.status, sum((entry.amount for entry in at_provider), Decimal("0.00"))


@each_method
async def test_an_order_is_paid_by_its_provider_s_word_and_settled_by_its_supplier_s(
    parties: Parties, method: PaymentMethod
) -> None:
    """Scenario 1: 430.79 → PAID untouched; the supplier confirms → settled."""
    started = await make_online_payment(parties, method=method)
    assert (started.payment.status, started.payment.amount) == (PaymentStatus.AWAITING_CHANNEL, TOTAL)
    online = await OnlinePayment.of(started.payment.id)
    assert (online.content or "").startswith("/cashier/")
    assert await standing(started) == (OrderPaymentStatus.UNPAID, Decimal("0.00"))
    answer = await started.pay()
    assert answer.status == 200
    paid = await started.now()
    assert paid.status is PaymentStatus.CHANNEL_CONFIRMED
    assert await standing(started) == (OrderPaymentStatus.PAID, TOTAL)
    assert (await fresh(started.order)).settled_at is None
    await confirm_funds(parties.supplier, paid.id, paid.version, TOTAL, idempotency_key=make_key())
    assert (await started.now()).status is PaymentStatus.FUNDS_CONFIRMED
    assert await standing(started) == (OrderPaymentStatus.PAID, Decimal("0.00"))
    assert (await fresh(started.order)).settled_at is not None
    assert await kinds(started) == [EventKind.PAYMENT_STARTED, EventKind.PAYMENT_PAID, EventKind.FUNDS_CONFIRMED]


@pytest.mark.parametrize(
    ("method", "flow"), [(method, flow) for method, flows in FLOWS.items() for flow in sorted(flows)]
)
async def test_each_flow_gives_the_payer_something(parties: Parties, method: PaymentMethod, flow: PaymentFlow) -> None:
    started = await make_online_payment(parties, method=method, flow=flow)
    online = await OnlinePayment.of(started.payment.id)
    assert online.content
    assert online.payer_openid is None  # the provider has been told


@pytest.mark.parametrize(
    ("checkout", "path"),
    [
        (Checkout(WECHAT, PaymentFlow.JSAPI), "input.payerOpenid"),
        (Checkout(WECHAT, PaymentFlow.QR, payer_openid="o1"), "input.payerOpenid"),
        (Checkout(ALIPAY, PaymentFlow.JSAPI, payer_openid="o1"), "input.flow"),
    ],
)
async def test_a_flow_is_refused_without_what_it_wants(parties: Parties, checkout: Checkout, path: str) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    await make_merchant(parties.supplier, checkout.method)
    with pytest.raises(InvalidInput) as refusal:
        await start_payment(parties.buyer, invoice.id, checkout, idempotency_key=make_key())
    assert [fault.path for fault in refusal.value.faults] == [path]
    assert not await OnlinePayment.all().exists()


async def test_an_account_with_certificates_works_as_one_with_keys(parties: Parties) -> None:
    started, known = await make_online_payment(parties), certified()
    credentials = replace(
        credentials_of(ALIPAY),
        provider_keys=known.provider_keys,
        certificate=known.certificate,
        root_certificates=known.root_certificates,
    )
    account = await set_merchant_account(as_admin(parties.supplier), ALIPAY, credentials)
    assert merchant_of(account) == known
    await started.pay()
    paid = await started.now()
    assert paid.status is PaymentStatus.CHANNEL_CONFIRMED
    await refund_payment(parties.supplier, paid.id, paid.version, Decimal("1.00"), "退货", idempotency_key=make_key())
    assert started.trade.refunded == Decimal("1.00")


async def test_a_payment_is_play_money_from_its_start_or_from_before_it_could_be_told(parties: Parties) -> None:
    started = await make_online_payment(parties, amount="0.01")
    transfer = await make_transfer(parties, started.invoice, "1.00")
    assert (started.payment.is_sandbox, transfer.is_sandbox) == (True, False)
    await Payment.all().update(is_sandbox=False)
    await pool().execute(import_module("models.migrations.0056_accounts_replaced").PLAYED)
    await transfer.refresh_from_db()
    assert ((await started.now()).is_sandbox, transfer.is_sandbox) == (True, False)


async def test_a_double_click_starts_one_payment(parties: Parties) -> None:
    started = await make_online_payment(parties)
    wish, key = Checkout(ALIPAY, PaymentFlow.QR, Decimal("0.01")), make_key()
    again = await make_invoice(parties, await make_completed_order(parties))
    first = await start_payment(parties.buyer, again.id, wish, idempotency_key=key)
    second = await start_payment(parties.buyer, again.id, wish, idempotency_key=key, address="192.0.2.7")
    assert first.id == second.id != started.payment.id


async def test_an_invoice_is_not_paid_twice(parties: Parties) -> None:
    started = await make_online_payment(parties)
    with pytest.raises(AmountMismatch) as refusal:
        await make_online_payment(parties, started.invoice, amount="0.01")
    assert refusal.value.expected == 0


async def test_what_the_supplier_does_not_take_is_refused_with_what_it_does(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    await make_merchant(parties.supplier, WECHAT)
    for method in (ALIPAY, PaymentMethod.BANK_TRANSFER):
        with pytest.raises(PaymentUnavailable) as refusal:
            await start_payment(parties.buyer, invoice.id, Checkout(method, PaymentFlow.QR), idempotency_key=make_key())
        assert refusal.value.methods == (WECHAT,)


async def test_only_the_buyer_s_finance_starts_and_closes_and_only_the_supplier_s_pays_back(parties: Parties) -> None:
    started = await make_online_payment(parties)
    wish = Checkout(ALIPAY, PaymentFlow.QR)
    clerk = await make_actor(await make_company(), Role.FINANCE)
    viewer = await make_actor(await make_company(), Role.VIEWER)
    with pytest.raises(NotFound):
        await start_payment(clerk, started.invoice.id, wish, idempotency_key=make_key())
    with pytest.raises(NotAllowed):
        await start_payment(viewer, started.invoice.id, wish, idempotency_key=make_key())
    with pytest.raises(WrongStatus):
        await start_payment(parties.supplier, started.invoice.id, wish, idempotency_key=make_key())
    with pytest.raises(WrongStatus):
        await close_payment(parties.supplier, started.payment.id, started.payment.version)
    await started.pay()
    version = (await started.now()).version
    with pytest.raises(WrongStatus):
        await refund_payment(parties.buyer, started.payment.id, version, TOTAL, "x", idempotency_key=make_key())


@each_method
async def test_a_payment_that_is_given_up_is_closed_and_the_invoice_open_again(
    parties: Parties, method: PaymentMethod
) -> None:
    started = await make_online_payment(parties, method=method)
    closed = await close_payment(parties.buyer, started.payment.id, started.payment.version)
    assert closed.status is PaymentStatus.CLOSED
    again = await make_online_payment(parties, started.invoice, method=method)
    assert again.payment.status is PaymentStatus.AWAITING_CHANNEL


@each_method
async def test_whoever_gives_up_what_was_paid_meanwhile_hears_that_it_was(
    parties: Parties, method: PaymentMethod
) -> None:
    started = await make_online_payment(parties, method=method)
    line().office.bank.pay(started.trade, clock.now())
    outcome = await close_payment(parties.buyer, started.payment.id, started.payment.version)
    assert outcome.status is PaymentStatus.CHANNEL_CONFIRMED


@each_method
async def test_an_outcome_nobody_knows_is_asked_for_and_never_guessed(parties: Parties, method: PaymentMethod) -> None:
    with cut(is_dumb=True):
        started = await make_online_payment(parties, method=method)
        assert (await started.now()).status is PaymentStatus.AWAITING_CHANNEL
        assert (await OnlinePayment.of(started.payment.id)).content is None
    with clock.held_at(clock.now() + timedelta(seconds=10)):
        await work()
    assert (await OnlinePayment.of(started.payment.id)).content is not None
    assert await kinds(started) == [EventKind.PAYMENT_STARTED, EventKind.PAYMENT_READY]
    line().office.bank.pay(started.trade, clock.now())
    with cut(is_deaf=True), clock.held_at(clock.now() + OPEN_FOR * 2):
        await work()
        assert (await started.now()).status is PaymentStatus.AWAITING_CHANNEL
    with clock.held_at(clock.now() + OPEN_FOR * 3):
        await work()
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED


@contextmanager
def silent(how: str, account: MerchantAccount) -> Iterator[None]:
    """While this lasts no provider says anything of the account's payments: it does not answer, or knows its key no more."""
    customers = line().office.bank.customers
    known = customers[account.method, account.app_id]
    if how == "revoked":
        del customers[account.method, account.app_id]
    try:
        with cut(is_deaf=how == "deaf"):
            yield
    finally:
        line().office.bank.register(known)


@pytest.mark.parametrize("how", ["deaf", "revoked"])
async def test_what_no_provider_says_anything_of_stands_in_nobody_s_way_for_long(
    parties: Parties, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is guessed: it stays as it is, is asked for, and goes back should it have come in after all."""
    started = await make_online_payment(parties)
    line().office.bank.pay(started.trade, clock.now())
    ends = (await OnlinePayment.of(started.payment.id)).expires_at + COVERS_FOR
    with silent(how, started.account):
        with clock.held_at(ends - timedelta(microseconds=1)):
            await work()
            assert "a provider does not tell of a payment" not in capsys.readouterr().out
            with pytest.raises(AmountMismatch) as covered:
                await make_transfer(parties, started.invoice)
        assert covered.value.expected == 0
        with clock.held_at(ends + LONGEST_PAUSE):
            await work()
            assert "a provider does not tell of a payment" in capsys.readouterr().out
            await make_confirmed(parties, await make_transfer(parties, started.invoice))
    assert (await started.now()).status is PaymentStatus.AWAITING_CHANNEL
    assert (await fresh(started.order)).settled_at is not None
    with clock.held_at(ends + 2 * LONGEST_PAUSE):
        await work()
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    [task] = await PaymentRefund.of(started.payment.id)
    assert (task.status, task.why) == (ProviderRefundStatus.DUE, RefundReason.PAID_TOO_LATE)
    assert (await fresh(started.order)).settled_at is None


async def test_what_comes_in_long_after_its_time_pays_what_nothing_else_has_paid(parties: Parties) -> None:
    started = await make_online_payment(parties)
    ends = (await OnlinePayment.of(started.payment.id)).expires_at + COVERS_FOR
    line().office.bank.pay(started.trade, clock.now())
    with clock.held_at(ends):
        await make_transfer(parties, started.invoice)  # reported, and nothing more
        await started.told(started.notice())
    assert await standing(started) == (OrderPaymentStatus.PAID, TOTAL)
    assert await PaymentRefund.of(started.payment.id) == []


@each_method
async def test_without_a_simulator_its_accounts_are_refused_and_no_errand_fails(
    parties: Parties, method: PaymentMethod
) -> None:
    """Of an account that was set where there was one."""
    started = await make_online_payment(parties, method=method, amount="1.00")
    with partners.for_a_while():
        partners.use_payment_providers((Alipay(call=line().call), WeChatPay(call=line().call)))
        with clock.held_at(clock.now() + OPEN_FOR):
            await work()
        wish = Checkout(method, PaymentFlow.QR)
        failed = await start_payment(parties.buyer, started.invoice.id, wish, idempotency_key=make_key())
    assert (await started.now()).status is PaymentStatus.AWAITING_CHANNEL
    assert failed.status is PaymentStatus.FAILED
    assert "no simulated provider" in (failed.failure_reason or "")
    assert not await Errand.filter(trouble__isnull=False).exists()


@each_method
async def test_what_nobody_pays_in_time_is_closed_with_its_provider(parties: Parties, method: PaymentMethod) -> None:
    started = await make_online_payment(parties, method=method)
    with clock.held_at(clock.now() + OPEN_FOR):
        await work()
    assert (await started.now()).status is PaymentStatus.CLOSED
    assert not line().office.bank.pay(started.trade, clock.now())


@each_method
async def test_an_answer_of_something_else_decides_nothing_and_is_kept_for_people(
    parties: Parties, method: PaymentMethod
) -> None:
    started = await make_online_payment(parties, method=method)
    started.trade.amount -= Decimal("0.01")
    line().office.bank.pay(started.trade, clock.now())
    errand = Errand.filter(kind=ErrandKind.FOLLOW_PAYMENT, subject_id=started.payment.id, done_at__isnull=True)
    with clock.held_at(clock.now() + OPEN_FOR / 2):
        await work()
    assert await errand.exists()
    assert not await PaymentNotice.all().exists()
    with clock.held_at(clock.now() + OPEN_FOR * 2):
        await work()
    assert not await errand.exists()
    assert (await started.now()).status is PaymentStatus.AWAITING_CHANNEL
    [kept] = await PaymentNotice.all()
    assert (kept.number, kept.status, kept.reason) == (started.number, NoticeStatus.REFUSED, Refusal.WRONG_AMOUNT)
    assert started.trade.state is ChannelState.PAID  # and the provider was not asked to close it
    assert await kinds(started) == [EventKind.PAYMENT_STARTED]


async def test_an_answer_about_another_payment_is_none(parties: Parties) -> None:
    first = await make_online_payment(parties, amount="0.01")
    second = await make_online_payment(parties, first.invoice, amount="0.01")
    line().office.bank.pay(first.trade, clock.now())
    online, _account, provider, merchant = await called(first.payment.id)
    news = await provider.query(online.number, merchant, clock.now())
    assert news is not None
    assert await committed(lambda: apply_news(second.payment.id, news)) is Refusal.UNKNOWN_PAYMENT
    assert (await second.now()).status is PaymentStatus.AWAITING_CHANNEL


async def test_what_a_provider_refuses_to_start_has_failed_and_says_why(parties: Parties) -> None:
    account = await make_merchant(parties.supplier)
    office = line().office
    known = office.bank.customers.pop((ALIPAY, account.app_id))
    try:
        started = await make_online_payment(parties)
    finally:
        office.bank.register(known)
    assert started.payment.status is PaymentStatus.FAILED
    assert "invalid-signature" in (started.payment.failure_reason or "")
    assert (await make_online_payment(parties, started.invoice)).payment.status is PaymentStatus.AWAITING_CHANNEL


async def test_an_errand_is_done_by_one_worker_at_a_time_and_again_when_that_one_dies(parties: Parties) -> None:
    with cut(is_dumb=True):
        await make_online_payment(parties)
    with clock.held_at(clock.now() + timedelta(seconds=10)):
        first = await transact(lambda: Errand.claim(ErrandKind, clock.now(), LEASE, 10))
        assert len(first) == 1
        assert await transact(lambda: Errand.claim(ErrandKind, clock.now(), LEASE, 10)) == []
        later = clock.now() + LEASE
    with clock.held_at(later):
        again = await transact(lambda: Errand.claim(ErrandKind, clock.now(), LEASE, 10))
    assert {errand.id for errand in first} <= {errand.id for errand in again}
    assert await Errand.held(first[0]) is None


# ---------------------------------------------------------------------------------------------------------- money that goes back


@each_method
async def test_money_goes_back_in_parts_and_never_more_than_came(parties: Parties, method: PaymentMethod) -> None:
    started = await make_online_payment(parties, method=method)
    await started.pay()
    for amount in ("148.00", "282.79"):
        version = (await started.now()).version
        key = make_key()
        for _ in range(2):
            await refund_payment(
                parties.supplier, started.payment.id, version, Decimal(amount), "退货", idempotency_key=key
            )
        [refund] = await PaymentRefund.filter(payment_id=started.payment.id, amount=Decimal(amount))
        if method is WECHAT:
            assert refund.status is ProviderRefundStatus.REQUESTED
            assert (await started.told(started.notice(refund=refund.number))).status == 200
        await refund.refresh_from_db()
        assert refund.status is ProviderRefundStatus.SUCCEEDED
    assert (await started.now()).status is PaymentStatus.REFUNDED
    assert (await standing(started))[1] == 0
    with pytest.raises(WrongStatus):
        await refund_payment(
            parties.supplier, started.payment.id, (await started.now()).version, TOTAL, "x", idempotency_key=make_key()
        )
    assert (await kinds(started)).count(EventKind.PAYMENT_REFUNDED) == 2


async def test_more_than_is_left_does_not_go_back(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await started.pay()
    with pytest.raises(AmountMismatch) as refusal:
        await refund_payment(
            parties.supplier,
            started.payment.id,
            (await started.now()).version,
            TOTAL + Decimal("0.01"),
            "x",
            idempotency_key=make_key(),
        )
    assert refusal.value.expected == TOTAL
    transfer = await make_transfer(parties, await make_invoice(parties, await make_completed_order(parties)))
    confirmed = await confirm_funds(
        parties.supplier, transfer.id, transfer.version, transfer.amount, idempotency_key=make_key()
    )
    with pytest.raises(InvalidInput, match=r"input\.paymentId: was not made through a provider"):
        await refund_payment(
            parties.supplier, transfer.id, confirmed.version, Decimal(1), "x", idempotency_key=make_key()
        )


async def test_a_refund_nobody_answered_for_is_asked_for_again_under_its_number(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await started.pay()
    with cut(is_dumb=True):
        await refund_payment(
            parties.supplier,
            started.payment.id,
            (await started.now()).version,
            Decimal("148.00"),
            "x",
            idempotency_key=make_key(),
        )
    [refund] = await PaymentRefund.of(started.payment.id)
    assert refund.status is ProviderRefundStatus.REQUESTED
    with clock.held_at(clock.now() + timedelta(minutes=1)):
        await work()
    assert [one.status for one in await PaymentRefund.of(started.payment.id)] == [ProviderRefundStatus.SUCCEEDED]
    assert started.trade.refunds == {refund.number: Decimal("148.00")}


async def test_a_refund_made_at_the_provider_s_own_desk_is_known_by_its_notice(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await started.pay()
    line().office.bank.refund(started.trade, "DESK-1", Decimal("30.79"))
    for _ in range(2):
        assert (await started.told(started.notice(refund="DESK-1"))).body == b"success"
    [refund] = await PaymentRefund.of(started.payment.id)
    assert (refund.status, refund.why, refund.amount) == (
        ProviderRefundStatus.SUCCEEDED,
        RefundReason.MADE_ELSEWHERE,
        Decimal("30.79"),
    )
    assert await standing(started) == (OrderPaymentStatus.PARTIALLY_PAID, Decimal("400.00"))


@each_method
async def test_who_ends_a_contract_closes_what_was_started_to_pay_it(parties: Parties, method: PaymentMethod) -> None:
    started = await make_ended(parties, method)
    await work()
    assert (await started.now()).status is PaymentStatus.CLOSED
    assert not line().office.bank.pay(started.trade, clock.now())
    assert not await PaymentRefund.all().exists()
    assert (await kinds(started))[-1] == EventKind.PAYMENT_CLOSED


@each_method
async def test_paid_after_the_order_ended_opens_a_refund_and_raises_the_alarm(
    parties: Parties, method: PaymentMethod, capsys: pytest.CaptureFixture[str]
) -> None:
    """The payer was faster than the question that closes it: the provider tells of it, or answers so."""
    started, before = await make_ended(parties, method), raised()
    line().office.bank.pay(started.trade, clock.now())
    if method is ALIPAY:
        await work()
    assert (await started.told(started.notice())).status == 200
    assert raised() == before | {"refund_due": before["refund_due"] + 1}
    [task] = await PaymentRefund.of(started.payment.id)
    assert (task.status, task.why, task.amount) == (
        ProviderRefundStatus.DUE,
        RefundReason.PAID_TOO_LATE,
        started.payment.amount,
    )
    assert (await standing(started))[0] is OrderPaymentStatus.REFUND_DUE
    assert (await kinds(started))[-2:] == [EventKind.PAYMENT_PAID, EventKind.REFUND_DUE]
    assert "a refund is due" in capsys.readouterr().out
    paid = await started.now()
    await refund_payment(
        parties.supplier, paid.id, paid.version, paid.amount, "order ended", idempotency_key=make_key()
    )
    if method is WECHAT:
        await started.told(started.notice(refund=task.number))
    await task.refresh_from_db()
    assert task.status is ProviderRefundStatus.SUCCEEDED
    assert (await started.now()).status is PaymentStatus.REFUNDED


async def test_paid_after_it_was_closed_pays_what_is_still_open_and_goes_back_otherwise(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await close_payment(parties.buyer, started.payment.id, started.payment.version)
    started.trade.state = type(started.trade.state).WAITING
    again = await make_online_payment(parties, started.invoice)
    await again.pay()
    await started.pay()
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    [task] = await PaymentRefund.of(started.payment.id)
    assert task.status is ProviderRefundStatus.DUE
    assert await PaymentNotice.filter(status="APPLIED").count() == 2


async def test_what_is_only_reported_or_started_otherwise_does_not_make_it_too_late(parties: Parties) -> None:
    """The cheaper answer of the two: what comes in after it is the buyer's credit."""
    started = await make_online_payment(parties)
    await close_payment(parties.buyer, started.payment.id, started.payment.version)
    started.trade.state = type(started.trade.state).WAITING
    reported = await make_transfer(parties, started.invoice, "200.00")
    again = await make_online_payment(parties, started.invoice)
    await started.pay()
    assert await PaymentRefund.of(started.payment.id) == []
    assert await standing(started) == (OrderPaymentStatus.PAID, TOTAL)
    await again.pay()
    await confirm_funds(parties.supplier, reported.id, reported.version, reported.amount, idempotency_key=make_key())
    now = (await LedgerEntry.standings([started.order.id]))[started.order.id]
    assert (now.owed, now.credit, now.refund_due) == (Decimal(0), TOTAL, Decimal(0))
