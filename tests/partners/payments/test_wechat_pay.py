"""WeChat Pay's notices: believed when they are the provider's, sent now, and sealed for us; and in no other case."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from partners.payments import Forged, Notice, rsa
from partners.payments.rsa import public_half
from partners.payments.simulator.postman import Habits
from partners.payments.simulator.wechat_side import KEY_ID
from partners.payments.wechat_pay import WeChatPay
from partners.payments.wechat_signing import PROBE, opened
from rules.billing import PaymentMethod
from rules.rails import ChannelState, Refunded, Refusal
from tests.partners.payments.counters import (
    AMOUNT,
    NOW,
    NUMBER,
    customer_of,
    keys,
    merchant_of,
    office,
    other_key,
    own_key,
    paid,
    respelt,
    with_header,
)

WECHAT = PaymentMethod.WECHAT_PAY
MERCHANT = merchant_of(WECHAT)
HEADERS = ("wechatpay-signature", "wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial")


def genuine() -> Notice:
    """What the provider says of a payment that somebody made."""
    desk = office()
    return desk.wechat_pay.notice(paid(WECHAT, desk), NOW)


def signed_by(key: str, body: bytes, sent: str = "", serial: str = KEY_ID) -> Notice:
    """A body that whoever has the key signed."""
    sent = sent or str(int(NOW.timestamp()))
    signature = rsa.signed(f"{sent}\nn\n".encode() + body + b"\n", key)
    given = (signature, sent, "n", serial)
    return Notice(body, dict(zip(HEADERS, given, strict=True)))


def envelope(**changed: Any) -> Notice:
    """A notice the provider signed, with another envelope around what is sealed."""
    told = json.loads(genuine().body)
    resource = {**told["resource"], **changed.pop("resource", {})}
    return signed_by(keys().wechat_pay, json.dumps({**told, "resource": resource, **changed}).encode())


def sealed(**changed: Any) -> Notice:
    """A notice the provider signed and sealed, which says something else."""
    told = {
        "appid": MERCHANT.app_id,
        "mchid": MERCHANT.payee,
        "out_trade_no": NUMBER,
        "transaction_id": "4200001",
        "trade_state": "SUCCESS",
        "amount": {"total": 113000, "currency": "CNY"},
        **changed,
    }
    desk = office().wechat_pay
    return desk.sealed("TRANSACTION.SUCCESS", "transaction", told, customer_of(WECHAT), NOW, "1")


def one_bit(value: bytes, place: int) -> bytes:
    """The same but for the lowest bit of one byte."""
    return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]


def test_what_the_provider_signed_is_believed_and_read() -> None:
    news = WeChatPay(sandbox="x").read(genuine(), MERCHANT, NOW)
    assert (news.number, news.state, news.amount) == (NUMBER, ChannelState.PAID, AMOUNT)
    assert (news.currency, news.payee, news.app_id) == ("CNY", MERCHANT.payee, MERCHANT.app_id)
    assert (news.paid_at, news.refund) == (NOW, None)
    assert news.event_id.startswith("EV-")


def test_a_refund_is_read_and_names_no_app() -> None:
    desk = office()
    trade = paid(WECHAT, desk)
    desk.bank.refund(trade, "R1", Decimal("148.00"))
    news = WeChatPay().read(desk.wechat_pay.notice(trade, NOW, "R1"), MERCHANT, NOW)
    assert news.refund is not None
    assert (news.refund.number, news.refund.amount, news.refund.has_succeeded) == ("R1", Decimal("148.00"), True)
    assert (news.app_id, news.amount, news.transaction_id) == (None, AMOUNT, trade.transaction_id)


@pytest.mark.parametrize(("fate", "has_succeeded"), [("ABNORMAL", None), ("CLOSED", False)])
def test_a_refund_that_somebody_can_still_finish_is_undecided(fate: str, has_succeeded: bool | None) -> None:
    desk = office()
    trade = paid(WECHAT, desk)
    desk.postman.habits = Habits(refunds=fate)
    asked = {"out_refund_no": "R1", "amount": {"refund": 14800, "total": 113000}}
    assert desk.wechat_pay.refunds.answer(trade, asked, NOW)["status"] == "PROCESSING"
    assert desk.wechat_pay.refunds.answer(trade, asked, NOW)["status"] == fate
    news = WeChatPay().read(desk.wechat_pay.notice(trade, NOW, "R1"), MERCHANT, NOW)
    assert news.refund == Refunded("R1", Decimal("148.00"), has_succeeded, fate)
    desk.postman.habits = Habits()
    after = WeChatPay().read(desk.wechat_pay.notice(trade, NOW, "R1"), MERCHANT, NOW)
    assert after.refund is not None
    assert after.refund.has_succeeded is (fate == "ABNORMAL")
    assert (after.event_id == news.event_id) is (fate == "CLOSED")


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ("商户基本账户", "MERCHANT_BANK_CARD"),
        ("商户结算银行账户", "MERCHANT_BANK_CARD"),
        ("企业支付商户", ""),
        ("支付用户零钱", ""),
        ("招商银行信用卡0403", ""),
        (None, ""),
    ],
)
def test_what_went_to_the_merchant_s_own_bank_has_not_gone_back(account: str | None, reason: str) -> None:
    desk = office()
    trade = paid(WECHAT, desk)
    desk.bank.refund(trade, "R1", Decimal("148.00"), now=NOW)
    told = {**desk.wechat_pay.refunds.told(trade, "R1", NOW), "user_received_account": account}
    notice = desk.wechat_pay.sealed("REFUND.SUCCESS", "refund", told, trade.customer, NOW, "E1")
    assert WeChatPay().read(notice, MERCHANT, NOW).refund == Refunded("R1", Decimal("148.00"), not reason, reason)


def test_the_key_is_chosen_by_its_name() -> None:
    """While a merchant moves from platform certificates to WeChat Pay's public key both are in use."""
    both = {"7132D72A03E93CDDF8C03BBD1F37EEDF": public_half(other_key()), **MERCHANT.provider_keys}
    merchant = replace(MERCHANT, provider_keys=both)
    assert WeChatPay().read(genuine(), merchant, NOW).state is ChannelState.PAID
    other = with_header(genuine(), wechatpay_serial="7132D72A03E93CDDF8C03BBD1F37EEDF")
    with pytest.raises(Forged):
        WeChatPay().read(other, merchant, NOW)


