"""WeChat Pay's API, over a real socket."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from partners.payments import Declined, RefundWish, Unsure, rsa
from partners.payments.wechat_pay import WeChatPay
from rules.billing import PaymentMethod
from rules.rails import ChannelState, PaymentFlow
from tests.partners.payments.counters import (
    AMOUNT,
    Counter,
    bill,
    customer_of,
    merchant_of,
    open_counter,
    other_key,
)

MERCHANT = merchant_of(PaymentMethod.WECHAT_PAY)


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    """The simulator, listening."""
    with open_counter() as counter:
        yield counter


async def test_each_flow_gives_the_payer_what_it_takes(counter: Counter) -> None:
    now = datetime.now(UTC)
    code = await counter.wechat_pay.start(bill(PaymentFlow.QR, "1" * 32, now=now), MERCHANT, now)
    page = await counter.wechat_pay.start(bill(PaymentFlow.PAGE, "2" * 32, now=now), MERCHANT, now)
    assert code != page
    assert code.startswith(counter.simulator.address)
    call = json.loads(await counter.wechat_pay.start(bill(PaymentFlow.APP, "3" * 32, now=now), MERCHANT, now))
    text = "\n".join((call["appid"], call["timestamp"], call["noncestr"], call["prepayid"], ""))
    rsa.prove(text.encode(), call["sign"], customer_of(PaymentMethod.WECHAT_PAY).public_key)


async def test_a_payment_is_asked_for_closed_and_given_back(counter: Counter) -> None:
    wechat, bank, now = counter.wechat_pay, counter.simulator.office.bank, datetime.now(UTC)
    assert await wechat.query("8" * 32, MERCHANT, now) is None
    await wechat.start(bill(PaymentFlow.QR, "4" * 32, now=now), MERCHANT, now)
    waiting = await wechat.query("4" * 32, MERCHANT, now)
    assert waiting is not None
    assert (waiting.state, waiting.amount) == (ChannelState.WAITING, None)
    await wechat.close("4" * 32, MERCHANT, now)
    await wechat.close("4" * 32, MERCHANT, now)
    closed = await wechat.query("4" * 32, MERCHANT, now)
    assert closed is not None
    assert closed.state is ChannelState.CLOSED
    await wechat.start(bill(PaymentFlow.QR, "5" * 32, now=now), MERCHANT, now)
    trade = bank.trade(customer_of(PaymentMethod.WECHAT_PAY), "5" * 32)
    bank.pay(trade, now)
    with pytest.raises(Declined, match="ORDERPAID"):
        await wechat.close("5" * 32, MERCHANT, now)
    wish = RefundWish("R-5", trade.number, Decimal("148.00"), AMOUNT, "退货", "https://shop.example/x")
    for _ in range(2):
        assert (await wechat.refund(wish, MERCHANT, now)).has_succeeded is None
    assert trade.refunded == Decimal("148.00")
    paid = await wechat.query("5" * 32, MERCHANT, now)
    assert paid is not None
    assert (paid.state, paid.amount) == (ChannelState.PAID, AMOUNT)


async def test_an_answer_that_is_not_proven_proves_nothing(counter: Counter) -> None:
    now = datetime.now(UTC)
    strange = replace(MERCHANT, provider_keys={"PUB_KEY_ID_9": next(iter(MERCHANT.provider_keys.values()))})
    with pytest.raises(Unsure, match="UNKNOWN_KEY"):
        await counter.wechat_pay.query("1" * 32, strange, now)
    with pytest.raises(Unsure, match="STALE"):
        await counter.wechat_pay.query("1" * 32, MERCHANT, now + timedelta(seconds=600))


async def test_whoever_signs_with_another_key_is_turned_away(counter: Counter) -> None:
    with pytest.raises(Declined, match="SIGN_ERROR"):
        await counter.wechat_pay.query("1" * 32, replace(MERCHANT, private_key=other_key()), datetime.now(UTC))


async def test_a_provider_that_is_away_leaves_the_outcome_unknown() -> None:
    away = WeChatPay(sandbox="http://127.0.0.1:9")
    with pytest.raises(Unsure):
        await away.query("1" * 32, MERCHANT, datetime.now(UTC))
