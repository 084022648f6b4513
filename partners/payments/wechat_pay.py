"""微信支付 WeChat Pay, APIv3: payments by code, in a browser (H5), in an app and inside of WeChat (JSAPI), refunds, and the notices of
both. Amounts are fen.

How it is asked, signs and splits stands in `wechat_api`, `wechat_signing` and `wechat_splits`; the pages that were relied on, in
docs/payments.md.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from partners.payments import Answer, Bill, Declined, Forged, Merchant, Notice, RefundWish, Unfit, Unsure, aside, rsa
from partners.payments.wechat_api import Fields, object_of
from partners.payments.wechat_signing import KEY_BYTES, app_call, bridge_call, opened, prove
from partners.payments.wechat_splits import HELD, WeChatSplits
from rules.billing import PaymentMethod
from rules.money import Currency
from rules.rails import ChannelState, News, PaymentFlow, Refunded, Refusal, from_fen, payee_fault, to_fen

_IDS = re.compile(r"[\w-]{1,64}", re.ASCII)
_NUMBERS = re.compile(r"[\w|*@-]{1,64}", re.ASCII)
_STATES = {
    "SUCCESS": ChannelState.PAID,
    "REFUND": ChannelState.PAID,  # paid, and some of it went back
    "NOTPAY": ChannelState.WAITING,
    "USERPAYING": ChannelState.WAITING,
    "PAYERROR": ChannelState.WAITING,  # another try is open to the payer
    "CLOSED": ChannelState.CLOSED,
    "REVOKED": ChannelState.CLOSED,
}
# ABNORMAL: the payer's card took nothing, so that WeChat Pay keeps the money until somebody finishes the refund in the merchant's console;
# then it is SUCCESS under the same number, https://pay.weixin.qq.com/doc/v3/merchant/4013071031. Who finishes it may have it sent to the
# merchant's own bank instead (MERCHANT_BANK_CARD): SUCCESS, too, but received by one of these accounts, and the payer has got nothing.
_REFUNDS = {"SUCCESS": True, "PROCESSING": None, "CLOSED": False, "ABNORMAL": None}
_TROUBLES = ("CLOSED", "ABNORMAL")
_OF_THE_MERCHANT = ("商户基本账户", "商户结算银行账户")
_FLOWS = {
    PaymentFlow.QR: ("native", "code_url"),
    PaymentFlow.PAGE: ("h5", "h5_url"),
    PaymentFlow.APP: ("app", "prepay_id"),
    PaymentFlow.JSAPI: ("jsapi", "prepay_id"),
}
_CALLS = {PaymentFlow.APP: app_call, PaymentFlow.JSAPI: bridge_call}
_UNKNOWN = ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
_CLOSED = ("ORDER_CLOSED", "ORDERCLOSED", "TRADE_CLOSED")


class WeChatPay(WeChatSplits):
    """The provider's rules."""

    method = PaymentMethod.WECHAT_PAY
    accepted = Answer(200, '{"code":"SUCCESS","message":"成功"}'.encode(), "application/json")
    refused = Answer(401, '{"code":"FAIL","message":"失败"}'.encode(), "application/json")
    later = Answer(503, '{"code":"FAIL","message":"失败"}'.encode(), "application/json")

    def check(self, merchant: Merchant) -> None:
        """An app, a merchant number, its certificate's serial number, keys by name, and the key that seals notices."""
        if not re.fullmatch(r"wx[0-9a-zA-Z]{6,30}", merchant.app_id, re.ASCII):
            raise Unfit("appId", "must be wx and 6 to 30 letters or digits")
        if fault := payee_fault(self.method, merchant.payee):
            raise Unfit("payee", fault)
        if not re.fullmatch(r"[0-9A-Fa-f]{16,64}", merchant.certificate_serial, re.ASCII):
            raise Unfit("certificateSerial", "must be 16 to 64 hex digits")
        if len(merchant.secret.encode()) != KEY_BYTES:
            raise Unfit("apiV3Key", "must have 32 bytes")
        if not merchant.provider_keys or not all(_IDS.fullmatch(name) for name in merchant.provider_keys):
            raise Unfit("providerKeys", "must have names: a certificate's serial number, or PUB_KEY_ID_ and digits")
        if merchant.certificate or merchant.root_certificates:
            raise Unfit("certificate", "must be left out: WeChat Pay is told its serial number alone")
        self._base(merchant)
        rsa.check_keys(merchant)

    def read(self, notice: Notice, merchant: Merchant, now: datetime) -> News:
        """What a notice tells."""
        prove(notice.body, notice.headers, merchant, now)
        envelope = object_of(notice.body)
        event_id, resource = envelope.get("id"), envelope.get("resource")
        if not isinstance(event_id, str) or not _IDS.fullmatch(event_id) or not isinstance(resource, dict):
            raise Forged(Refusal.UNREADABLE, "id or resource")
        told = object_of(opened(resource, merchant.secret))
        kind = str(envelope.get("event_type"))
        if kind.startswith("TRANSACTION."):
            return _news(told, event_id)
        if kind.startswith("REFUND."):
            return _refund_news(told, event_id)
        raise Forged(Refusal.UNREADABLE, kind[:40])

    async def start(self, bill: Bill, merchant: Merchant, now: datetime) -> str:
        """What the payer is given; an app gets all that its SDK wants, and a page all that its bridge wants, as JSON."""
        flow, field = _FLOWS[bill.flow]
        wanted: dict[str, Any] = {
            "appid": merchant.app_id,
            "mchid": merchant.payee,
            "description": bill.subject[:127],
            "out_trade_no": bill.number,
            "time_expire": bill.expires_at.astimezone(UTC).replace(microsecond=0).isoformat(),
            "notify_url": bill.notify_url,
            "amount": {"total": to_fen(bill.amount), "currency": Currency.CNY},
        }
        if bill.is_to_split:
            wanted["settle_info"] = HELD
        if bill.flow is PaymentFlow.JSAPI:
            wanted["payer"] = {"openid": bill.payer_openid}
        if bill.flow is PaymentFlow.PAGE:
            wanted["scene_info"] = {"payer_client_ip": bill.payer_address, "h5_info": {"type": "Wap"}}
        told = await self._ask("POST", f"/v3/pay/transactions/{flow}", wanted, merchant, now)
        given = told.get(field)
        if not isinstance(given, str) or not given:
            raise Unsure(f"no {field}")
        call = _CALLS.get(bill.flow)
        return await aside(partial(call, given, merchant, now)) if call else given

    async def query(self, number: str, merchant: Merchant, now: datetime) -> News | None:
        """The state of a payment."""
        path = f"/v3/pay/transactions/out-trade-no/{number}?mchid={merchant.payee}"
        try:
            told = await self._ask("GET", path, None, merchant, now)
        except Declined as no:
            if no.code in _UNKNOWN:
                return None
            raise
        try:
            return _news({"appid": merchant.app_id, "mchid": merchant.payee, **told}, f"query:{number}")
        except Forged as fault:
            raise Unsure(str(fault)) from fault

    async def close(self, number: str, merchant: Merchant, now: datetime) -> None:
        """What is closed already, or was never known, nobody can pay."""
        path = f"/v3/pay/transactions/out-trade-no/{number}/close"
        try:
            await self._ask("POST", path, {"mchid": merchant.payee}, merchant, now)
        except Declined as no:
            if no.code not in (*_UNKNOWN, *_CLOSED):
                raise

    async def refund(self, wish: RefundWish, merchant: Merchant, now: datetime) -> Refunded:
        """`out_refund_no` makes it one refund however often it is asked for; the provider tells later whether it came through."""
        wanted = {
            "out_trade_no": wish.payment_number,
            "out_refund_no": wish.number,
            "reason": wish.reason[:80],
            "notify_url": wish.notify_url,
            "amount": {"refund": to_fen(wish.amount), "total": to_fen(wish.total), "currency": Currency.CNY},
        }
        told = await self._ask("POST", "/v3/refund/domestic/refunds", wanted, merchant, now)
        return _refunded(wish.number, wish.amount, str(told.get("status")), told)


