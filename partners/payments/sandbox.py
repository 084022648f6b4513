"""A simulated Alipay inside of this process, for whoever makes a demo; the simulator that serves from the same folder knows of it later."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from partners.payments import Merchant, Notice
from partners.payments.calling import Reply
from partners.payments.rsa import public_half
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.memory import keys_in, recall, remember
from partners.payments.simulator.office import Office
from rules.billing import PaymentMethod


class Sandbox:
    """Alipay for one merchant, whose private key is given; it tells nobody anything by itself."""

    def __init__(self, folder: Path, key: str) -> None:
        keys = keys_in(folder)
        self._folder, self._office, self.key = folder, Office(keys, lambda _url, _notice: (200, b"")), key
        self.provider_keys: Mapping[str, str] = {"": public_half(keys.alipay)}
        recall(folder, self._office)

    def admit(self, merchant: Merchant) -> None:
        """Understand the merchant from now on."""
        self._office.register(PaymentMethod.ALIPAY, merchant, public_half(self.key))

    def pay(self, merchant: Merchant, number: str) -> Notice:
        """Somebody pays what was asked for under this number: what the merchant is to be told. Raises Refused."""
        bank, now = self._office.bank, datetime.now(UTC)
        trade = bank.trade(bank.customers[PaymentMethod.ALIPAY, merchant.app_id], number)
        bank.pay(trade, now)
        return self._office.alipay.notice(trade, now)

    async def call(self, _method: str, _url: str, body: bytes, _headers: Mapping[str, str]) -> Reply:
        """What the provider answers."""
        return Reply(200, self._office.alipay.answer(fields_of(body), datetime.now(UTC)), {})

    def keep(self) -> None:
        """What was done is known to the one that serves from the folder next."""
        remember(self._folder, self._office)
