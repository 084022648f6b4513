"""支付宝 Alipay: the open platform's gateway with public keys and RSA2.

Asynchronous notices: https://opendocs.alipay.com/open/203/105286 (parameters, `success`, 8 times within 25 hours) and
https://opendocs.alipay.com/open/204/105301; how it is asked and how it splits stands in `alipay_gateway` and `alipay_splits`.
A notice is a form. Signed is `k=v` of all its fields but `sign` and `sign_type`, undone from the form, sorted, joined with `&`. A notice is
sent again for 25 hours, so that its age says nothing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from partners.payments import Answer, Bill, Declined, Forged, Merchant, Notice, RefundWish, Unfit, Unsure, aside, rsa
from partners.payments.alipay_certificates import check as check_certificates
from partners.payments.alipay_gateway import BEIJING, beijing, prove, signed, text_of, to_sign
from partners.payments.alipay_splits import FROZEN, AlipaySplits
from rules.billing import PaymentMethod
from rules.money import Currency
from rules.rails import ChannelState, News, PaymentFlow, Refunded, Refusal, payee_fault, yuan

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


class Alipay(AlipaySplits):
    """The provider's rules."""

    method = PaymentMethod.ALIPAY
    accepted = Answer(200, b"success", "text/plain")
    refused = Answer(400, b"failure", "text/plain")
    later = Answer(503, b"failure", "text/plain")

    def check(self, merchant: Merchant) -> None:
        """An app, a seller, and two keys, or the certificates of both and of the authority above them."""
        if not re.fullmatch(r"\d{8,32}", merchant.app_id, re.ASCII):
            raise Unfit("appId", "must be 8 to 32 digits")
        if fault := payee_fault(self.method, merchant.payee):
            raise Unfit("payee", fault)
        is_certified = bool(merchant.certificate or merchant.root_certificates)
        if not is_certified and set(merchant.provider_keys) != {""}:
            raise Unfit("providerKeys", "must be Alipay's one public key, without a name")
        self._gateway(merchant)
        rsa.check_keys(merchant)
        if is_certified:
            check_certificates(merchant)

    def read(self, notice: Notice, merchant: Merchant, now: datetime) -> News:
        """What a notice tells; its age is no reason not to believe it."""
        form = _form(notice.body)
        if form.get("sign_type") != "RSA2":
            raise Forged(Refusal.WRONG_ALGORITHM, form.get("sign_type", "")[:20])
        prove(to_sign(form, "sign", "sign_type"), form.get("sign", ""), merchant, form.get("alipay_cert_sn", ""))
        event_id = form.get("notify_id", "")
        if not _IDS.fullmatch(event_id):
            raise Forged(Refusal.UNREADABLE, "notify_id")
        return _news(form, event_id, seller=form.get("seller_id", ""), app=form.get("app_id", ""))

    async def start(self, bill: Bill, merchant: Merchant, now: datetime) -> str:
        """A code's text from the gateway; pages and apps are called with what we sign ourselves."""
        method, product = _FLOWS[bill.flow]
        wanted: dict[str, object] = {
            "out_trade_no": bill.number,
            "total_amount": str(bill.amount),
            "subject": bill.subject,
            "product_code": product,
            "seller_id": merchant.payee,
            "time_expire": beijing(bill.expires_at),
        }
        if bill.is_to_split:
            wanted["extend_params"] = FROZEN
        more = {"notify_url": bill.notify_url}
        if bill.flow is PaymentFlow.QR:
            return text_of(await self._ask(method, wanted, merchant, now, more), "qr_code")
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


def _moment(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        return None
