"""支付宝 Alipay: the open platform's gateway with public keys and RSA2.

Asynchronous notices: https://opendocs.alipay.com/open/203/105286 (parameters, `success`, 8 times within 25 hours) and
https://opendocs.alipay.com/open/204/105301; signing: https://opendocs.alipay.com/common/02mse7 and 02mriz.
A notice is a form. Signed is `k=v` of all its fields but `sign` and `sign_type`, undone from the form, sorted, joined with `&`. A notice is
sent again for 25 hours, so that its age says nothing. Requests are signed in the same way, `sign_type` included; of an answer, the JSON
text of the one member named after the method is signed, as it stands.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from partners.payments import Answer, Bill, Declined, Forged, Merchant, Notice, RefundWish, Unfit, Unsure, aside, rsa
from partners.payments.calling import Call, call
from rules.billing import PaymentMethod
from rules.money import Currency
from rules.rails import ChannelState, News, PaymentFlow, Refunded, Refusal, yuan

LIVE = "https://openapi.alipay.com/gateway.do"
BEIJING = ZoneInfo("Asia/Shanghai")
NONE = Decimal("0.00")
_FIELDS = 100
_IDS = re.compile(r"[\w.|-]{1,128}", re.ASCII)
_NUMBERS = re.compile(r"[\w-]{1,64}", re.ASCII)
_STATES = {
    "WAIT_BUYER_PAY": ChannelState.WAITING,
    "TRADE_CLOSED": ChannelState.CLOSED,
    "TRADE_SUCCESS": ChannelState.PAID,
    "TRADE_FINISHED": ChannelState.PAID,
}
# Product codes by method: https://opendocs.alipay.com/apis/api_1/alipay.trade.precreate, .page.pay and .app.pay.
_FLOWS = {
    PaymentFlow.QR: ("alipay.trade.precreate", "FACE_TO_FACE_PAYMENT"),
    PaymentFlow.PAGE: ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    PaymentFlow.APP: ("alipay.trade.app.pay", "QUICK_MSECURITY_PAY"),
}
_UNKNOWN = "ACQ.TRADE_NOT_EXIST"
_TRANSIENT = ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error")
Fields = Mapping[str, str]


class Alipay:
    """The provider's rules; its own sandbox, or our simulator, stands behind another gateway."""

    method = PaymentMethod.ALIPAY
    accepted = Answer(200, b"success", "text/plain")
    refused = Answer(400, b"failure", "text/plain")
    later = Answer(503, b"failure", "text/plain")

    def __init__(self, live: str = LIVE, sandbox: str | None = None, call: Call = call) -> None:
        self._live, self._sandbox, self._call = live, sandbox, call

    def check(self, merchant: Merchant) -> None:
        """An app, a seller and two keys."""
        if not re.fullmatch(r"\d{8,32}", merchant.app_id, re.ASCII):
            raise Unfit("appId", "must be 8 to 32 digits")
        if not re.fullmatch(r"2088\d{12}", merchant.payee, re.ASCII):
            raise Unfit("payee", "must be a PID: 2088 and 12 more digits")
        if set(merchant.provider_keys) != {""}:
            raise Unfit("providerKeys", "must be Alipay's one public key, without a name")
        self._gateway(merchant)
        rsa.check_keys(merchant)

    def read(self, notice: Notice, merchant: Merchant, now: datetime) -> News:
        """What a notice tells; its age is no reason not to believe it."""
        form = _form(notice.body)
        if form.get("sign_type") != "RSA2":
            raise Forged(Refusal.WRONG_ALGORITHM, form.get("sign_type", "")[:20])
        rsa.prove(_to_sign(form, "sign", "sign_type"), form.get("sign", ""), merchant.provider_keys[""])
        event_id = form.get("notify_id", "")
        if not _IDS.fullmatch(event_id):
            raise Forged(Refusal.UNREADABLE, "notify_id")
        return _news(form, event_id, seller=form.get("seller_id", ""), app=form.get("app_id", ""))

    async def start(self, bill: Bill, merchant: Merchant, now: datetime) -> str:
        """A code's text from the gateway; pages and apps are called with what we sign ourselves."""
        method, product = _FLOWS[bill.flow]
        wanted = {
            "out_trade_no": bill.number,
            "total_amount": str(bill.amount),
            "subject": bill.subject,
            "product_code": product,
            "seller_id": merchant.payee,
            "time_expire": _beijing(bill.expires_at),
        }
        more = {"notify_url": bill.notify_url}
        if bill.flow is PaymentFlow.QR:
            return _text(await self._ask(method, wanted, merchant, now, more), "qr_code")
        request = urlencode(await aside(partial(signed, method, wanted, merchant, now, more)))
        return f"{self._gateway(merchant)}?{request}" if bill.flow is PaymentFlow.PAGE else request

    async def query(self, number: str, merchant: Merchant, now: datetime) -> News | None:
        """Of a code that nobody scanned the provider knows nothing."""
        try:
            told = await self._ask("alipay.trade.query", {"out_trade_no": number}, merchant, now)
        except Declined as no:
            if no.code == _UNKNOWN:
                return None
            raise
        # An answer to our own signed question names neither app nor seller: it is about ours.
        return _news(told, f"query:{number}", seller=merchant.payee, app=merchant.app_id, strict=Unsure)

    async def close(self, number: str, merchant: Merchant, now: datetime) -> None:
        """What the provider does not know cannot be paid before somebody scans its code, which then is too old."""
        try:
            await self._ask("alipay.trade.close", {"out_trade_no": number}, merchant, now)
        except Declined as no:
            if no.code != _UNKNOWN:
                raise

    async def refund(self, wish: RefundWish, merchant: Merchant, now: datetime) -> Refunded:
        """`out_request_no` makes it one refund however often it is asked for; whether money moved, only a query says."""
        wanted = {
            "out_trade_no": wish.payment_number,
            "refund_amount": str(wish.amount),
            "out_request_no": wish.number,
            "refund_reason": wish.reason[:256],
        }
        await self._ask("alipay.trade.refund", wanted, merchant, now)
        asked = {"out_trade_no": wish.payment_number, "out_request_no": wish.number}
        told = await self._ask("alipay.trade.fastpay.refund.query", asked, merchant, now)
        has_succeeded = told.get("refund_status", "REFUND_SUCCESS") == "REFUND_SUCCESS" and "refund_amount" in told
        return Refunded(wish.number, wish.amount, True if has_succeeded else None)

    async def _ask(
        self,
        method: str,
        content: Mapping[str, str],
        merchant: Merchant,
        now: datetime,
        more: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        request = urlencode(await aside(partial(signed, method, content, merchant, now, more or {}))).encode()
        headers = {"content-type": "application/x-www-form-urlencoded;charset=utf-8"}
        reply = await self._call("POST", f"{self._gateway(merchant)}?charset=utf-8", request, headers)
        if reply.status != 200:
            raise Unsure(f"answered {reply.status}")
        return await aside(partial(_believed, reply.body, method, merchant))

    def _gateway(self, merchant: Merchant) -> str:
        if not merchant.is_sandbox:
            return self._live
        if self._sandbox is None:
            raise Unfit("isSandbox", "must be false: this installation has no simulated provider")
        return self._sandbox


def signed(
    method: str, content: Mapping[str, str], merchant: Merchant, now: datetime, more: Mapping[str, str]
) -> dict[str, str]:
    """All fields of a request, with its signature."""
    fields = {
        "app_id": merchant.app_id,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": _beijing(now),
        "version": "1.0",
        **more,
        "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
    }
    return {**fields, "sign": rsa.signed(_to_sign(fields, "sign"), merchant.private_key)}


def _to_sign(fields: Fields, *without: str) -> bytes:
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in without).encode()


