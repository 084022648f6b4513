"""What the demo's platform keeps of what is paid online: two per cent, as soon as the goods are accepted."""

from datetime import date
from decimal import Decimal
from functools import partial

from api.demo.known import once
from models import CommissionReceiver, CommissionRule
from rules.billing import PaymentMethod
from rules.people import Actor
from services.commissions import RuleWish, create_commission_rule, set_commission_receiver

KEY, RATE, SINCE = "demo-commission", Decimal("0.02"), date(2026, 1, 1)
RECEIVERS = {PaymentMethod.ALIPAY: "2088999999999999", PaymentMethod.WECHAT_PAY: "1999999999"}


async def ask_commission(operator: Actor) -> None:
    """A rule for all, and where the share goes, made where missing."""
    wish = RuleWish(RATE, 0, SINCE)
    await once(CommissionRule, operator, KEY, partial(create_commission_rule, operator, wish, idempotency_key=KEY))
    for method, payee in RECEIVERS.items():
        if await CommissionReceiver.by(method) is None:
            await set_commission_receiver(operator, method, payee, "订货演示平台")
