"""An order that was paid online before anybody came: its invoice by Alipay, in the sandbox, its money confirmed and split."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from api.demo.paying import account_names
from api.demo.stories import invoiced, tell
from models import Invoice, Payment, Settlement
from models.idempotency import IdempotencyKey
from partners.payments import Merchant, Notice
from rules.billing import PaymentMethod
from rules.errands import ErrandKind
from rules.people import Actor
from rules.rails import PaymentFlow
from rules.settlement import SettlementStatus
from services.drafting import LineWish
from services.errand_works import work_at_once
from services.merchants import MerchantCredentials, set_merchant_account
from services.online_paying import Checkout, start_payment
from services.paying import confirm_funds
from services.payment_notices import receive_notice
from services.secret import Secret

KEY, PAIR, NUMBER = "demo-order-online", ("haichuan", "henggu"), 0
ALIPAY = PaymentMethod.ALIPAY
UNDECIDED = (SettlementStatus.DUE, SettlementStatus.PROCESSING)
PATIENCE = 60.0


class Till(Protocol):
    """A simulated provider at which somebody pays at once."""

    key: str
    """The private key of its merchant."""
    provider_keys: Mapping[str, str]

    def admit(self, merchant: Merchant) -> None:
        """Understand the merchant from now on."""

    def pay(self, merchant: Merchant, number: str) -> Notice:
        """Somebody pays what was asked for under this number: what the merchant is to be told."""


Opens = Callable[[], AbstractContextManager[Till]]
"""While the till is open, money is taken there."""


async def tell_paid_online(actors: dict[str, Actor], lines: list[LineWish], opens: Opens) -> None:
    """The order, unless it was told of before: nothing is open on any axis."""
    await tell(KEY, invoiced, actors, PAIR, lines)
    buyer, supplier = (actors[f"fin@{name}.demo"] for name in PAIR)
    requester = actors[f"req@{PAIR[0]}.demo"]
    order_id = await IdempotencyKey.result_of(requester.member or requester.home, KEY)
    if await Payment.visible_to(buyer).filter(order_id=order_id).exists():
        return
    invoice = await Invoice.visible_to(buyer).get(order_id=order_id)
    own = account_names(NUMBER, ALIPAY)
    with opens() as till:
        credentials = MerchantCredentials(
            private_key=Secret(till.key),
            provider_keys=till.provider_keys,
            is_sandbox=True,
            app_id=own["app_id"],
            payee=own["payee"],
        )
        till.admit(credentials.merchant())
        account = await set_merchant_account(actors[f"admin@{PAIR[1]}.demo"], ALIPAY, credentials)
        wish = Checkout(ALIPAY, PaymentFlow.QR)
        payment = await start_payment(buyer, invoice.id, wish, idempotency_key=f"{KEY}-payment")
        await receive_notice(ALIPAY, account.endpoint, till.pay(credentials.merchant(), payment.id.hex))
        payment = await Payment.visible_to(supplier).get(id=payment.id)
        await confirm_funds(supplier, payment.id, payment.version, payment.amount, idempotency_key=f"{KEY}-funds")
        await split_now(supplier, payment)


async def split_now(supplier: Actor, payment: Payment) -> None:
    """Until it is split: the clock of this process may be at it just now, and would find the till closed."""
    async with asyncio.timeout(PATIENCE):
        while (split := await Settlement.visible_to(supplier).get(payment_id=payment.id)).status in UNDECIDED:
            await work_at_once(ErrandKind.SPLIT_PAYMENT, split.id)
            await asyncio.sleep(0.05)
