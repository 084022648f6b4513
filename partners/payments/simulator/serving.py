"""The simulator on a socket of this machine: the gateways, a cashier to pay at, and a lever for each of its bad habits."""

import html
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from partners.payments import Forged, Merchant, Notice
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.bank import Refused, Trade
from partners.payments.simulator.bills import Plants
from partners.payments.simulator.office import Keys, Office
from partners.payments.simulator.postman import Habits
from partners.payments.simulator.wechat_side import KEY_ID
from rules.billing import PaymentMethod
from rules.rails import ChannelState

SILENCE = 30
"""Seconds for which it keeps quiet when it is told to: longer than anybody's patience."""

MOST_BYTES = 64 * 1024
PATIENCE = 5
TICK = timedelta(milliseconds=100)
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>SANDBOX 收银台</title><style>body{{font:16px/1.6 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}}
strong{{background:#c00;color:#fff;padding:.2em .6em}}button{{font:inherit;padding:.6em 1.6em}}</style>
<p><strong>SANDBOX 沙箱</strong></p><h1>{subject}</h1><p>{method} · ¥{amount} · {state}</p>
<p>没有真实资金流动。No money moves.</p>{form}</html>"""
_FORM = '<form method="post"><button>支付 Pay</button></form>'


def post(url: str, notice: Notice) -> tuple[int, bytes]:
    """Send a notice as the providers do."""
    request = urllib.request.Request(url, notice.body, dict(notice.headers), method="POST")  # noqa: S310  # checked when it was registered
    try:
        with _DIRECTLY.open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read(1024)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read(1024)
    except (OSError, ValueError):
        return 0, b""


class Simulator:
    """Listens, writes letters, and, where `pay_after` says so, pays by itself so many seconds after a payment was started."""

    def __init__(self, keys: Keys, public: dict[PaymentMethod, str], port: int, pace: int, pay_after: int | None):
        office_class = type("Handler", (_Handler,), {"simulator": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), office_class)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.office, self.public, self._pay_after = Office(keys, post, pace, self.address), public, pay_after
        self.keep: Callable[[], None] = lambda: None
        """Called soon after something was done, so that the next simulator may know of it."""
        self.is_touched = False

    def run(self) -> None:
        """Until the process ends."""
        Thread(target=self._write, daemon=True).start()
        self.serve()

    def serve(self) -> None:
        """Answer, without writing to anybody, until `end`."""
        self._server.serve_forever()

    def end(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def _write(self) -> None:
        while True:
            time.sleep(TICK.total_seconds())
            now = datetime.now(UTC)
            for trade in self.office.bank:
                age = (now - trade.opened_at).total_seconds()
                if self._pay_after is not None and trade.state is ChannelState.WAITING and age >= self._pay_after:
                    self.office.pay(trade, now)
                    self.is_touched = True
            self.office.tell_refunds(now)
            if self.is_touched:
                self.is_touched = False
                self.keep()
            self.office.postman.deliver(now)


class _Handler(BaseHTTPRequestHandler):
    simulator: Simulator
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "0")
        size = int(length) if length.isdigit() else MOST_BYTES + 1
        self._serve(self.rfile.read(size)) if size <= MOST_BYTES else self._say(413, b"")

    def _serve(self, body: bytes) -> None:
        path = self.path.partition("?")[0]
        for prefix, work in _DOORS.items():
            if path.startswith(prefix):
                work(self, body)
                self.simulator.is_touched = True
                return
        self._say(404, b"")

    def gateway(self, body: bytes) -> None:
        now, office = datetime.now(UTC), self.simulator.office
        if self.command == "POST":
            self._say(200, office.alipay.answer(fields_of(body), now), {"content-type": "application/json"})
            return
        try:
            trade = office.alipay.opened(fields_of(self.path.partition("?")[2].encode()), now)
        except (Forged, Refused, ValueError, KeyError):
            self._say(400, b"SANDBOX: invalid request")
        else:
            self._say(303, b"", {"location": f"/cashier/{trade.transaction_id}"})

    def api(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.simulator.office.wechat_pay.answer(self.command, self.path, headers, body, datetime.now(UTC))
        self._say(reply.status, reply.body, dict(reply.headers))

    def statement(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.simulator.office.statement(self.path, headers, datetime.now(UTC))
        self._say(reply.status, reply.body)

    def plants(self, body: bytes) -> None:
        told: dict[str, Any] = json.loads(body)
        self.simulator.office.bills(PaymentMethod(told.pop("method"))).plants = Plants.read(told)
        self._say(204, b"")

    def cashier(self, body: bytes) -> None:
        trade = self.simulator.office.bank.by_transaction(self.path.rpartition("/")[2])
        if trade is None:
            self._say(404, b"SANDBOX: unknown")
            return
        if self.command == "POST":
            self.simulator.office.pay(trade, datetime.now(UTC))
        self._say(200, _page(trade).encode(), {"content-type": "text/html; charset=utf-8"})

    def habits(self, body: bytes) -> None:
        self.simulator.office.postman.habits = Habits(**json.loads(body))
        self._say(204, b"")

    def withdrawals(self, body: bytes) -> None:
        told: dict[str, str] = json.loads(body)
        self.simulator.office.bank.balances.pop((PaymentMethod(told["method"]), told["payee"]), None)
        self._say(204, b"")

    def merchants(self, body: bytes) -> None:
        told: dict[str, Any] = json.loads(body)
        method, public_key = PaymentMethod(told.pop("method")), told.pop("public_key")
        self.simulator.office.register(method, Merchant(private_key="", provider_keys={}, **told), public_key)
        name = KEY_ID if method is PaymentMethod.WECHAT_PAY else ""
        alipay = self.simulator.office.alipay
        said = json.dumps(
            {
                "key_id": name,
                "public_key": self.simulator.public[method],
                "certificate": alipay.certificate,
                "root_certificates": alipay.root_certificates,
                "app_certificate": alipay.certificate_for(public_key),
            }
        )
        self._say(200, said.encode(), {"content-type": "application/json"})

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        if self.simulator.office.postman.habits.is_silent and not self.path.startswith("/habits"):
            time.sleep(SILENCE)
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # whoever asked has lost patience
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name in the base class
        """Nobody reads it."""


Door = Callable[[_Handler, bytes], None]
_DOORS: dict[str, Door] = {
    "/gateway.do": _Handler.gateway,
    "/v3/billdownload/": _Handler.statement,
    "/v3/": _Handler.api,
    "/bills/": _Handler.statement,
    "/plants": _Handler.plants,
    "/cashier/": _Handler.cashier,
    "/habits": _Handler.habits,
    "/merchants": _Handler.merchants,
    "/withdrawals": _Handler.withdrawals,
}


def _page(trade: Trade) -> str:
    return _PAGE.format(
        subject=html.escape(trade.subject),
        method=trade.customer.method,
        amount=trade.amount,
        state=trade.state,
        form=_FORM if trade.state is ChannelState.WAITING else "",
    )
