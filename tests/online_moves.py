"""One random try at each step of a payment through a provider; those of orders are in `moves`."""

from typing import Any

from models import Invoice, MerchantAccount, Payment
from rules.billing import PaymentStatus
from rules.people import Actor, CompanyKind, Role
from rules.rails import FLOWS, ONLINE
from services import clock, online_paying
from services.payment_notices import receive_notice
from tests.makers import make_key
from tests.payment_makers import ALIPAY, line, make_merchant

REASON = "退款 · refund"


async def start_payment(turn: Any) -> object:
    """Mostly somebody pays at once, and its provider says so, twice."""
    invoice = await turn.one(Invoice)
    supplier = turn.order.supplier_id
    if not await MerchantAccount.offered(supplier):
        await make_merchant(Actor(company=supplier, kind=CompanyKind.SUPPLIER, roles=frozenset({Role.ADMIN})))
    wish = online_paying.Checkout(ALIPAY, turn.chance.choice(sorted(FLOWS[ALIPAY])))
    payment = await online_paying.start_payment(turn.actor, invoice.id, wish, idempotency_key=make_key())
    office, account = line().office, (await MerchantAccount.offered(supplier))[ALIPAY]
    trades = [trade for trade in office.bank if trade.number == payment.id.hex]
    if trades and turn.chance.random() < 0.7:
        office.bank.pay(trades[0], clock.now())
        for _ in range(2):
            await receive_notice(ALIPAY, account.endpoint, office.alipay.notice(trades[0], clock.now()))
    return payment


async def close_payment(turn: Any) -> object:
    payment = await turn.one(Payment, status=PaymentStatus.AWAITING_CHANNEL)
    return await online_paying.close_payment(turn.actor, payment.id, payment.version)


async def refund_payment(turn: Any) -> object:
    payment = await turn.one(Payment, method__in=ONLINE)
    amount = round(turn.much(payment.amount), 2)
    return await online_paying.refund_payment(
        turn.actor, payment.id, payment.version, amount, REASON, idempotency_key=make_key()
    )


ONLINE_MOVES = {"start_payment": start_payment, "close_payment": close_payment, "refund_payment": refund_payment}
