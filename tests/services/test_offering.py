"""What a quotation may hold besides prices: alternatives, allowances and charges, payment and delivery terms, and what each leads to."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models import Alternative, ContractAllowance, ContractLine, InvoiceLine, Order, Product, Quotation
from models.database import pool
from rules.allowances import Allowance, AllowanceKind
from rules.lifecycle import OrderStatus
from rules.money import TaxLevel
from rules.problems import InvalidInput, NotFound, QuantityExceeded, QuotationWhole
from rules.quantity import Inspection
from rules.terms import Incoterm, PartialAcceptance, PaymentMoment
from rules.units import Unit
from services import clock
from services.alternatives import OfferedAlternative
from services.quoting import accept_quotation
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_goods,
    make_invoice,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_signed,
)

D = Decimal
LESS = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "a large order", "95", share=D("0.05"))
MORE = Allowance(AllowanceKind.CHARGE, D("0.06"), "packing", "PC", amount=D("12.00"))


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def quoted(parties: Parties, *quantities: str, **terms: Any) -> tuple[Order, Quotation]:
    """An open quotation at 1.00 a piece without freight."""
    order = await make_placed_order(parties, quantities)
    quotation = await make_quotation(parties, order, ["1.00"] * len(quantities), **{"freight": "0", **terms})
    return await fresh(order), quotation


async def contracted(parties: Parties, order: Order, quotation: Quotation, *agreed: Any) -> Order:
    """The order, accepted and signed."""
    order = await accept_quotation(parties.buyer, quotation.id, order.version, *agreed)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    return order


@pytest.mark.parametrize("level", TaxLevel)
async def test_totals_contain_allowances_and_charges_with_their_tax(parties: Parties, level: TaxLevel) -> None:
    """1000.00 − 50.00 + 12.00 + 50.00 freight; 13 % of 950.00, 6 % of 12.00, 9 % of 50.00."""
    _, quotation = await quoted(parties, "1000", freight="50.00", allowances=(LESS, MORE), tax_level=level)
    assert (quotation.net, quotation.tax, quotation.total) == (D("1012.00"), D("128.72"), D("1140.72"))
    assert quotation.freight == D("50.00")


async def test_what_is_taken_off_cannot_exceed_the_goods(parties: Parties) -> None:
    """By a cent; all of it is a gift."""
    order = await make_placed_order(parties, ("10",))
    for amount, is_fine in (("10.01", False), ("10.00", True)):
        gift = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "gift", amount=D(amount))
        if is_fine:
            assert (await make_quotation(parties, order, ["1.00"], freight="0", allowances=(gift,))).total == 0
        else:
            with pytest.raises(InvalidInput, match="taxed at"):
                await make_quotation(parties, order, ["1.00"], freight="0", allowances=(gift,))


async def test_a_part_of_the_goods_takes_its_part_of_the_allowances_and_all_of_the_freight(parties: Parties) -> None:
    """300 of 1000: 300.00 − 15.00 + 3.60 + 50.00."""
    order, quotation = await quoted(parties, "1000", freight="50.00", allowances=(LESS, MORE))
    [line] = await lines_of(order)
    contract = await contract_of(await accept_quotation(parties.buyer, quotation.id, order.version, {line.id: D(300)}))
    nets = [(one.reason, one.net, one.tax) for one in await ContractAllowance.of(contract.id)]
    assert nets == [("a large order", D("-15.00"), D("-1.95")), ("packing", D("3.60"), D("0.22"))]
    assert contract.net == D("338.60")
    assert [one["net"] for one in json.loads(contract.text)["allowances"]] == ["-15.00", "3.60"]


async def test_invoices_for_parts_claim_exactly_what_the_contract_says(parties: Parties) -> None:
    """A third at a time of 1000 pieces less 5 %, plus 12.00 for packing: no cent is lost or claimed twice."""
    order, quotation = await quoted(parties, "1000", allowances=(LESS, MORE), tax_level=TaxLevel.DOCUMENT)
    order = await contracted(parties, order, quotation)
    await make_receipt(parties, await make_shipment(parties, order))
    invoices = [await make_invoice(parties, order, pieces) for pieces in ("333", "333", "334")]
    assert sum(invoice.net for invoice in invoices) == (await contract_of(order)).net == D("962.00")
    claimed = [line.net for line in await InvoiceLine.filter(allowance="packing").order_by("id")]
    assert claimed == [D("4.00"), D("3.99"), D("4.01")]
    assert sum(line.net for line in await InvoiceLine.filter(allowance="a large order")) == D("-50.00")


async def test_terms_of_payment_and_delivery_are_frozen_and_signed(parties: Parties) -> None:
    """Thirty per cent before despatch, the rest within ten days of receipt, FOB Ningbo."""
    terms = {
        "prepaid_share": D("0.3"),
        "payment_moment": PaymentMoment.ON_RECEIPT,
        "payment_net_days": 10,
        "incoterm": Incoterm.FOB,
        "incoterm_place": "Ningbo",
    }
    order, quotation = await quoted(parties, "10", **terms)
    order = await accept_quotation(parties.buyer, quotation.id, order.version)
    text = json.loads((await contract_of(order)).text)
    assert text["payment"] == {"prepaidShare": "0.3", "netDays": "10", "moment": "ON_RECEIPT"}
    assert (text["delivery"]["incoterm"], text["delivery"]["incotermPlace"]) == ("FOB", "Ningbo")
    assert text["quotation"]["validUntil"] == quotation.valid_until.isoformat()
    with pytest.raises(Exception, match="stays as it was written"):
        await pool().execute("UPDATE quotation SET prepaid_share = 0 WHERE id = $1", quotation.id)


@pytest.mark.parametrize(
    ("moment", "due_on"), [("AFTER_INVOICE", date(2027, 1, 19)), ("ON_RECEIPT", date(2027, 1, 11))]
)
async def test_an_invoice_is_due_so_many_days_after_the_agreed_moment(
    parties: Parties, moment: str, due_on: date
) -> None:
    """Received on 1 January, invoiced on the 9th, ten days."""
    with clock.held_at("2027-01-01T04:00:00Z"):
        order, quotation = await quoted(parties, "10", payment_moment=PaymentMoment(moment), payment_net_days=10)
        order = await contracted(parties, order, quotation)
        await make_receipt(parties, await make_shipment(parties, order))
    with clock.held_at("2027-01-09T04:00:00Z"):
        assert (await make_invoice(parties, order)).due_on == due_on
    with clock.held_at("2027-02-01T04:00:00Z"):
        assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_an_alternative_is_in_no_total_and_follows_its_line(parties: Parties) -> None:
    """Another price for another coating; quantity, date, tax and article are the line's own."""
    order, quotation = await quoted(parties, "10", alternatives=(OfferedAlternative(D("0.80"), quality_remark="zinc"),))
    [line] = await lines_of(order)
    [other] = await Alternative.of(quotation.id)
    assert quotation.net == D("10.00")
    assert (other.product_id, other.quantity, other.net, other.tax) == (line.product_id, D(10), D("8.00"), D("1.04"))
    assert other.promised_on == order.requested_on


