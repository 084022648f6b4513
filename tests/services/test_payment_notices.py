"""What providers write: one effect for each notice, in any order, at once, and nothing for what was not asked for."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from structlog.testing import capture_logs
from tortoise.exceptions import IntegrityError

from models import Event, LedgerEntry, OnlinePayment, PaymentNotice, PaymentRefund
from models.database import pool
from partners.payments import Notice
from partners.payments.simulator.alipay_side import AlipaySide, fields_of, signed_notice
from partners.payments.wechat_signing import opened
from rules.billing import PaymentMethod, PaymentStatus
from rules.events import EventKind
from rules.rails import ONLINE, NoticeStatus, Refusal
from services import clock
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties
from tests.partners.payments.counters import keys
from tests.payment_makers import ALIPAY, WECHAT, Started, line, make_online_payment

pytestmark = pytest.mark.usefixtures("database")
NONE = Decimal("0.00")
TAKEN = "2026000000000077"


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


def alipay_notice(started: Started, status: str, **changed: str) -> Notice:
    """A notice the provider signed, with these facts instead of the true ones."""
    fields = fields_of(started.notice(status).body)
    plain = {name: value for name, value in fields.items() if name not in ("sign", "sign_type")}
    return signed_notice({**plain, **changed}, keys().alipay)


def wechat_notice(started: Started, name: str, changed: dict[str, Any]) -> Notice:
    """The same of WeChat Pay; of a refund where the facts are one's."""
    customer, kind = started.trade.customer, "refund" if "refund_status" in changed else "transaction"
    sealed = json.loads(started.notice().body)["resource"]
    told = {**json.loads(opened(sealed, customer.secret)), **changed}
    desk = line().office.wechat_pay
    return desk.sealed(
        "REFUND.SUCCESS" if kind == "refund" else "TRANSACTION.SUCCESS", kind, told, customer, clock.now(), name
    )


def notice_of(started: Started, name: str, changed: dict[str, Any]) -> Notice:
    """Either provider's, by this name of its own."""
    if started.account.method is WECHAT:
        return wechat_notice(started, name, changed)
    return alipay_notice(started, "TRADE_SUCCESS", notify_id=name, **changed)


def transaction(started: Started, number: str) -> dict[str, Any]:
    """That the payment was this transaction of its provider."""
    return {"transaction_id" if started.account.method is WECHAT else "trade_no": number}


def five(started: Started) -> dict[str, Notice]:
    """One notice of each kind, all of a payment that was made and wholly paid back; CLOSED as if nobody had paid."""
    desk: AlipaySide = line().office.alipay
    unpaid = replace(started.trade, paid_at=None)
    line().office.bank.pay(started.trade, clock.now())
    line().office.bank.refund(started.trade, "R-1", started.trade.amount)
    now = clock.now()
    return {
        "WAIT": desk.notice(unpaid, now, "WAIT_BUYER_PAY"),
        "SUCCESS": desk.notice(started.trade, now, "TRADE_SUCCESS"),
        "FINISHED": desk.notice(started.trade, now, "TRADE_FINISHED"),
        "CLOSED": desk.notice(unpaid, now, "TRADE_CLOSED"),
        "REFUND": desk.notice(started.trade, now, refund="R-1"),
    }


async def effects(started: Started) -> tuple[object, ...]:
    """What is on record of the payment, but for when."""
    online = await OnlinePayment.of(started.payment.id)
    refunds = await PaymentRefund.of(started.payment.id)
    documents = [started.payment.id, *(one.id for one in refunds)]
    books = dict.fromkeys(("RECEIVABLE", "CASH_AT_PROVIDER", "REFUNDS", "CREDIT"), NONE)
    for entry in await LedgerEntry.filter(document_id__in=documents, company_id=started.parties.supplier.company):
        books[entry.account] += entry.amount
    facts = (online.payment.status, online.transaction_id is not None, online.refunded, books)
    rows = await Event.filter(stream=started.order.id).values("kind", "body")
    kinds = [row["kind"] for row in rows if row["body"].get("paymentId") == str(started.payment.id)]
    paid_back = [(one.number, one.status, one.amount) for one in refunds]
    return (*facts, paid_back, kinds.count(EventKind.PAYMENT_PAID), kinds.count(EventKind.PAYMENT_REFUNDED))


async def small_payments(parties: Parties) -> AsyncIterator[Started]:
    """Payments of a cent, all of one invoice: as many as anybody wants."""
    first = await make_online_payment(parties, amount="0.01")
    yield first
    while True:
        yield await make_online_payment(parties, first.invoice, amount="0.01")


@pytest.mark.parametrize("first", ["WAIT", "SUCCESS", "FINISHED", "CLOSED", "REFUND"])
async def test_notices_in_every_order_end_in_the_same(first: str, parties: Parties) -> None:
    """All 120 orders of five notices, and each of them once more at the end."""
    others = [name for name in ("WAIT", "SUCCESS", "FINISHED", "CLOSED", "REFUND") if name != first]
    seen = set()
    payments = small_payments(parties)
    for rest in permutations(others):
        started = await anext(payments)
        notices = five(started)
        for name in (first, *rest, first, *rest):
            assert (await started.told(notices[name])).body == b"success", (first, rest, name)
        seen.add(repr(await effects(started)))
    assert len(seen) == 1, seen
    assert "REFUNDED" in seen.pop()


