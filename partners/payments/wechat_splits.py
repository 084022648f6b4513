"""分账: how WeChat Pay splits what it collected. Sources and what was taken from SDKs only: docs/payments.md; choices: docs/decisions/0145.

Everything is accepted first (PROCESSING) and done later, mostly at once. A number that the provider closed stays closed.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from partners.payments import Declined, Merchant, Split, SplitReturn, SplitWish, Unsure, aside, rsa
from partners.payments.wechat_api import Fields, WeChatAPI
from rules.rails import to_fen

HELD = {"profit_sharing": True}
"""In settle_info of a payment that is to be split; what is never split is free after 30 days, which merchants of their own have."""

ORDERS = "/v3/profitsharing/orders"
RETURNS = "/v3/profitsharing/return-orders"
_RESULTS = {"SUCCESS": True, "CLOSED": False, "FAILED": False}
_NO_MONEY = "NOT_ENOUGH"
_WORDS = 80


class WeChatSplits(WeChatAPI):
    """Splits, and takes back."""

    async def admit(self, receiver: str, name: str, merchant: Merchant, now: datetime) -> None:
        """The receiver's name is checked, and sealed for the provider with the key that our headers name."""
        *_, key = merchant.provider_keys.values()
        wanted = {
            "appid": merchant.app_id,
            "type": "MERCHANT_ID",
            "account": receiver,
            "name": await aside(partial(rsa.sealed, name.encode(), key)),
            "relation_type": "SERVICE_PROVIDER",
        }
        await self._ask("POST", "/v3/profitsharing/receivers/add", wanted, merchant, now)

    async def split(self, wish: SplitWish, merchant: Merchant, now: datetime) -> Split:
        """The share, and the rest is free; a share of nothing is what the provider calls to unfreeze."""
        wanted = {"transaction_id": wish.transaction_id, "out_order_no": wish.number}
        path, words = ORDERS, wish.description[:_WORDS]
        if wish.amount:
            receiver = {
                "type": "MERCHANT_ID",
                "account": wish.receiver,
                "amount": to_fen(wish.amount),
                "description": words,
            }
            more: Fields = {"appid": merchant.app_id, "receivers": [receiver], "unfreeze_unsplit": True}
        else:
            path, more = f"{ORDERS}/unfreeze", {"description": words}
        told = await self._ask("POST", path, {**wanted, **more}, merchant, now)
        begun = Split(wish.number, wish.amount, None)
        account = wish.receiver if wish.amount else merchant.payee
        if told.get("state") == "PROCESSING":
            path = f"{ORDERS}/{wish.number}?{urlencode({'transaction_id': wish.transaction_id})}"
            told = await self._told(path, merchant, now)
        return _outcome(begun, _shares(told, account))

    async def take_back(self, wish: SplitReturn, merchant: Merchant, now: datetime) -> Split:
        """A receiver without the money has not begun to give it back: asked again, the same number may succeed."""
        wanted = {
            "out_order_no": wish.split_number,
            "out_return_no": wish.number,
            "return_mchid": wish.receiver,
            "amount": to_fen(wish.amount),
            "description": wish.description[:_WORDS],
        }
        begun = Split(wish.number, wish.amount, None)
        try:
            told = await self._ask("POST", RETURNS, wanted, merchant, now)
        except Declined as no:
            if no.code == _NO_MONEY:
                return Split(wish.number, wish.amount, False, no.code)
            raise
        if told.get("result") == "PROCESSING":
            path = f"{RETURNS}/{wish.number}?{urlencode({'out_order_no': wish.split_number})}"
            told = await self._told(path, merchant, now)
        return _outcome(begun, [told])

    async def _told(self, path: str, merchant: Merchant, now: datetime) -> Fields:
        """What the provider knows of it; nothing, where it does not answer or does not find it yet."""
        try:
            return await self._ask("GET", path, None, merchant, now)
        except (Declined, Unsure):
            return {}


def _shares(told: Fields, account: str) -> list[Fields]:
    """The one receiver's; the rest that is freed stands among them as the supplier's own."""
    found = told.get("receivers")
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, dict) and row.get("account") == account]


def _outcome(begun: Split, rows: Iterable[Fields]) -> Split:
    for row in rows:
        done = _RESULTS.get(str(row.get("result")))
        if done is not None:
            reason = "" if done else str(row.get("fail_reason") or row.get("result"))
            return Split(begun.number, begun.amount, done, reason, is_final=not done)
    return begun
