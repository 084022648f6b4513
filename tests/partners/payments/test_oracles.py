"""Two public SDKs as oracles: what we sign they verify, what they sign we verify, over the same bytes; our simulator takes their requests.

python-alipay-sdk stands on pycryptodomex, wechatpayv3 on cryptography; neither shares a line with our adapters.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import alipay as alipay_sdk
import pytest
import wechatpayv3
import wechatpayv3.utils

from partners.payments import Forged, Notice, rsa
from partners.payments.alipay import Alipay
from partners.payments.alipay_gateway import signed
from partners.payments.simulator.alipay_side import FORM, fields_of
from partners.payments.simulator.office import Office
from partners.payments.simulator.postman import falsified
from partners.payments.simulator.wechat_side import KEY_ID
from partners.payments.wechat_pay import WeChatPay
from partners.payments.wechat_signing import app_call, bridge_call, opened, signed_headers
from rules.billing import PaymentMethod
from rules.rails import ChannelState
from tests.partners.payments.certificates import certified
from tests.partners.payments.counters import (
    AMOUNT,
    NOW,
    NUMBER,
    SEAL,
    customer_of,
    keys,
    merchant_of,
    office,
    own_key,
    paid,
)

ALIPAY, WECHAT = PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY
OURS, THEIRS = merchant_of(ALIPAY), merchant_of(WECHAT)
PLATFORM = "1900000001"


def alipay_oracle(private_key: str = "", public_key: str = "") -> Any:
    """The SDK in the merchant's place, or, with the keys the other way round, in the provider's."""
    public = public_key or rsa.public_half(keys().alipay)
    return alipay_sdk.AliPay(OURS.app_id, None, private_key or own_key(), public)


@dataclass
class Line:
    """What the SDK calls instead of the network: our simulator."""

    office: Office

    def get(self, url: str, headers: Mapping[str, str], **_: object) -> "Told":
        """A question."""
        return self._told("GET", url, headers, b"")

    def post(self, url: str, headers: Mapping[str, str], json: object, **_: object) -> "Told":
        """A request, as the SDK writes its body."""
        return self._told("POST", url, headers, _json(json).encode())

    def _told(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> "Told":
        parts, known = urlsplit(url), {name.lower(): value for name, value in headers.items()}
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        reply = self.office.wechat_pay.answer(method, path, known, body, datetime.now(UTC))
        return Told(reply.status, {"Content-Type": "application/json", **reply.headers}, reply.body.decode())


@dataclass
class Told:
    """An answer as `requests` gives it."""

    status_code: int
    headers: Mapping[str, str]
    text: str


def _json(content: object) -> str:
    return json.dumps(content)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Office:
    """The simulator, which both SDKs take for the network."""
    made = office()
    monkeypatch.setattr("wechatpayv3.core.requests", Line(made))
    monkeypatch.setattr(
        "alipay.urlopen",
        lambda url, **_: BytesIO(made.alipay.answer(fields_of(urlsplit(url).query.encode()), datetime.now(UTC))),
    )
    return made


def wechat_oracle(kind: wechatpayv3.WeChatPayType = wechatpayv3.WeChatPayType.NATIVE) -> Any:
    """The SDK in the merchant's place."""
    return wechatpayv3.WeChatPay(
        wechatpay_type=kind,
        mchid=THEIRS.payee,
        private_key=own_key(),
        cert_serial_no=THEIRS.certificate_serial,
        appid=THEIRS.app_id,
        apiv3_key=SEAL,
        notify_url="https://shop.example/payments",
        public_key=rsa.public_half(keys().wechat_pay),
        public_key_id=KEY_ID,
    )


@pytest.mark.parametrize("more", [{}, {"notify_url": "https://shop.example/x?a=b&c=d+e"}])
def test_alipays_sdk_signs_a_request_as_we_do(more: dict[str, str]) -> None:
    content = {"out_trade_no": NUMBER, "subject": "订单 & 100% = “全部”", "extend_params": {"royalty_freeze": "true"}}
    ours = signed("alipay.trade.precreate", content, OURS, NOW, more)
    same = alipay_oracle().sign_data({name: value for name, value in ours.items() if name != "sign"})
    assert dict(parse_qsl(same)) == ours


def test_alipays_sdk_is_understood_by_our_simulator_and_understands_it(desk: Office) -> None:
    oracle = alipay_oracle()
    wanted = {
        "out_trade_no": NUMBER,
        "total_amount": "1130.00",
        "subject": "订单",
        "product_code": "FACE_TO_FACE_PAYMENT",
    }
    assert oracle.server_api("alipay.trade.precreate", wanted)["out_trade_no"] == NUMBER
    assert desk.bank.pay(desk.bank.trade(customer_of(ALIPAY), NUMBER), datetime.now(UTC))
    assert oracle.api_alipay_trade_query(out_trade_no=NUMBER)["trade_status"] == "TRADE_SUCCESS"
    back = oracle.api_alipay_trade_refund("148.00", out_trade_no=NUMBER, out_request_no="R-1")
    assert (back["fund_change"], back["refund_fee"]) == ("Y", "148.00")


def test_alipays_sdk_believes_and_refuses_the_same_notices() -> None:
    desk = office()
    notice = desk.alipay.notice(paid(ALIPAY, desk), NOW)
    for one, is_genuine in ((notice, True), (falsified(notice), False)):
        fields = fields_of(one.body)
        signature = fields.pop("sign")
        assert alipay_oracle().verify(fields, signature) is is_genuine
    with pytest.raises(Forged):
        Alipay().read(falsified(notice), OURS, NOW)


