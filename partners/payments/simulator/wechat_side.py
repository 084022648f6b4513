"""The simulated WeChat Pay: its API and its notices."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from partners.payments import Forged, Notice, rsa
from partners.payments.alipay_gateway import BEIJING
from partners.payments.calling import Reply
from partners.payments.simulator.bank import Bank, Customer, Refused, Trade
from partners.payments.simulator.bills import Bills
from partners.payments.simulator.wechat_refunds import WeChatRefunds
from partners.payments.simulator.wechat_shares import WeChatShares
from partners.payments.wechat_signing import SCHEMA, SEALED
from partners.payments.wechat_statements import PATH as STATEMENT
from rules.billing import PaymentMethod
from rules.rails import ChannelState, from_fen, to_fen

SECONDS = (0, 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
SCHEDULE = tuple(timedelta(seconds=seconds) for seconds in SECONDS)
"""After how long a notice that was not answered by 200 or 204 is sent again: 15 times within 24 hours."""

KEY_ID = "PUB_KEY_ID_0110000000000000000000000000000001"
_CODES = {
    "UNKNOWN": (404, "ORDER_NOT_EXIST"),
    "PAID": (400, "ORDERPAID"),
    "CLOSED": (400, "ORDER_CLOSED"),
    "CONTRADICTION": (400, "OUT_TRADE_NO_USED"),
    "UNPAID": (400, "INVALID_REQUEST"),
    "TOO_MUCH": (403, "NOT_ENOUGH"),
    "NO_BALANCE": (403, "NOT_ENOUGH"),
    "NO_SHARE": (404, "RESOURCE_NOT_EXISTS"),
    "NOT_TO_SPLIT": (400, "INVALID_REQUEST"),
    "NO_RECEIVER": (400, "INVALID_REQUEST"),
    "UNSPLIT_SHORT": (403, "NOT_ENOUGH"),
    "OVER_LIMIT": (403, "RULE_LIMIT"),
    "RETURN_TOO_MUCH": (400, "INVALID_REQUEST"),
    "SHARE_CONTRADICTION": (400, "INVALID_REQUEST"),
    "RECEIVER_SHORT": (403, "NOT_ENOUGH"),
    "NO_BILL": (400, "NO_STATEMENT_EXIST"),
}
_STATES = {ChannelState.WAITING: "NOTPAY", ChannelState.CLOSED: "CLOSED", ChannelState.PAID: "SUCCESS"}
_SIGNED = re.compile(rf"{SCHEMA} ((?:\w+=\"[^\"]*\",?)+)")
_PAYING = re.compile(r"/v3/pay/transactions/(native|h5|app|jsapi)")
_ONE = re.compile(r"/v3/pay/transactions/out-trade-no/([^/?]+)(/close)?(?:\?mchid=\d+)?")
_GIVEN = {"native": "code_url", "h5": "h5_url", "app": "prepay_id", "jsapi": "prepay_id"}
_WINDOW = 300


class WeChatSide:
    """Answers merchants and writes to them."""

    def __init__(
        self,
        bank: Bank,
        private_key: str,
        address: str = "",
        is_hesitant: Callable[[], bool] = lambda: False,
        fate_of_refunds: Callable[[], str] = lambda: "",
    ) -> None:
        self.bank, self.address, self._key = bank, address, private_key
        self._shares = WeChatShares(bank, private_key, is_hesitant)
        self.refunds = WeChatRefunds(bank, fate_of_refunds)
        self.bills = Bills(bank, address)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Reply:
        """What the API says to a request."""
        self.bank.release(now)
        try:
            customer = self._proven(method, path, headers, body, now)
            status, told = self._done(customer, method, path, json.loads(body) if body else {}, now)
        except Refused as no:
            status, code = _CODES[no.code]
            told = {"code": code, "message": no.code}
        except (Forged, ValueError, KeyError, TypeError) as fault:
            status, told = 401, {"code": "SIGN_ERROR", "message": type(fault).__name__}
        said = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
        return Reply(status, said, self.proof(said, now))

    def proof(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers with which the provider proves a body."""
        sent, nonce = str(int(now.timestamp())), os.urandom(16).hex()
        return {
            "content-type": "application/json; charset=utf-8",
            "wechatpay-serial": KEY_ID,
            "wechatpay-signature-type": SCHEMA,
            "wechatpay-timestamp": sent,
            "wechatpay-nonce": nonce,
            "wechatpay-signature": rsa.signed(f"{sent}\n{nonce}\n".encode() + body + b"\n", self._key),
        }

    def notice(self, trade: Trade, now: datetime, refund: str = "") -> Notice:
        """What is told of a paid trade, or of one of its refunds; signed anew whenever it is sent."""
        if refund:
            state = self.refunds.state(trade, refund)
            told = self.refunds.told(trade, refund, now)
            return self.sealed(f"REFUND.{state}", "refund", told, trade.customer, now, f"{refund}-{state}")
        return self.sealed(
            "TRANSACTION.SUCCESS", "transaction", _transaction(trade), trade.customer, now, trade.transaction_id
        )

    def sealed(
        self, kind: str, of: str, told: Mapping[str, Any], customer: Customer, now: datetime, name: str
    ) -> Notice:
        """A notice of any content: sealed for the merchant, and signed."""
        nonce = os.urandom(6).hex()
        text = AESGCM(customer.secret.encode()).encrypt(nonce.encode(), json.dumps(told).encode(), of.encode())
        envelope = {
            "id": f"EV-{of}-{name}",
            "create_time": now.astimezone(BEIJING).isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource",
            "event_type": kind,
            "summary": "SANDBOX",
            "resource": {
                "original_type": of,
                "algorithm": SEALED,
                "ciphertext": b64encode(text).decode(),
                "associated_data": of,
                "nonce": nonce,
            },
        }
        body = json.dumps(envelope, ensure_ascii=False).encode()
        return Notice(body, self.proof(body, now))

    def file(self, path: str, headers: Mapping[str, str], now: datetime) -> Reply:
        """A statement as it travels; what is asked for has to be signed, the answer is not."""
        try:
            customer = self._proven("GET", path, headers, b"", now)
            payee, _, day = path.partition("?token=")[2].partition(".")
            if payee != customer.payee:
                raise Refused("NO_BILL")
            return Reply(200, self.bills.file(PaymentMethod.WECHAT_PAY, payee, day, now), {})
        except (Forged, Refused, ValueError, KeyError, TypeError):
            return Reply(401, b"", {})

    def _proven(self, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Customer:
        given = _SIGNED.fullmatch(headers.get("authorization", ""))
        if given is None:
            raise ValueError("unsigned")
        said = dict(re.findall(r'(\w+)="([^"]*)"', given[1]))
        customer = self.bank.customers[PaymentMethod.WECHAT_PAY, said["mchid"]]
        if said["serial_no"] != customer.certificate_serial or abs(now.timestamp() - int(said["timestamp"])) > _WINDOW:
            raise ValueError("serial or time")
        text = f"{method}\n{path}\n{said['timestamp']}\n{said['nonce_str']}\n".encode() + body + b"\n"
        rsa.prove(text, said["signature"], customer.public_key)
        return customer

    def _done(
        self, customer: Customer, method: str, path: str, wanted: Mapping[str, Any], now: datetime
    ) -> tuple[int, dict[str, Any] | None]:
        if method == "POST" and (paying := _PAYING.fullmatch(path)):
            return 200, self._given(customer, paying[1], wanted, now)
        if one := _ONE.fullmatch(path):
            trade = self.bank.trade(customer, one[1])
            if method == "GET":
                return 200, _transaction(trade)
            self.bank.close(trade)
            return 204, None
        if method == "POST" and path == "/v3/refund/domestic/refunds":
            return 200, self.refunds.answer(self.bank.trade(customer, wanted["out_trade_no"]), wanted, now)
        if path.startswith("/v3/profitsharing/"):
            return 200, self._shares.answer(customer, method, path, wanted)
        if method == "GET" and path.startswith(f"{STATEMENT}?"):
            return 200, self.bills.announced(customer, dict(parse_qsl(path.partition("?")[2])), now)
        raise Refused("UNKNOWN")

    def _given(self, customer: Customer, flow: str, wanted: Mapping[str, Any], now: datetime) -> dict[str, str]:
        if flow == "jsapi" and not wanted["payer"]["openid"]:
            raise ValueError("openid")
        trade = self._open(customer, wanted, now)
        code = f"{self.address}/cashier/{trade.transaction_id}"
        return {_GIVEN[flow]: code if flow in ("native", "h5") else trade.transaction_id}

    def _open(self, customer: Customer, wanted: Mapping[str, Any], now: datetime) -> Trade:
        amount = from_fen(wanted["amount"]["total"])
        if not amount or wanted["appid"] != customer.app_id or wanted["mchid"] != customer.payee:
            raise ValueError("amount or merchant")
        expires_at = datetime.fromisoformat(wanted["time_expire"])
        return self.bank.open(
            Trade(
                customer,
                wanted["out_trade_no"],
                amount,
                wanted["description"],
                wanted["notify_url"],
                "",
                now,
                expires_at,
                is_to_split=wanted.get("settle_info") == {"profit_sharing": True},
            )
        )


def _transaction(trade: Trade) -> dict[str, Any]:
    told: dict[str, Any] = {
        "appid": trade.customer.app_id,
        "mchid": trade.customer.payee,
        "out_trade_no": trade.number,
        "trade_state": "REFUND" if trade.refunds else _STATES[trade.state],
        "trade_state_desc": "SANDBOX",
    }
    if trade.paid_at is not None:
        fen = to_fen(trade.amount)
        told["transaction_id"] = trade.transaction_id
        told["success_time"] = trade.paid_at.astimezone(BEIJING).isoformat(timespec="seconds")
        told["amount"] = {"total": fen, "payer_total": fen, "currency": "CNY", "payer_currency": "CNY"}
    return told
