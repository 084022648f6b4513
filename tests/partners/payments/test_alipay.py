"""Alipay's notices: believed when they are the provider's, and in no other case. Over a real socket, its gateway."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from partners.payments import Forged, Notice
from partners.payments.alipay import Alipay
from partners.payments.alipay_gateway import signed
from partners.payments.simulator.alipay_side import fields_of, signed_notice
from partners.payments.simulator.bank import Trade
from rules.billing import PaymentMethod
from rules.rails import ChannelState, Refusal
from tests.partners.payments.counters import (
    AMOUNT,
    NOW,
    NUMBER,
    keys,
    merchant_of,
    office,
    other_key,
    own_key,
    paid,
    respelt,
)

ALIPAY = PaymentMethod.ALIPAY
MERCHANT = merchant_of(ALIPAY)
FIELDS = (
    *("notify_time", "notify_type", "notify_id", "charset", "version", "app_id", "auth_app_id", "seller_id"),
    *("out_trade_no", "trade_no", "trade_status", "total_amount", "subject", "gmt_create", "gmt_payment"),
    *("receipt_amount", "sign"),
)


def genuine() -> tuple[Trade, Notice]:
    """A payment, and what its provider says of it."""
    desk = office()
    trade = paid(ALIPAY, desk)
    return trade, desk.alipay.notice(trade, NOW)


def form(notice: Notice) -> dict[str, str]:
    """The notice's fields, with the signature."""
    return fields_of(notice.body)


def posted(fields: dict[str, str]) -> Notice:
    """A form with these fields."""
    return Notice(urlencode(fields).encode(), {})


def unsigned(notice: Notice) -> dict[str, str]:
    """The notice's fields that are signed."""
    return {name: value for name, value in form(notice).items() if name not in ("sign", "sign_type")}


def test_what_the_provider_signed_is_believed_and_read() -> None:
    trade, notice = genuine()
    news = Alipay(sandbox="x").read(notice, MERCHANT, NOW)
    assert (news.number, news.transaction_id, news.state) == (NUMBER, trade.transaction_id, ChannelState.PAID)
    assert (news.amount, news.currency, news.payee, news.app_id) == (AMOUNT, "CNY", MERCHANT.payee, MERCHANT.app_id)
    assert (news.paid_at, news.refund, news.refunded) == (NOW, None, None)


def test_an_old_notice_is_as_good_as_a_new_one() -> None:
    """It is sent again for 25 hours: age alone refuses nothing."""
    _, notice = genuine()
    assert Alipay().read(notice, MERCHANT, NOW + timedelta(hours=26)).state is ChannelState.PAID


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("WAIT_BUYER_PAY", ChannelState.WAITING),
        ("TRADE_SUCCESS", ChannelState.PAID),
        ("TRADE_FINISHED", ChannelState.PAID),
    ],
)
def test_each_status_of_a_trade_is_known(status: str, state: ChannelState) -> None:
    desk = office()
    notice = desk.alipay.notice(paid(ALIPAY, desk), NOW, status)
    assert Alipay().read(notice, MERCHANT, NOW).state is state


def test_closed_means_unpaid_or_wholly_paid_back() -> None:
    desk = office()
    trade = paid(ALIPAY, desk)
    desk.bank.refund(trade, "R1", AMOUNT)
    back = Alipay().read(desk.alipay.notice(trade, NOW, refund="R1"), MERCHANT, NOW)
    assert (back.state, back.refunded, back.refund and back.refund.number) == (ChannelState.PAID, AMOUNT, "R1")
    trade.paid_at = None
    unpaid = Alipay().read(desk.alipay.notice(trade, NOW, "TRADE_CLOSED"), MERCHANT, NOW)
    assert (unpaid.state, unpaid.refunded) == (ChannelState.CLOSED, None)


