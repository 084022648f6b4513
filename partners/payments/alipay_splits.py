"""商家分账: how Alipay splits what it collected. Sources and what was taken from SDKs only: docs/payments.md; choices: docs/decisions/0145.

Admitted by alipay.trade.royalty.relation.bind, given by alipay.trade.order.settle, told by alipay.trade.order.settle.query, taken back by
alipay.trade.refund of nothing to the payer (只退分账). A settlement that failed is tried again by asking again under the same number.
"""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from partners.payments import Declined, Merchant, Split, SplitReturn, SplitWish, Unsure
from partners.payments.alipay_gateway import AlipayGateway, Content
from rules.rails import PaymentFlow

FROZEN = {"royalty_freeze": "true"}
"""In extend_params of a payment that is to be split; what is never settled is free after 30 days."""

_FINISHED = {"royalty_finish": "true"}
_STATES = {"SUCCESS": True, "FAIL": False}
_NO_MONEY = "BALANCE_NOT_ENOUGH"
_UNSURE = "ACQ.TRADE_SETTLE_ERROR"


class AlipaySplits(AlipayGateway):
    """Splits, and takes back."""

    async def admit(self, receiver: str, name: str, merchant: Merchant, now: datetime) -> None:
        """Binding what is bound succeeds; each try has a number of its own, for an old one would not bind again what was unbound."""
        known = {"type": "userId", "account": receiver, "memo": "platform"} | ({"name": name} if name else {})
        wanted = {"out_request_no": uuid4().hex, "receiver_list": [known]}
        told = await self._ask("alipay.trade.royalty.relation.bind", wanted, merchant, now)
        if told.get("result_code", "SUCCESS") != "SUCCESS":
            raise Declined(str(told["result_code"]))

    async def split(self, wish: SplitWish, merchant: Merchant, now: datetime) -> Split:
        """In one call: given at once or not at all, and the rest is free."""
        wanted: dict[str, object] = {
            "out_request_no": wish.number,
            "trade_no": wish.transaction_id,
            "extend_params": _FINISHED,
        }
        if wish.amount:
            share = {"trans_in_type": "userId", "trans_in": wish.receiver}
            wanted["royalty_parameters"] = [share | _part(wish.amount, wish.description)]
        try:
            await self._ask("alipay.trade.order.settle", wanted, merchant, now)
        except Declined as no:
            if no.code == _UNSURE:  # documented: it may have been done, and is to be asked for again
                raise Unsure(no.code) from no
            raise
        if not wish.amount:
            return Split(wish.number, wish.amount, True)
        return await self._told(Split(wish.number, wish.amount, None), "transfer", wish.transaction_id, merchant, now)

    async def take_back(self, wish: SplitReturn, merchant: Merchant, now: datetime) -> Split:
        """Of a scanned code's payment nothing is asked: of those the provider takes back by itself, with the refund and pro rata,
        and forbids to say how much."""
        begun = Split(wish.number, wish.amount, None)
        if wish.flow is PaymentFlow.QR:
            return Split(wish.number, wish.amount, True)
        back = {
            "trans_out_type": "userId",
            "trans_out": wish.receiver,
            "trans_in_type": "userId",
            "trans_in": merchant.payee,
        }
        wanted: Content = {
            "trade_no": wish.transaction_id,
            "refund_amount": "0.00",
            "out_request_no": wish.number,
            "refund_royalty_parameters": [back | _part(wish.amount, wish.description)],
        }
        try:
            await self._ask("alipay.trade.refund", wanted, merchant, now)
        except Declined as no:
            if no.code.endswith(_NO_MONEY):
                return Split(wish.number, wish.amount, False, no.code)
            raise
        return await self._told(begun, "transfer_refund", wish.transaction_id, merchant, now)

    async def _told(self, begun: Split, kind: str, trade_no: str, merchant: Merchant, now: datetime) -> Split:
        """How it stands; still nobody knows where the provider does not find it yet."""
        asked = {"out_request_no": begun.number, "trade_no": trade_no}
        try:
            told = await self._ask("alipay.trade.order.settle.query", asked, merchant, now)
        except (Declined, Unsure):
            return begun
        details = told.get("royalty_detail_list")
        for detail in details if isinstance(details, list) else ():
            if isinstance(detail, dict) and detail.get("operation_type") == kind:
                reason = str(detail.get("error_code") or "")
                return Split(begun.number, begun.amount, _STATES.get(str(detail.get("state"))), reason)
        return begun


def _part(amount: Decimal, words: str) -> dict[str, str]:
    return {"royalty_type": "transfer", "amount": str(amount), "desc": words[:1000]}
