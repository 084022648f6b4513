"""The order that was paid online before anybody came."""

import asyncio

import pytest

from api.demo.online import split_now
from models import Errand
from models.transaction import transact
from rules.errands import LEASE, ErrandKind
from rules.rails import PaymentFlow
from rules.settlement import SettlementStatus
from services import clock
from services.splitting import split
from tests.order_makers import make_parties
from tests.payment_makers import ALIPAY
from tests.split_makers import make_rule, make_simulated


@pytest.mark.usefixtures("database")
async def test_the_till_stays_open_until_whoever_is_at_the_split_is_done() -> None:
    """Before, a slow machine's demo began with a split that had failed: its own clock was at it, and found the till closed."""
    parties = await make_parties()
    await make_rule(supplier_id=parties.supplier.home)
    shared = await make_simulated(parties, ALIPAY, PaymentFlow.QR)
    key = (await shared.settlement()).id
    [held] = await transact(lambda: Errand.claim_one(ErrandKind.SPLIT_PAYMENT, key, clock.now(), LEASE))
    waiting = asyncio.create_task(split_now(parties.supplier, shared.payment))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await split(held)
    await waiting
    assert (await shared.settlement()).status is SettlementStatus.SETTLED
