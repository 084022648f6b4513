"""Rates of VAT: the law's, kept by the operator, and no others on what is quoted, changed or invoiced."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import asyncpg
import pytest

from models import Invoice, InvoiceLine, Product, Quotation, VatRate
from models.database import pool
from rules.allowances import Allowance, AllowanceKind
from rules.problems import Conflict, InvalidInput, NotAllowed, StaleVersion, UnknownTaxRate
from rules.tax import RateChange, TaxCategory
from services import clock
from services.alternatives import OfferedAlternative
from services.catalogue import Revision, update_product
from services.invoicing import issue_invoice
from services.tax import VatRateWish, add_vat_rate, end_vat_rate
from tests.change_makers import make_change, make_changed_order
from tests.makers import make_key, make_platform
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    make_completed_order,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
)
from tests.tax_makers import make_law

TWELVE = VatRateWish(
    "CN", TaxCategory.S, D("0.12"), "基本税率 12%", "Standard rate 12 %", date(2026, 1, 1), "a new law"
)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier under China's law."""
    await make_law()
    return await make_parties()


async def end(rate: str, day: date) -> VatRate:
    """The standard rate with a last day."""
    found = await VatRate.get(rate=D(rate), category=TaxCategory.S)
    return await end_vat_rate(await make_platform(), found.id, found.version, day)


@pytest.mark.parametrize(
    ("day", "rates"),
    [
        ("2018-04-30", "0.17 0.11 0.06 0.03 0"),
        ("2018-05-01", "0.16 0.1 0.06 0.03 0"),
        ("2019-03-31", "0.16 0.1 0.06 0.03 0"),
        ("2019-04-01", "0.13 0.09 0.06 0.03 0"),
        ("2022-06-01", "0.13 0.09 0.06 0.03 0"),
        ("2026-11-26", "0.13 0.09 0.06 0.03 0.01 0"),
        ("2028-01-01", "0.13 0.09 0.06 0.03 0"),
    ],
)
async def test_china_s_rates_are_those_of_the_day(parties: Parties, day: str, rates: str) -> None:
    found = await VatRate.visible_to(parties.buyer).filter(VatRate.on(date.fromisoformat(day)), country="CN")
    assert {one.rate for one in found} == {D(rate) for rate in rates.split()}


async def test_the_same_rate_is_never_there_twice_on_one_day(parties: Parties) -> None:
    operator = await make_platform()
    for wish in (
        replace(TWELVE, rate=D("0.13"), valid_from=date(2030, 1, 1)),
        replace(TWELVE, rate=D("0.17"), valid_from=date(2018, 4, 30), valid_to=date(2018, 4, 30)),
    ):
        with pytest.raises(Conflict):
            await add_vat_rate(operator, wish, idempotency_key=make_key())
    again = replace(TWELVE, rate=D("0.17"), valid_from=date(2018, 5, 1))
    assert (await add_vat_rate(operator, again, idempotency_key=make_key())).rate == D("0.17")
    with pytest.raises(asyncpg.ExclusionViolationError, match="vat_rate_periods_apart"):
        await pool().execute("UPDATE vat_rate SET valid_to = NULL WHERE rate = 0.17")


async def test_a_rate_is_the_operator_s_to_add_and_to_end(parties: Parties) -> None:
    with pytest.raises(NotAllowed):
        await add_vat_rate(parties.supplier, TWELVE, idempotency_key=make_key())
    operator = await make_platform()
    for wrong in ({"country": "XX"}, {"category": TaxCategory.E}, {"valid_to": date(2025, 12, 31)}):
        with pytest.raises(InvalidInput):
            await add_vat_rate(operator, replace(TWELVE, **wrong), idempotency_key=make_key())
    key = make_key()
    added = await add_vat_rate(operator, TWELVE, idempotency_key=key)
    assert (await add_vat_rate(operator, TWELVE, idempotency_key=key)).id == added.id
    with pytest.raises(InvalidInput):
        await end_vat_rate(operator, added.id, 1, date(2025, 12, 31))
    ended = await end_vat_rate(operator, added.id, 1, date(2026, 6, 30))
    assert (ended.valid_to, ended.version) == (date(2026, 6, 30), 2)
    with pytest.raises(StaleVersion):
        await end_vat_rate(operator, added.id, 1, date(2026, 7, 31))


LESS = Allowance(AllowanceKind.ALLOWANCE, D("0.17"), "old", amount=D("1.00"))


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"freight_tax_rate": D("0.1")}, "input.freightTaxRate"),
        ({"allowances": (LESS,)}, "input.allowances[0].taxRate"),
        ({"alternatives": (OfferedAlternative(D(1), tax_rate=D("0.16")),)}, "input.lines[0].alternatives[0].taxRate"),
        ({}, "input.lines[0].taxRate"),
    ],
)
async def test_nothing_is_quoted_at_a_rate_that_is_not_the_law_s(
    parties: Parties, terms: dict[str, Any], path: str
) -> None:
    order = await make_placed_order(parties)
    if not terms:
        await pool().execute("UPDATE order_line SET tax_rate = 0.16")
    before = (await fresh(order)).version
    with pytest.raises(UnknownTaxRate) as refused:
        await make_quotation(parties, order, **terms)
    assert refused.value.path == path
    assert refused.value.rates == tuple(D(rate) for rate in ("0.13", "0.09", "0.06", "0.03", "0.01", "0"))
    assert ((await fresh(order)).version, await Quotation.all().count()) == (before, 0)


async def test_freight_is_quoted_at_the_law_s_rate_unless_another_is_said(parties: Parties) -> None:
    async def rate(**terms: Any) -> Any:
        return (await make_quotation(parties, await make_placed_order(parties), **terms)).freight_tax_rate

    assert await rate() == D("0.09")
    ten = replace(TWELVE, category=TaxCategory.AA, rate=D("0.1"), valid_from=clock.today("Asia/Shanghai"))
    await add_vat_rate(await make_platform(), ten, idempotency_key=make_key())
    assert (await rate(), await rate(freight_tax_rate=D("0.09"))) == (D("0.1"), D("0.09"))


async def test_without_freight_nobody_asks_how_it_is_taxed(parties: Parties) -> None:
    order = await make_placed_order(parties)
    assert await make_quotation(parties, order, freight="0", freight_tax_rate=D("0.1"))


async def test_a_product_takes_the_law_s_rates_and_keeps_one_that_has_ended(parties: Parties) -> None:
    with pytest.raises(UnknownTaxRate) as refused:
        await make_goods(parties.supplier, tax_rate=D("0.17"))
    assert (refused.value.path, await Product.all().count()) == ("input.taxRate", 0)
    goods = await make_goods(parties.supplier)
    await end("0.13", date(2020, 1, 1))
    goods = await update_product(parties.supplier, goods.id, goods.version, Revision(name_en="Bolt"))
    with pytest.raises(UnknownTaxRate):
        await update_product(parties.supplier, goods.id, goods.version, Revision(tax_rate=D("0.13")))


async def test_what_left_before_a_rate_ended_is_invoiced_at_it(parties: Parties) -> None:
    order = await make_completed_order(parties)
    await end("0.13", clock.today("Asia/Shanghai"))
    with clock.held_at(clock.now() + timedelta(days=9)):
        invoice = await make_invoice(parties, order)
    assert invoice.total == D("430.79")


async def test_what_left_after_a_rate_ended_is_invoiced_at_the_law_s_new_one(parties: Parties) -> None:
    """The price stays, the tax is the law's; only a rate that is no longer valid is replaced, and by one that is."""
    order = await make_completed_order(parties)
    yesterday = clock.today("Asia/Shanghai") - timedelta(days=1)
    await end("0.13", yesterday)
    await add_vat_rate(await make_platform(), TWELVE, idempotency_key=make_key())

    async def claim(*changes: RateChange) -> Invoice:
        version = (await fresh(order)).version_for(parties.supplier)
        return await issue_invoice(parties.supplier, order.id, version, None, changes, idempotency_key=make_key())

    with pytest.raises(UnknownTaxRate) as refused:
        await claim()
    assert (refused.value.path, refused.value.rate) == ("contract.taxRate", D("0.13"))
    with pytest.raises(UnknownTaxRate) as other:
        await claim(RateChange(D("0.13"), D("0.17")))
    assert other.value.path == "input.taxRates[0].after"
    with pytest.raises(InvalidInput, match="what is agreed counts"):
        await claim(RateChange(D("0.09"), D("0.06")))
    assert not await Invoice.all().exists()
    invoice = await claim(RateChange(D("0.13"), D("0.12")))
    assert [line.tax for line in await InvoiceLine.filter(invoice_id=invoice.id)] == [D("39.96"), D("4.50")]


async def test_both_sides_may_change_the_rate_of_what_is_still_to_come(parties: Parties) -> None:
    terms: Any = {"freight": "50.00", "allowances": (replace(LESS, tax_rate=D("0.13"), amount=D("33.00")),)}
    order = await make_contracted_order(parties, **terms)
    await end("0.13", clock.today("Asia/Shanghai") - timedelta(days=1))
    await add_vat_rate(await make_platform(), TWELVE, idempotency_key=make_key())
    with pytest.raises(UnknownTaxRate) as refused:
        await make_change(order, parties.supplier, tax_rates=(RateChange(D("0.13"), D("0.17")),))
    assert refused.value.path == "input.taxRates[0].after"
    order = await make_changed_order(parties, order, tax_rates=(RateChange(D("0.13"), D("0.12")),))
    contract = await contract_of(order)
    assert (contract.net, contract.tax) == (D("350.00"), D("36.00") + D("4.50"))
    assert '"term":"TAX_RATE"' in contract.text
    await make_receipt(parties, await make_shipment(parties, order))
    assert (await make_invoice(parties, order)).total == contract.total == D("390.50")


async def test_a_supplier_of_a_country_nobody_knows_charges_any_rate(database: str) -> None:
    parties = await make_parties()
    order = await make_placed_order(parties, goods=[await make_goods(parties.supplier, tax_rate=D("0.19"))])
    assert (await make_quotation(parties, order)).tax == D("63.27") + D("4.50")
