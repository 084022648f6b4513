"""Splitting what was collected, with either provider, over a real socket: what is given, taken back, refused, and left unknown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import httpx2
import pytest

from partners.payments import Declined, PaymentProvider, RefundWish, Split, SplitReturn, SplitWish, Unsure, rsa
from partners.payments.alipay import Alipay
from partners.payments.calling import Reply
from partners.payments.simulator.bank import Trade
from partners.payments.simulator.postman import Habits
from partners.payments.wechat_pay import WeChatPay
from rules.billing import PaymentMethod
from rules.rails import PaymentFlow
from tests.partners.payments.counters import Counter, bill, customer_of, keys, merchant_of, open_counter

ALIPAY, WECHAT = PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY
PLATFORM = {ALIPAY: "2088000000000001", WECHAT: "1900000001"}
TOTAL, SHARE = Decimal("600.00"), Decimal("30.00")
BOTH = pytest.mark.parametrize("method", [ALIPAY, WECHAT])
NUMBERS = count(1)


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    """The simulator, listening."""
    with open_counter() as counter:
        yield counter


@dataclass
class Held:
    """A payment that somebody made, and that is to be split."""

    counter: Counter
    method: PaymentMethod
    trade: Trade

    @property
    def provider(self) -> PaymentProvider:
        """Our adapter."""
        return self.counter.provider(self.method)

    @property
    def wish(self) -> SplitWish:
        """5 % for the platform."""
        number = f"s{self.trade.number[1:]}"
        receiver = PLATFORM[self.method]
        return SplitWish(number, self.trade.number, self.trade.transaction_id, receiver, SHARE, "平台佣金")

    def back(self, amount: str = "7.40", flow: PaymentFlow = PaymentFlow.PAGE) -> SplitReturn:
        """Some of it comes back."""
        one = self.wish
        number, value = f"b{self.trade.number[1:]}", Decimal(amount)
        return SplitReturn(
            number, one.number, one.payment_number, one.transaction_id, one.receiver, value, "退货", flow
        )

    async def admit(self) -> None:
        """Let the platform be given something."""
        await self.provider.admit(
            PLATFORM[self.method], "订货平台有限公司", merchant_of(self.method), datetime.now(UTC)
        )

    async def split(self, wish: SplitWish | None = None) -> Split:
        """As the merchant asks for it."""
        return await self.provider.split(wish or self.wish, merchant_of(self.method), datetime.now(UTC))

    async def take_back(self, wish: SplitReturn | None = None) -> Split:
        """As the merchant asks for it."""
        return await self.provider.take_back(wish or self.back(), merchant_of(self.method), datetime.now(UTC))

    async def refund(self, amount: str) -> None:
        """To the payer."""
        wish = RefundWish(
            "R" + self.trade.number[1:], self.trade.number, Decimal(amount), TOTAL, "退货", "https://x.example/"
        )
        await self.provider.refund(wish, merchant_of(self.method), datetime.now(UTC))

    @property
    def balances(self) -> tuple[Decimal, Decimal]:
        """The supplier's, and the platform's."""
        balances = self.counter.simulator.office.bank.balances
        return balances[self.method, merchant_of(self.method).payee], balances[self.method, PLATFORM[self.method]]


async def held(
    counter: Counter, method: PaymentMethod, flow: PaymentFlow = PaymentFlow.PAGE, *, is_to_split: bool = True
) -> Held:
    """A payment of 600.00 that its provider holds, with accounts that were empty before."""
    now, bank = datetime.now(UTC), counter.simulator.office.bank
    bank.balances.clear()
    number = f"p{next(NUMBERS):031d}"
    wanted = replace(bill(flow, number, TOTAL, now), is_to_split=is_to_split)
    given = await counter.provider(method).start(wanted, merchant_of(method), now)
    if method is ALIPAY and flow is PaymentFlow.PAGE:
        async with httpx2.AsyncClient() as browser:
            await browser.get(given)
    trade = bank.trade(customer_of(method), number)
    bank.pay(trade, now)
    return Held(counter, method, trade)


@BOTH
async def test_a_share_is_given_once_and_the_rest_is_the_suppliers(counter: Counter, method: PaymentMethod) -> None:
    one = await held(counter, method)
    assert one.balances == (Decimal(0), Decimal(0))
    await one.admit()
    await one.admit()
    for _ in range(2):
        assert await one.split() == Split(one.wish.number, SHARE, True)
    assert one.balances == (Decimal("570.00"), Decimal("30.00"))


@BOTH
async def test_a_share_comes_back_once_and_then_the_payer_is_refunded(counter: Counter, method: PaymentMethod) -> None:
    one = await held(counter, method)
    await one.admit()
    await one.split()
    for _ in range(2):
        assert await one.take_back() == Split(one.back().number, Decimal("7.40"), True)
    assert one.balances == (Decimal("577.40"), Decimal("22.60"))
    await one.refund("148.00")
    assert one.balances == (Decimal("429.40"), Decimal("22.60"))


async def test_of_a_scanned_codes_payment_alipay_takes_the_share_back_by_itself(counter: Counter) -> None:
    one = await held(counter, ALIPAY, PaymentFlow.QR)
    await one.admit()
    await one.split()
    assert await one.take_back(one.back(flow=PaymentFlow.QR)) == Split(one.back().number, Decimal("7.40"), True)
    assert one.balances == (Decimal("570.00"), Decimal("30.00"))
    await one.refund("148.00")
    assert one.balances == (Decimal("429.40"), Decimal("22.60"))
    with pytest.raises(Declined, match="TRADE_SETTLE_ERROR"):
        await one.take_back(replace(one.back(flow=PaymentFlow.PAGE), number="b2"))


@BOTH
async def test_a_share_of_nothing_lets_the_supplier_have_everything(counter: Counter, method: PaymentMethod) -> None:
    one = await held(counter, method)
    wish = replace(one.wish, amount=Decimal("0.00"))
    for _ in range(2):
        assert (await one.split(wish)).has_succeeded is True
    assert one.balances == (TOTAL, Decimal(0))


@pytest.mark.parametrize(
    ("method", "limit", "receiver", "twice", "held_not", "short"),
    [
        (ALIPAY, "ALLOC_AMOUNT", "ROYALTY_RECEIVER", "DISCORDANT", "ILLEGAL_SETTLE", "SELLER_BALANCE_NOT_ENOUGH"),
        (WECHAT, "RULE_LIMIT", "INVALID_REQUEST", "INVALID_REQUEST", "INVALID_REQUEST", "NOT_ENOUGH"),
    ],
)
async def test_what_the_rail_refuses_is_declined_and_moves_nothing(  # one row a provider
    counter: Counter, method: PaymentMethod, limit: str, receiver: str, twice: str, held_not: str, short: str
) -> None:
    one = await held(counter, method)
    await one.admit()
    with pytest.raises(Declined, match=limit):
        await one.split(replace(one.wish, amount=Decimal("180.01")))
    stranger = "2088000000000009" if method is ALIPAY else "1900000099"
    with pytest.raises(Declined, match=receiver):
        await one.split(replace(one.wish, receiver=stranger))
    with pytest.raises(Declined):
        await one.take_back()
    assert one.balances == (Decimal(0), Decimal(0))
    await one.split()
    with pytest.raises(Declined, match=twice):
        await one.split(replace(one.wish, amount=Decimal("31.00")))
    with pytest.raises(Declined):  # nothing is left to split
        await one.split(replace(one.wish, number="another"))
    with pytest.raises(Declined):
        await one.take_back(one.back("30.01"))
    with pytest.raises(Declined, match=short):
        await one.refund("600.00")
    assert one.balances == (Decimal("570.00"), Decimal("30.00"))
    other = await held(counter, method, is_to_split=False)
    with pytest.raises(Declined, match=held_not):
        await other.split()


@BOTH
async def test_a_receiver_without_the_money_is_asked_again_under_the_same_number(
    counter: Counter, method: PaymentMethod
) -> None:
    one = await held(counter, method)
    await one.admit()
    await one.split()
    async with httpx2.AsyncClient() as client:
        told = {"method": method, "payee": PLATFORM[method]}
        await client.post(f"{counter.simulator.address}/withdrawals", content=json.dumps(told))
    failed = await one.take_back()
    assert (failed.has_succeeded, failed.is_final) == (False, False)
    assert failed.reason.endswith("NOT_ENOUGH")
    assert one.balances == (Decimal("570.00"), Decimal(0))
    counter.simulator.office.bank.balances[method, PLATFORM[method]] = Decimal("10.00")
    assert (await one.take_back()).has_succeeded is True
    assert one.balances == (Decimal("577.40"), Decimal("2.60"))


@BOTH
async def test_what_is_in_hand_is_unknown_until_it_is_asked_for_again(counter: Counter, method: PaymentMethod) -> None:
    one = await held(counter, method)
    await one.admit()
    postman = counter.simulator.office.postman
    postman.habits = Habits(is_hesitant=True)
    try:
        assert (await one.split()).has_succeeded is None
        assert (await one.take_back()).has_succeeded is None
    finally:
        postman.habits = Habits()
    assert (await one.split()).has_succeeded is True
    assert (await one.take_back()).has_succeeded is True
    assert one.balances == (Decimal("577.40"), Decimal("22.60"))


@BOTH
async def test_a_split_that_was_not_heard_is_done_once(
    counter: Counter, method: PaymentMethod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.payments.calling.call.__defaults__", (0.2,))
    monkeypatch.setattr("partners.payments.simulator.serving.SILENCE", 0.4)
    one = await held(counter, method)
    await one.admit()
    counter.simulator.office.postman.habits = Habits(is_silent=True)
    try:
        with pytest.raises(Unsure):
            await one.split()
    finally:
        counter.simulator.office.postman.habits = Habits()
    assert (await one.split()).has_succeeded is True
    assert one.balances == (Decimal("570.00"), Decimal("30.00"))


@pytest.mark.parametrize("code", ["ACQ.TRADE_SETTLE_ERROR", "ACQ.SYSTEM_ERROR", "ACQ.FREQUENCY_LIMIT"])
async def test_what_alipay_may_have_done_is_not_taken_for_refused(counter: Counter, code: str) -> None:
    one = await held(counter, ALIPAY)

    async def told(method: str, url: str, body: bytes, headers: object) -> Reply:
        answer = json.dumps({"code": "40004", "msg": "Business Failed", "sub_code": code})
        signature = rsa.signed(answer.encode(), keys().alipay)
        return Reply(200, f'{{"alipay_trade_order_settle_response":{answer},"sign":"{signature}"}}'.encode(), {})

    with pytest.raises(Unsure):
        await Alipay(sandbox="https://x.example", call=told).split(one.wish, merchant_of(ALIPAY), datetime.now(UTC))


async def test_what_wechat_closed_needs_another_number(counter: Counter) -> None:
    one = await held(counter, WECHAT)
    side = counter.simulator.office.wechat_pay
    freed = {"account": merchant_of(WECHAT).payee, "result": "SUCCESS"}
    row = {"account": PLATFORM[WECHAT], "result": "CLOSED", "fail_reason": "NO_RELATION"}
    answers = {
        "/v3/profitsharing/orders": {"state": "FINISHED", "receivers": [freed, row]},
        "/v3/profitsharing/return-orders": {"result": "FAILED", "fail_reason": "TIME_OUT_CLOSED"},
    }

    async def told(method: str, url: str, body: bytes, headers: object) -> Reply:
        said = json.dumps(answers[url.removeprefix("https://x.example")]).encode()
        return Reply(200, said, side.proof(said, datetime.now(UTC)))

    wechat, now = WeChatPay(sandbox="https://x.example", call=told), datetime.now(UTC)
    closed = await wechat.split(one.wish, merchant_of(WECHAT), now)
    assert (closed.has_succeeded, closed.reason, closed.is_final) == (False, "NO_RELATION", True)
    failed = await wechat.take_back(one.back(), merchant_of(WECHAT), now)
    assert (failed.has_succeeded, failed.reason, failed.is_final) == (False, "TIME_OUT_CLOSED", True)


@BOTH
async def test_what_was_not_split_in_time_is_the_merchant_s(counter: Counter, method: PaymentMethod) -> None:
    one = await held(counter, method)
    await one.admit()
    assert one.trade.paid_at is not None
    bank = counter.simulator.office.bank
    bank.release(one.trade.paid_at + timedelta(days=30, microseconds=-1))
    (before, _), held_still = one.balances, one.trade.held
    bank.release(one.trade.paid_at + timedelta(days=30))
    assert (held_still, one.trade.held, one.balances[0] - before) == (TOTAL, Decimal(0), TOTAL)
    with pytest.raises(Declined, match=r"NOT_ENOUGH|VALIDATE_ERROR"):
        await one.split()
    assert one.balances[0] - before == TOTAL
