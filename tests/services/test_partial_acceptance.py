"""A buyer takes a part of a quotation: what is agreed, what it comes to, what is ordered, and what becomes of the rest."""

import json
from decimal import Decimal
from typing import Any

import pytest

from models import Approval, Company, Contract, ContractLine, Order, Quotation
from rules.lifecycle import OrderStatus
from rules.money import Currency, TaxLevel
from rules.people import CompanyKind
from rules.problems import InvalidInput, NotFound, QuantityExceeded, QuotationWhole
from rules.terms import ApprovalStatus, PartialAcceptance, QuotationStatus
from services.approving import approve_order
from services.companies import Limit, set_approval_threshold
from services.quoting import accept_quotation
from tests.estates import Firm
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_invoice,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_signed,
)

D = Decimal


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def quoted(parties: Parties, **terms: Any) -> tuple[Order, Quotation]:
    """Three lines at 1.005, five pieces each, without freight: scenario 13."""
    order = await make_placed_order(parties, ("5", "5", "5"))
    quotation = await make_quotation(parties, order, ("1.005",) * 3, **{"freight": "0", **terms})
    return await fresh(order), quotation


async def test_accepting_without_a_choice_agrees_on_everything_as_it_was_quoted(parties: Parties) -> None:
    """Line by line, and to the cent."""
    order, quotation = await quoted(parties)
    order = await accept_quotation(parties.buyer, quotation.id, order.version)
    contract = await contract_of(order)
    assert (contract.net, contract.tax, contract.total) == (quotation.net, quotation.tax, quotation.total)
    assert [(line.quantity, line.net, line.tax) for line in await ContractLine.of(contract.id)] == [
        (D(5), D("5.03"), D("0.65"))
    ] * 3


@pytest.mark.parametrize(
    ("level", "tax", "total"), [(TaxLevel.LINE, "0.91", "7.95"), (TaxLevel.DOCUMENT, "0.92", "7.96")]
)
async def test_a_part_is_added_up_by_the_quotations_own_rounding(
    parties: Parties, level: TaxLevel, tax: str, total: str
) -> None:
    """5 of the first and 2 of the third: 5.03 + 2.01; tax per line 0.65 + 0.26, per document 0.92."""
    order, quotation = await quoted(parties, tax_level=level)
    first, _, third = await lines_of(order)
    order = await accept_quotation(parties.buyer, quotation.id, order.version, {first.id: D(5), third.id: D(2)})
    contract = await contract_of(order)
    agreed = [(line.position, line.quantity, line.net) for line in await ContractLine.of(contract.id)]
    assert agreed == [(1, D(5), D("5.03")), (3, D(2), D("2.01"))]
    assert (contract.net, contract.tax, contract.total) == (D("7.04"), D(tax), D(total))
    assert order.agreed_total == contract.total
    text = json.loads(contract.text)
    assert [(line["position"], line["quantity"]) for line in text["lines"]] == [("1", "5"), ("3", "2")]
    assert text["amounts"]["total"] == total


async def test_freight_is_never_divided(parties: Parties) -> None:
    """One line of three still pays 50.00 and 9 % on it."""
    order, quotation = await quoted(parties, freight="50.00")
    [first, *_] = await lines_of(order)
    contract = await contract_of(await accept_quotation(parties.buyer, quotation.id, order.version, {first.id: D(5)}))
    assert (contract.freight, contract.freight_tax, contract.total) == (D("50.00"), D("4.50"), D("60.18"))


async def test_what_is_not_chosen_is_not_ordered_and_keeps_nothing_open(parties: Parties) -> None:
    """Nothing of it can be despatched or invoiced, and the order completes without it."""
    order, quotation = await quoted(parties)
    first, second, third = await lines_of(order)
    order = await accept_quotation(parties.buyer, quotation.id, order.version, {first.id: D(5), third.id: D(2)})
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    for pieces in (("5", "1", "0"), ("5", "0", "3")):
        with pytest.raises(QuantityExceeded) as refused:
            await make_shipment(parties, order, *pieces)
        assert refused.value.remaining == (0 if pieces[1] == "1" else 2)
    await make_receipt(parties, await make_shipment(parties, order, "5", "0", "2"))
    order = await fresh(order)
    assert order.status is OrderStatus.COMPLETED
    with pytest.raises(QuantityExceeded):
        await make_invoice(parties, order, "0", "1", "0")
    assert (await make_invoice(parties, order)).total == order.agreed_total == D("7.95")
    assert second.id not in {line.order_line_id for line in await ContractLine.all()}


async def test_no_more_than_was_quoted_is_accepted(parties: Parties) -> None:
    """By a thousandth, nothing, less than nothing, a stranger's line, no line; nothing is changed by trying."""
    order, quotation = await quoted(parties)
    [first, *_] = await lines_of(order)
    [stranger] = await lines_of(await make_placed_order(parties))
    for chosen, problem in (
        ({first.id: D("5.001")}, QuantityExceeded),
        ({first.id: D(0)}, InvalidInput),
        ({first.id: D(-1)}, InvalidInput),
        ({stranger.id: D(1)}, NotFound),
        ({}, InvalidInput),
    ):
        with pytest.raises(problem):
            await accept_quotation(parties.buyer, quotation.id, order.version, chosen)
    await quotation.refresh_from_db()
    assert (quotation.status, await Contract.all().count()) == (QuotationStatus.SENT, 0)
    assert (await fresh(order)).version == order.version


async def test_a_supplier_may_offer_everything_or_nothing(parties: Parties) -> None:
    """A part is refused with the revision; everything, named line by line, is not a part."""
    order, quotation = await quoted(parties, partial_acceptance=PartialAcceptance.WHOLE_ONLY)
    lines = await lines_of(order)
    with pytest.raises(QuotationWhole) as refused:
        await accept_quotation(parties.buyer, quotation.id, order.version, {line.id: D(5) for line in lines[:2]})
    assert refused.value.current_revision == 1
    order = await accept_quotation(parties.buyer, quotation.id, order.version, {line.id: D(5) for line in lines})
    assert order.status is OrderStatus.PENDING_SIGNATURE


@pytest.mark.usefixtures("database")
async def test_approvers_decide_on_what_is_chosen_and_their_yes_brings_about_just_that() -> None:
    """Above a threshold of 6.00, 7.95 waits for approval although 17.04 was quoted; 5.68 would not wait."""
    firm = await Firm.made(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号")
    parties = Parties(firm.everybody, (await make_parties()).supplier)
    small, quotation = await quoted(parties)
    order, other = await quoted(parties)
    version = (await Company.named(firm.company.id)).version
    await set_approval_threshold(firm.admin, version, Limit(D("6.00"), Currency.CNY))
    [first, *_] = await lines_of(small)
    small = await accept_quotation(parties.buyer, quotation.id, small.version, {first.id: D(5)})
    assert small.status is OrderStatus.PENDING_SIGNATURE
    first, _, third = await lines_of(order)
    order = await accept_quotation(parties.buyer, other.id, order.version, {first.id: D(5), third.id: D(2)})
    approval = await Approval.get(order_id=order.id)
    assert (order.status, approval.status, approval.amount) == (
        OrderStatus.PENDING_BUYER, ApprovalStatus.PENDING, D("7.95"),
    )  # fmt: skip
    order = await approve_order(firm.approver, order.id, order.version)
    assert order.agreed_total == D("7.95")
    assert {line.order_line_id: line.quantity for line in await ContractLine.of((await contract_of(order)).id)} == {
        first.id: D(5),
        third.id: D(2),
    }
