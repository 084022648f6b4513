"""Each day of an account, held against its provider's statement: what is wrong in it is found, and nothing else; fees are posted once."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError

from models import Errand, Event, LedgerEntry, OnlinePayment, PaymentRefund, Reconciliation, ReconciliationDifference
from models.base import new_id
from partners.payments import Answer
from partners.payments.simulator.bills import Plants
from rules.billing import PaymentMethod, PaymentStatus
from rules.errands import ErrandKind
from rules.people import Actor, CompanyKind, Role
from rules.problems import InvalidInput, NotAllowed, NotFound, WrongStatus
from rules.rails import ONLINE, ChannelState, ProviderRefundStatus
from rules.reconciliation import AlteredFact, DifferenceKind, ReconciliationStatus
from rules.statement_problems import MerchantAccountMissing, StatementUnavailable
from services import clock
from services.errand_works import work_at_once
from services.online_paying import close_payment
from services.online_refunds import conclude_refund
from services.paying import confirm_funds
from services.reconciliations import reconcile_payments, resolve_reconciliation_difference
from services.reconciling import plan
from services.verb import committed
from tests.makers import make_key
from tests.order_makers import Parties, make_parties
from tests.payment_makers import ALIPAY, WECHAT, Started, cut, line, make_merchant, make_online_payment
from tests.races import in_the_middle_of
from tests.reconciliation_makers import a_day, at, compared, make_paid, make_paid_back, morning_after, planted

pytestmark = pytest.mark.usefixtures("database")
each_method = pytest.mark.parametrize("method", sorted(ONLINE))
S, K = ReconciliationStatus, DifferenceKind
NONE = D("0.00")


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def differences(row: Reconciliation) -> set[tuple[object, ...]]:
    """What is open: kind, number, and either side's amount."""
    found = await ReconciliationDifference.filter(reconciliation_id=row.id, resolved_at__isnull=True)
    return {(one.kind, one.refund_number or one.number, one.our_amount, one.their_amount) for one in found}


async def balance(started: Started, account: str) -> D:
    """What the supplier's books have in an account for the order."""
    mine = LedgerEntry.filter(order_id=started.order.id, account=account, company_id=started.parties.supplier.company)
    return sum((entry.amount for entry in await mine), D("0.00"))


@each_method
async def test_a_day_on_which_all_is_well_is_reconciled_and_its_fees_are_posted(
    parties: Parties, method: PaymentMethod
) -> None:
    day = a_day()
    first = await make_paid(parties, day, method=method)
    second = await make_paid(parties, day, first, method=method, amount="30.79", hour="23:59")
    await make_paid_back(first, day, "40.00")
    row = await compared(parties.supplier, day, method=method)
    assert (row.status, await differences(row)) == (S.RECONCILED, set())
    assert (row.our_paid, row.our_refunded, row.our_count) == (D("130.79"), D("40.00"), 3)
    assert (row.their_paid, row.their_refunded, row.their_count) == (D("130.79"), D("40.00"), 3)
    assert (row.fees, await balance(first, "FEES")) == (D("0.54"), D("0.54"))  # 0.60 + 0.18 - 0.24
    assert await balance(first, "CASH_AT_PROVIDER") == row.their_paid - row.their_refunded - row.fees
    for started, paid_out in ((second, "30.61"), (first, "59.64")):
        payment, before = await started.now(), await balance(first, "BANK")
        await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())
        assert await balance(first, "BANK") - before == D(paid_out)
    assert await balance(first, "CASH_AT_PROVIDER") == 0


async def test_what_comes_while_a_day_is_compared_does_not_lose_in_which_statement_it_was_found(
    parties: Parties,
) -> None:
    started, day = await make_online_payment(parties), a_day()

    async def found() -> None:
        await OnlinePayment.filter(payment_id=started.payment.id).update(statement_on=day)
        await PaymentRefund.filter(payment_id=started.payment.id).update(statement_on=day)

    answer = await in_the_middle_of(found, started.pay)
    assert isinstance(answer, Answer)
    assert answer.status == 200
    online = await OnlinePayment.of(started.payment.id)
    assert (online.payment.status, online.statement_on) == (PaymentStatus.CHANNEL_CONFIRMED, day)
    assert online.paid_at is not None
    assert online.transaction_id
    with cut(is_dumb=True):
        refund = await make_paid_back(started, day, "40.00")
    await OnlinePayment.filter(payment_id=started.payment.id).update(statement_on=None)
    await in_the_middle_of(found, lambda: committed(lambda: conclude_refund(refund.id, True)))
    await refund.refresh_from_db()
    online = await OnlinePayment.of(started.payment.id)
    assert (refund.status, refund.statement_on) == (ProviderRefundStatus.SUCCEEDED, day)
    assert (online.refunded, online.statement_on) == (D("40.00"), day)