@pytest.mark.parametrize("seconds", [-300, 0, 299])
def test_a_notice_is_good_for_five_minutes(seconds: int) -> None:
    assert WeChatPay().read(genuine(), MERCHANT, NOW + timedelta(seconds=seconds)).state is ChannelState.PAID


def _forgeries() -> dict[str, tuple[Callable[[], Notice], Refusal]]:
    def header(**changed: str) -> Callable[[], Notice]:
        return lambda: with_header(genuine(), **changed)

    def without(name: str) -> Callable[[], Notice]:
        notice = genuine()
        return lambda: replace(notice, headers={key: value for key, value in notice.headers.items() if key != name})

    def signature(change: Callable[[str], str]) -> Callable[[], Notice]:
        notice = genuine()
        return lambda: with_header(notice, wechatpay_signature=change(notice.headers["wechatpay-signature"]))

    def sent(seconds: int) -> Callable[[], Notice]:
        return lambda: signed_by(keys().wechat_pay, genuine().body, str(int(NOW.timestamp()) + seconds))

    def flipped() -> Notice:
        notice = genuine()
        text = bytearray(b64decode(json.loads(notice.body)["resource"]["ciphertext"]))
        text[5] ^= 1
        return envelope(resource={"ciphertext": b64encode(bytes(text)).decode()})

    bad, unreadable, unsigned = Refusal.BAD_SIGNATURE, Refusal.UNREADABLE, Refusal.UNSIGNED
    return {
        "a probe": (signature(lambda text: PROBE + text[len(PROBE) :]), Refusal.PROBE),
        "a stranger's key": (lambda: signed_by(other_key(), genuine().body), bad),
        "the merchant's own key": (lambda: signed_by(own_key(), genuine().body), bad),
        "the other provider's key": (lambda: signed_by(keys().alipay, genuine().body), bad),
        "no signature": (without("wechatpay-signature"), unsigned),
        "no time": (without("wechatpay-timestamp"), unsigned),
        "no nonce": (without("wechatpay-nonce"), unsigned),
        "no serial": (without("wechatpay-serial"), Refusal.UNKNOWN_KEY),
        "another serial": (header(wechatpay_serial="PUB_KEY_ID_9"), Refusal.UNKNOWN_KEY),
        "another algorithm": (header(wechatpay_signature_type="WECHATPAY2-SM2-WITH-SM3"), Refusal.WRONG_ALGORITHM),
        "another nonce": (header(wechatpay_nonce="0" * 32), bad),
        "another time in the window": (header(wechatpay_timestamp=str(int(NOW.timestamp()) + 1)), bad),
        "a time that is none": (header(wechatpay_timestamp="now"), unsigned),
        "a time with a fraction": (header(wechatpay_timestamp=f"{NOW.timestamp():.1f}"), unsigned),
        "Arabic digits": (header(wechatpay_timestamp="١٧٦٤"), unsigned),
        "too old": (sent(-301), Refusal.STALE),
        "from the year 2017": (lambda: signed_by(keys().wechat_pay, genuine().body, "1500000000"), Refusal.STALE),
        "too new": (sent(301), Refusal.STALE),
        "stripped padding": (signature(lambda text: text.rstrip("=")), bad),
        "another spelling": (signature(respelt), bad),
        "half a signature": (signature(lambda text: text[:172]), bad),
        "a changed byte": (lambda: replace(genuine(), body=genuine().body.replace(b"SANDBOX", b"SANDBOY")), bad),
        "a byte more": (lambda: replace(genuine(), body=genuine().body + b" "), bad),
        "another event's kind": (lambda: envelope(event_type="COUPON.USE"), unreadable),
        "no JSON": (lambda: signed_by(keys().wechat_pay, b"<xml/>"), unreadable),
        "a list": (lambda: signed_by(keys().wechat_pay, b"[]"), unreadable),
        "deep JSON": (lambda: signed_by(keys().wechat_pay, b"[" * 100_000), unreadable),
        "nothing sealed": (lambda: signed_by(keys().wechat_pay, b'{"id":"1"}'), unreadable),
        "no name": (lambda: envelope(id=None), unreadable),
        "sealed otherwise": (lambda: envelope(resource={"algorithm": "AES-CBC"}), Refusal.WRONG_ALGORITHM),
        "sealed for another": (lambda: envelope(resource={"associated_data": "refund"}), unreadable),
        "another sealing nonce": (lambda: envelope(resource={"nonce": "000000000000"}), unreadable),
        "a short sealing nonce": (lambda: envelope(resource={"nonce": ""}), unreadable),
        "a flipped bit in what is sealed": (flipped, unreadable),
        "an amount in words": (lambda: sealed(amount={"total": "113000", "currency": "CNY"}), unreadable),
        "a fraction of a fen": (lambda: sealed(amount={"total": 113000.5, "currency": "CNY"}), unreadable),
        "less than nothing": (lambda: sealed(amount={"total": -1, "currency": "CNY"}), unreadable),
        "true for an amount": (lambda: sealed(amount={"total": True, "currency": "CNY"}), unreadable),
        "no amount": (lambda: sealed(amount={}), unreadable),
        "an unknown state": (lambda: sealed(trade_state="MAYBE"), unreadable),
        "no number of ours": (lambda: sealed(out_trade_no="a b"), unreadable),
        "no number of theirs": (lambda: sealed(transaction_id=""), unreadable),
    }


