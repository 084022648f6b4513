"""How WeChat Pay's API is asked: signed JSON both ways."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from partners.payments import Declined, Forged, Merchant, Unfit, Unsure, aside
from partners.payments.calling import Call, Reply, call
from partners.payments.wechat_signing import prove, signed_headers
from rules.rails import Refusal

LIVE = "https://api.mch.weixin.qq.com"
_UNSURE = ("SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BANK_ERROR")
Fields = Mapping[str, Any]


class WeChatAPI:
    """The provider's API; our simulator stands behind another address."""

    def __init__(self, live: str = LIVE, sandbox: str | None = None, call: Call = call) -> None:
        self._live, self._sandbox, self._call = live, sandbox, call

    async def _ask(self, method: str, path: str, content: Fields | None, merchant: Merchant, now: datetime) -> Fields:
        body = b"" if content is None else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        base = self._base(merchant)
        headers = await aside(partial(signed_headers, method, urlsplit(base + path), body, merchant, now))
        reply = await self._call(method, base + path, body, headers)
        return await aside(partial(_believed, reply, merchant, now))

    def _base(self, merchant: Merchant) -> str:
        if not merchant.is_sandbox:
            return self._live
        if self._sandbox is None:
            raise Unfit("isSandbox", "must be false: this installation has no simulated provider")
        return self._sandbox


def object_of(text: bytes) -> Fields:
    """A JSON object, no number of which became a float; raises Forged."""
    try:
        found = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as fault:
        raise Forged(Refusal.UNREADABLE, "no JSON") from fault
    if not isinstance(found, dict):
        raise Forged(Refusal.UNREADABLE, "no JSON object")
    return found


def _believed(reply: Reply, merchant: Merchant, now: datetime) -> Fields:
    """What the provider answers, once proven; Declined where it says no, Unsure where nobody can tell."""
    try:
        prove(reply.body, reply.headers, merchant, now)
        told = object_of(reply.body) if reply.body else {}
    except Forged as fault:
        raise Unsure(f"unproven: {reply.status} {fault}") from fault
    if reply.status in (200, 204):
        return told
    code = str(told.get("code"))
    if reply.status >= 500 or reply.status in (202, 429) or code in _UNSURE:
        raise Unsure(f"{reply.status} {code}")
    raise Declined(code, str(told.get("message", "")))