async def test_what_is_not_refunded_ends_paid_in_every_order(parties: Parties) -> None:
    payments = small_payments(parties)
    for order in permutations(("WAIT", "SUCCESS", "FINISHED", "CLOSED")):
        started = await anext(payments)
        notices = five(started)
        for name in order:
            await started.told(notices[name])
        assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED, order
        assert (await effects(started))[-2:] == (1, 0)


async def test_scenario_14(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    """Callback ×8, 2 in parallel, then late CLOSED, then wrong amount → one payment, one event; the rest refused or ignored, logged."""
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    started = await make_online_payment(parties, await make_invoice(parties, order))
    assert started.payment.amount == Decimal("1130.00")
    closed = alipay_notice(started, "TRADE_CLOSED", notify_id="late")
    line().office.bank.pay(started.trade, clock.now())
    notice = started.notice()
    answers = [await started.told(notice) for _ in range(6)]
    answers += await asyncio.gather(started.told(notice), started.told(notice))
    answers.append(await started.told(closed))
    assert {answer.body for answer in answers} == {b"success"}
    wrong = alipay_notice(started, "TRADE_SUCCESS", notify_id="wrong", total_amount="1129.99")
    for _ in range(2):
        answer = await started.told(wrong)
        assert (answer.status, answer.body) == (400, b"failure")
    assert (await effects(started))[-2:] == (1, 0)
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    assert await PaymentNotice.filter(account_id=started.account.id).count() == 3
    [refused] = await PaymentNotice.filter(status=NoticeStatus.REFUSED)
    assert refused.reason is Refusal.WRONG_AMOUNT
    assert "WRONG_AMOUNT" in capsys.readouterr().out


@pytest.mark.parametrize("method", sorted(ONLINE))
async def test_thirty_at_once_are_one_payment(parties: Parties, method: PaymentMethod) -> None:
    started = await make_online_payment(parties, method=method)
    line().office.bank.pay(started.trade, clock.now())
    notice = started.notice()
    answers = await asyncio.gather(*(started.told(notice) for _ in range(30)))
    assert {answer.status for answer in answers} == {200}
    assert (await effects(started))[-2:] == (1, 0)


async def test_thirty_different_notices_at_once_are_one_payment(parties: Parties) -> None:
    """The provider's name for a notice does not tell them apart from news: the order's lock does."""
    started = await make_online_payment(parties)
    line().office.bank.pay(started.trade, clock.now())
    notices = [alipay_notice(started, "TRADE_SUCCESS", notify_id=f"n{number}") for number in range(30)]
    answers = await asyncio.gather(*map(started.told, notices))
    assert {answer.body for answer in answers} == {b"success"}
    assert (await effects(started))[-2:] == (1, 0)
    assert await PaymentNotice.filter(account_id=started.account.id).count() == 30


Change = dict[str, Any]
WRONG: dict[str, tuple[Change, Change, Refusal]] = {
    "another app": ({"app_id": "2021000000000000"}, {"appid": "wx0000000000000000"}, Refusal.WRONG_APP),
    "another payee": ({"seller_id": "2088000000000000"}, {"mchid": "1900000000"}, Refusal.WRONG_PAYEE),
    "a cent less": ({"total_amount": "99.99"}, {"amount": {"total": 9999, "currency": "CNY"}}, Refusal.WRONG_AMOUNT),
    "a cent more": ({"total_amount": "100.01"}, {"amount": {"total": 10001, "currency": "CNY"}}, Refusal.WRONG_AMOUNT),
    "another currency": ({"trans_currency": "USD"}, {"amount": {"total": 10000, "currency": "USD"}}, Refusal.WRONG_CURRENCY),
    "an unknown order": ({"out_trade_no": "0" * 32}, {"out_trade_no": "0" * 32}, Refusal.UNKNOWN_PAYMENT),
    "more back than came": (
        {"refund_fee": "100.01"}, {"out_refund_no": "R-1", "refund_status": "SUCCESS", "amount": {"total": 10000, "refund": 10001}},
        Refusal.WRONG_AMOUNT,
    ),
    "a transaction of another payment": ({"trade_no": TAKEN}, {"transaction_id": TAKEN}, Refusal.OTHER_TRANSACTION),
}  # fmt: skip
"""What Alipay says, and WeChat Pay, of a payment of 100.00, and why that changes nothing."""


@pytest.mark.parametrize("method", sorted(ONLINE))
async def test_what_was_not_asked_for_changes_nothing_although_it_is_the_provider_s(
    method: PaymentMethod, parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    other = await make_online_payment(parties, method=method, amount="100.00")
    line().office.bank.pay(other.trade, clock.now())
    assert (await other.told(notice_of(other, "first", transaction(other, TAKEN)))).status == 200
    started = await make_online_payment(parties, other.invoice, method=method, amount="100.00")
    line().office.bank.pay(started.trade, clock.now())
    before = await effects(started)
    for way, (alipay, wechat, reason) in WRONG.items():
        answer = await started.told(notice_of(started, way.replace(" ", "-"), alipay if method is ALIPAY else wechat))
        assert answer.status == (400 if method is ALIPAY else 401), way
        assert await effects(started) == before, way
        refused = await PaymentNotice.filter(account_id=started.account.id).order_by("-id").first()
        assert refused is not None
        assert (refused.status, refused.reason) == (NoticeStatus.REFUSED, reason), way
        assert reason in capsys.readouterr().out, way
    assert await PaymentNotice.filter(status=NoticeStatus.REFUSED).count() == len(WRONG)
    assert (await started.told(started.notice())).status == 200
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED


async def test_a_notice_of_one_order_pays_no_other(parties: Parties) -> None:
    """A replay to another order, another merchant's endpoint, another provider's, and under another transaction."""
    first, second = await make_online_payment(parties), await make_online_payment(parties)
    line().office.bank.pay(first.trade, clock.now())
    stranger = await make_online_payment(await make_parties())
    assert (await stranger.told(first.notice())).status == 400
    [refused] = await PaymentNotice.filter(account_id=stranger.account.id)
    assert refused.reason is Refusal.UNKNOWN_PAYMENT
    assert (await second.told(alipay_notice(first, "TRADE_SUCCESS", out_trade_no=first.number))).body == b"success"
    assert (await second.now()).status is PaymentStatus.AWAITING_CHANNEL
    other = alipay_notice(first, "TRADE_SUCCESS", notify_id="other", trade_no="2026000000000001")
    assert (await first.told(other)).status == 400
    wechat = await make_online_payment(parties, method=WECHAT)
    assert (await wechat.told(first.notice())).status == 401


async def test_one_transaction_of_the_provider_is_one_payment_by_the_database_s_own_word(
    parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = await make_online_payment(parties), await make_online_payment(parties)
    await first.pay()
    taken = (await OnlinePayment.of(first.payment.id)).transaction_id
    with pytest.raises(IntegrityError):
        await OnlinePayment.filter(payment_id=second.payment.id).update(transaction_id=taken)
    before = await effects(second)
    line().office.bank.pay(second.trade, clock.now())
    stolen = alipay_notice(second, "TRADE_SUCCESS", notify_id="stolen", trade_no=str(taken))
    for _ in range(2):
        assert (await second.told(stolen)).status == 400
    assert await effects(second) == before
    [refused] = await PaymentNotice.filter(status=NoticeStatus.REFUSED)
    assert (refused.event_id, refused.reason) == ("stolen", Refusal.OTHER_TRANSACTION)
    assert "OTHER_TRANSACTION" in capsys.readouterr().out
    assert (await second.told(second.notice())).body == b"success"


async def test_a_forged_notice_is_refused_and_leaves_no_row(parties: Parties) -> None:
    started = await make_online_payment(parties)
    line().office.bank.pay(started.trade, clock.now())
    notice = started.notice()
    spoiled = replace(notice, body=notice.body.replace(b"430.79", b"430.78"))
    assert (await started.told(spoiled)).body == b"failure"
    assert await PaymentNotice.all().count() == 0
    assert (await started.now()).status is PaymentStatus.AWAITING_CHANNEL


async def test_an_old_notice_of_wechat_is_refused_and_the_same_signed_anew_is_taken(parties: Parties) -> None:
    started = await make_online_payment(parties, method=WECHAT)
    line().office.bank.pay(started.trade, clock.now())
    old = started.notice(at=clock.now() - timedelta(seconds=301))
    assert (await started.told(old)).status == 401
    assert (await started.told(started.notice())).status == 200
    assert (await started.told(started.notice(at=clock.now() + timedelta(seconds=60)))).status == 200
    assert (await effects(started))[-2:] == (1, 0)


FAILING = """
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''the disk is full''; END';
    CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON payment_notice DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
"""
MENDED = "DROP TRIGGER fails ON payment_notice; DROP FUNCTION fail();"


@pytest.mark.parametrize("method", sorted(ONLINE))
async def test_what_fails_at_the_very_commit_is_not_acknowledged(parties: Parties, method: PaymentMethod) -> None:
    started = await make_online_payment(parties, method=method)
    line().office.bank.pay(started.trade, clock.now())
    before = await effects(started)
    await pool().execute(FAILING)
    with capture_logs() as told:
        assert (await started.told(started.notice())).status == 503
    assert [one["log_level"] for one in told] == ["error"]
    assert await effects(started) == before
    assert await PaymentNotice.all().count() == 0
    await pool().execute(MENDED)
    assert (await started.told(started.notice())).status == 200
    assert (await effects(started))[-2:] == (1, 0)


async def test_a_payment_told_of_before_our_own_start_was_answered_is_paid(parties: Parties) -> None:
    started = await make_online_payment(parties)
    await OnlinePayment.filter(payment_id=started.payment.id).update(content=None)
    await started.pay()
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED
