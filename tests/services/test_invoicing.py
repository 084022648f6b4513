"""Claims: for what was accepted, at the contract's price, under gapless numbers, never edited."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from importlib import import_module

import pytest
from tortoise.exceptions import IntegrityError

from models import Invoice, InvoiceLine, LedgerEntry, QuantityEntry
from models.database import pool
from rules.billing import InvoiceStatus
from rules.money import RoundingMode, TaxLevel
from rules.people import Role
from rules.problems import InvalidInput, KeyReused, NotAllowed, NotFound, QuantityExceeded, StaleVersion, WrongStatus
from rules.quantity import Inspection
from services import clock
from services.invoicing import accept_invoice, dispute_invoice, issue_invoice
from services.working_days import working_day
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_completed_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
)
from tests.races import at_once
from tests.source import ROOT

[FILE] = (ROOT / "models" / "migrations").glob("*_invoice_rounding.py")
MIGRATION = import_module(f"models.migrations.{FILE.stem}")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def balances(invoice: Invoice) -> dict[str, D]:
    """What the invoice posted to each account of its supplier."""
    rows = await LedgerEntry.filter(document_id=invoice.id, company_id=invoice.supplier_id)
    return {row.account: row.amount for row in rows}


async def test_a_claim_of_everything_is_the_contract_s_total(parties: Parties) -> None:
    """Scenario 1: 333.00 + 50.00 + 43.29 + 4.50 = 430.79."""
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    assert (invoice.net, invoice.tax, invoice.total) == (D("383.00"), D("47.79"), D("430.79"))
    assert invoice.total == order.agreed_total
    goods, freight = await InvoiceLine.filter(invoice_id=invoice.id).order_by("position")
    assert (goods.quantity, goods.unit_price, goods.net, goods.tax) == (D(1000), D("0.333"), D("333.00"), D("43.29"))
    assert (freight.order_line_id, freight.net, freight.tax) == (None, D("50.00"), D("4.50"))
    assert await balances(invoice) == {"RECEIVABLE": D("430.79"), "SALES": D("-383.00"), "VAT_PAYABLE": D("-47.79")}
    assert invoice.due_on == working_day(invoice.issued_on + timedelta(days=30))


@pytest.mark.parametrize(("level", "total"), [(TaxLevel.LINE, "17.04"), (TaxLevel.DOCUMENT, "17.05")])
async def test_an_invoice_rounds_tax_where_the_quotation_said(parties: Parties, level: TaxLevel, total: str) -> None:
    """Scenario 13: three lines of 5 at 1.005."""
    order = await make_completed_order(parties, ["5"] * 3, ["1.005"] * 3, freight="0", tax_level=level)
    assert order.agreed_total == D(total)
    invoice = await make_invoice(parties, order)
    assert (invoice.total, invoice.tax_level, invoice.rounding_mode) == (D(total), level, RoundingMode.HALF_UP)
    await pool().execute("ALTER TABLE invoice DISABLE TRIGGER invoice_kept; UPDATE invoice SET tax_level = 'NONE'")
    await pool().execute(MIGRATION.KEPT)
    assert (await Invoice.named(invoice.id)).tax_level is level
    with pytest.raises(IntegrityError, match="stays as it was written"):
        await Invoice.filter(id=invoice.id).update(tax_level=TaxLevel.LINE, rounding_mode=RoundingMode.DOWN)


async def test_no_more_is_claimed_than_was_accepted(parties: Parties) -> None:
    """Scenario 10: of 60 despatched 55 were accepted."""
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order, "60")
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(55), D(3), D(2), "scratched")})
    with pytest.raises(QuantityExceeded) as refused:
        await make_invoice(parties, order, "60")
    assert (refused.value.requested, refused.value.remaining) == (D(60), D(55))
    assert not await Invoice.exists_for(order.id)
    await make_invoice(parties, order, "55")
    with pytest.raises(QuantityExceeded) as nothing:
        await make_invoice(parties, order, "0.001")
    assert nothing.value.remaining == 0


async def test_freight_comes_once_with_the_first_claim(parties: Parties) -> None:
    order = await make_completed_order(parties)
    first, second = await make_invoice(parties, order, "400"), await make_invoice(parties, order)
    assert [first.net, second.net] == [D("183.20"), D("199.80")]
    assert await InvoiceLine.filter(order_line_id=None).count() == 1


async def test_two_claims_of_everything_at_once_are_one(parties: Parties) -> None:
    order = await make_completed_order(parties)
    issued, refused = await at_once(*(make_invoice(parties, order) for _ in range(2)))
    assert len(issued) == 1
    assert [type(problem) for problem in refused] == [StaleVersion]
    assert await QuantityEntry.filter(movement="INVOICED").count() == 1
    with pytest.raises(InvalidInput, match="no accepted goods left"):
        await make_invoice(parties, order)


async def test_a_double_click_claims_once(parties: Parties) -> None:
    order = await make_completed_order(parties)
    version = order.version_for(parties.supplier)
    [line] = await lines_of(order)

    async def click(quantity: str) -> Invoice:
        return await issue_invoice(
            parties.supplier, order.id, version, ((line.id, D(quantity)),), idempotency_key="claim-it-now"
        )

    issued, refused = await at_once(*(click("10") for _ in range(10)))
    assert refused == []
    assert {invoice.id for invoice in issued} == {issued[0].id}
    assert await Invoice.filter(order_id=order.id).count() == 1
    with pytest.raises(KeyReused):
        await click("11")


async def test_numbers_of_a_supplier_s_year_have_no_gap_although_some_attempts_fail(parties: Parties) -> None:
    orders = [await make_completed_order(parties) for _ in range(4)]
    with pytest.raises(QuantityExceeded):
        await make_invoice(parties, orders[0], "1001")
    await at_once(*(make_invoice(parties, order, "1") for order in orders))
    year = clock.today("Asia/Shanghai").year
    numbers = sorted([invoice.number for invoice in await Invoice.all()])
    assert numbers == [f"IN-{year}-{n:06d}" for n in (1, 2, 3, 4)]


async def test_each_supplier_and_each_year_counts_for_itself(parties: Parties) -> None:
    order = await make_completed_order(parties)
    with clock.held_at("2026-12-31T15:59:59+00:00"):
        old = await make_invoice(parties, order, "1")
    with clock.held_at("2026-12-31T16:00:00+00:00"):
        new = await make_invoice(parties, order, "1")
        others = await make_parties()
    assert [old.number, new.number] == ["IN-2026-000001", "IN-2027-000001"]
    assert [old.issued_on, new.issued_on, new.due_on] == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 1)], (
        "a Monday"
    )
    with clock.held_at("2026-12-31T15:59:59+00:00"):
        assert (await make_invoice(others, await make_completed_order(others))).number == "IN-2026-000001"


@pytest.mark.parametrize("quantity", ["0", "-1"])
async def test_nothing_cannot_be_claimed(parties: Parties, quantity: str) -> None:
    order = await make_completed_order(parties)
    [line] = await lines_of(order)
    with pytest.raises(InvalidInput):
        await issue_invoice(
            parties.supplier,
            order.id,
            order.version_for(parties.supplier),
            ((line.id, D(quantity)),),
            idempotency_key=make_key(),
        )


async def test_the_buyer_says_once_whether_a_claim_is_right(parties: Parties) -> None:
    order = await make_completed_order(parties)
    right, wrong = await make_invoice(parties, order, "400"), await make_invoice(parties, order)
    accepted = await accept_invoice(parties.buyer, right.id, right.version)
    assert (accepted.status, accepted.version) == (InvoiceStatus.ACCEPTED, right.version + 1)
    disputed = await dispute_invoice(parties.buyer, wrong.id, wrong.version, "the price is wrong")
    assert (disputed.status, disputed.dispute_reason) == (InvoiceStatus.DISPUTED, "the price is wrong")
    with pytest.raises(StaleVersion):
        await dispute_invoice(parties.buyer, right.id, right.version, "on second thoughts")
    with pytest.raises(WrongStatus):
        await dispute_invoice(parties.buyer, right.id, accepted.version, "on second thoughts")


async def test_each_side_s_finance_has_its_own_part(parties: Parties) -> None:
    order = await make_completed_order(parties)
    for actor, problem in (
        (parties.buyer, WrongStatus),
        (replace(parties.supplier, roles=frozenset({Role.SALES})), NotAllowed),
        ((await make_parties()).supplier, NotFound),
    ):
        with pytest.raises(problem):
            await issue_invoice(actor, order.id, order.version_for(actor), None, idempotency_key=make_key())
    invoice = await make_invoice(parties, order)
    for actor, problem in (
        (parties.supplier, WrongStatus),
        (replace(parties.buyer, roles=frozenset({Role.REQUESTER})), NotAllowed),
        ((await make_parties()).buyer, NotFound),
    ):
        with pytest.raises(problem):
            await accept_invoice(actor, invoice.id, invoice.version)
        with pytest.raises(problem):
            await dispute_invoice(actor, invoice.id, invoice.version, "no")


async def test_nothing_is_claimed_before_anything_is_accepted(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    await make_shipment(parties, order)
    with pytest.raises(InvalidInput):
        await make_invoice(parties, await fresh(order))


async def test_lines_are_named_once_and_belong_to_the_order(parties: Parties) -> None:
    order, other = [await make_completed_order(parties) for _ in range(2)]
    [line], [foreign] = await lines_of(order), await lines_of(other)
    for lines, problem in (((), InvalidInput), ((line, line), InvalidInput), ((foreign,), NotFound)):
        named = tuple((one.id, D(1)) for one in lines)
        with pytest.raises(problem):
            await issue_invoice(
                parties.supplier, order.id, order.version_for(parties.supplier), named, idempotency_key=make_key()
            )