@each_method
async def test_what_is_planted_in_a_statement_is_found(parties: Parties, method: PaymentMethod) -> None:
    """Missing, doubled, altered and unknown: each, for payments and for refunds, and none beside them."""
    day = a_day()
    first = await make_paid(parties, day, method=method)
    fine, omitted, doubled, altered = [
        await make_paid(parties, day, first, method=method, amount=f"{much}.00") for much in (10, 20, 30, 40)
    ]
    gone, twice, other = [await make_paid_back(first, day, f"{much}.00") for much in (1, 2, 3)]
    plants = Plants(
        omitted=frozenset({omitted.number, gone.number}),
        doubled=frozenset({doubled.number, twice.number}),
        altered={altered.number: D("40.01"), other.number: D("3.01")},
        invented={"INVENTED": D("7.77")},
    )
    row = await compared(parties.supplier, day, method=method, plants=plants)
    assert row.status is S.DIFFERS
    assert await differences(row) == {
        (K.MISSING, omitted.number, D("20.00"), None),
        (K.MISSING, gone.number, D("1.00"), None),
        (K.DOUBLED, doubled.number, D("30.00"), None),
        (K.DOUBLED, twice.number, D("2.00"), None),
        (K.ALTERED, altered.number, D("40.00"), D("40.01")),
        (K.ALTERED, other.number, D("3.00"), D("3.01")),
        (K.UNKNOWN, "INVENTED", None, D("7.77")),
    }
    ours, theirs = row.our_paid - row.our_refunded, row.their_paid - row.their_refunded
    assert theirs - ours == D("-20.00") + D("1.00") + D("30.00") - D("2.00") + D("0.01") - D("0.01") + D("7.77")
    posted = await LedgerEntry.filter(order_id=first.order.id, account="FEES")
    assert {entry.document_id for entry in posted} == {first.payment.id, fine.payment.id}
    assert (await altered.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    again = await compared(parties.supplier, day, method=method)
    assert (again.status, await differences(again)) == (S.RECONCILED, set())


async def test_what_only_the_statement_calls_paid_is_asked_for_and_not_guessed(parties: Parties) -> None:
    """A payment whose notice was lost; one that counts as closed here; one that its provider says nobody paid."""
    day = a_day()
    first = await make_paid(parties, day, is_told=False)
    closed, unpaid = [await make_online_payment(parties, first.invoice, amount="5.00") for _ in range(2)]
    await close_payment(parties.buyer, closed.payment.id, closed.payment.version)
    closed.trade.state, closed.trade.paid_at = ChannelState.PAID, at(day)
    assert [(await one.now()).status for one in (first, closed)] == [
        PaymentStatus.AWAITING_CHANNEL,
        PaymentStatus.CLOSED,
    ]
    row = await compared(parties.supplier, day, plants=Plants(invented={unpaid.number: D("5.00")}))
    assert (row.our_paid, row.their_paid) == (D("105.00"), D("110.00"))
    for one in (first, closed):
        assert (await one.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    [found] = await ReconciliationDifference.filter(reconciliation_id=row.id)
    assert (found.kind, found.fact, found.payment_id) == (K.ALTERED, AlteredFact.STATE, unpaid.payment.id)
    assert (await unpaid.now()).status is PaymentStatus.AWAITING_CHANNEL


async def test_a_statement_that_is_not_there_yet_is_asked_for_later(parties: Parties) -> None:
    day = a_day()
    started = await make_paid(parties, day)
    with cut(is_dumb=True):
        row = await compared(parties.supplier, day)
    assert (row.status, await balance(started, "FEES")) == (S.WAITING, NONE)
    early = morning_after(day) - timedelta(minutes=1)
    row = await compared(parties.supplier, day, now=early)
    assert (row.status, row.compared_at) == (S.WAITING, None)
    errand = await Errand.get(kind=ErrandKind.RECONCILE, subject_id=row.id)
    assert (errand.done_at, errand.due_at) == (None, early + timedelta(hours=1))
    with clock.held_at(early + timedelta(hours=1)):
        await work_at_once(ErrandKind.RECONCILE, row.id)
    assert (await Reconciliation.get(id=row.id)).status is S.RECONCILED


async def test_a_provider_that_never_has_a_statement_has_nothing(parties: Parties) -> None:
    day = a_day()
    row = await compared_without_trades(parties, day, morning_after(day))
    assert row.status is S.WAITING
    row = await compared_without_trades(parties, day, at(day + timedelta(days=2), "23:59"))
    assert row.status is S.WAITING
    row = await compared_without_trades(parties, day, at(day + timedelta(days=3), "00:00"))
    assert (row.status, row.their_count) == (S.RECONCILED, 0)


async def compared_without_trades(parties: Parties, day: date, now: datetime) -> Reconciliation:
    """A day on which nobody paid."""
    await make_merchant(parties.supplier)
    return await compared(parties.supplier, day, now=now)


async def test_a_statement_that_is_not_the_announced_one_changes_nothing(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = a_day()
    started = await make_paid(parties, day, method=WECHAT)
    bills = line().office.wechat_pay.bills
    with planted(WECHAT, Plants(invented={"X": D(1)})), clock.held_at(morning_after(day)):
        other = bills.file(WECHAT, started.account.payee, str(day), clock.now())
    monkeypatch.setattr(bills, "file", lambda *_: other)
    row = await compared(parties.supplier, day, method=WECHAT)
    assert (row.status, row.compared_at, await balance(started, "FEES")) == (S.UNREADABLE, None, NONE)
    errand = await Errand.get(kind=ErrandKind.RECONCILE, subject_id=row.id)
    assert (errand.done_at, errand.due_at) == (None, morning_after(day) + timedelta(hours=1))
    with clock.held_at(errand.due_at):
        await work_at_once(ErrandKind.RECONCILE, row.id)
    monkeypatch.undo()
    with clock.held_at(errand.due_at + timedelta(hours=1)):
        await work_at_once(ErrandKind.RECONCILE, row.id)
    events = await Event.filter(stream=row.id).order_by("seq")
    assert [(one.seq, one.kind) for one in events] == [(1, "RECONCILIATION_UNREADABLE"), (2, "RECONCILED")]
    assert {tuple(one.readers) for one in events} == {(parties.supplier.company,)}


async def test_a_day_is_compared_again_and_keeps_what_was_resolved(parties: Parties) -> None:
    day = a_day()
    first = await make_paid(parties, day)
    second = await make_paid(parties, day, first, amount="5.00")
    plants = Plants(altered={first.number: D("99.00")}, invented={"INVENTED": D("7.77")})
    row = await compared(parties.supplier, day, plants=plants)
    unknown = await ReconciliationDifference.get(reconciliation_id=row.id, kind=K.UNKNOWN)
    resolved = await resolve_reconciliation_difference(parties.supplier, unknown.id, "店面收款")
    assert (resolved.remark, resolved.resolved_by) == ("店面收款", parties.supplier.name)
    assert (await Reconciliation.get(id=row.id)).status is S.DIFFERS
    with pytest.raises(WrongStatus):
        await resolve_reconciliation_difference(parties.supplier, unknown.id, "again")
    plants = Plants(omitted=frozenset({second.number}), invented={"INVENTED": D("7.77")})
    row = await compared(parties.supplier, day, plants=plants)
    assert await differences(row) == {(K.MISSING, second.number, D("5.00"), None)}
    assert await ReconciliationDifference.filter(reconciliation_id=row.id).count() == 2
    missing = await ReconciliationDifference.get(reconciliation_id=row.id, kind=K.MISSING)
    await resolve_reconciliation_difference(parties.supplier, missing.id, "次日到账")
    assert (await Reconciliation.get(id=row.id)).status is S.RECONCILED
    assert (await compared(parties.supplier, day, plants=plants)).status is S.RECONCILED
    kinds = [event.kind for event in await Event.filter(stream=row.id).order_by("seq")]
    assert [kind.removeprefix("STATEMENT_") for kind in kinds] == [
        "RECONCILIATION_DIFFERS",
        "DIFFERENCE_RESOLVED",
        "RECONCILIATION_DIFFERS",
        "DIFFERENCE_RESOLVED",
    ]
    assert {tuple(event.readers) for event in await Event.filter(stream=row.id)} == {(parties.supplier.company,)}


async def test_a_fee_is_posted_once_and_another_one_is_a_difference(parties: Parties) -> None:
    """Here it is known after the supplier has confirmed the money, and so is taken from the bank."""
    day = a_day()
    started = await make_paid(parties, day)
    payment = await started.now()
    await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())
    with clock.held_at(morning_after(day)):
        again = [reconcile_payments(parties.supplier, ALIPAY, day) for _ in range(4)]
        await asyncio.gather(*again)
    assert await balance(started, "FEES") == D("0.60")
    assert (await balance(started, "BANK"), await balance(started, "CASH_AT_PROVIDER")) == (D("99.40"), NONE)
    row = await compared(parties.supplier, day, plants=Plants(charged={started.number: D("0.61")}))
    [found] = await ReconciliationDifference.filter(reconciliation_id=row.id)
    assert (found.fact, found.our_fee, found.their_fee) == (AlteredFact.FEE, D("0.60"), D("0.61"))
    assert await balance(started, "FEES") == D("0.60")
    [fee] = await LedgerEntry.filter(document_id=started.payment.id, account="FEES")
    fee.id, fee._saved_in_db = new_id(), False
    with pytest.raises(IntegrityError, match="ledger_fee_once"):
        await fee.save()


async def test_what_happened_about_midnight_is_found_on_either_day(parties: Parties) -> None:
    """A payment of 23:59 of which the notice came next day; a refund accepted before midnight and done after it."""
    day = a_day()
    next_day = day + timedelta(days=1)
    started = await make_paid(parties, day, method=WECHAT, hour="23:59", is_told=False)
    with clock.held_at(at(next_day, "00:03")):
        await started.told(started.notice())
    refund = await make_paid_back(started, next_day, "10.00", "00:04")
    started.trade.refunded_at[refund.number] = at(day, "23:59")
    row = await compared(parties.supplier, day, method=WECHAT)
    assert (row.status, row.our_paid, row.our_refunded) == (S.RECONCILED, D("100.00"), D("10.00"))
    with clock.held_at(at(day + timedelta(days=4))):
        row = await reconcile_payments(parties.supplier, WECHAT, next_day)
    assert (row.status, row.our_count) == (S.RECONCILED, 0)


async def test_the_clock_wants_each_day_once_after_ten(parties: Parties) -> None:
    day = a_day()
    started = await make_paid(parties, day)

    async def wanted() -> list[tuple[date, ReconciliationStatus]]:
        rows = await Reconciliation.filter(account_id=started.account.id, day=day)
        return [(row.day, row.status) for row in rows]

    with clock.held_at(morning_after(day) - timedelta(seconds=1)):
        await plan()
        assert await wanted() == []
    with clock.held_at(morning_after(day)):
        await asyncio.gather(plan(), plan())
        await plan()
        [row] = await Reconciliation.filter(account_id=started.account.id, day=day)
        await work_at_once(ErrandKind.RECONCILE, row.id)
    assert await wanted() == [(day, S.RECONCILED)]


async def test_what_cannot_be_compared_is_refused_with_what_can(parties: Parties) -> None:
    with pytest.raises(MerchantAccountMissing):
        await reconcile_payments(parties.supplier, WECHAT, date(2026, 1, 1))
    await make_merchant(parties.supplier, WECHAT)
    with clock.held_at(at(date(2026, 12, 2), "00:30")):
        for day in (date(2026, 12, 2), date(2027, 1, 1), date(2026, 9, 2)):
            with pytest.raises(StatementUnavailable) as refusal:
                await reconcile_payments(parties.supplier, WECHAT, day)
            assert (refusal.value.first_day, refusal.value.last_day) == (date(2026, 9, 3), date(2026, 12, 1))
        assert (await reconcile_payments(parties.supplier, WECHAT, date(2026, 12, 1))).status is S.WAITING
    with pytest.raises(InvalidInput):
        await reconcile_payments(parties.supplier, PaymentMethod.CHEQUE, date(2026, 1, 1))
    sales = replace(parties.supplier, roles=frozenset({Role.SALES}))
    with pytest.raises(NotAllowed):
        await reconcile_payments(sales, WECHAT, date(2026, 12, 1))


async def test_others_see_nothing_of_it_and_operators_all(parties: Parties) -> None:
    day = a_day()
    await make_paid(parties, day)
    row = await compared(parties.supplier, day, plants=Plants(invented={"INVENTED": D("7.77")}))
    [difference] = await ReconciliationDifference.filter(reconciliation_id=row.id)
    rival = (await make_parties()).supplier
    for stranger in (rival, parties.buyer):
        assert not await Reconciliation.visible_to(stranger).exists()
        assert not await ReconciliationDifference.visible_to(stranger).exists()
        with pytest.raises(NotFound):
            await resolve_reconciliation_difference(stranger, difference.id, "x")
    with pytest.raises(NotFound):
        await reconcile_payments(rival, ALIPAY, day, parties.supplier.home)
    operator = Actor(company=uuid4(), kind=CompanyKind.PLATFORM, roles=frozenset({Role.OPERATOR}))
    assert await ReconciliationDifference.visible_to(operator).filter(id=difference.id).exists()
    with pytest.raises(InvalidInput):
        await reconcile_payments(operator, ALIPAY, day)
    with clock.held_at(morning_after(day)):
        assert (await reconcile_payments(operator, ALIPAY, day, parties.supplier.home)).status is S.RECONCILED