@pytest.mark.parametrize("name", FIELDS)
def test_one_bit_of_any_field_is_noticed(name: str) -> None:
    fields = form(genuine()[1])
    value = fields[name]
    for place in {0, len(value) // 2, len(value) - 1}:
        flipped = chr(ord(value[place]) ^ 1)
        spoiled = posted({**fields, name: value[:place] + flipped + value[place + 1 :]})
        with pytest.raises(Forged) as refusal:
            Alipay().read(spoiled, MERCHANT, NOW)
        assert refusal.value.reason is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize("name", FIELDS[:-1])
def test_no_field_may_be_left_out(name: str) -> None:
    fields = form(genuine()[1])
    with pytest.raises(Forged):
        Alipay().read(posted({key: value for key, value in fields.items() if key != name}), MERCHANT, NOW)


def _forgeries() -> dict[str, tuple[Callable[[Notice], Notice], Refusal]]:
    """Ways to forge, and how each is refused."""

    def fields(**changed: str) -> Callable[[Notice], Notice]:
        return lambda notice: posted({**form(notice), **changed})

    def body(change: Callable[[bytes], bytes]) -> Callable[[Notice], Notice]:
        return lambda notice: replace(notice, body=change(notice.body))

    def signature(change: Callable[[str], str]) -> Callable[[Notice], Notice]:
        return lambda notice: posted({**form(notice), "sign": change(form(notice)["sign"])})

    def without(name: str) -> Callable[[Notice], Notice]:
        return lambda notice: posted({key: value for key, value in form(notice).items() if key != name})

    def by(key: str, sign_type: str = "RSA2", **changed: str) -> Callable[[Notice], Notice]:
        return lambda notice: signed_notice({**unsigned(notice), **changed}, key, sign_type)

    bad, unreadable = Refusal.BAD_SIGNATURE, Refusal.UNREADABLE
    return {
        "a stranger's key": (by(other_key()), bad),
        "the merchant's own key": (by(own_key()), bad),
        "the other provider's key": (by(keys().wechat_pay), bad),
        "no signature": (without("sign"), Refusal.UNSIGNED),
        "an empty signature": (fields(sign=""), Refusal.UNSIGNED),
        "no algorithm": (without("sign_type"), Refusal.WRONG_ALGORITHM),
        "SHA-1": (fields(sign_type="RSA"), Refusal.WRONG_ALGORITHM),
        "MD5": (fields(sign_type="MD5"), Refusal.WRONG_ALGORITHM),
        "none": (fields(sign_type="none"), Refusal.WRONG_ALGORITHM),
        "lower case": (fields(sign_type="rsa2"), Refusal.WRONG_ALGORITHM),
        "stripped padding": (signature(lambda text: text.rstrip("=")), bad),
        "another spelling": (signature(respelt), bad),
        "more padding": (signature(lambda text: text + "="), bad),
        "URL-safe base64": (signature(lambda text: "-_" + text[2:]), bad),
        "a space in the signature": (signature(lambda text: text[:9] + " " + text[9:]), bad),
        "a line break behind it": (signature(lambda text: text + "\n"), bad),
        "half a signature": (signature(lambda text: text[:172]), bad),
        "zeros for a signature": (signature(lambda text: "A" * 342 + "=="), bad),
        "no base64": (signature(lambda text: "é" * 344), bad),
        "another amount": (fields(total_amount="0.01"), bad),
        "another order": (fields(out_trade_no="0" * 32), bad),
        "one more field": (fields(passback_params="x"), bad),
        "an empty field more": (fields(passback_params=""), bad),
        "a signed field twice": (body(lambda text: text + b"&total_amount=0.01"), unreadable),
        "the same field before it": (body(lambda text: b"total_amount=0.01&" + text), unreadable),
        "two signatures": (body(lambda text: text + b"&sign=AAAA"), unreadable),
        "GBK bytes": (body(lambda text: text + b"&x=%B6%A9"), unreadable),
        "bytes that are no form": (body(lambda text: b"\xff\xfe" + text), unreadable),
        "JSON": (body(lambda text: b'{"out_trade_no":"1"}'), unreadable),
        "nothing": (body(lambda text: b""), Refusal.WRONG_ALGORITHM),
        "half of it": (body(lambda text: text[: len(text) // 2]), Refusal.WRONG_ALGORITHM),
        "a thousand fields": (body(lambda text: text + b"&a=1" * 1000), unreadable),
        "truly signed, but an unknown status": (by(keys().alipay, trade_status="TRADE_PENDING"), unreadable),
        "truly signed, but no amount": (by(keys().alipay, total_amount="1e3"), unreadable),
        "truly signed, but less than nothing": (by(keys().alipay, total_amount="-1130.00"), unreadable),
        "truly signed, but thousandths": (by(keys().alipay, total_amount="1130.001"), unreadable),
        "truly signed, but no number of ours": (by(keys().alipay, out_trade_no="a b"), unreadable),
        "truly signed, but without a name": (by(keys().alipay, notify_id=""), unreadable),
    }


FORGERIES = _forgeries()


@pytest.mark.parametrize("way", FORGERIES)
def test_a_forged_notice_is_refused(way: str) -> None:
    forge, reason = FORGERIES[way]
    with pytest.raises(Forged) as refusal:
        Alipay().read(forge(genuine()[1]), MERCHANT, NOW)
    assert refusal.value.reason is reason


def test_there_are_enough_forgeries() -> None:
    assert len(FORGERIES) + len(FIELDS) >= 30


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"app_id": "wx1"}, "appId"),
        ({"payee": "1900009191"}, "payee"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"}, "private key"),
        ({"private_key": "é"}, "private key"),
        ({"provider_keys": {"": "x"}}, "public key"),
        ({"provider_keys": {}}, "providerKeys"),
        ({"is_sandbox": True}, "isSandbox"),
    ],
)
def test_an_account_that_cannot_work_is_not_taken(facts: dict[str, object], says: str) -> None:
    sound = merchant_of(ALIPAY, is_sandbox=False)
    Alipay().check(sound)
    with pytest.raises(ValueError, match=says):
        Alipay().check(replace(sound, **facts))  # type: ignore[arg-type]


def test_keys_may_come_as_the_bare_base64_of_alipay_s_tools() -> None:
    def bare(pem: str) -> str:
        return "".join(line for line in pem.splitlines() if not line.startswith("-----"))

    sound = merchant_of(ALIPAY, is_sandbox=False)
    Alipay().check(replace(sound, private_key=bare(own_key()), provider_keys={"": bare(sound.provider_keys[""])}))


def test_secrets_are_not_shown() -> None:
    assert "PRIVATE" not in repr(MERCHANT)
    assert signed("m", {}, MERCHANT, NOW, {})["sign"] not in repr(MERCHANT)