def test_what_alipays_sdk_signs_as_a_provider_we_read() -> None:
    desk = office()
    fields = fields_of(desk.alipay.notice(paid(ALIPAY, desk), NOW).body)
    provider = alipay_oracle(keys().alipay, rsa.public_half(own_key()))
    unsigned = {name: value for name, value in fields.items() if name not in ("sign", "sign_type")}
    signature = dict(parse_qsl(provider.sign_data(dict(unsigned))))["sign"]
    assert signature == fields["sign"]
    body = urlencode({**unsigned, "sign_type": "RSA2", "sign": signature}).encode()
    news = Alipay().read(Notice(body, {"content-type": FORM}), OURS, NOW)
    assert (news.state, news.amount) == (ChannelState.PAID, AMOUNT)


@pytest.mark.filterwarnings("ignore:X509:DeprecationWarning")  # the SDK's use of pyOpenSSL
def test_alipays_sdk_names_certificates_as_we_do_and_is_understood_with_them(desk: Office) -> None:
    merchant = certified()
    oracle = alipay_sdk.DCAliPay(
        merchant.app_id,
        merchant.private_key,
        merchant.certificate,
        merchant.provider_keys[""],
        merchant.root_certificates,
    )
    ours = signed("alipay.trade.query", {"out_trade_no": NUMBER}, merchant, NOW, {})
    assert (oracle.app_cert_sn, oracle.alipay_root_cert_sn) == (ours["app_cert_sn"], ours["alipay_root_cert_sn"])
    same = oracle.sign_data({name: value for name, value in ours.items() if name != "sign"})
    assert dict(parse_qsl(same)) == ours
    paid(ALIPAY, desk)
    assert oracle.api_alipay_trade_query(out_trade_no=NUMBER)["trade_status"] == "TRADE_SUCCESS"


@pytest.mark.parametrize("body", [b"", '{"description":"订单"}'.encode()])
def test_wechats_sdk_signs_a_request_as_we_do(body: bytes) -> None:
    url = urlsplit("https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/1?mchid=1900009191")
    said = signed_headers("POST", url, body, THEIRS, NOW)["authorization"]
    facts = dict(part.split("=", 1) for part in said.split(" ", 1)[1].split(","))
    told = {name: value.strip('"') for name, value in facts.items()}
    text = ["POST", f"{url.path}?{url.query}", told["timestamp"], told["nonce_str"], body.decode()]
    assert wechat_oracle().sign(text) == told["signature"]


def test_wechats_sdk_signs_what_an_app_is_called_with_as_we_do() -> None:
    call = json.loads(app_call("prepay-1", THEIRS, NOW))
    text = [call["appid"], call["timestamp"], call["noncestr"], call["prepayid"]]
    assert wechat_oracle().sign(text) == call["sign"]


def test_wechats_sdk_signs_what_a_pages_bridge_is_called_with_as_we_do() -> None:
    call = json.loads(bridge_call("prepay-1", THEIRS, NOW))
    text = [call["appId"], call["timeStamp"], call["nonceStr"], call["package"]]
    assert (wechat_oracle().sign(text), call["package"]) == (call["paySign"], "prepay_id=prepay-1")


def test_wechats_sdk_is_understood_by_our_simulator_and_understands_it(desk: Office) -> None:
    oracle = wechat_oracle()
    code, told = oracle.pay(
        description="订单",
        out_trade_no=NUMBER,
        amount={"total": 60000, "currency": "CNY"},
        time_expire="2036-12-01T10:00:00+08:00",
        settle_info={"profit_sharing": True},
    )
    assert (code, "code_url" in json.loads(told)) == (200, True)
    trade = desk.bank.trade(customer_of(WECHAT), NUMBER)
    assert desk.bank.pay(trade, NOW)
    code, told = oracle.query(out_trade_no=NUMBER)
    assert (code, json.loads(told)["trade_state"]) == (200, "SUCCESS")
    assert oracle.profitsharing_add_receiver("MERCHANT_ID", PLATFORM, "SERVICE_PROVIDER", "订货平台")[0] == 200
    share = {"type": "MERCHANT_ID", "account": PLATFORM, "amount": 3000, "description": "佣金"}
    assert oracle.profitsharing_order(trade.transaction_id, "S1", [share], True)[0] == 200
    _, told = oracle.profitsharing_order_query(trade.transaction_id, "S1")
    assert json.loads(told)["state"] == "FINISHED"
    assert oracle.profitsharing_return("B1", PLATFORM, 740, "退货", out_order_no="S1")[0] == 200
    _, told = oracle.profitsharing_return_query("S1", "B1")
    assert (json.loads(told)["result"], json.loads(told)["amount"]) == ("SUCCESS", 740)
    assert desk.bank.balances[WECHAT, PLATFORM] == Decimal("22.60")


def test_wechats_sdk_opens_and_refuses_the_same_notices() -> None:
    desk = office()
    notice = desk.wechat_pay.notice(paid(WECHAT, desk), NOW)
    told = wechat_oracle().callback(dict(notice.headers), notice.body)
    sealed = json.loads(notice.body)["resource"]
    assert told["resource"] == json.loads(opened(sealed, SEAL))
    assert told["resource"]["out_trade_no"] == WeChatPay().read(notice, THEIRS, NOW).number
    assert wechat_oracle().callback(dict(notice.headers), falsified(notice).body) is None
    with pytest.raises(Forged):
        WeChatPay().read(falsified(notice), THEIRS, NOW)


def test_wechats_sdk_unseals_our_names_and_we_unseal_its() -> None:
    name, sdk = "订货平台有限公司", wechatpayv3.utils
    public, private = rsa.public_half(own_key()), own_key()
    assert sdk.rsa_decrypt(rsa.sealed(name.encode(), public), sdk.load_private_key(private)) == name
    assert rsa.unsealed(sdk.rsa_encrypt(name, sdk.load_public_key(public)), private).decode() == name
