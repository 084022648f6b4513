"""The simulated providers together: their books, their answers, and the letters they write. No sockets, so that a test can hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from partners.payments import Merchant
from partners.payments.calling import Reply
from partners.payments.simulator.alipay_side import SCHEDULE as ALIPAY_SCHEDULE
from partners.payments.simulator.alipay_side import AlipaySide
from partners.payments.simulator.bank import Bank, Customer, Refused, Trade
from partners.payments.simulator.bills import Bills
from partners.payments.simulator.postman import Letter, Post, Postman
from partners.payments.simulator.wechat_side import SCHEDULE as WECHAT_SCHEDULE
from partners.payments.simulator.wechat_side import WeChatSide
from rules.billing import PaymentMethod


@dataclass(frozen=True)
class Keys:
    """Private keys in PEM."""

    alipay: str
    wechat_pay: str


class Office:
    """Both providers of one sandbox."""

    def __init__(self, keys: Keys, post: Post, pace: int = 1, address: str = "") -> None:
        self.bank, self.postman = Bank(), Postman(post, pace)
        self.alipay = AlipaySide(self.bank, keys.alipay, address, self._is_hesitant)
        self.wechat_pay = WeChatSide(self.bank, keys.wechat_pay, address, self._is_hesitant, self._fate_of_refunds)
        self._told_refunds: set[tuple[str, str, str]] = set()

    def pay(self, trade: Trade, now: datetime) -> bool:
        """Somebody pays, and the merchant is told."""
        if not self.bank.pay(trade, now):
            return False
        self.tell(trade, now)
        return True

    def tell(self, trade: Trade, now: datetime, refund: str = "") -> None:
        """Write to the merchant of the trade, or of one of its refunds."""
        if trade.customer.method is PaymentMethod.ALIPAY:
            write = partial(self.alipay.notice, trade, refund=refund)
            letter = Letter(trade.notify_url, write, _by_word, ALIPAY_SCHEDULE, now)
        else:
            url = trade.refund_url if refund else trade.notify_url
            write = partial(self.wechat_pay.notice, trade, refund=refund)
            letter = Letter(url, write, _by_status, WECHAT_SCHEDULE, now)
        self.postman.take(letter)

    def tell_refunds(self, now: datetime) -> None:
        """Write of every refund that nobody was told of yet as it stands now."""
        for trade in self.bank:
            for number in [*trade.refunds, *trade.closed_refunds]:
                told = trade.transaction_id, number, self.wechat_pay.refunds.state(trade, number)
                if told not in self._told_refunds:
                    self._told_refunds.add(told)
                    self.tell(trade, now, number)

    def bills(self, method: PaymentMethod) -> Bills:
        """The statements of one of the two."""
        return self.alipay.bills if method is PaymentMethod.ALIPAY else self.wechat_pay.bills

    def statement(self, path: str, headers: Mapping[str, str], now: datetime) -> Reply:
        """What is behind the address of a statement."""
        if not path.startswith("/bills/"):
            return self.wechat_pay.file(path, headers, now)
        try:
            _, payee, day = path.strip("/").split("/")
            return Reply(200, self.alipay.bills.file(PaymentMethod.ALIPAY, payee, day.removesuffix(".zip"), now), {})
        except (Refused, ValueError, KeyError):
            return Reply(404, b"", {})

    def register(self, method: PaymentMethod, merchant: Merchant, public_key: str) -> None:
        """Know a merchant by the public half of its key."""
        serial, secret = merchant.certificate_serial, merchant.secret
        self.bank.register(Customer(method, merchant.app_id, merchant.payee, public_key, serial, secret))

    def _is_hesitant(self) -> bool:
        return self.postman.habits.is_hesitant

    def _fate_of_refunds(self) -> str:
        return self.postman.habits.refunds


def _by_word(status: int, body: bytes) -> bool:
    return body == b"success"


def _by_status(status: int, body: bytes) -> bool:
    return status in (200, 204)