FORGERIES = _forgeries()


@pytest.mark.parametrize("way", FORGERIES)
def test_a_forged_notice_is_refused(way: str) -> None:
    forge, reason = FORGERIES[way]
    with pytest.raises(Forged) as refusal:
        WeChatPay().read(forge(), MERCHANT, NOW)
    assert refusal.value.reason is reason


def test_one_bit_of_anything_that_is_signed_is_noticed() -> None:
    """Of every byte of the body, so of each member of its JSON, and of every letter of every header."""
    notice, seen = genuine(), dict[str, set[Refusal]]()

    def refused(where: str, spoiled: Notice) -> None:
        with pytest.raises(Forged) as refusal:
            WeChatPay().read(spoiled, MERCHANT, NOW)
        seen.setdefault(where, set()).add(refusal.value.reason)

    for place in range(len(notice.body)):
        refused("body", replace(notice, body=one_bit(notice.body, place)))
    for name in HEADERS:
        value = notice.headers[name].encode()
        for place in range(len(value)):
            spoiled = {name: one_bit(value, place).decode()}
            refused(name, replace(notice, headers={**notice.headers, **spoiled}))
    signature, sent, nonce, serial = HEADERS
    bad = {Refusal.BAD_SIGNATURE}
    assert (seen["body"], seen[signature], seen[nonce], seen[serial]) == (bad, bad, bad, {Refusal.UNKNOWN_KEY})
    assert seen[sent] == {Refusal.STALE, Refusal.BAD_SIGNATURE}


