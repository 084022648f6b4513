"""Another app or payee of a supplier: what was begun at the old one is told of, paid back and compared there, and nothing is guessed."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from models import MerchantAccount, Reconciliation
from rules.billing import PaymentMethod, PaymentStatus
from rules.errands import ErrandKind
from rules.rails import ONLINE, OPEN_FOR, PaymentFlow
from rules.reconciliation import ReconciliationStatus as S
from services import clock
from services.errand_works import work, work_at_once
from services.merchants import set_merchant_account
from services.online_paying import Checkout, refund_payment, start_payment
from services.reconciling import plan
from services.secret import Secret
from tests.carrier_makers import as_admin
from tests.makers import make_key
from tests.order_makers import Parties, make_parties
from tests.partners.payments.counters import other_key
from tests.payment_makers import (
    ALIPAY,
    Started,
    credentials_of,
    line,
    make_merchant,
    make_online_payment,
    make_own_merchant,
)
from tests.reconciliation_makers import a_day, at, compared, make_paid, make_paid_back, morning_after

pytestmark = pytest.mark.usefixtures("database")
D = Decimal


@pytest.fixture
async def parties() -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def start(started: Started, account: MerchantAccount, amount: str = "30.79") -> Started:
    """Another payment of the same invoice through whatever account is in use."""
    parties, invoice, wish = started.parties, started.invoice, Checkout(account.method, PaymentFlow.QR, D(amount))
    payment = await start_payment(parties.buyer, invoice.id, wish, idempotency_key=make_key())
    return replace(started, payment=payment, account=account)


@pytest.mark.parametrize("method", sorted(ONLINE))
async def test_what_was_begun_at_the_old_account_ends_there(parties: Parties, method: PaymentMethod) -> None:
    old = await make_online_payment(parties, method=method, amount="400.00")
    account = await make_own_merchant(parties.supplier, method)
    assert (account.id, account.endpoint) != (old.account.id, old.account.endpoint)
    assert (await old.pay()).status == 200
    paid = await old.now()
    assert paid.status is PaymentStatus.CHANNEL_CONFIRMED
    new = await start(old, account)
    assert (await new.pay()).status == 200
    for started in (old, new):
        paid = await started.now()
        await refund_payment(parties.supplier, paid.id, paid.version, D("1.00"), "退货", idempotency_key=make_key())
        assert started.trade.customer.payee == started.account.payee
        assert started.trade.refunded == D("1.00")


async def test_what_the_old_merchant_collected_is_not_closed_because_the_new_one_knows_nothing_of_it(
    parties: Parties,
) -> None:
    started = await make_online_payment(parties)
    line().office.bank.pay(started.trade, clock.now())
    await make_own_merchant(parties.supplier)
    with clock.held_at(clock.now() + OPEN_FOR * 2):
        await work()
    assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED


async def test_the_same_app_and_payee_keep_their_account_whatever_keys_they_have(parties: Parties) -> None:
    first = await make_merchant(parties.supplier)
    turned = replace(credentials_of(ALIPAY), private_key=Secret(other_key()))
    again = await set_merchant_account(as_admin(parties.supplier), ALIPAY, turned)
    assert (again.id, again.endpoint, again.replaced_at) == (first.id, first.endpoint, None)
    assert again.keys != first.keys
    theirs = replace(credentials_of(ALIPAY), app_id="2021000000000009")
    for other in (theirs, replace(theirs, is_sandbox=False)):
        made = await set_merchant_account(as_admin(parties.supplier), ALIPAY, other)
        assert made.id != again.id
        again = made
    back = await make_merchant(parties.supplier)  # and who comes back finds their own
    assert (back.id, back.endpoint, back.replaced_at) == (first.id, first.endpoint, None)
    assert (await MerchantAccount.offered(parties.supplier.home))[ALIPAY].id == back.id
    assert await MerchantAccount.filter(company_id=parties.supplier.home).count() == 3


async def test_two_changes_at_once_leave_one_in_use(parties: Parties) -> None:
    await make_merchant(parties.supplier)
    await asyncio.gather(*(make_own_merchant(parties.supplier) for _ in range(2)))
    mine = MerchantAccount.filter(company_id=parties.supplier.home)
    assert await mine.count() == 3
    [current] = await mine.filter(replaced_at__isnull=True)
    with pytest.raises(IntegrityError):
        await mine.exclude(id=current.id).update(replaced_at=None)


async def test_a_day_is_compared_at_each_account_it_went_through(parties: Parties) -> None:
    day, later = a_day(), a_day()
    old = await make_paid(parties, day)
    account = await make_own_merchant(parties.supplier)
    with clock.held_at(at(day)):
        await (await start(old, account)).pay()
    await make_paid_back(old, later, "10.00")
    row = await compared(parties.supplier, day)
    assert (row.account_id, row.our_paid, row.status) == (account.id, D("30.79"), S.RECONCILED)
    other = await Reconciliation.get(account_id=old.account.id, day=day)
    assert (other.our_paid, other.their_paid, other.status) == (D("100.00"), D("100.00"), S.RECONCILED)
    row = await compared(parties.supplier, later)
    assert (row.account_id, row.our_refunded, row.status) == (old.account.id, D("10.00"), S.RECONCILED)


async def test_the_clock_wants_the_days_of_the_old_account_too(parties: Parties) -> None:
    day = a_day()
    old = await make_paid(parties, day)
    await make_own_merchant(parties.supplier)
    with clock.held_at(morning_after(day)):
        await plan()
        row = await Reconciliation.get(account_id=old.account.id, day=day)
        await work_at_once(ErrandKind.RECONCILE, row.id)
    await row.refresh_from_db()
    assert (row.status, row.their_paid) == (S.RECONCILED, D("100.00"))


async def test_two_apps_of_one_payee_are_not_each_other_s_difference(parties: Parties) -> None:
    """Alipay's statement does not say of which app a payment is."""
    day = a_day()
    made = await make_online_payment(parties, amount="0.01")
    first = await make_own_merchant(parties.supplier)
    one = await start(made, first)
    second = await make_own_merchant(parties.supplier, payee=first.payee)
    two = await start(made, second, "40.00")
    with clock.held_at(at(day)):
        for started in (one, two):
            assert (await started.pay()).status == 200
    await compared(parties.supplier, day)
    for account, paid in ((first, D("30.79")), (second, D("40.00"))):
        row = await Reconciliation.get(account_id=account.id, day=day)
        assert (row.our_paid, row.their_paid, row.status) == (paid, paid, S.RECONCILED)
