"""Prices that are stated with tax: what is paid is quantity times price, from the quotation to the last credit note."""

import json
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from models import ContractLine, Invoice, InvoiceLine, QuotationAllowance
from models.crediting import left_of
from rules.allowances import Allowance, AllowanceKind
from rules.crediting import CreditWish
from rules.money import TaxInclusion, TaxLevel
from rules.terms import PaymentMoment
from services.covering import call_off_of
from services.crediting import issue_credit_note
from services.quoting import accept_quotation
from tests.change_makers import make_changed_order
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_completed_order,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_parties,
    make_placed_order,
    make_quotation,
)
from tests.price_makers import make_price_list, make_proposed_quotation

INCLUSIVE = TaxInclusion.INCLUSIVE
LESS = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "首单优惠", amount=D("10.00"))
SHARE = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "Loyal", share=D("0.05"))


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.mark.parametrize("level", TaxLevel)
async def test_the_total_of_prices_with_tax_is_what_they_come_to(parties: Parties, level: TaxLevel) -> None:
    """3 × 33.33 + 7 × 0.07 + freight 50.00 − 10.00 − 5 % of the goods; accepted in part, each amount with tax is in proportion."""
    order = await make_placed_order(parties, ("3", "7"))
    terms: Any = {"freight": "50.00", "allowances": (LESS, SHARE), "tax_level": level, "tax_inclusion": INCLUSIVE}
    quotation = await make_quotation(parties, order, ("33.33", "0.07"), **terms)
    assert quotation.total == D("99.99") + D("0.49") + D("50.00") - D("10.00") - D("5.02") == D("135.46")
    beside = await QuotationAllowance.of(quotation.id)
    assert [one.net + one.tax for one in beside] == [D("-10.00"), D("-5.02")]
    assert quotation.freight + quotation.freight_tax == D("50.00")
    first, second = await lines_of(order)
    chosen = {first.id: D(1), second.id: D(7)}
    order = await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version, chosen)
    contract = await contract_of(order)
    assert contract.total == order.agreed_total == D("33.33") + D("0.49") + D("50.00") - D("3.37") - D("1.69")
    assert (contract.tax_inclusion, json.loads(contract.text)["amounts"]["taxInclusion"]) == (INCLUSIVE, "INCLUSIVE")


async def test_a_change_keeps_freight_and_allowances_as_they_were_stated(parties: Parties) -> None:
    terms = {"freight": "50.00", "allowances": (LESS,), "tax_inclusion": INCLUSIVE, "tax_level": TaxLevel.DOCUMENT}
    order = await make_contracted_order(parties, ("3",), ("33.33",), **terms)
    before = await contract_of(order)
    assert before.total == D("139.99")
    order = await make_changed_order(parties, order, "5")
    after = await contract_of(order)
    assert (after.total, after.tax_inclusion) == (D("166.65") + D("50.00") - D("10.00"), INCLUSIVE)
    assert after.freight + after.freight_tax == D("50.00")
    [line] = await ContractLine.of(after.id)
    assert line.net + line.tax == D("166.65")


@pytest.mark.parametrize("level", TaxLevel)
@pytest.mark.parametrize("inclusion", TaxInclusion)
async def test_all_invoices_together_are_the_contract_to_the_fen(
    parties: Parties, inclusion: TaxInclusion, level: TaxLevel
) -> None:
    """Three pieces at 0.005 are 0.02 in all, though each alone is 0.01."""
    terms = {"freight": "50.00", "allowances": (LESS,), "tax_level": level, "tax_inclusion": inclusion}
    order = await make_completed_order(parties, ("3", "3"), ("0.005", "33.333333"), **terms)
    await make_invoice(parties, order, "1", "1")
    await make_invoice(parties, order, "1", "0")
    await make_invoice(parties, order)
    contract = await contract_of(order)
    invoices = await Invoice.filter(order_id=order.id)
    assert len(invoices) == 3
    assert {invoice.tax_inclusion for invoice in invoices} == {inclusion}
    assert sum(invoice.total for invoice in invoices) == contract.total == order.agreed_total
    assert sum(invoice.tax for invoice in invoices) == contract.tax
    small = await InvoiceLine.filter(order_line_id=(await lines_of(order))[0].id)
    assert sum(line.net + (line.tax if inclusion is INCLUSIVE else 0) for line in small) == D("0.02")


async def test_what_came_back_is_credited_at_the_price_with_tax(parties: Parties) -> None:
    order = await make_completed_order(parties, ("3",), ("33.33",), freight="0", tax_inclusion=INCLUSIVE)
    invoice = await make_invoice(parties, order)
    [line] = (await left_of([invoice.id]))[invoice.id]
    credited = []
    for version in range(3):
        wish = (CreditWish(line, D(1)),)
        note = await issue_credit_note(
            parties.supplier, invoice.id, version, "returned", wish, idempotency_key=make_key()
        )
        credited.append(note.total)
    assert credited == [D("33.33")] * 3


@pytest.mark.parametrize(("inclusion", "price"), [(INCLUSIVE, "0.294690"), (TaxInclusion.EXCLUSIVE, "0.333")])
def test_an_agreement_s_price_is_compared_without_tax(inclusion: TaxInclusion, price: str) -> None:
    quotation = SimpleNamespace(
        currency="CNY", payment_net_days=30, prepaid_share=D(0), payment_moment=PaymentMoment.AFTER_INVOICE,
        tax_inclusion=inclusion.value,
    )  # fmt: skip
    line = SimpleNamespace(order_line_id=uuid4(), quantity=D(10), unit_price=D("0.333"), tax_rate=D("0.13"))
    order = SimpleNamespace(delivery_zone="Asia/Shanghai")
    wanted = call_off_of(order, quotation, D(1), [line], {line.order_line_id: uuid4()})
    assert wanted.purchases[0].unit_price == D(price)


async def test_a_list_with_tax_prices_a_quotation_either_way(parties: Parties) -> None:
    """113.00 with tax are 100.00 without it; a list without tax the other way round."""
    for stated, listed, with_tax, without in (
        (INCLUSIVE, "113", "113.00", "100.00"),
        (TaxInclusion.EXCLUSIVE, "100", "113.00", "100.00"),
    ):
        goods = await make_goods(parties.supplier)
        await make_price_list(parties.supplier, goods, {"1": listed}, tax_inclusion=stated)
        for inclusion, price in ((INCLUSIVE, with_tax), (TaxInclusion.EXCLUSIVE, without)):
            order = await make_placed_order(parties, ("2",), goods=[goods])
            quotation = await make_proposed_quotation(parties, order, tax_inclusion=inclusion)
            [line] = await quotation.lines
            assert (line.unit_price, quotation.total) == (D(price), D("226.00"))
