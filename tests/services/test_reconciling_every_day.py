"""Days of which we know nothing are compared too, none is left out without a word, and a long download keeps its errand."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from models import Errand, Event, MerchantAccount, Reconciliation, ReconciliationDifference
from partners.payments.simulator.bills import Plants
from rules.errands import ErrandKind
from rules.reconciliation import DifferenceKind, ReconciliationStatus
from services import clock, errands, reconciling, sweeping
from services.errand_works import work_at_once
from services.reconciling import plan
from tests.order_makers import make_parties
from tests.payment_makers import ALIPAY
from tests.reconciliation_makers import a_day, make_paid, morning_after, planted

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


async def test_a_charge_nobody_knows_of_is_found_on_a_day_on_which_nothing_else_happened() -> None:
    paid_on = a_day()
    started = await make_paid(await make_parties(), paid_on)
    with clock.held_at(morning_after(paid_on + 2 * DAY)):
        while await plan():
            pass
        rows = {row.day: row for row in await Reconciliation.filter(account_id=started.account.id)}
        assert set(rows) == {paid_on, paid_on + DAY, paid_on + 2 * DAY}
        quiet = rows[paid_on + DAY]
        with planted(ALIPAY, Plants(invented={"STRANGE": D("7.77")})):
            await work_at_once(ErrandKind.RECONCILE, quiet.id)
    [found] = await ReconciliationDifference.filter(reconciliation_id=quiet.id)
    assert (found.kind, found.number, found.their_amount) == (DifferenceKind.UNKNOWN, "STRANGE", D("7.77"))
    empty = rows[paid_on + 2 * DAY]
    with clock.held_at(morning_after(paid_on + 6 * DAY)):
        await work_at_once(ErrandKind.RECONCILE, empty.id)
    await empty.refresh_from_db()
    assert (empty.status, empty.version) == (ReconciliationStatus.RECONCILED, 0)
    assert not await Event.filter(stream=empty.id).exists()


async def test_after_a_long_outage_all_days_are_made_up_that_can_be_and_of_others_there_is_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Paid, down for more than three months, and paid again: the provider has the last ninety days."""
    long_ago = date(2025, 3, 1)  # no other test's
    first = await make_paid(await make_parties(), long_ago)
    lately = long_ago + 98 * DAY
    await make_paid(first.parties, lately, first, amount="10.00")
    with clock.held_at(morning_after(lately + DAY)):
        while await plan():
            pass
        days = [row.day for row in await Reconciliation.filter(account_id=first.account.id).order_by("day")]
    assert days == [lately + DAY - number * DAY for number in range(89, -1, -1)]
    with clock.held_at(morning_after(lately + 2 * DAY)):
        while await plan():
            pass
    words = [line for line in capsys.readouterr().out.splitlines() if "too old to be compared" in line]
    assert [str(days[0]) in line for line in words if str(first.account.id) in line] == [True]


async def test_a_statement_that_takes_longer_than_a_lease_is_fetched_by_one_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paid_on = a_day()
    started = await make_paid(await make_parties(), paid_on)
    monkeypatch.setattr(errands, "LEASE", timedelta(seconds=0.15))
    fetched, asked = reconciling._fetched, list[object]()

    async def slowly(*facts: object) -> object:
        asked.append(facts)
        if len(asked) == 1:
            await asyncio.sleep(0.4)
            await work_at_once(ErrandKind.RECONCILE, row.id)
        return await fetched(*facts)  # type: ignore[arg-type]

    monkeypatch.setattr(reconciling, "_fetched", slowly)
    now = morning_after(paid_on)
    with clock.held_at(now):
        while await plan():
            pass
    row = await Reconciliation.get(account_id=started.account.id, day=paid_on)
    begun = asyncio.get_running_loop().time()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=asyncio.get_running_loop().time() - begun))
    await work_at_once(ErrandKind.RECONCILE, row.id)
    assert len(asked) == 1
    errand = await Errand.get(kind=ErrandKind.RECONCILE, subject_id=row.id)
    assert (errand.done_at is not None, errand.attempts) == (True, 1)


async def test_a_day_that_cannot_be_wanted_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time here; the first account's fails again and again."""
    paid_on = a_day()
    broken, fine = sorted(
        [(await make_paid(await make_parties(), paid_on)).account for _ in range(2)], key=lambda account: account.id
    )
    want = reconciling.want

    async def wanted(account: MerchantAccount, day: date) -> Reconciliation:
        if account.id == broken.id:
            raise ValueError("as always")
        return await want(account, day)

    monkeypatch.setattr(reconciling, "want", wanted)
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)
    with clock.held_at(morning_after(paid_on)):
        for _ in range(3):
            await plan()
    assert {row.account_id for row in await Reconciliation.filter(day=paid_on)} & {broken.id, fine.id} == {fine.id}