def test_each_member_is_signed_in_what_it_says_and_not_only_how_it_is_spelt() -> None:
    notice = genuine()
    told = json.loads(notice.body)
    members = [(told, name) for name in told if name != "resource"] + [
        (told["resource"], name) for name in told["resource"]
    ]
    assert {name for _, name in members} >= {"id", "create_time", "event_type", "original_type", "ciphertext", "nonce"}
    for holder, name in members:
        value = holder[name]
        holder[name] = one_bit(value.encode(), 0).decode()
        with pytest.raises(Forged) as refusal:
            WeChatPay().read(replace(notice, body=json.dumps(told, ensure_ascii=False).encode()), MERCHANT, NOW)
        assert refusal.value.reason is Refusal.BAD_SIGNATURE, name
        holder[name] = value
    assert json.dumps(told, ensure_ascii=False).encode() == notice.body  # so that each of them differed in one bit


def test_one_bit_of_anything_that_is_sealed_is_noticed_although_it_were_signed() -> None:
    resource = json.loads(genuine().body)["resource"]
    whole = {**resource, "ciphertext": b64decode(resource["ciphertext"])}
    assert json.loads(opened(resource, MERCHANT.secret))["out_trade_no"] == NUMBER
    for name in ("ciphertext", "nonce", "associated_data", "algorithm"):
        value = whole[name] if name == "ciphertext" else whole[name].encode()
        for place in range(len(value)):
            flipped = one_bit(value, place)
            said = b64encode(flipped).decode() if name == "ciphertext" else flipped.decode()
            with pytest.raises(Forged) as refusal:
                opened({**resource, name: said}, MERCHANT.secret)
            reason = Refusal.WRONG_ALGORITHM if name == "algorithm" else Refusal.UNREADABLE
            assert refusal.value.reason is reason, (name, place)


def test_there_are_enough_forgeries() -> None:
    assert len(FORGERIES) >= 20


def test_what_is_sealed_with_another_key_stays_shut() -> None:
    with pytest.raises(Forged) as refusal:
        WeChatPay().read(genuine(), replace(MERCHANT, secret="x" * 32), NOW)
    assert refusal.value.reason is Refusal.UNREADABLE


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"app_id": "2021000122671234"}, "appId"),
        ({"payee": "x"}, "payee"),
        ({"certificate_serial": ""}, "certificateSerial"),
        ({"secret": "short"}, "apiV3Key"),
        ({"provider_keys": {}}, "providerKeys"),
        ({"provider_keys": {"": "x"}}, "providerKeys"),
        ({"provider_keys": {"A1": "x"}}, "public key"),
        ({"private_key": ""}, "private key"),
        ({"is_sandbox": True}, "isSandbox"),
    ],
)
def test_an_account_that_cannot_work_is_not_taken(facts: dict[str, object], says: str) -> None:
    sound = merchant_of(WECHAT, is_sandbox=False)
    WeChatPay().check(sound)
    with pytest.raises(ValueError, match=says):
        WeChatPay().check(replace(sound, **facts))  # type: ignore[arg-type]
