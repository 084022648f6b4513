"""Splits, and their returns, whose number the provider has closed for good: who tries again takes a new one, and asks for nothing twice."""

from datetime import datetime
from decimal import Decimal as D

import pytest

from models import Event, Settlement, SettlementReturn
from partners.payments import Merchant, Split, SplitReturn, SplitWish
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.rails import ProviderRefundStatus
from rules.settlement import SettlementStatus, ShareReturnStatus
from services import partners
from services.errand_works import work_at_once
from services.retrying import retry_settlement
from tests.makers import make_platform
from tests.order_makers import make_parties
from tests.split_makers import Rail, Shared, make_rule, make_shared

pytestmark = pytest.mark.usefixtures("database")


class Closing(Rail):
    """A rail that closes the number of whatever it refuses, and refuses it ever after."""

    def __init__(self) -> None:
        super().__init__()
        self.closes = False
        self.closed: list[str] = []

    async def split(self, wish: SplitWish, merchant: Merchant, now: datetime) -> Split:
        """As the rail does, unless the number is closed."""
        return self._closed(wish) or await super().split(wish, merchant, now)

    async def take_back(self, wish: SplitReturn, merchant: Merchant, now: datetime) -> Split:
        """As the rail does, unless the number is closed."""
        return self._closed(wish) or await super().take_back(wish, merchant, now)

    def _closed(self, wish: SplitWish | SplitReturn) -> Split | None:
        if self.closes:
            self.closed.append(wish.number)
        if wish.number not in self.closed:
            return None
        return Split(wish.number, wish.amount, has_succeeded=False, reason="TIME_OUT_CLOSED", is_final=True)


async def make_closing() -> tuple[Shared, Closing]:
    """600.00 that bear 5 %, to be split now."""
    parties, rail = await make_parties(), Closing()
    await make_rule(supplier_id=parties.supplier.home)
    shared = await make_shared(parties)
    partners.use_payment_providers((rail,))
    return shared, rail


async def test_a_split_and_its_return_whose_numbers_were_closed_are_asked_for_again_under_new_ones() -> None:
    shared, rail = await make_closing()
    first, rail.closes = await shared.settlement(), True
    failed = await shared.split()
    assert (failed.status, failed.failure_reason) == (SettlementStatus.FAILED, "TIME_OUT_CLOSED")
    assert rail.closed == [first.number] != [failed.number]
    again = await retry_settlement(await make_platform(), failed.id, failed.version)
    assert again.status is SettlementStatus.FAILED, "closed once more"
    assert rail.closed == [first.number, failed.number]
    assert again.number not in rail.closed
    rail.closes = False
    done = await retry_settlement(await make_platform(), again.id, again.version)
    assert (done.status, done.failure_reason, done.number) == (SettlementStatus.SETTLED, None, again.number)
    assert (list(rail.splits), rail.given(shared.number)) == ([again.number], D("30.00"))
    assert await Settlement.filter(payment_id=shared.payment.id).count() == 1
    kinds = [event.kind async for event in Event.filter(stream=first.id).order_by("seq")]
    failures = [EventKind.SETTLEMENT_FAILED, EventKind.SETTLEMENT_DUE]
    assert kinds == [EventKind.SETTLEMENT_DUE, *failures * 2, EventKind.SETTLEMENT_SETTLED]
    await _return(shared, rail)


async def _return(shared: Shared, rail: Closing) -> None:
    """The share comes back under a new number as well, and the refund waits for that."""
    rail.closed.clear()
    rail.closes = True
    refund = await shared.refund("100.00")
    for tries in (2, 3):
        [row] = await SettlementReturn.of((await shared.settlement()).id)
        assert (row.status, row.failure_reason) == (ShareReturnStatus.REVERSING, "TIME_OUT_CLOSED")
        assert row.number not in rail.closed
        rail.closes = tries < 3
        await work_at_once(ErrandKind.REFUND_PAYMENT, refund.id)
    await refund.refresh_from_db()
    assert (refund.status, shared.trade.refunded) == (ProviderRefundStatus.SUCCEEDED, D("100.00"))
    [row] = await SettlementReturn.of((await shared.settlement()).id)
    assert (row.status, list(rail.returns)) == (ShareReturnStatus.REVERSED, [row.number])
    assert (len(set(rail.closed)), rail.given(shared.number)) == (2, D("25.00"))
