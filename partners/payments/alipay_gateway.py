"""How Alipay's open platform is asked: signed forms with JSON in them, and answers of which one member is signed as it stands.

Signing: https://opendocs.alipay.com/common/02mse7 and 02mriz. Requests are signed like notices, `sign_type` included; of an answer, the
JSON text of the one member named after the method is signed.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from partners.payments import Declined, Forged, Merchant, Unfit, Unsure, aside, rsa
from partners.payments.alipay_certificates import named, provider_keys
from partners.payments.calling import Call, call
from rules.rails import Refusal

LIVE = "https://openapi.alipay.com/gateway.do"
BEIJING = ZoneInfo("Asia/Shanghai")
# FREQUENCY_LIMIT is refused before anything was done, which asking again under the same number finds out as well.
_TRANSIENT = ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error", "FREQUENCY_LIMIT", "ACQ.FREQUENCY_LIMIT")
Fields = Mapping[str, str]
Content = Mapping[str, object]


class AlipayGateway:
    """The provider's gateway; its own sandbox, or our simulator, stands behind another address."""

    def __init__(self, live: str = LIVE, sandbox: str | None = None, call: Call = call) -> None:
        self._live, self._sandbox, self._call = live, sandbox, call

    async def _ask(
        self,
        method: str,
        content: Content,
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


def signed(method: str, content: Content, merchant: Merchant, now: datetime, more: Mapping[str, str]) -> dict[str, str]:
    """All fields of a request, with its signature."""
    fields = {
        "app_id": merchant.app_id,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": beijing(now),
        "version": "1.0",
        **named(merchant),
        **more,
        "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
    }
    return {**fields, "sign": rsa.signed(to_sign(fields, "sign"), merchant.private_key)}


def to_sign(fields: Fields, *without: str) -> bytes:
    """What is signed of a form."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in without).encode()


def prove(text: bytes, signature: str, merchant: Merchant, name: str = "") -> None:
    """Raise Forged unless the provider signed these bytes, with the certificate of this name if it names one."""
    trouble = Forged(Refusal.UNKNOWN_KEY, name[:64])
    for key in provider_keys(merchant, name):
        try:
            rsa.prove(text, signature, key)
        except Forged as fault:
            trouble = fault
        else:
            return
    raise trouble


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
    code, sub_code = text_of(told, "code", ""), text_of(told, "sub_code", "")
    try:
        name = json.loads(members.get("alipay_cert_sn", '""'))
        prove(raw.encode(), json.loads(members.get("sign", '""')), merchant, str(name))
    except (Forged, ValueError, TypeError) as fault:
        raise Unsure(f"unproven: {code} {sub_code}"[:100]) from fault
    if code == "10000":
        return told
    if code == "20000" or sub_code in _TRANSIENT:
        raise Unsure(f"{code} {sub_code}")
    raise Declined(sub_code or code, text_of(told, "sub_msg", ""))


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


def text_of(told: Mapping[str, Any], name: str, otherwise: str | None = None) -> str:
    """A text in an answer; Unsure where there is none."""
    found = told.get(name, otherwise)
    if not isinstance(found, str):
        raise Unsure(f"no {name}")
    return found


def beijing(moment: datetime) -> str:
    """The moment as the provider writes and reads it."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
