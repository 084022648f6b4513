"""What is paid inside of the process that makes a demo is known to the simulator that serves from the same folder afterwards."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from partners.payments import RefundWish, SplitWish
from partners.payments.alipay import Alipay
from partners.payments.sandbox import Sandbox
from partners.payments.simulator.memory import keys_in, recall, write
from partners.payments.simulator.office import Office
from rules.billing import PaymentMethod
from rules.rails import ChannelState, PaymentFlow
from rules.reconciliation import ZONE
from rules.terms import local_date
from tests.partners.payments.counters import AMOUNT, NUMBER, bill, customer_of, keys, merchant_of, own_key

ALIPAY = PaymentMethod.ALIPAY
MERCHANT, RECEIVER, SHARE = merchant_of(ALIPAY), "2088999999999999", Decimal("22.60")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the simulator's keys are, for making new ones takes a while."""
    write(tmp_path / "alipay.pem", keys().alipay)
    write(tmp_path / "wechat-pay.pem", keys().wechat_pay)
    return tmp_path


def opened(folder: Path) -> tuple[Sandbox, Alipay]:
    """A till in this folder, and our adapter that calls it."""
    till = Sandbox(folder, own_key())
    till.admit(MERCHANT)
    return till, Alipay(sandbox="https://orders.example/gateway.do", call=till.call)


async def paid(till: Sandbox, alipay: Alipay, number: str = NUMBER) -> str:
    """Somebody pays what the adapter asked for; the provider's own number of it."""
    now = datetime.now(UTC)
    await alipay.start(replace(bill(PaymentFlow.QR, number, now=now), is_to_split=True), MERCHANT, now)
    news = alipay.read(till.pay(MERCHANT, number), MERCHANT, now)
    assert (news.state, news.amount) == (ChannelState.PAID, AMOUNT)
    assert news.transaction_id
    return news.transaction_id


async def test_who_serves_next_has_it_in_its_books_and_statement_and_can_give_it_back(folder: Path) -> None:
    till, alipay = opened(folder)
    now, transaction = datetime.now(UTC), await paid(till, alipay)
    await alipay.admit(RECEIVER, "订货平台", MERCHANT, now)
    wish = SplitWish("s1", NUMBER, transaction, RECEIVER, SHARE, "平台佣金")
    await alipay.split(wish, MERCHANT, now)
    till.keep()

    serving = Office(keys_in(folder), lambda _url, _notice: (200, b"success"))
    recall(folder, serving)
    serving.bank.register(customer_of(ALIPAY))
    trade = serving.bank.trade(customer_of(ALIPAY), NUMBER)
    assert (trade.transaction_id, trade.shares["s1"].amount) == (transaction, SHARE)
    [entry] = serving.alipay.bills.entries(customer_of(ALIPAY), local_date(now, ZONE))
    assert (entry.number, entry.amount) == (NUMBER, AMOUNT)

    till, alipay = opened(folder)
    await alipay.refund(RefundWish("r1", NUMBER, AMOUNT, AMOUNT, "退货", "https://orders.example"), MERCHANT, now)
    assert await paid(till, alipay, "another") != transaction


async def test_what_was_not_kept_and_what_is_in_another_folder_is_unknown(folder: Path) -> None:
    till, alipay = opened(folder)
    await paid(till, alipay)
    _, alipay = opened(folder)
    assert await alipay.query(NUMBER, MERCHANT, datetime.now(UTC)) is None
