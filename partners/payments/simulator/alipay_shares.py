"""The simulated Alipay, as far as it splits."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from partners.payments.simulator.bank import NONE, Bank, Customer, Refused, Share, Trade
from partners.payments.simulator.shares import Shares
from rules.rails import yuan

Told = dict[str, Any]
_LONGEST_NUMBER = 32


class AlipayShares:
    """Answers what a merchant asks; raises Refused, ValueError, KeyError, TypeError."""

    def __init__(self, bank: Bank, is_hesitant: Callable[[], bool]) -> None:
        self._bank, self._shares, self._is_hesitant = bank, Shares(bank), is_hesitant
        self.methods: Mapping[str, Callable[[Customer, Told], Told]] = {
            "alipay.trade.royalty.relation.bind": self._bind,
            "alipay.trade.order.settle": self._settle,
            "alipay.trade.order.settle.query": self._query,
        }

    def refund(self, trade: Trade, wanted: Told, now: datetime) -> bool:
        """Give back to the payer, to the merchant from what it had given away, or both; whether the payer got something new."""
        number, amount, back = (
            wanted["out_request_no"],
            yuan(wanted["refund_amount"]),
            wanted.get("refund_royalty_parameters"),
        )
        if amount is None:
            raise ValueError("amount")
        if back and trade.is_face_to_face:
            raise Refused("NOT_TO_BE_SAID")
        for part in back or ():
            self._take_back(trade, number, part)
        if back and not amount:
            return False
        pro_rata = trade.is_face_to_face and trade.shares
        first = (lambda: self._shares.take_back_pro_rata(trade, number, amount)) if pro_rata else (lambda: None)
        return self._bank.refund(trade, number, amount, now=now, first=first)

    def _take_back(self, trade: Trade, number: str, part: Told) -> None:
        share = next((one for one in trade.shares.values() if one.receiver == part["trans_out"]), None)
        if share is None or part["trans_in"] != trade.customer.payee:
            raise Refused("NO_SHARE")
        self._shares.take_back(trade, share, number, Decimal(part["amount"]))

    def _bind(self, customer: Customer, wanted: Told) -> Told:
        for receiver in wanted["receiver_list"]:
            if receiver["type"] != "userId":
                raise ValueError("type")
            self._shares.admit(customer.method, customer.payee, receiver["account"])
        return {"result_code": "SUCCESS"}

    def _settle(self, customer: Customer, wanted: Told) -> Told:
        trade, number = self._bank.transaction(customer, wanted["trade_no"]), wanted["out_request_no"]
        if len(number) > _LONGEST_NUMBER or wanted["extend_params"] != {"royalty_finish": "true"}:
            raise ValueError("number, or not finished")
        [part] = wanted.get("royalty_parameters") or [{"trans_in": "", "amount": str(NONE)}]
        self._shares.give(trade, number, part["trans_in"], Decimal(part["amount"]))
        return {"trade_no": trade.transaction_id, "settle_no": f"S{number}"}

    def _query(self, customer: Customer, wanted: Told) -> Told:
        trade, number = self._bank.transaction(customer, wanted["trade_no"]), wanted["out_request_no"]
        details = [row for share in trade.shares.values() for row in _rows(share, number, trade.customer.payee)]
        if not details:
            raise Refused("NO_SHARE")
        state = "PROCESSING" if self._is_hesitant() else "SUCCESS"
        return {"out_request_no": number, "royalty_detail_list": [row | {"state": state} for row in details]}


def _rows(share: Share, number: str, payee: str) -> list[Told]:
    if share.number == number and share.amount:
        kind, giver, taker, amount = "transfer", payee, share.receiver, share.amount
    elif number in share.returns:
        kind, giver, taker, amount = "transfer_refund", share.receiver, payee, share.returns[number]
    else:
        return []
    return [{"operation_type": kind, "trans_out": giver, "trans_in": taker, "amount": str(amount)}]
