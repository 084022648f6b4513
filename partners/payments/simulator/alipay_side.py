"""The simulated Alipay: its gateway and its notices."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from partners.payments import Forged, Notice, rsa
from partners.payments.alipay_certificates import root_serial, serial
from partners.payments.alipay_gateway import BEIJING
from partners.payments.alipay_statements import METHOD as STATEMENT
from partners.payments.simulator.alipay_shares import AlipayShares
from partners.payments.simulator.bank import Bank, Customer, Refused, Trade
from partners.payments.simulator.bills import Bills
from partners.payments.simulator.certificates import issued, root
from rules.billing import PaymentMethod
from rules.rails import ChannelState, yuan

SCHEDULE = tuple(timedelta(minutes=minutes) for minutes in (0, 4, 10, 10, 60, 120, 360, 900))
"""After how long a notice that was not answered by `success` is sent again: 8 times within 25 hours."""

FORM = "application/x-www-form-urlencoded; charset=utf-8"
_STATUS = {
    ChannelState.WAITING: "WAIT_BUYER_PAY",
    ChannelState.CLOSED: "TRADE_CLOSED",
    ChannelState.PAID: "TRADE_SUCCESS",
}
_CODES = {
    "UNKNOWN": "ACQ.TRADE_NOT_EXIST",
    "PAID": "ACQ.TRADE_HAS_SUCCESS",
    "CLOSED": "ACQ.TRADE_HAS_CLOSE",
    "CONTRADICTION": "ACQ.CONTEXT_INCONSISTENT",
    "UNPAID": "ACQ.TRADE_STATUS_ERROR",
    "TOO_MUCH": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "NO_BALANCE": "ACQ.SELLER_BALANCE_NOT_ENOUGH",
    "NO_SHARE": "ACQ.TRADE_NOT_EXIST",
    "NOT_TO_SPLIT": "ACQ.ILLEGAL_SETTLE_STATE",
    "NO_RECEIVER": "ACQ.ROYALTY_RECEIVER_INVALID",
    "UNSPLIT_SHORT": "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR",
    "OVER_LIMIT": "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR",
    "RETURN_TOO_MUCH": "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR",
    "SHARE_CONTRADICTION": "ACQ.DISCORDANT_REPEAT_REQUEST",
    "RECEIVER_SHORT": "ACQ.TXN_RESULT_ACCOUNT_BALANCE_NOT_ENOUGH",
    "NOT_TO_BE_SAID": "ACQ.TRADE_SETTLE_ERROR",
    "NO_BILL": "isp.bill_not_exist",
}
_OPENING = ("alipay.trade.precreate", "alipay.trade.page.pay", "alipay.trade.app.pay")
_OPEN_FOR = timedelta(hours=2)


class AlipaySide:
    """Answers merchants and writes to them."""

    def __init__(
        self, bank: Bank, private_key: str, address: str = "", is_hesitant: Callable[[], bool] = lambda: False
    ) -> None:
        self.bank, self.address, self._key = bank, address, private_key
        self._shares = AlipayShares(bank, is_hesitant)
        self.bills = Bills(bank, address)

    def answer(self, form: Mapping[str, str], now: datetime) -> bytes:
        """What the gateway says to a request."""
        self.bank.release(now)
        method = form.get("method", "")
        try:
            content = self._done(method, form, now)
        except Refused as no:
            content = {"code": "40004", "msg": "Business Failed", "sub_code": _CODES[no.code], "sub_msg": no.code}
        except (Forged, ValueError, KeyError, TypeError) as fault:
            content = {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
            content["sub_msg"] = type(fault).__name__
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        name = method.replace(".", "_") + "_response"
        key = f'"alipay_cert_sn":"{serial(self.certificate)}",' if "app_cert_sn" in form else ""
        return f'{{"{name}":{text},{key}"sign":"{rsa.signed(text.encode(), self._key)}"}}'.encode()

    @property
    def certificate(self) -> str:
        """What it proves its signatures with in certificate mode."""
        return issued(self._key, rsa.public_half(self._key), "SANDBOX Alipay")

    @property
    def root_certificates(self) -> str:
        """Of the authority that issued it."""
        return root(self._key)

    def certificate_for(self, public_key: str) -> str:
        """What a merchant downloads for its app's key."""
        return issued(self._key, public_key, "SANDBOX merchant")

    def opened(self, form: Mapping[str, str], now: datetime) -> Trade:
        """The trade of a page or of an app, which the payer's own device asks for; raises Forged, Refused, ValueError, KeyError."""
        return self._open(self._proven(form), form, json.loads(form["biz_content"]), now)

    def notice(self, trade: Trade, now: datetime, status: str = "", refund: str = "") -> Notice:
        """What is told of the trade as it is now; of one refund where its number is named."""
        fields = {
            "notify_time": _said(now),
            "notify_type": "trade_status_sync",
            "notify_id": f"{trade.transaction_id}{status or trade.state}{refund}".replace("_", ""),
            "charset": "utf-8",
            "version": "1.0",
            "app_id": trade.customer.app_id,
            "auth_app_id": trade.customer.app_id,
            "seller_id": trade.customer.payee,
            "out_trade_no": trade.number,
            "trade_no": trade.transaction_id,
            "trade_status": status or _STATUS[trade.state],
            "total_amount": str(trade.amount),
            "subject": trade.subject,
            "gmt_create": _said(trade.opened_at),
        }
        if trade.paid_at is not None and (status or trade.state) != "WAIT_BUYER_PAY":
            fields |= {"gmt_payment": _said(trade.paid_at), "receipt_amount": str(trade.amount)}
        if refund:
            whole = trade.refunded == trade.amount
            fields |= {"refund_fee": str(trade.refunded), "gmt_refund": _said(now) + ".123", "out_biz_no": refund}
            fields["trade_status"] = "TRADE_CLOSED" if whole else "TRADE_SUCCESS"
        return signed_notice(fields, self._key)

    def _done(self, method: str, form: Mapping[str, str], now: datetime) -> dict[str, Any]:
        customer, wanted = self._proven(form), json.loads(form["biz_content"])
        good = {"code": "10000", "msg": "Success"}
        if method in _OPENING:
            trade = self._open(customer, form, wanted, now)
            code = f"{self.address}/cashier/{trade.transaction_id}"
            return good | {"out_trade_no": trade.number, "qr_code": code}
        if method in self._shares.methods:
            return good | self._shares.methods[method](customer, wanted)
        if method == STATEMENT:
            return good | self.bills.announced(customer, wanted, now)
        trade = self._trade(customer, wanted)
        good |= {"out_trade_no": trade.number, "trade_no": trade.transaction_id}
        if method == "alipay.trade.query":
            paid = {"send_pay_date": _said(trade.paid_at)} if trade.paid_at else {}
            status = "TRADE_CLOSED" if trade.refunded == trade.amount else _STATUS[trade.state]
            return good | {"trade_status": status, "total_amount": str(trade.amount)} | paid
        if method == "alipay.trade.close":
            self.bank.close(trade)
            return good
        if method == "alipay.trade.refund":
            is_new = self._shares.refund(trade, wanted, now)
            return good | {"fund_change": "Y" if is_new else "N", "refund_fee": str(trade.refunded)}
        if method == "alipay.trade.fastpay.refund.query":
            amount = trade.refunds.get(wanted["out_request_no"])
            return good | ({"refund_status": "REFUND_SUCCESS", "refund_amount": str(amount)} if amount else {})
        raise ValueError(method)

    def _proven(self, form: Mapping[str, str]) -> Customer:
        customer = self.bank.customers[PaymentMethod.ALIPAY, form["app_id"]]
        text = "&".join(f"{name}={form[name]}" for name in sorted(form) if name != "sign")
        if form["sign_type"] != "RSA2":
            raise ValueError("RSA2 only")
        rsa.prove(text.encode(), form["sign"], customer.public_key)
        named = tuple(form[name] for name in ("app_cert_sn", "alipay_root_cert_sn") if name in form)
        if named and named != (
            serial(self.certificate_for(customer.public_key)),
            root_serial(self.root_certificates),
        ):
            raise ValueError("other certificates")
        return customer

    def _trade(self, customer: Customer, wanted: dict[str, Any]) -> Trade:
        if "trade_no" in wanted:
            return self.bank.transaction(customer, wanted["trade_no"])
        return self.bank.trade(customer, wanted["out_trade_no"])

    def _open(self, customer: Customer, form: Mapping[str, str], wanted: dict[str, Any], now: datetime) -> Trade:
        amount = yuan(wanted["total_amount"])
        if not amount or wanted.get("seller_id", customer.payee) != customer.payee:
            raise ValueError("amount or seller")
        until = wanted.get("time_expire")
        expires_at = datetime.fromisoformat(until).replace(tzinfo=BEIJING) if until else now + _OPEN_FOR
        trade = Trade(
            customer, wanted["out_trade_no"], amount, wanted["subject"], form.get("notify_url", ""), "", now, expires_at
        )
        trade.is_to_split = wanted.get("extend_params", {}).get("royalty_freeze") == "true"
        trade.is_face_to_face = wanted["product_code"] == "FACE_TO_FACE_PAYMENT"
        return self.bank.open(trade)


def signed_notice(fields: Mapping[str, str], private_key: str, sign_type: str = "RSA2") -> Notice:
    """A form with these fields, signed by whoever has the key."""
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    said = {**fields, "sign": rsa.signed(text.encode(), private_key), "sign_type": sign_type}
    return Notice(urlencode(said).encode(), {"content-type": FORM})


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a form."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _said(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
