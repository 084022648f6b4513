"""Three-way match on real orders: receipts, returns, changes of contract and official invoices; and what is accepted by itself."""

from decimal import Decimal as D

import pytest

from models import BillingProfile, Company, Errand, Event, Invoice, Order
from rules.billing import InvoiceStatus
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.matching import Match, MatchFault, MatchStatus
from rules.money import TaxInclusion
from rules.people import Actor
from rules.problems import InvalidInput, QuantityExceeded
from rules.quantity import Inspection
from services import errand_works
from services.billing_profiles import Matching, set_invoice_matching
from services.contract_changes import LineChange
from services.invoicing import dispute_invoice
from services.three_way import compared
from tests.billing_makers import make_credit_note
from tests.change_makers import make_changed_order
from tests.fapiao_makers import make_fapiao, make_recorded
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
from tests.return_makers import make_return
from tests.statements import counting

M, F = MatchStatus, MatchFault


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def look(actor: Actor, share: str = "0", amount: str = "0", *, accepts: bool = False) -> None:
    """Let the actor's company look at invoices like this."""
    version = (await Company.named(actor.home)).version
    await set_invoice_matching(actor, version, Matching(D(share), D(amount), accepts))


async def matched(invoice: Invoice) -> Match:
    """What the comparison comes to now."""
    return (await compared([await Invoice.named(invoice.id)]))[invoice.id].match


async def make_received(parties: Parties, accepted: str) -> Order:
    """Sixty despatched of a hundred, of which so many were accepted."""
    order = await make_contracted_order(parties, ["100"], ["1"])
    shipment = await make_shipment(parties, order, "60")
    [line] = await lines_of(order)
    rest = D(60) - D(accepted)
    await make_receipt(parties, shipment, {line.id: Inspection(D(accepted), rejected=rest, reason="bent")})
    return await fresh(order)


async def test_scenario_10_claims_for_more_than_was_accepted_are_refused_whatever_is_tolerated(
    parties: Parties,
) -> None:
    await look(parties.buyer, "1", "9999")
    order = await make_received(parties, "55")
    with pytest.raises(QuantityExceeded) as refused:
        await make_invoice(parties, order, "60")
    assert refused.value.remaining == 55
    found = await matched(await make_invoice(parties, order, "55"))
    assert (found.status, found.faults) == (M.MATCHED, ())
    goods, freight = found.lines
    assert (goods.line.ordered, goods.line.accepted, goods.line.invoiced) == (D(100), D(55), D(55))
    assert (freight.line.order_line, freight.line.contract_price, freight.difference) == (None, D(50), D(0))


async def test_goods_that_go_back_are_missing_in_the_newest_invoice_until_they_are_credited(parties: Parties) -> None:
    order = await make_completed_order(parties, ["100"], ["1"])
    older, newer = await make_invoice(parties, order, "60"), await make_invoice(parties, order, "40")
    await make_return(parties, order, "5")
    assert (await matched(older)).status is M.MATCHED
    found = await matched(newer)
    assert (found.status, found.faults, found.lines[0].difference) == (M.EXCEPTION, (F.QUANTITY,), D(5))
    assert (found.lines[0].line.accepted, found.lines[0].line.older, found.lines[0].line.invoiced) == (
        D(95),
        D(60),
        D(40),
    )
    await look(parties.buyer, amount="5")
    assert (await matched(newer)).status is M.WITHIN_TOLERANCE
    await look(parties.buyer)
    await make_credit_note(parties, newer, "5")
    assert (await matched(newer)).status is M.MATCHED


