"""Money by bank transfer: never more than is open, counted once, and only when the supplier has seen it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from models import Invoice, LedgerEntry, Order, Payment
from rules.billing import PaymentStatus
from rules.money import Currency
from rules.people import Role, Scope
from rules.problems import (
    AmountMismatch,
    Conflict,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotFound,
    StaleVersion,
    WrongStatus,
)
from services import ledger
from services.paying import Transfer, confirm_funds, reject_transfer, submit_bank_transfer
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    make_completed_order,
    make_goods,
    make_invoice,
    make_parties,
    make_transfer,
)
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """An order all of whose goods were accepted: 430.79."""
    return await make_completed_order(parties)


@pytest.fixture
async def invoice(parties: Parties, order: Order) -> Invoice:
    """A claim for 430.79."""
    return await make_invoice(parties, order)


async def confirm(parties: Parties, payment: Payment, amount: str | None = None, key: str = "") -> Payment:
    """The supplier has seen so much, what was reported unless said."""
    seen = payment.amount if amount is None else D(amount)
    return await confirm_funds(parties.supplier, payment.id, payment.version, seen, idempotency_key=key or make_key())


async def test_a_report_is_no_money_yet(parties: Parties, order: Order, invoice: Invoice) -> None:
    payment = await make_transfer(parties, invoice)
    # The bank's number is proof enough (0172).
    assert (payment.status, payment.proof_id, payment.proof_sha256) == (PaymentStatus.PROOF_SUBMITTED, None, None)
    assert await ledger.invoiced_and_paid(order) == (D("430.79"), D(0))
    confirmed = await confirm(parties, payment)
    assert confirmed.status is PaymentStatus.FUNDS_CONFIRMED
    assert confirmed.confirmed_at is not None
    assert await ledger.invoiced_and_paid(order) == (D("430.79"), D("430.79"))
    rows = await LedgerEntry.filter(document_id=payment.id, company_id=parties.supplier.home)
    posted = {row.account: row.amount for row in rows}
    assert posted == {"BANK": D("430.79"), "RECEIVABLE": D("-430.79")}


async def test_an_invoice_is_paid_in_parts_and_never_beyond_its_total(parties: Parties, invoice: Invoice) -> None:
    await confirm(parties, await make_transfer(parties, invoice, "400.00"))
    with pytest.raises(AmountMismatch) as refused:
        await make_transfer(parties, invoice, "30.80")
    assert (refused.value.expected, refused.value.found, refused.value.currency) == (D("30.79"), D("30.80"), "CNY")
    await make_transfer(parties, invoice, "30.79")
    with pytest.raises(AmountMismatch) as nothing:
        await make_transfer(parties, invoice, "0.01")
    assert nothing.value.expected == 0


async def test_what_is_reported_counts_until_it_is_missed(parties: Parties, invoice: Invoice) -> None:
    payment = await make_transfer(parties, invoice, "400.00")
    with pytest.raises(AmountMismatch):
        await make_transfer(parties, invoice, "31.00")
    missed = await reject_transfer(parties.supplier, payment.id, payment.version, "nothing came")
    assert (missed.status, missed.failure_reason) == (PaymentStatus.FAILED, "nothing came")
    await make_transfer(parties, invoice, "430.79")


async def test_of_two_reports_of_the_whole_at_once_one_is_refused(parties: Parties, invoice: Invoice) -> None:
    reported, refused = await at_once(*(make_transfer(parties, invoice) for _ in range(2)))
    assert len(reported) == 1
    [problem] = refused
    assert isinstance(problem, AmountMismatch)
    assert problem.expected == 0


@pytest.mark.parametrize("amount", ["0", "-1", "430.80"])
async def test_nothing_less_and_more_than_everything_are_refused(
    parties: Parties, invoice: Invoice, amount: str
) -> None:
    with pytest.raises(AmountMismatch):
        await make_transfer(parties, invoice, amount)
    assert not await Payment.all().exists()


async def test_no_amount_is_rounded_in_silence(parties: Parties, invoice: Invoice) -> None:
    with pytest.raises(InvalidInput, match=r"input\.amount"):
        await make_transfer(parties, invoice, "1.001")
    yen = await make_goods(parties.supplier, currency=Currency.JPY)
    claimed = await make_invoice(parties, await make_completed_order(parties, ["100"], ["3"], goods=[yen]))
    with pytest.raises(InvalidInput, match=r"input\.amount"):
        await make_transfer(parties, claimed, "0.50")
    await make_transfer(parties, claimed, "50")


async def test_a_bank_s_reference_is_used_once_unless_its_money_was_missed(parties: Parties, invoice: Invoice) -> None:
    transfer = Transfer(D(1), date(2026, 12, 20), "ICBC-1", "ab" * 32, "first part")
    payment = await submit_bank_transfer(parties.buyer, invoice.id, transfer, idempotency_key=make_key())
    assert (payment.proof_sha256, payment.remark, payment.paid_on) == ("ab" * 32, "first part", date(2026, 12, 20))
    with pytest.raises(Conflict) as taken:
        await submit_bank_transfer(parties.buyer, invoice.id, transfer, idempotency_key=make_key())
    assert taken.value.field == "bankReference"
    await reject_transfer(parties.supplier, payment.id, payment.version, "not here yet")
    again = await submit_bank_transfer(parties.buyer, invoice.id, transfer, idempotency_key=make_key())
    assert again.id != payment.id


async def test_a_double_click_reports_once(parties: Parties, invoice: Invoice) -> None:
    """Scenario 6, for money: ten clicks with one key; then the key with another amount."""

    async def click(amount: str) -> Payment:
        transfer = Transfer(D(amount), date(2026, 12, 20), "ICBC-1")
        return await submit_bank_transfer(parties.buyer, invoice.id, transfer, idempotency_key="pay-it-now")

    reported, refused = await at_once(*(click("400.00") for _ in range(10)))
    assert refused == []
    assert {payment.id for payment in reported} == {reported[0].id}
    with pytest.raises(KeyReused):
        await click("400.01")
    assert await Payment.all().count() == 1


async def test_a_double_click_confirms_once(parties: Parties, order: Order, invoice: Invoice) -> None:
    payment = await make_transfer(parties, invoice)
    confirmed, refused = await at_once(*(confirm(parties, payment, key="it-is-here") for _ in range(10)))
    assert (len(confirmed), refused) == (10, [])
    assert {(one.id, one.status, one.version) for one in confirmed} == {
        (payment.id, PaymentStatus.FUNDS_CONFIRMED, payment.version + 1)
    }
    assert await ledger.invoiced_and_paid(order) == (D("430.79"), D("430.79"))
    with pytest.raises(StaleVersion):
        await confirm(parties, payment)
    with pytest.raises(WrongStatus):
        await confirm(parties, confirmed[0])


async def test_confirmed_and_missed_at_once_is_one_of_the_two(parties: Parties, order: Order, invoice: Invoice) -> None:
    payment = await make_transfer(parties, invoice)
    done, refused = await at_once(
        confirm(parties, payment), reject_transfer(parties.supplier, payment.id, payment.version, "nothing came")
    )
    assert [type(problem) for problem in refused] == [StaleVersion]
    paid = D("430.79") if done[0].status is PaymentStatus.FUNDS_CONFIRMED else D(0)
    assert (await ledger.invoiced_and_paid(order))[1] == paid


@pytest.mark.parametrize("amount", ["430.78", "430.80", "0"])
async def test_only_the_reported_amount_is_confirmed(
    parties: Parties, order: Order, invoice: Invoice, amount: str
) -> None:
    payment = await make_transfer(parties, invoice)
    with pytest.raises(AmountMismatch) as refused:
        await confirm(parties, payment, amount)
    assert (refused.value.expected, refused.value.found) == (D("430.79"), D(amount))
    assert await ledger.invoiced_and_paid(order) == (D("430.79"), D(0))
    assert (await fresh(order)).settled_at is None


async def test_nobody_confirms_their_own_money(parties: Parties, invoice: Invoice) -> None:
    payment = await make_transfer(parties, invoice)
    machine = replace(parties.supplier, member=None, roles=frozenset(), scopes=frozenset(Scope))
    for actor, problem in (
        (parties.buyer, WrongStatus),
        (replace(parties.supplier, roles=frozenset({Role.SALES})), NotAllowed),
        (machine, NotAllowed),
        ((await make_parties()).supplier, NotFound),
    ):
        with pytest.raises(problem):
            await confirm_funds(actor, payment.id, payment.version, payment.amount, idempotency_key=make_key())
        with pytest.raises(problem):
            await reject_transfer(actor, payment.id, payment.version, "no")


async def test_only_the_buyer_s_finance_reports(parties: Parties, invoice: Invoice) -> None:
    transfer = Transfer(D(1), date(2026, 12, 20), "ICBC-1")
    for actor, problem in (
        (parties.supplier, WrongStatus),
        (replace(parties.buyer, roles=frozenset({Role.REQUESTER})), NotAllowed),
        ((await make_parties()).buyer, NotFound),
    ):
        with pytest.raises(problem):
            await submit_bank_transfer(actor, invoice.id, transfer, idempotency_key=make_key())
