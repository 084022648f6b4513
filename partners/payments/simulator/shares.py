"""What the simulated providers split of a payment, and take back, and why they would not."""

from decimal import ROUND_DOWN, Decimal

from partners.payments.simulator.bank import NONE, Bank, Customer, Refused, Share, Trade, account_of
from rules.billing import PaymentMethod
from rules.rails import ChannelState

MOST = Decimal("0.30")
"""Of a payment, which both providers let be given away unless something else was agreed on."""


class Shares:
    """Both providers' books of who may be given something, and of what was."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._admitted: set[tuple[PaymentMethod, str, str]] = set()

    def admit(self, method: PaymentMethod, giver: str, receiver: str) -> None:
        """Again and again, if need be."""
        self._admitted.add((method, giver, receiver))

    def share(self, customer: Customer, number: str) -> tuple[Trade, Share]:
        """What the merchant's split of this number gave, and of which trade; Refused where there is none."""
        for trade in self._bank:
            if trade.customer == customer and number in trade.shares:
                return trade, trade.shares[number]
        raise Refused("NO_SHARE")

    def give(self, trade: Trade, number: str, receiver: str, amount: Decimal) -> Share:
        """Give so much of what is held, and free the rest; the same number again gives nothing more. Raises Refused."""
        with self._bank.lock:
            known = trade.shares.get(number)
            if known is not None:
                if (known.receiver, known.amount) != (receiver, amount):
                    raise Refused("SHARE_CONTRADICTION")
                return known
            self._check(trade, receiver, amount)
            made = trade.shares[number] = Share(number, receiver, amount)
            if amount:
                self._bank.balances[trade.customer.method, receiver] += amount
            self._bank.balances[account_of(trade)] += trade.held - amount
            trade.held = NONE
            return made

    def take_back(self, trade: Trade, share: Share, number: str, amount: Decimal) -> None:
        """From the receiver's account into the merchant's; the same number again takes nothing more. Raises Refused."""
        with self._bank.lock:
            known = share.returns.get(number)
            if known is not None:
                if known != amount:
                    raise Refused("SHARE_CONTRADICTION")
                return
            if not 0 < amount <= share.kept:
                raise Refused("RETURN_TOO_MUCH")
            if self._bank.balances[trade.customer.method, share.receiver] < amount:
                raise Refused("RECEIVER_SHORT")
            share.returns[number] = amount
            self._bank.balances[trade.customer.method, share.receiver] -= amount
            self._bank.balances[account_of(trade)] += amount

    def take_back_pro_rata(self, trade: Trade, number: str, refund: Decimal) -> None:
        """What Alipay does by itself before it refunds so much of a payment at the counter."""
        for share in trade.shares.values():
            part = (share.amount * refund / trade.amount).quantize(NONE, ROUND_DOWN)
            if part:
                self.take_back(trade, share, number, part)

    def _check(self, trade: Trade, receiver: str, amount: Decimal) -> None:
        if trade.state is not ChannelState.PAID:
            raise Refused("UNPAID")
        if not trade.is_to_split:
            raise Refused("NOT_TO_SPLIT")
        if amount and (trade.customer.method, trade.customer.payee, receiver) not in self._admitted:
            raise Refused("NO_RECEIVER")
        if amount > trade.held:
            raise Refused("UNSPLIT_SHORT")
        given = sum((share.kept for share in trade.shares.values()), amount)
        if given > (trade.amount * MOST).quantize(NONE, ROUND_DOWN):
            raise Refused("OVER_LIMIT")