async def test_the_buyer_takes_an_alternative_and_that_is_what_is_signed_kept_and_delivered(parties: Parties) -> None:
    """The line ordered A; B is agreed on: its price, its name, its stock."""
    shelf = await make_goods(parties.supplier, stock_on_hand=D(100), name_en="Zinc-plated bolt")
    other = OfferedAlternative(
        D("0.80"), shelf.id, quantity=D(12), promised_on=clock.today("Asia/Shanghai") + timedelta(40)
    )
    order, quotation = await quoted(parties, "10", "5", alternatives=(other,))
    first, second = await lines_of(order)
    [offered] = await Alternative.of(quotation.id)
    order = await contracted(parties, order, quotation, {first.id: D(12), second.id: D(5)}, {first.id: offered.id})
    contract = await contract_of(order)
    assert contract.net == order.agreed_total - contract.tax == D("14.60")
    taken, own = await ContractLine.of(contract.id)
    assert (taken.product_id, taken.unit_price, taken.promised_on) == (shelf.id, D("0.80"), offered.promised_on)
    assert (own.product_id, own.sku) == (second.product_id, second.sku)
    assert json.loads(contract.text)["lines"][0]["nameEn"] == "Zinc-plated bolt"
    assert (await Product.get(id=shelf.id)).stock_reserved == 12
    await make_receipt(parties, await make_shipment(parties, order, "12", "5"))
    assert (await Product.get(id=shelf.id)).stock_on_hand == 88
    assert (await make_invoice(parties, order)).total == order.agreed_total


async def test_an_alternative_is_accepted_within_its_own_quantity_and_for_its_own_line(parties: Parties) -> None:
    """Too much of it, another line's, another quotation's; the whole of a whole-only offer may contain it."""
    other = OfferedAlternative(D("0.80"), quantity=D(8))
    order, quotation = await quoted(
        parties, "10", "5", alternatives=(other,), partial_acceptance=PartialAcceptance.WHOLE_ONLY
    )
    first, second = await lines_of(order)
    [offered] = await Alternative.of(quotation.id)
    _, elsewhere = await quoted(parties, "10", alternatives=(other,))
    [strange] = await Alternative.of(elsewhere.id)
    for chosen, instead, problem in (
        ({first.id: D(9), second.id: D(5)}, {first.id: offered.id}, QuantityExceeded),
        ({first.id: D(7), second.id: D(5)}, {first.id: offered.id}, QuotationWhole),
        (None, {second.id: offered.id}, NotFound),
        (None, {first.id: strange.id}, NotFound),
        (None, {offered.id: offered.id}, NotFound),
    ):
        with pytest.raises(problem):
            await accept_quotation(parties.buyer, quotation.id, order.version, chosen, instead)
    order = await accept_quotation(parties.buyer, quotation.id, order.version, None, {first.id: offered.id})
    assert [line.quantity for line in await ContractLine.of((await contract_of(order)).id)] == [D(8), D(5)]


async def test_an_alternative_is_the_suppliers_own_article_in_the_same_unit(parties: Parties) -> None:
    """Not a rival's, not by the kilogramme."""
    order = await make_placed_order(parties, ("10",))
    rivals = await make_goods((await make_parties()).supplier)
    heavy = await make_goods(parties.supplier, unit=Unit.KGM)
    for product, problem in ((rivals, NotFound), (heavy, InvalidInput)):
        with pytest.raises(problem):
            await make_quotation(parties, order, ["1.00"], alternatives=(OfferedAlternative(D(1), product.id),))
    assert await Quotation.all().count() == 0


async def test_goods_found_short_are_delivered_again_and_invoiced_once(parties: Parties) -> None:
    """Allowances follow what is accepted, not what is despatched."""
    order, quotation = await quoted(parties, "100", allowances=(LESS,))
    order = await contracted(parties, order, quotation)
    [line] = await lines_of(order)
    await make_receipt(
        parties, await make_shipment(parties, order), {line.id: Inspection(D(90), D(0), D(10), "ten missing")}
    )
    first = await make_invoice(parties, order)
    await make_receipt(parties, await make_shipment(parties, order, "10"))
    second = await make_invoice(parties, order)
    assert (first.net, second.net) == (D("85.50"), D("9.50"))
