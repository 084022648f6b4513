"""Goods are kept for orders as their supplier's policy says, leave the warehouse that is named, and whatever happens adds up."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from models import Company, Contract, Event, Order, Product, StockEntry, Warehouse
from rules.availability import Availability
from rules.lifecycle import OrderStatus
from rules.people import Role
from rules.problems import InvalidInput, NotFound, QuantityExceeded, StockShort
from rules.quantity import Inspection
from rules.returns import Resolution, ReturnedFrom
from rules.stock import StockMovement, StockPolicy
from services import clock
from services.approving import approve_order
from services.catalogue import Revision, update_product
from services.closing import cancel_order, lapse_contract
from services.companies import Limit, set_approval_threshold
from services.contracting import refuse_contract
from services.despatching import cancel_shipment
from services.framing import PriceWish
from services.quoting import accept_quotation
from services.stocktaking import transfer_stock
from services.taking_back import Finding, resolve_return, take_back_return
from services.terminating import agree_termination, propose_termination
from services.warehouses import archive_warehouse
from tests.agreement_makers import make_agreement
from tests.change_makers import make_changed_order
from tests.makers import make_actor
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_awarded_order,
    make_contracted_order,
    make_goods,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_signed,
)
from tests.races import at_once
from tests.return_makers import make_return, make_shipped_back
from tests.stock_makers import (
    by_warehouse,
    check_stock,
    kept_for,
    make_policy,
    make_stock,
    make_warehouse,
    on_shelf,
)

EARLY, EARLY_STRICT = StockPolicy.RESERVE_AT_ACCEPTANCE, StockPolicy.RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY
STRICT, NEVER = StockPolicy.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, StockPolicy.RESERVE_AT_DESPATCH


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def stocked(parties: Parties, much: str, policy: StockPolicy | None = None) -> Product:
    """Goods of which there is so much, of a supplier with this policy."""
    if policy is not None:
        await make_policy(parties.supplier, policy)
    return await make_goods(parties.supplier, stock_on_hand=D(much))


async def quoted(parties: Parties, goods: Product, much: str, **terms: Any) -> tuple[Order, Any]:
    """An order for so much with a quotation on it."""
    order = await make_placed_order(parties, [much], goods=[goods])
    quotation = await make_quotation(parties, order, ["1"], **terms)
    return await fresh(order), quotation


async def test_from_the_acceptance_on_it_is_kept_once_and_stays_so_with_the_signatures(parties: Parties) -> None:
    bolts = await stocked(parties, "500", EARLY)
    order = await make_awarded_order(parties, ["700"], ["1"], goods=[bolts])
    assert await on_shelf(bolts) == (D(500), D(700))
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert await on_shelf(bolts) == (D(500), D(700))
    await make_shipment(parties, order, "500")
    assert (await on_shelf(bolts), await kept_for(order)) == ((D(0), D(200)), D(200))


async def test_before_its_moment_nothing_is_kept(parties: Parties) -> None:
    bolts = await stocked(parties, "500")
    order = await make_awarded_order(parties, ["700"], ["1"], goods=[bolts])
    assert await on_shelf(bolts) == (D(500), D(0))
    assert await kept_for(order) == 0


@pytest.mark.parametrize("way", ["cancel", "refuse", "lapse"])
async def test_an_order_that_leaves_before_the_signatures_keeps_nothing(parties: Parties, way: str) -> None:
    bolts = await stocked(parties, "500", EARLY)
    order = await make_awarded_order(parties, ["400"], ["1"], goods=[bolts])
    contract = await contract_of(order)
    if way == "cancel":
        await cancel_order(parties.buyer, order.id, order.version, "no more")
    elif way == "refuse":
        await refuse_contract(parties.supplier, order.id, order.version_for(parties.supplier), "a mistake")
    else:
        with clock.held_at(contract.sign_by + timedelta(seconds=1)):
            await lapse_contract(order.id)
    assert (await on_shelf(bolts), await kept_for(order)) == ((D(500), D(0)), D(0))
    await check_stock()


async def test_an_order_that_is_terminated_or_changed_keeps_what_is_still_due(parties: Parties) -> None:
    bolts = await stocked(parties, "500", EARLY)
    order = await make_contracted_order(parties, ["400"], ["1"], goods=[bolts])
    order = await make_changed_order(parties, order, "300")
    assert await kept_for(order) == 300
    order = await make_changed_order(parties, order, "450")
    assert await kept_for(order) == 450
    order = await propose_termination(parties.buyer, order.id, order.version, "closed")
    await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))
    assert (await on_shelf(bolts), await kept_for(order)) == ((D(500), D(0)), D(0))
    await check_stock()


async def test_a_buyer_who_accepts_more_than_there_is_learns_that_and_not_how_much(parties: Parties) -> None:
    bolts = await stocked(parties, "30", EARLY_STRICT)
    order, quotation = await quoted(parties, bolts, "31")
    with pytest.raises(StockShort) as refused:
        await accept_quotation(parties.buyer, quotation.id, order.version)
    problem = refused.value
    assert (problem.line, problem.sku, problem.requested) == (1, bolts.sku, D(31))
    assert (problem.availability, problem.available) == (Availability.IN_STOCK, None)
    assert (await fresh(order)).status is OrderStatus.PENDING_BUYER
    assert await on_shelf(bolts) == (D(30), D(0))
    await make_stock(parties.supplier, bolts, "1")
    assert (await accept_quotation(parties.buyer, quotation.id, order.version)).status is OrderStatus.PENDING_SIGNATURE
    assert await on_shelf(bolts) == (D(31), D(31))


async def test_a_supplier_who_signs_for_more_than_there_is_learns_how_much_is_free(parties: Parties) -> None:
    bolts = await stocked(parties, "30", STRICT)
    await make_contracted_order(parties, ["20"], ["1"], goods=[bolts])
    order = await make_awarded_order(parties, ["11"], ["1"], goods=[bolts])
    order = await make_signed(order, parties.buyer)
    with pytest.raises(StockShort) as refused:
        await make_signed(order, parties.supplier)
    assert (refused.value.requested, refused.value.available) == (D(11), D(10))
    assert (await fresh(order)).status is OrderStatus.PENDING_SIGNATURE
    await make_stock(parties.supplier, bolts, "1")
    assert (await make_signed(order, parties.supplier)).status is OrderStatus.CONTRACTED
    assert await on_shelf(bolts) == (D(31), D(31))


async def test_lines_of_the_same_goods_do_not_count_them_twice(parties: Parties) -> None:
    bolts = await stocked(parties, "30", EARLY_STRICT)
    order = await make_placed_order(parties, ["20", "11"], goods=[bolts, bolts])
    quotation = await make_quotation(parties, order, ["1", "1"])
    with pytest.raises(StockShort) as refused:
        await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    assert refused.value.line == 2


async def test_the_last_approver_is_refused_where_the_goods_went_to_somebody_else_meanwhile(parties: Parties) -> None:
    bolts = await stocked(parties, "30", EARLY_STRICT)
    company = await Company.named(parties.buyer.home)
    admin, approver = await make_actor(company, Role.ADMIN), await make_actor(company, Role.APPROVER)
    order, quotation = await quoted(parties, bolts, "20")
    company = await Company.named(company.id)
    await set_approval_threshold(admin, company.version, Limit(D(1), company.currency))
    order = await accept_quotation(parties.buyer, quotation.id, order.version)
    assert (order.status, order.approval_pending) == (OrderStatus.PENDING_BUYER, True)
    assert await on_shelf(bolts) == (D(30), D(0))
    other = await make_parties()
    other = Parties(other.buyer, parties.supplier)
    await make_awarded_order(other, ["15"], ["1"], goods=[bolts])
    with pytest.raises(StockShort) as refused:
        await approve_order(approver, order.id, order.version)
    assert refused.value.available is None
    assert (await fresh(order)).approval_pending


async def test_under_a_framework_agreement_accepting_is_signing(parties: Parties) -> None:
    bolts = await stocked(parties, "30", STRICT)
    await make_agreement(parties, prices=(PriceWish(bolts.id, D(5), D(0)),))
    order, quotation = await quoted(parties, bolts, "31", freight="0")
    with pytest.raises(StockShort) as refused:
        await accept_quotation(parties.buyer, quotation.id, order.version)
    assert refused.value.available is None
    order, quotation = await quoted(parties, bolts, "30", freight="0")
    order = await accept_quotation(parties.buyer, quotation.id, order.version)
    assert (order.status, await kept_for(order)) == (OrderStatus.CONTRACTED, D(30))


async def test_of_two_who_accept_the_last_pieces_at_once_one_gets_them(parties: Parties) -> None:
    bolts = await stocked(parties, "10", EARLY_STRICT)
    others = [parties, *[Parties((await make_parties()).buyer, parties.supplier) for _ in range(3)]]
    offers = [(one, *await quoted(one, bolts, "6")) for one in others]
    done, refused = await at_once(
        *(accept_quotation(one.buyer, quotation.id, order.version) for one, order, quotation in offers)
    )
    assert (len(done), {type(problem) for problem in refused}) == (1, {StockShort})
    assert await on_shelf(bolts) == (D(10), D(6))
    await check_stock()


async def test_of_two_signatures_for_the_last_pieces_at_once_one_takes_effect(parties: Parties) -> None:
    bolts = await stocked(parties, "10", STRICT)
    orders = [await make_awarded_order(parties, ["6"], ["1"], goods=[bolts]) for _ in range(2)]
    orders = [await make_signed(order, parties.buyer) for order in orders]
    done, refused = await at_once(*(make_signed(order, parties.supplier) for order in orders))
    assert (len(done), [type(problem) for problem in refused]) == (1, [StockShort])
    assert await on_shelf(bolts) == (D(10), D(6))


async def test_kept_for_nobody_it_leaves_with_whoever_comes_first(parties: Parties) -> None:
    bolts = await stocked(parties, "10", NEVER)
    first, second = [await make_contracted_order(parties, ["8"], ["1"], goods=[bolts]) for _ in range(2)]
    assert await on_shelf(bolts) == (D(10), D(0))
    shipment = await make_shipment(parties, second)
    with pytest.raises(QuantityExceeded) as refused:
        await make_shipment(parties, first)
    assert refused.value.remaining == 2
    await cancel_shipment(parties.supplier, shipment.id, shipment.version, "no")
    assert await on_shelf(bolts) == (D(10), D(0))


async def test_where_nothing_is_promised_beyond_the_shelf_others_goods_stay_there(parties: Parties) -> None:
    bolts = await stocked(parties, "10", STRICT)
    order = await make_contracted_order(parties, ["4"], ["1"], goods=[bolts])
    shipment = await make_shipment(parties, order)
    await make_contracted_order(parties, ["6"], ["1"], goods=[bolts])
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(3), short=D(1), reason="missing")})
    with pytest.raises(QuantityExceeded) as refused:
        await make_shipment(parties, order, "1")
    assert refused.value.remaining == 0
    await make_stock(parties.supplier, bolts, "1")
    await make_shipment(parties, order, "1")
    assert await on_shelf(bolts) == (D(6), D(6))


async def test_a_contract_that_grows_beyond_the_shelf_is_not_changed(parties: Parties) -> None:
    bolts = await stocked(parties, "10", STRICT)
    order = await make_contracted_order(parties, ["8"], ["1"], goods=[bolts])
    with pytest.raises(StockShort):
        await make_changed_order(parties, order, "11")
    assert await kept_for(order) == 8
    [before] = await Contract.filter(order_id=order.id, status="EFFECTIVE")
    assert before.version == 1


async def test_goods_leave_the_warehouse_that_is_named_and_come_back_there(parties: Parties) -> None:
    bolts, second = await stocked(parties, "10"), await make_warehouse(parties.supplier, "W2")
    await make_stock(parties.supplier, bolts, "7", second)
    order = await make_contracted_order(parties, ["12"], ["1"], goods=[bolts])
    assert await by_warehouse(bolts) == {"MAIN": (D(10), D(10)), "W2": (D(7), D(2))}
    shipment = await make_shipment(parties, order, "5", warehouse_id=second.id)
    assert shipment.despatched_from_id == second.id
    # Two were kept there; three more are given up in the other one.
    assert await by_warehouse(bolts) == {"MAIN": (D(10), D(7)), "W2": (D(2), D(0))}
    with pytest.raises(QuantityExceeded) as refused:
        await make_shipment(parties, order, "3", warehouse_id=second.id)
    assert refused.value.remaining == 2
    unsaid = await make_shipment(parties, order, "7")
    assert unsaid.despatched_from_id == (await Warehouse.get(code="MAIN", company_id=parties.supplier.home)).id
    await cancel_shipment(parties.supplier, shipment.id, shipment.version, "no lorry")
    assert await by_warehouse(bolts) == {"MAIN": (D(3), D(0)), "W2": (D(7), D(5))}
    await check_stock()


async def test_what_comes_back_to_a_warehouse_out_of_use_comes_to_the_default_one(parties: Parties) -> None:
    bolts, second = await stocked(parties, "0"), await make_warehouse(parties.supplier, "W2")
    await make_stock(parties.supplier, bolts, "5", second)
    order = await make_contracted_order(parties, ["5"], ["1"], goods=[bolts])
    shipment = await make_shipment(parties, order, warehouse_id=second.id)
    await archive_warehouse(parties.supplier, second.id, second.version)
    await cancel_shipment(parties.supplier, shipment.id, shipment.version, "no lorry")
    assert await by_warehouse(bolts) == {"MAIN": (D(5), D(5)), "W2": (D(0), D(0))}


async def test_a_shipment_names_a_warehouse_of_its_own_company_that_is_in_use(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    foreign = await make_warehouse((await make_parties()).supplier)
    with pytest.raises(NotFound):
        await make_shipment(parties, order, warehouse_id=foreign.id)
    await make_warehouse(parties.supplier)
    gone = await make_warehouse(parties.supplier)
    await archive_warehouse(parties.supplier, gone.id, gone.version)
    with pytest.raises(InvalidInput):
        await make_shipment(parties, order, warehouse_id=gone.id)


async def test_over_delivery_takes_what_was_kept_and_gives_it_back_whole(parties: Parties) -> None:
    bolts = await stocked(parties, "200")
    order = await make_contracted_order(parties, ["100"], ["1"], goods=[bolts], tolerance="0.05")
    first, last = await make_shipment(parties, order, "60"), await make_shipment(parties, order, "45")
    assert await on_shelf(bolts) == (D(95), D(0))
    await cancel_shipment(parties.supplier, first.id, first.version, "no")
    assert await on_shelf(bolts) == (D(155), D(55))
    await cancel_shipment(parties.supplier, last.id, last.version, "no")
    assert await on_shelf(bolts) == (D(200), D(100))


@pytest.mark.parametrize(("resolution", "there"), [(Resolution.REFUND, "3"), (Resolution.NO_FAULT, "0")])
async def test_returned_goods_are_on_the_shelf_where_somebody_said_so_and_they_are_the_supplier_s(
    parties: Parties, resolution: Resolution, there: str
) -> None:
    bolts, second = await stocked(parties, "10"), await make_warehouse(parties.supplier, "W2")
    order = await make_contracted_order(parties, ["10"], ["1"], goods=[bolts])
    shipment, [line] = await make_shipment(parties, order), await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(5), D(5), reason="bent")})
    request = await make_shipped_back(parties, await make_return(parties, order, "5", ReturnedFrom.REJECTED))
    [back] = await request.lines.all()
    for wrong in (Finding(D(4), "one is missing", D(5)), Finding(D(5), None, D(-1))):
        with pytest.raises(InvalidInput) as refused:
            await take_back_return(parties.supplier, request.id, request.version, {back.id: wrong})
        assert refused.value.faults[0].path == "input.lines[0].restocked"
    found = {back.id: Finding(D(5), None, D(3))}
    request = await take_back_return(parties.supplier, request.id, request.version, found, second.id)
    assert await on_shelf(bolts) == (D(0), D(0))
    await resolve_return(parties.supplier, request.id, request.version, resolution)
    assert (await by_warehouse(bolts)).get("W2", (D(0), D(0))) == (D(there), D(0))
    await check_stock()


async def test_unless_somebody_says_so_nothing_that_comes_back_is_on_the_shelf(parties: Parties) -> None:
    bolts = await stocked(parties, "10")
    order = await make_contracted_order(parties, ["10"], ["1"], goods=[bolts])
    await make_receipt(parties, await make_shipment(parties, order))
    request = await make_shipped_back(parties, await make_return(parties, order, "5"))
    request = await take_back_return(parties.supplier, request.id, request.version, {})
    await resolve_return(parties.supplier, request.id, request.version, Resolution.REFUND)
    assert await on_shelf(bolts) == (D(0), D(0))


async def test_what_is_made_to_order_from_now_on_is_kept_for_nobody(parties: Parties) -> None:
    bolts = await stocked(parties, "10")
    order = await make_contracted_order(parties, ["8"], ["1"], goods=[bolts])
    made = await update_product(parties.supplier, bolts.id, bolts.version, Revision(), True)
    assert (made.stock_on_hand, made.stock_reserved) == (None, D(0))
    assert (await on_shelf(bolts), await kept_for(order)) == ((None, D(0)), D(0))
    await make_shipment(parties, order, "3")
    await update_product(parties.supplier, bolts.id, made.version, Revision(), False)
    await make_stock(parties.supplier, bolts, "9")
    await make_shipment(parties, order, "5")
    assert await on_shelf(bolts) == (D(4), D(0))
    await check_stock()


async def test_each_posting_is_one_event_for_the_supplier_s_own_people(parties: Parties) -> None:
    bolts, nuts = [await stocked(parties, "100") for _ in range(2)]
    order = await make_contracted_order(parties, ["10", "20"], ["1", "1"], goods=[bolts, nuts])
    await make_shipment(parties, order)
    kept, left = await Event.filter(kind="STOCK_MOVED", body__contains={"orderId": str(order.id)}).order_by("id")
    for event, movement in ((kept, StockMovement.RESERVED), (left, StockMovement.DESPATCHED)):
        assert (event.readers, event.seq, event.topic) == ([parties.supplier.home], 1, "STOCK")
        entries = await StockEntry.filter(posting=event.stream)
        assert {(entry.movement, entry.order_id, entry.booked_by) for entry in entries} == {
            (movement, order.id, event.actor_name)
        }
        assert len(entries) == 2
    assert not await Event.filter(stream=order.id, topic="STOCK").exists()


async def test_stock_moves_from_one_warehouse_to_another_and_stays_as_much(parties: Parties) -> None:
    bolts, second = await stocked(parties, "10"), await make_warehouse(parties.supplier, "W2")
    first = await Warehouse.get(code="MAIN", company_id=parties.supplier.home)
    moved = await transfer_stock(parties.supplier, bolts.id, 0, D(4), first.id, second.id, "for the north")
    assert (moved.version, await by_warehouse(bolts)) == (1, {"MAIN": (D(6), D(0)), "W2": (D(4), D(0))})
    out, into = await StockEntry.filter(movement="TRANSFERRED").order_by("on_hand")
    assert (out.on_hand, into.on_hand, out.posting, into.remark) == (D(-4), D(4), into.posting, "for the north")
    for wrong in ((D(7), first, second), (D(0), first, second), (D(1), first, first)):
        with pytest.raises(InvalidInput):
            await transfer_stock(parties.supplier, bolts.id, 1, wrong[0], wrong[1].id, wrong[2].id)
    foreign = await make_warehouse((await make_parties()).supplier)
    with pytest.raises(NotFound):
        await transfer_stock(parties.supplier, bolts.id, 1, D(1), first.id, foreign.id)
    await check_stock()


async def test_what_is_kept_is_not_moved_away_where_orders_rely_on_it(parties: Parties) -> None:
    bolts, second = await stocked(parties, "10", STRICT), await make_warehouse(parties.supplier, "W2")
    first = await Warehouse.get(code="MAIN", company_id=parties.supplier.home)
    await make_contracted_order(parties, ["8"], ["1"], goods=[bolts])
    with pytest.raises(InvalidInput):
        await transfer_stock(parties.supplier, bolts.id, 0, D(3), first.id, second.id)
    await transfer_stock(parties.supplier, bolts.id, 0, D(2), first.id, second.id)


async def test_a_warehouse_may_have_a_policy_of_its_own(parties: Parties) -> None:
    """The shop floor keeps nothing, the high bay does from the acceptance on."""
    bolts = await stocked(parties, "10", NEVER)
    high_bay = await make_warehouse(parties.supplier, "HB", stock_policy=EARLY)
    await make_stock(parties.supplier, bolts, "5", high_bay)
    order = await make_awarded_order(parties, ["7"], ["1"], goods=[bolts])
    assert await by_warehouse(bolts) == {"MAIN": (D(10), D(0)), "HB": (D(5), D(7))}
    assert await kept_for(order) == 7
