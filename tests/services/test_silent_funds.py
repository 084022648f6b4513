"""A supplier's silence confirms money once, not before its time, and nothing that the supplier has decided itself."""

from datetime import timedelta

import pytest

from models import Company, Event, OnlinePayment
from models.transaction import transact
from rules.billing import PaymentStatus
from services import clock
from services.collecting import CollectionPolicy, set_collection_policy
from services.paying import confirm_funds
from services.silent_funds import confirm_silently
from services.sweeping import sweep
from tests.carrier_makers import as_admin
from tests.makers import make_key
from tests.order_makers import Parties, make_parties
from tests.payment_makers import Started, make_online_payment
from tests.races import in_the_middle_of

pytestmark = pytest.mark.usefixtures("database")
DAYS = timedelta(days=2)


@pytest.fixture
async def parties() -> Parties:
    """A supplier whose silence of two days counts."""
    found = await make_parties()
    version = (await Company.named(found.supplier.home)).version
    policy = CollectionPolicy(confirm_funds_after_days=DAYS.days)
    await set_collection_policy(as_admin(found.supplier), version, policy)
    return found


async def make_paid(parties: Parties) -> Started:
    """A payment that its provider tells of."""
    started = await make_online_payment(parties)
    await started.pay()
    return started


async def confirmations(started: Started) -> list[str]:
    """Who has said that the supplier has the money."""
    told = Event.filter(stream=started.order.id, kind="FUNDS_CONFIRMED").order_by("seq")
    return [event.actor_name async for event in told]


async def test_two_clocks_in_each_other_s_middle_confirm_once_not_before_its_time_and_nothing_decided_since(
    parties: Parties,
) -> None:
    paid, decided = await make_paid(parties), await make_paid(parties)
    await transact(lambda: confirm_silently(paid.payment.id))
    assert (await paid.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    now = await decided.now()
    await confirm_funds(parties.supplier, now.id, now.version, now.amount, idempotency_key=make_key())
    before = (await decided.now()).version
    with clock.held_at(clock.now() + DAYS + timedelta(minutes=1)):
        await in_the_middle_of(
            lambda: confirm_silently(paid.payment.id), lambda: transact(lambda: confirm_silently(paid.payment.id))
        )
        await sweep()
        assert await OnlinePayment.unconfirmed(clock.now(), 9) == []
    assert await confirmations(paid) == ["clock"]
    assert ((await decided.now()).version, len(await confirmations(decided))) == (before, 1)
