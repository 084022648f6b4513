"""Alipay's gateway, over a real socket: what is asked of it, what it answers, and what is known when it does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from partners.payments import Declined, RefundWish, Unsure
from partners.payments.simulator.postman import Habits
from rules.billing import PaymentMethod
from rules.rails import ChannelState, PaymentFlow
from tests.partners.payments.counters import AMOUNT, NOW, Counter, bill, merchant_of, open_counter, other_key

MERCHANT = merchant_of(PaymentMethod.ALIPAY)


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    """The simulator, listening."""
    with open_counter() as counter:
        yield counter


async def test_a_code_is_given_and_its_payment_known_once_paid(counter: Counter) -> None:
    alipay, now = counter.alipay, datetime.now(UTC)
    wanted = bill(PaymentFlow.QR, "1" * 32, now=now)
    code = await alipay.start(wanted, MERCHANT, now)
    assert code == await alipay.start(wanted, MERCHANT, now)
    waiting = await alipay.query(wanted.number, MERCHANT, now)
    assert waiting is not None
    assert (waiting.state, waiting.amount) == (ChannelState.WAITING, AMOUNT)
    async with httpx2.AsyncClient() as browser:
        page = await browser.get(code)
        assert "SANDBOX" in page.text
        assert "1130.00" in page.text
        await browser.post(code)
    paid = await alipay.query(wanted.number, MERCHANT, now)
    assert paid is not None
    assert (paid.state, paid.payee) == (ChannelState.PAID, MERCHANT.payee)
    with pytest.raises(Declined, match="TRADE_HAS_SUCCESS"):
        await alipay.close(wanted.number, MERCHANT, now)


async def test_a_page_is_opened_by_what_we_sign_ourselves(counter: Counter) -> None:
    now = datetime.now(UTC)
    url = await counter.alipay.start(bill(PaymentFlow.PAGE, "2" * 32, now=now), MERCHANT, now)
    async with httpx2.AsyncClient() as browser:
        seen = await browser.get(url)
        spoiled = await browser.get(url.replace("1130.00", "1.00"))
    assert (seen.status_code, seen.headers["location"][:9]) == (303, "/cashier/")
    assert spoiled.status_code == 400
    app = await counter.alipay.start(bill(PaymentFlow.APP, "3" * 32, now=now), MERCHANT, now)
    assert counter.simulator.office.alipay.opened(dict(parse_qsl(app)), now).number == "3" * 32
    assert urlsplit(url).query.count("sign=") == 1


async def test_what_nobody_scanned_is_unknown_and_may_be_closed(counter: Counter) -> None:
    assert await counter.alipay.query("9" * 32, MERCHANT, NOW) is None
    await counter.alipay.close("9" * 32, MERCHANT, NOW)


async def test_a_refund_is_made_once_for_its_number(counter: Counter) -> None:
    now = datetime.now(UTC)
    await counter.alipay.start(bill(PaymentFlow.QR, "4" * 32, now=now), MERCHANT, now)
    trade = next(trade for trade in counter.simulator.office.bank if trade.number == "4" * 32)
    counter.simulator.office.bank.pay(trade, now)
    wish = RefundWish("R-4", trade.number, Decimal("148.00"), AMOUNT, "退货", "https://shop.example/x")
    for _ in range(2):
        done = await counter.alipay.refund(wish, MERCHANT, now)
        assert (done.number, done.amount, done.has_succeeded) == ("R-4", Decimal("148.00"), True)
    assert trade.refunded == Decimal("148.00")
    with pytest.raises(Declined):
        await counter.alipay.refund(replace(wish, number="R-5", amount=AMOUNT), MERCHANT, now)


async def test_an_answer_that_the_provider_did_not_sign_proves_nothing(counter: Counter) -> None:
    [other] = merchant_of(PaymentMethod.WECHAT_PAY).provider_keys.values()
    stranger = replace(MERCHANT, provider_keys={"": other})
    with pytest.raises(Unsure, match="unproven"):
        await counter.alipay.query("1" * 32, stranger, NOW)


async def test_whoever_signs_with_another_key_is_turned_away(counter: Counter) -> None:
    with pytest.raises(Declined, match="invalid-signature"):
        await counter.alipay.query("1" * 32, replace(MERCHANT, private_key=other_key()), NOW)


async def test_a_provider_that_keeps_silent_leaves_the_outcome_unknown(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.payments.calling.call.__defaults__", (1,))
    monkeypatch.setattr("partners.payments.simulator.serving.SILENCE", 2)
    now = datetime.now(UTC)
    counter.simulator.office.postman.habits = Habits(is_silent=True)
    try:
        with pytest.raises(Unsure):
            await counter.alipay.start(bill(PaymentFlow.QR, "5" * 32, now=now), MERCHANT, now)
    finally:
        counter.simulator.office.postman.habits = Habits()
    assert counter.simulator.office.bank.trade(next(iter(counter.simulator.office.bank)).customer, "5" * 32)