async def test_a_price_that_was_changed_since_shows_until_it_is_credited(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"])
    await make_receipt(parties, await make_shipment(parties, order, "60"))
    invoice = await make_invoice(parties, await fresh(order))
    [line] = await lines_of(order)
    await make_changed_order(parties, await fresh(order), lines=(LineChange(line.id, unit_price=D("0.90")),))
    found = await matched(invoice)
    assert (found.status, found.faults, found.lines[0].difference) == (M.EXCEPTION, (F.PRICE,), D(6))
    await look(parties.buyer, "0.12")
    assert (await matched(invoice)).status is M.WITHIN_TOLERANCE


async def test_official_invoices_are_the_fourth_way(parties: Parties) -> None:
    invoice = await make_invoice(parties, await make_completed_order(parties))
    first = await make_recorded(parties, invoice, make_fapiao("333.00", "43.29"))
    assert (await matched(invoice)).faults == (F.OFFICIAL_INVOICE,)
    await make_recorded(parties, invoice, make_fapiao("50.00", "4.51"))
    assert (await matched(invoice)).status is M.WITHIN_TOLERANCE
    assert first.total == D("376.29")


async def test_a_list_takes_as_many_statements_as_one(parties: Parties) -> None:
    order = await make_completed_order(parties, ["100"], ["1"])
    invoices = [await make_invoice(parties, order, "10") for _ in range(3)]
    counted: list[int] = []
    for some in (invoices[:1], invoices):
        async with counting() as seen:
            await compared(some)
        counted.append(len(seen))
    assert counted[0] == counted[1] == 1


async def test_a_matched_invoice_is_accepted_by_itself_where_the_buyer_wants_it(parties: Parties) -> None:
    silent = await make_invoice(parties, await make_completed_order(parties))
    await look(parties.buyer, accepts=True)
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    before = (await fresh(order)).version
    for _ in range(2):
        await errand_works.work()
    await invoice.refresh_from_db()
    await silent.refresh_from_db()
    assert (invoice.status, invoice.version, silent.status) == (InvoiceStatus.ACCEPTED, 1, InvoiceStatus.ISSUED)
    assert (await fresh(order)).version == before + 1
    told = await Event.filter(stream=order.id, kind=EventKind.INVOICE_ACCEPTED).get()
    assert (told.actor_name, told.body["match"]) == ("clock", "MATCHED")
    assert await Errand.filter(kind=ErrandKind.MATCH_INVOICE, done_at__isnull=False).count() == 1


async def test_one_that_does_not_match_or_was_answered_waits_for_people(parties: Parties) -> None:
    await look(parties.buyer, accepts=True)
    order = await make_completed_order(parties)
    exceptional, disputed = await make_invoice(parties, order, "500"), await make_invoice(parties, order, "500")
    await dispute_invoice(parties.buyer, disputed.id, disputed.version, "too early")
    await make_recorded(parties, exceptional, make_fapiao("1.00", "0.13"))
    await errand_works.work()
    for invoice, status in ((exceptional, InvoiceStatus.ISSUED), (disputed, InvoiceStatus.DISPUTED)):
        await invoice.refresh_from_db()
        assert invoice.status is status


async def test_what_is_tolerated_is_a_share_and_a_whole_amount_and_the_company_s_own_business(parties: Parties) -> None:
    with pytest.raises(InvalidInput):
        await look(parties.buyer, amount="0.001")
    await look(parties.buyer, "0.02", "1.00")
    kept = await BillingProfile.visible_to(parties.buyer).get()
    assert (kept.tolerance_share, kept.tolerance_amount, kept.accepts_matched) == (D("0.02"), D("1.00"), False)
    assert not await BillingProfile.visible_to(parties.supplier).exists()
    order = await make_completed_order(parties, ["100"], ["1"])
    invoice = await make_invoice(parties, order)
    await make_return(parties, order, "1")
    for viewer, status in ((parties.buyer, M.WITHIN_TOLERANCE), (parties.supplier, M.EXCEPTION)):
        assert (await compared([invoice], viewer.home))[invoice.id].match.status is status


async def test_prices_with_tax_are_compared_with_tax(parties: Parties) -> None:
    order = await make_completed_order(parties, ["100"], ["11.30"], tax_inclusion=TaxInclusion.INCLUSIVE)
    invoice = await make_invoice(parties, order)
    found = await matched(invoice)
    assert [(line.line.claimed, line.difference) for line in found.lines] == [(D(1130), D(0)), (D(50), D(0))]
    await make_return(parties, order, "5")
    found = await matched(invoice)
    assert (found.status, found.lines[0].difference) == (M.EXCEPTION, D("56.50"))
