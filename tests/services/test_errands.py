"""Errands are done one after another, each while its worker holds it, and what takes long holds up nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial

import pytest

from models import Errand, OnlinePayment, Reconciliation
from models.base import new_id
from models.transaction import transact
from partners.payments import File, Merchant
from rules.billing import PaymentStatus
from rules.errands import HEAD_START, LEASE, ErrandKind
from rules.reconciliation import ReconciliationStatus, StatementEntry
from services import clock, errand_works, errands, partners, reconciling, verb
from services.online_paying import close_payment
from tests.order_makers import make_parties
from tests.payment_makers import ALIPAY, make_merchant, make_online_payment
from tests.reconciliation_makers import a_day

pytestmark = pytest.mark.usefixtures("database")


async def test_each_is_held_for_a_whole_lease_from_when_it_is_begun() -> None:
    """Before, three of twenty seconds each were claimed together, and the third was begun when others could claim it."""
    for _ in range(3):
        await transact(lambda: errands.send(ErrandKind.MATCH_INVOICE, new_id()))
    held, free = [], []
    with ExitStack() as time:
        time.enter_context(clock.held_at(clock.now()))

        async def slow(errand: Errand) -> None:
            assert errand.leased_until is not None
            held.append(errand.leased_until - clock.now())
            free.append(await Errand.filter(kind=errand.kind, leased_until__isnull=True, done_at__isnull=True).count())
            time.enter_context(clock.held_at(clock.now() + LEASE * 2 / 3))

        assert await errands.work_due({ErrandKind.MATCH_INVOICE: slow}) == 3
    assert (held, free) == ([LEASE] * 3, [2, 1, 0])


async def test_no_more_are_done_at_once_than_is_said() -> None:
    for _ in range(3):
        await transact(lambda: errands.send(ErrandKind.MATCH_INVOICE, new_id()))

    async def quick(_: Errand) -> None:
        """Done."""

    works: dict[ErrandKind, errands.Work] = {ErrandKind.MATCH_INVOICE: quick}
    assert [await errands.work_due(works, 2), await errands.work_due(works, 2)] == [2, 1]


class Slow:
    """Statements that take long, and are empty in the end; `meanwhile` something happens."""

    method = ALIPAY

    def __init__(self, meanwhile: Callable[[], Awaitable[object]] | None = None) -> None:
        self.meanwhile = meanwhile
        self.tasks = set[str]()

    async def fetch(self, day: date, merchant: Merchant, now: datetime, into: File) -> None:
        await asyncio.sleep(0)
        self.tasks |= {task.get_name() for task in asyncio.all_tasks()}
        if self.meanwhile:
            await self.meanwhile()

    def entries(self, file: File) -> Iterator[StatementEntry]:
        return iter(())


async def make_day() -> Reconciliation:
    """A day that is to be compared."""
    account = await make_merchant((await make_parties()).supplier)
    return await transact(partial(reconciling.want, account, a_day()))


async def test_no_payment_waits_behind_a_comparison_which_is_held_for_as_long_as_it_takes() -> None:
    row, slow = await make_day(), Slow()
    with partners.for_a_while():
        partners.use_statement_sources([slow])
        await errand_works.work()
        assert slow.tasks == set()
        assert await reconciling.work() == 1
    assert "lease" in slow.tasks
    assert "lease" not in {task.get_name() for task in asyncio.all_tasks()}
    assert (await Reconciliation.named(row.id)).status is ReconciliationStatus.RECONCILED


async def test_who_was_thought_dead_writes_nothing_down() -> None:
    row = await make_day()

    async def another_takes_it() -> None:
        with clock.held_at(clock.now() + 2 * LEASE):
            assert await transact(lambda: Errand.claim([ErrandKind.RECONCILE], clock.now(), LEASE, 1))

    with partners.for_a_while():
        partners.use_statement_sources([Slow(another_takes_it)])
        assert await reconciling.work() == 1
    assert (await Reconciliation.named(row.id)).compared_at is None
    assert (await Errand.get(subject_id=row.id)).done_at is None


@pytest.fixture
def rival(monkeypatch: pytest.MonkeyPatch) -> list[Errand]:
    """Another process, which looks for what is due right after each commit; and what it has taken, without being done with it yet."""
    taken: list[Errand] = []

    async def look() -> None:
        taken.extend(await transact(lambda: Errand.claim(errand_works.WORKS, clock.now(), LEASE, 9)))

    monkeypatch.setattr(verb, "after_commit", [look])
    return taken


async def test_whoever_waits_for_an_errand_is_not_overtaken_by_the_clock(rival: list[Errand]) -> None:
    """Before, about one payment in a hundred came back without what it is paid by, since another process was at it just then."""
    started = await make_online_payment(await make_parties())
    online = await OnlinePayment.of(started.payment.id)
    assert online.content
    closed = await close_payment(started.parties.buyer, started.payment.id, started.payment.version)
    assert closed.status is PaymentStatus.CLOSED
    assert {errand.kind for errand in rival} <= {ErrandKind.MATCH_INVOICE}


async def test_whoever_dies_after_the_commit_leaves_it_to_the_clock() -> None:
    key = new_id()
    done = list[ErrandKind]()

    async def does(errand: Errand) -> None:
        done.append(errand.kind)

    works: dict[ErrandKind, errands.Work] = {ErrandKind.START_PAYMENT: does}
    with clock.held_at(clock.now()):
        await transact(lambda: errands.send(ErrandKind.START_PAYMENT, key, errands.unless_done_at_once()))
        assert await errands.work_due(works) == 0
        later = clock.now() + HEAD_START
    with clock.held_at(later):
        assert await errands.work_due(works) == 1
    assert done == [ErrandKind.START_PAYMENT]