def _news(told: Fields, event_id: str) -> News:
    state, amount = _STATES.get(str(told.get("trade_state"))), _part(told, "amount")
    total = from_fen(amount.get("total"))
    # The provider leaves the amount out of the answer about a payment that nobody has begun.
    if state is None or (total is None and (amount or state is ChannelState.PAID)):
        raise Forged(Refusal.UNREADABLE, str(told.get("trade_state"))[:40])
    return News(
        event_id=event_id,
        number=_number(told, "out_trade_no"),
        transaction_id=_number(told, "transaction_id", optional=state is not ChannelState.PAID),
        state=state,
        amount=total,
        currency=str(amount.get("currency") or Currency.CNY),
        payee=str(told.get("mchid")),
        app_id=str(told.get("appid")),
        paid_at=_moment(told.get("success_time")),
    )


def _refund_news(told: Fields, event_id: str) -> News:
    """A refund's notice names no app; that its money was paid before, it takes for granted."""
    amount, status = _part(told, "amount"), str(told.get("refund_status"))
    total, back = from_fen(amount.get("total")), from_fen(amount.get("refund"))
    if total is None or back is None or status not in _REFUNDS:
        raise Forged(Refusal.UNREADABLE, status[:40])
    return News(
        event_id=event_id,
        number=_number(told, "out_trade_no"),
        transaction_id=_number(told, "transaction_id"),
        state=ChannelState.PAID,
        amount=total,
        currency=str(amount.get("currency") or Currency.CNY),
        payee=str(told.get("mchid")),
        app_id=None,
        refund=_refunded(_number(told, "out_refund_no"), back, status, told),
    )


def _refunded(number: str, amount: Decimal, status: str, told: Fields) -> Refunded:
    if status == "SUCCESS" and str(told.get("user_received_account")).startswith(_OF_THE_MERCHANT):
        return Refunded(number, amount, False, "MERCHANT_BANK_CARD")
    return Refunded(number, amount, _REFUNDS.get(status), status if status in _TROUBLES else "")


def _part(told: Fields, name: str) -> Fields:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _number(told: Fields, name: str, *, optional: bool = False) -> str:
    found = told.get(name) or ""
    if not isinstance(found, str) or not (_NUMBERS.fullmatch(found) or (optional and not found)):
        raise Forged(Refusal.UNREADABLE, name)
    return found


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
