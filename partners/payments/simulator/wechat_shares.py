"""The simulated WeChat Pay, as far as it splits."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from partners.payments import rsa
from partners.payments.simulator.bank import NONE, Bank, Customer, Refused, Share, Trade
from partners.payments.simulator.shares import Shares
from rules.rails import from_fen, to_fen

Told = dict[str, Any]
Wanted = Mapping[str, Any]
_ORDER = re.compile(r"/v3/profitsharing/orders/([^/?]+)\?transaction_id=(\w+)")
_RETURN = re.compile(r"/v3/profitsharing/return-orders/([^/?]+)\?&?out_order_no=(\w+)")


class WeChatShares:
    """Answers what a merchant asks: first that it is in hand, and then, when asked how it went. Raises Refused, ValueError, KeyError."""

    def __init__(self, bank: Bank, private_key: str, is_hesitant: Callable[[], bool]) -> None:
        self._bank, self._shares = bank, Shares(bank)
        self._key, self._is_hesitant = private_key, is_hesitant
        self._posts: Mapping[str, Callable[[Customer, Wanted], Told]] = {
            "/v3/profitsharing/receivers/add": self._admit,
            "/v3/profitsharing/orders": self._split,
            "/v3/profitsharing/orders/unfreeze": self._unfreeze,
            "/v3/profitsharing/return-orders": self._return,
        }

    def answer(self, customer: Customer, method: str, path: str, wanted: Wanted) -> Told:
        """What is told of it."""
        if method == "POST" and path in self._posts:
            return self._posts[path](customer, wanted)
        state = "PROCESSING" if self._is_hesitant() else "SUCCESS"
        if method == "GET" and (asked := _ORDER.fullmatch(path)):
            trade, share = self._shares.share(customer, asked[1])
            if trade.transaction_id != asked[2]:
                raise Refused("NO_SHARE")
            return _split(trade, share, state)
        if method == "GET" and (asked := _RETURN.fullmatch(path)):
            _, share = self._shares.share(customer, asked[2])
            if asked[1] not in share.returns:
                raise Refused("NO_SHARE")
            return _return(share, asked[1], state)
        raise Refused("NO_SHARE")

    def _admit(self, customer: Customer, wanted: Wanted) -> Told:
        if (
            wanted["appid"] != customer.app_id
            or wanted["type"] != "MERCHANT_ID"
            or not rsa.unsealed(wanted["name"], self._key)
        ):
            raise ValueError("app, type or name")
        self._shares.admit(customer.method, customer.payee, wanted["account"])
        return {name: wanted[name] for name in ("type", "account", "name", "relation_type")}

    def _split(self, customer: Customer, wanted: Wanted) -> Told:
        [receiver] = wanted["receivers"]
        amount = from_fen(receiver["amount"])
        if not amount or wanted["unfreeze_unsplit"] is not True or receiver["type"] != "MERCHANT_ID":
            raise ValueError("amount, receiver, or not unfreezing")
        trade = self._bank.transaction(customer, wanted["transaction_id"])
        share = self._shares.give(trade, wanted["out_order_no"], receiver["account"], amount)
        return _split(trade, share, "PROCESSING")

    def _unfreeze(self, customer: Customer, wanted: Wanted) -> Told:
        trade = self._bank.transaction(customer, wanted["transaction_id"])
        return _split(trade, self._shares.give(trade, wanted["out_order_no"], "", NONE), "PROCESSING")

    def _return(self, customer: Customer, wanted: Wanted) -> Told:
        trade, share = self._shares.share(customer, wanted["out_order_no"])
        amount = from_fen(wanted["amount"])
        if amount is None or wanted["return_mchid"] != share.receiver:
            raise ValueError("amount or receiver")
        self._shares.take_back(trade, share, wanted["out_return_no"], amount)
        return _return(share, wanted["out_return_no"], "PROCESSING")


def _split(trade: Trade, share: Share, state: str) -> Told:
    rows = [
        {"account": trade.customer.payee, "amount": to_fen(trade.amount - share.amount), "description": "解冻给分账方"}
    ]
    if share.amount:
        rows.append({"account": share.receiver, "amount": to_fen(share.amount), "description": "SANDBOX"})
    result = "PENDING" if state == "PROCESSING" else "SUCCESS"
    return {
        "transaction_id": trade.transaction_id,
        "out_order_no": share.number,
        "order_id": f"30{trade.transaction_id}",
        "state": "PROCESSING" if state == "PROCESSING" else "FINISHED",
        "receivers": [{"type": "MERCHANT_ID", "result": result, **row} for row in rows],
    }


def _return(share: Share, number: str, result: str) -> Told:
    told: Told = {"out_order_no": share.number, "out_return_no": number, "return_mchid": share.receiver}
    return told | {"amount": to_fen(share.returns[number]), "result": result}
