"""The three-way match as both see it; what the buyer puts up with shows to the buyer alone."""

import pytest

from models import Company
from resolvers.ids import encode_id
from tests.carrier_makers import as_admin
from tests.order_makers import Parties, fresh, make_completed_order, make_invoice, make_parties
from tests.resolvers.asking import ask, do
from tests.return_makers import make_return

MATCH = """query ($id: ID!) { order(id: $id) { invoices { number match { status statusLabel faults lines {
    position status faults ordered accepted invoiced invoicedBefore contractPrice invoicePrice difference { amount currency }
    } } } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_the_buyer_reads_line_by_line_what_an_invoice_stands_on(parties: Parties) -> None:
    order = await make_completed_order(parties, ["100"], ["2"])
    await make_invoice(parties, order, "60")
    await make_invoice(parties, order, "40")
    await make_return(parties, await fresh(order), "5")
    id_ = encode_id("Order", order.id)
    older, newer = [one["match"] for one in (await ask(parties.buyer, MATCH, locale="zh-CN", id=id_))["invoices"]]
    assert (older["status"], newer["status"], newer["statusLabel"]) == ("MATCHED", "EXCEPTION", "匹配异常")
    assert newer["faults"] == ["QUANTITY"]
    [line] = newer["lines"]
    assert line == {
        "position": 1,
        "status": "EXCEPTION",
        "faults": ["QUANTITY"],
        "ordered": "100.000000",
        "accepted": "95.000000",
        "invoiced": "40.000000",
        "invoicedBefore": "60.000000",
        "contractPrice": "2.000000",
        "invoicePrice": "2.000000",
        "difference": {"amount": "10.00", "currency": "CNY"},
    }
    theirs = [one["match"] for one in (await ask(parties.supplier, MATCH, id=id_))["invoices"]]
    assert [match["lines"] for match in theirs] == [older["lines"], newer["lines"]]


async def test_finance_sets_what_is_put_up_with_and_sees_it_at_once(parties: Parties) -> None:
    order = await make_completed_order(parties, ["100"], ["2"])
    await make_invoice(parties, order)
    await make_return(parties, await fresh(order), "5")
    version = (await Company.named(parties.buyer.home)).version
    shown = "billingProfile { toleranceShare toleranceAmount acceptsMatched address }"
    setting = (parties.buyer, "setInvoiceMatching", shown)
    said = {"toleranceShare": "0.06", "toleranceAmount": "0", "acceptsMatched": False}
    wrong = await do(*setting, **{**said, "toleranceShare": "1.01"}, expectedVersion=version)  # type: ignore[arg-type]
    assert wrong["faults"] == [{"field": "input.toleranceShare"}]
    done = await do(*setting, **said, expectedVersion=version)  # type: ignore[arg-type]
    assert done["billingProfile"]["toleranceShare"] == "0.06"
    [one] = (await ask(as_admin(parties.buyer), MATCH, id=encode_id("Order", order.id)))["invoices"]
    assert one["match"]["status"] == "WITHIN_TOLERANCE"
    [theirs] = (await ask(parties.supplier, MATCH, id=encode_id("Order", order.id)))["invoices"]
    assert theirs["match"]["status"] == "EXCEPTION"
