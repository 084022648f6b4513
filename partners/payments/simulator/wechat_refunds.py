"""The simulated WeChat Pay, as far as it pays back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from partners.payments.alipay_gateway import BEIJING
from partners.payments.simulator.bank import Bank, Refused, Trade
from rules.rails import from_fen, to_fen


class WeChatRefunds:
    """Answers a merchant first that it is in hand, and asked again, whether it is closed or waits for somebody. `fate` says what becomes
    of those that are asked for now."""

    def __init__(self, bank: Bank, fate: Callable[[], str]) -> None:
        self._bank, self._fate = bank, fate

    def answer(self, trade: Trade, wanted: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """What is told of a refund that is asked for; raises Refused, ValueError, KeyError."""
        number, amount, fate = wanted["out_refund_no"], from_fen(wanted["amount"]["refund"]), self._fate()
        if amount is None or from_fen(wanted["amount"]["total"]) != trade.amount:
            raise ValueError("amount")
        is_new = number not in trade.refunds and number not in trade.closed_refunds
        if is_new and fate == "REFUSED":
            raise Refused("NO_BALANCE")
        if is_new and fate == "CLOSED":
            trade.closed_refunds[number], trade.refund_url = amount, wanted.get("notify_url", "")
        elif number not in trade.closed_refunds:
            self._bank.refund(trade, number, amount, wanted.get("notify_url", ""), now)
            if is_new and fate == "ABNORMAL":
                trade.stuck.add(number)
            if is_new and fate == "MERCHANT_BANK_CARD":
                trade.to_merchant.add(number)
        state = self.state(trade, number)
        return {"out_refund_no": number, "status": "PROCESSING" if is_new or state == "SUCCESS" else state}

    def state(self, trade: Trade, number: str) -> str:
        """As WeChat Pay names it; what is stuck is done by hand once it is no more to be."""
        if number in trade.stuck and self._fate() == "ABNORMAL":
            return "ABNORMAL"
        return "SUCCESS" if number in trade.refunds else "CLOSED"

    def told(self, trade: Trade, number: str, now: datetime) -> dict[str, Any]:
        """What a notice says of it."""
        state, total = self.state(trade, number), to_fen(trade.amount)
        back = to_fen(trade.refunds[number] if number in trade.refunds else trade.closed_refunds[number])
        done = {"success_time": now.astimezone(BEIJING).isoformat(timespec="seconds")} if state == "SUCCESS" else {}
        receiver = "商户结算银行账户" if number in trade.to_merchant else "支付用户零钱"
        return {
            "mchid": trade.customer.payee,
            "out_trade_no": trade.number,
            "transaction_id": trade.transaction_id,
            "out_refund_no": number,
            "refund_id": f"50{trade.transaction_id}"[:32],
            "refund_status": state,
            **done,
            "user_received_account": receiver,
            "amount": {"total": total, "refund": back, "payer_total": total, "payer_refund": back},
        }