def _form(body: bytes) -> dict[str, str]:
    """The fields, each once: of two with one name nobody could say which was signed."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_FIELDS
        )
    except ValueError as fault:
        raise Forged(Refusal.UNREADABLE, "form") from fault
    form = dict(pairs)
    if len(form) != len(pairs):
        raise Forged(Refusal.UNREADABLE, "a field twice")
    return form


def _news(
    told: Mapping[str, Any], event_id: str, *, seller: str, app: str, strict: type[Exception] | None = None
) -> News:
    number, transaction = str(told.get("out_trade_no", "")), str(told.get("trade_no", ""))
    state, amount = _STATES.get(str(told.get("trade_status"))), yuan(told.get("total_amount"))
    refunded = yuan(told.get("refund_fee", "0.00"))
    legible = _NUMBERS.fullmatch(number) and (not transaction or _NUMBERS.fullmatch(transaction))
    if not legible or state is None or amount is None or refunded is None:
        raise strict("illegible") if strict else Forged(Refusal.UNREADABLE, str(told.get("trade_status"))[:40])
    paid_at = _moment(told.get("gmt_payment") or told.get("send_pay_date"))
    if state is ChannelState.CLOSED and (refunded or paid_at):  # wholly paid back, a trade is called closed
        state, refunded = ChannelState.PAID, refunded or amount
    request = str(told.get("out_biz_no") or "")
    return News(
        event_id=event_id,
        number=number,
        transaction_id=transaction,
        state=state,
        amount=amount,
        currency=str(told.get("trans_currency") or Currency.CNY),
        payee=seller,
        app_id=app,
        paid_at=paid_at,
        refund=Refunded(request, NONE, True) if refunded and _NUMBERS.fullmatch(request) else None,
        refunded=refunded or None,
    )


def _believed(body: bytes, method: str, merchant: Merchant) -> Mapping[str, Any]:
    """What the gateway answers, once its signature is proven; Declined where it says no, Unsure where nobody can tell."""
    try:
        members = _members(body.decode())
    except (ValueError, RecursionError) as fault:
        raise Unsure("no JSON") from fault
    name = method.replace(".", "_") + "_response"
    raw = members.get(name) or members.get("error_response")
    told = json.loads(raw) if raw else None
    if raw is None or not isinstance(told, dict):
        raise Unsure("no answer to the question")
    code, sub_code = _text(told, "code", ""), _text(told, "sub_code", "")
    try:
        rsa.prove(raw.encode(), json.loads(members.get("sign", '""')), merchant.provider_keys[""])
    except (Forged, ValueError, TypeError) as fault:
        raise Unsure(f"unproven: {code} {sub_code}"[:100]) from fault
    if code == "10000":
        return told
    if code == "20000" or sub_code in _TRANSIENT:
        raise Unsure(f"{code} {sub_code}")
    raise Declined(sub_code or code, _text(told, "sub_msg", ""))


def _members(text: str) -> dict[str, str]:
    """The members of a JSON object, each as the text that stands there: what was signed is the text, not what it means."""
    decoder, found, place = json.JSONDecoder(), {}, text.index("{") + 1
    if text[: place - 1].strip():
        raise ValueError("no object")
    while True:
        name, place = decoder.raw_decode(text, _past(text, place))
        place = _past(text, place, ":")
        _, end = decoder.raw_decode(text, place)
        if name in found:
            raise ValueError("a member twice")
        found[name] = text[place:end]
        place = _past(text, end)
        if text[place] == "}":
            return found
        place = _past(text, place, ",")


def _past(text: str, place: int, sign: str = "") -> int:
    """The place of the next thing that is no space, after the sign where one has to stand there."""
    while text[place : place + 1].isspace():
        place += 1
    if not text[place : place + 1] or (sign and text[place] != sign):
        raise ValueError("no JSON")
    return _past(text, place + 1) if sign else place


def _text(told: Mapping[str, Any], name: str, otherwise: str | None = None) -> str:
    found = told.get(name, otherwise)
    if not isinstance(found, str):
        raise Unsure(f"no {name}")
    return found


def _beijing(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def _moment(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        return None
