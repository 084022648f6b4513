"""More may leave than is agreed where the quotation said by how much; the contract, the ledger and the invoice follow."""

from decimal import Decimal as D

import pytest

from models import ContractLine
from rules.lifecycle import OrderStatus
from rules.problems import QuantityExceeded
from services import ledger
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_five_in_a_hundred_more_may_leave_and_not_a_gram_beyond(parties: Parties) -> None:
    """Scenario 9: 60 + 45 ok, 60 + 45.001 refused."""
    order = await make_contracted_order(parties, ["100"], tolerance="0.05")
    await make_shipment(parties, order, "60")
    with pytest.raises(QuantityExceeded) as refused:
        await make_shipment(parties, order, "45.001")
    assert refused.value.remaining == 45
    await make_shipment(parties, order, "45")
    with pytest.raises(QuantityExceeded) as nothing_left:
        await make_shipment(parties, order, "0.000001")
    assert nothing_left.value.remaining == 0


async def test_no_more_leaves_than_is_agreed_where_nothing_was_said(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    with pytest.raises(QuantityExceeded) as refused:
        await make_shipment(parties, order, "100.000001")
    assert refused.value.remaining == 100


async def test_the_tolerance_is_in_the_text_that_both_sides_sign(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], tolerance="0.05")
    contract = await contract_of(order)
    assert '"overDeliveryTolerance":"0.05"' in contract.text
    assert [line.over_delivery_tolerance for line in await ContractLine.of(contract.id)] == [D("0.05")]
    plain = await contract_of(await make_contracted_order(parties, ["100"]))
    assert "overDeliveryTolerance" not in plain.text


async def test_an_order_that_is_over_delivered_is_completed_with_nothing_due_and_invoiced_for_what_was_accepted(
    parties: Parties,
) -> None:
    order = await make_contracted_order(parties, ["100", "100"], ["1", "1"], tolerance="0.05")
    await make_receipt(parties, await make_shipment(parties, order, "105", "60"))
    half = await fresh(order)
    assert half.status is OrderStatus.CONTRACTED  # what one line has too much of makes up for nothing on another
    await make_receipt(parties, await make_shipment(parties, order, "0", "40"))
    assert (await fresh(order)).status is OrderStatus.COMPLETED
    booked = await ledger.line_quantities(order)
    assert [booked[line.id].to_despatch for line in await lines_of(order)] == [0, 0]
    assert (await make_invoice(parties, order)).net == D("255.00")  # 105 + 100 + freight 50
