"""Changes of a contract in force: agreed and signed by both, never below what has left, and the version before is kept."""

import json
import random
from datetime import timedelta
from decimal import Decimal as D

import asyncpg
import pytest

from models import Company, Contract, ContractLine, Event, Order, Product
from models.database import pool
from rules.change import ChangedTerm, differences
from rules.contract import ContractStatus
from rules.lifecycle import Amendment, OrderStatus, Side, actions
from rules.money import Currency
from rules.people import Actor, Role
from rules.problems import (
    ApprovalRequired,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotYourTurn,
    Problem,
    QuantityExceeded,
    StaleVersion,
    WrongStatus,
)
from rules.quantity import Inspection
from services import clock, ledger
from services.approving import approve_order, return_order
from services.changing import agree_change, refuse_change, withdraw_change
from services.companies import Limit, set_approval_threshold
from services.contract_changes import LineChange
from services.drafting import LineWish, OrderWish, update_draft
from services.quoting import accept_quotation
from services.submitting import submit_order
from services.sweeping import sweep
from services.verifying import verify_contract
from tests.address_makers import make_address
from tests.agreement_makers import fresh_agreement, make_accepted_order, make_agreement
from tests.change_makers import make_agreed_change, make_change, make_changed_order
from tests.makers import make_actor
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_order,
    make_parties,
    make_quotation,
    make_receipt,
    make_shipment,
    make_signed,
)
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def agree(parties: Parties, order: Order) -> Order:
    """The order after the supplier has agreed."""
    order = await fresh(order)
    return await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))


async def agreed_quantities(order: Order) -> list[D]:
    """What the ledger says is owed of each line."""
    booked = await ledger.line_quantities(order)
    return [booked[line.id].agreed for line in await lines_of(order)]


async def test_with_both_signatures_the_next_version_takes_the_place_of_the_one_before(parties: Parties) -> None:
    bolts, nuts = [await make_goods(parties.supplier, stock_on_hand=D(5000)) for _ in range(2)]
    order = await make_contracted_order(parties, ("100", "100"), ("1", "1"), goods=[bolts, nuts], freight="0")
    first = await contract_of(order)
    proposal = await make_change(order, parties.buyer, "60", "130", delivery_place="苏州")
    order = await fresh(order)
    assert (order.status, order.amendment, order.turn) == (
        OrderStatus.CONTRACTED,
        Amendment.CHANGE_PROPOSED,
        Side.SUPPLIER,
    )
    assert (proposal.version, proposal.status, proposal.total) == (2, ContractStatus.DRAFT, D("214.70"))
    order = await agree(parties, order)
    assert (order.amendment, order.turn, await agreed_quantities(order)) == (
        Amendment.CHANGE_AGREED,
        None,
        [D(100), D(100)],
    )
    order = await make_signed(order, parties.supplier)
    assert (order.amendment, order.turn) == (Amendment.CHANGE_AGREED, Side.BUYER)
    order = await make_signed(order, parties.buyer)
    assert (order.status, order.amendment, order.turn) == (OrderStatus.CONTRACTED, None, None)
    assert (order.agreed_total, order.delivery_place) == (D("214.70"), "苏州")
    statuses = [one.status for one in await Contract.filter(order_id=order.id).order_by("version")]
    assert statuses == [ContractStatus.SUPERSEDED, ContractStatus.EFFECTIVE]
    booked = await ledger.line_quantities(order)
    assert [(booked[line.id].ordered, booked[line.id].cancelled) for line in await lines_of(order)] == [
        (D(100), D(40)),
        (D(130), D(0)),
    ]
    assert [(await Product.get(id=goods.id)).stock_reserved for goods in (bolts, nuts)] == [60, 130]
    for contract in (first, proposal):
        assert (await verify_contract(parties.supplier, contract.id)).is_valid


async def test_each_step_is_an_event_and_the_versions_tell_their_differences(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    before = order.version
    order = await make_changed_order(parties, order, "60")
    events = await Event.filter(stream=order.id, seq__gt=before).order_by("seq")
    assert [event.kind for event in events] == [
        "CONTRACT_CHANGE_PROPOSED",
        "CONTRACT_CHANGE_AGREED",
        "CONTRACT_SIGNED",
        "CONTRACT_SIGNED",
    ]
    second, first = await Contract.filter(order_id=order.id).order_by("-version")
    assert second.supersedes_id == first.id
    [quantity, total] = differences(first.text, second.text)
    assert (quantity.term, quantity.before, quantity.after, quantity.line) == (ChangedTerm.QUANTITY, "100", "60", 1)
    assert total.term is ChangedTerm.TOTAL


async def test_the_text_that_is_signed_names_what_it_supersedes_and_what_is_different(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    first = await contract_of(order)
    second = await make_change(order, parties.buyer, "600")
    said = json.loads(second.text)
    assert said["supersedes"] == {"number": first.number, "version": "1", "sha256": first.sha256}
    told = [(one["term"], one["line"], one["before"], one["after"]) for one in said["change"]["differences"]]
    assert told == [
        (one.term, None if one.line is None else str(one.line), one.before, one.after)
        for one in differences(first.text, second.text)
    ]
    assert (ChangedTerm.QUANTITY, "1", "1000", "600") in told


async def test_goods_move_by_the_version_in_force_while_a_change_is_open(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_agreed_change(parties, order, "60")
    shipment = await make_shipment(parties, order, "60")
    order = await make_signed(await fresh(order), parties.buyer)
    order = await make_signed(order, parties.supplier)
    await make_receipt(parties, shipment)
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_nothing_that_has_left_is_taken_back(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_shipment(parties, order, "60")
    with pytest.raises(QuantityExceeded) as refused:
        await make_change(order, parties.buyer, "59.999")
    assert (refused.value.requested, refused.value.remaining) == (D("40.001"), D(40))
    await make_agreed_change(parties, order, "80")
    await make_shipment(parties, order, "21")
    order = await make_signed(await fresh(order), parties.supplier)
    with pytest.raises(QuantityExceeded):
        await make_signed(order, parties.buyer)
    order = await fresh(order)
    assert (order.amendment, await agreed_quantities(order)) == (Amendment.CHANGE_AGREED, [D(100)])
    order = await refuse_change(parties.buyer, order.id, order.version, "too late")
    assert (order.amendment, await agreed_quantities(order)) == (None, [D(100)])


async def test_what_arrived_short_may_be_closed_short(parties: Parties) -> None:
    """Nothing is open any more once the contract asks for what has arrived."""
    order = await make_contracted_order(parties, ("100",), ("1",))
    shipment = await make_shipment(parties, order, "100")
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(95), D(0), D(5), "missing")})
    assert (await fresh(order)).status is OrderStatus.CONTRACTED
    order = await make_changed_order(parties, order, "95")
    assert (order.status, order.completed_at is not None) == (OrderStatus.COMPLETED, True)
    invoice = await make_invoice(parties, order)
    assert invoice.net == D("145.00")


async def test_a_line_may_be_taken_out_but_not_all_of_them(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100", "50"), ("1", "1"))
    with pytest.raises(InvalidInput, match="terminate"):
        await make_change(order, parties.buyer, "0", "0")
    order = await make_changed_order(parties, order, "0")
    assert await agreed_quantities(order) == [0, 50]
    contract = await contract_of(order)
    assert [line.position for line in await ContractLine.of(contract.id)] == [2]


async def test_prices_and_dates_change_and_invoices_follow_the_version_in_force(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",), freight="0")
    [line] = await lines_of(order)
    day = clock.today("Asia/Shanghai") + timedelta(days=90)
    change = LineChange(line.id, unit_price=D("0.90"), promised_on=day)
    await make_change(order, parties.supplier, lines=(change,))
    order = await fresh(order)
    order = await agree_change(parties.buyer, order.id, order.version)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    shipment = await make_shipment(parties, order)
    assert shipment.promised_on == day
    await make_receipt(parties, shipment)
    assert (await make_invoice(parties, order)).net == D("90.00")


async def test_one_thing_is_open_at_a_time_and_each_side_does_its_own_part(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_change(order, parties.buyer, "60")
    with pytest.raises(NotYourTurn):
        await make_change(order, parties.supplier, "70")
    order = await fresh(order)
    changing = {"agree_change", "refuse_change", "withdraw_change", "propose_change", "propose_termination"}
    assert set(actions(order, Side.BUYER)) & changing == {"withdraw_change"}
    assert set(actions(order, Side.SUPPLIER)) & changing == {"agree_change", "refuse_change"}
    with pytest.raises(NotYourTurn):
        await agree_change(parties.buyer, order.id, order.version)
    with pytest.raises(NotYourTurn):
        await make_signed(order, parties.supplier)
    with pytest.raises(asyncpg.UniqueViolationError, match="contract_one_open"):
        await pool().execute("UPDATE contract SET status = 'DRAFT' WHERE order_id = $1 AND version = 1", order.id)


@pytest.mark.parametrize("how", ["refused", "withdrawn", "overdue"])
async def test_dropped_it_leaves_the_contract_as_it_was_and_the_next_one_has_the_next_number(
    parties: Parties, how: str
) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    proposal = await make_change(order, parties.buyer, "60")
    order = await fresh(order)
    if how == "refused":
        await refuse_change(parties.supplier, order.id, order.version_for(parties.supplier), "made already")
    elif how == "withdrawn":
        await withdraw_change(parties.buyer, order.id, order.version)
    else:
        with clock.held_at(proposal.sign_by - timedelta(microseconds=1)):
            assert await sweep() == 0
        with clock.held_at(proposal.sign_by):
            assert await sweep() == 1
    order = await fresh(order)
    assert (order.status, order.amendment, order.turn) == (OrderStatus.CONTRACTED, None, None)
    assert (await Contract.get(id=proposal.id)).status is ContractStatus.VOID
    assert (await Contract.in_force(order.id)).version == 1  # type: ignore[union-attr]
    assert (await make_change(order, parties.supplier, "70")).version == 3


async def test_a_last_receipt_takes_an_open_change_off_the_table(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    shipment = await make_shipment(parties, order)
    proposal = await make_change(order, parties.supplier, "120")
    await make_receipt(parties, shipment)
    order = await fresh(order)
    assert (order.status, order.amendment) == (OrderStatus.COMPLETED, None)
    assert (await Contract.get(id=proposal.id)).status is ContractStatus.VOID


async def test_strangers_warehouses_and_old_versions_change_nothing(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    rival = (await make_parties()).supplier
    with pytest.raises(NotFound):
        await make_change(order, rival, "60")
    warehouse = await make_actor(await Company.get(id=parties.buyer.home), Role.WAREHOUSE, Role.SIGNATORY)
    with pytest.raises(NotAllowed):
        await make_change(order, warehouse, "60")
    await make_change(order, parties.buyer, "60")
    with pytest.raises(StaleVersion):
        await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))
    with pytest.raises(InvalidInput, match="should be different"):
        await make_change(await make_contracted_order(parties, ("100",), ("1",)), parties.buyer, "100")


async def test_freight_that_was_invoiced_stays(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_receipt(parties, await make_shipment(parties, order, "40"))
    order = await make_changed_order(parties, order, freight=D("80.00"))
    assert (await make_invoice(parties, order)).net == D("120.00")
    with pytest.raises(InvalidInput, match="invoiced"):
        await make_change(order, parties.buyer, freight=D("50.00"))


async def make_careful(parties: Parties) -> tuple[Order, Actor]:
    """An order of 113.00 whose buyer's approvers want to see whatever is above 150.00; and one of them."""
    order = await make_contracted_order(parties, ("100",), ("1",), freight="0")
    company = await Company.get(id=parties.buyer.home)
    admin, approver = await make_actor(company, Role.ADMIN), await make_actor(company, Role.APPROVER)
    company = await Company.get(id=company.id)
    await set_approval_threshold(admin, company.version, Limit(D("150.00"), Currency.CNY))
    return order, approver


async def test_the_buyer_agrees_to_more_only_once_its_approvers_have(parties: Parties) -> None:
    """And the supplier is told nothing of it."""
    order, approver = await make_careful(parties)
    await make_change(order, parties.supplier, "200")
    order = await fresh(order)
    version, offered = order.version, actions(order, Side.SUPPLIER)
    order = await agree_change(parties.buyer, order.id, order.version)
    assert (order.amendment, order.approval_pending, order.version) == (Amendment.CHANGE_PROPOSED, True, version)
    assert actions(order, Side.SUPPLIER) == offered
    with pytest.raises(ApprovalRequired):
        await agree_change(parties.buyer, order.id, order.version)
    order = await approve_order(approver, order.id, order.version)
    order = await agree_change(parties.buyer, order.id, order.version)
    assert order.amendment is Amendment.CHANGE_AGREED
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert order.agreed_total == D("226.00")


async def test_the_buyer_signs_for_more_only_once_its_approvers_have(parties: Parties) -> None:
    order, approver = await make_careful(parties)
    order = await make_agreed_change(parties, order, "200")
    assert order.approval_pending
    with pytest.raises(ApprovalRequired):
        await make_signed(order, parties.buyer)
    order = await return_order(approver, order.id, order.version, "too much")
    with pytest.raises(ApprovalRequired):
        await make_signed(order, parties.buyer)
    order = await make_signed(order, parties.supplier)
    assert order.agreed_total == D("113.00")


async def test_less_needs_nobody_s_approval(parties: Parties) -> None:
    order, _ = await make_careful(parties)
    assert (await make_changed_order(parties, order, "50")).agreed_total == D("56.50")


async def test_what_it_holds_of_a_framework_agreement_follows_the_change(parties: Parties) -> None:
    """Up to the limit; beyond it the order stands on its own signatures and gives everything back."""
    agreement = await make_agreement(parties)
    order = await make_accepted_order(parties)
    order = await make_changed_order(parties, order, "150")
    assert (await fresh_agreement(agreement)).called_off == order.agreed_total == D("847.50")
    order = await make_changed_order(parties, order, "200")
    assert (order.agreed_total, (await fresh_agreement(agreement)).called_off) == (D("1130.00"), 0)


@pytest.mark.parametrize("_round", range(10))
async def test_a_despatch_and_the_last_signature_at_once_leave_one_truth(parties: Parties, _round: int) -> None:
    """Either the goods were faster and the change is refused, or the change was, and no more leaves than it allows."""
    order = await make_contracted_order(parties, ("100",), ("1",))
    order = await make_signed(await make_agreed_change(parties, order, "60"), parties.supplier)
    contract = await contract_of(order)
    _, refused = await at_once(make_signed(order, parties.buyer), make_shipment(parties, order, "61"))
    assert len(refused) == 1
    assert isinstance(refused[0], Problem)
    booked = (await ledger.line_quantities(order)).values()
    [line] = booked
    assert (line.agreed, line.despatched) in ((D(60), D(0)), (D(100), D(61)))
    in_force = await Contract.in_force(order.id)
    assert in_force is not None
    assert (in_force.id == contract.id) is (line.agreed == 60)


async def test_after_any_changes_the_ledger_says_what_the_version_in_force_says(parties: Parties) -> None:
    chance = random.Random(85)
    order = await make_contracted_order(parties, ("100", "100", "100"), ("1", "2", "3"))
    for _ in range(8):
        owed = dict(zip(await lines_of(order), await agreed_quantities(order), strict=True))
        lines = tuple(LineChange(line.id, D(chance.choice([0, 10, 55, 100, 140]))) for line in owed if owed[line])
        try:
            order = await make_agreed_change(parties, order, lines=lines)
        except Problem:
            continue
        if chance.random() < 0.3:
            order = await refuse_change(parties.buyer, order.id, order.version, "no")
            continue
        for actor in (parties.buyer, parties.supplier):
            order = await make_signed(order, actor)
        in_force = await Contract.in_force(order.id)
        assert in_force is not None
        agreed = {line.order_line_id: line.quantity for line in await ContractLine.of(in_force.id)}
        assert await agreed_quantities(order) == [agreed.get(line.id, D(0)) for line in await lines_of(order)]
        assert order.agreed_total == in_force.total
    assert await Contract.filter(order_id=order.id, status=ContractStatus.SUPERSEDED).count() >= 2


async def test_a_finished_or_unsigned_order_cannot_be_changed(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    await make_receipt(parties, await make_shipment(parties, order))
    with pytest.raises(WrongStatus):
        await make_change(order, parties.buyer, "60")


async def test_a_change_may_send_one_line_elsewhere(parties: Parties) -> None:
    """And whoever took the goods over at the place before is no longer told beside another one."""
    order = await make_order(parties, ("100", "100"))
    gates = [await make_address(parties.buyer, street=street) for street in ("一路1号", "二路2号")]
    first, second = await lines_of(order)
    wishes = (
        LineWish(first.product_id, first.quantity),
        LineWish(second.product_id, second.quantity, delivery_address_id=gates[1].id),
    )
    wish = OrderWish(lines=wishes, delivery_address_id=gates[0].id)
    order = await update_draft(parties.buyer, order.id, order.version, wish)
    order = await submit_order(parties.buyer, order.id, order.version)
    quotation = await make_quotation(parties, order, ("1", "1"))
    order = await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)

    first, second = await lines_of(order)
    elsewhere = (LineChange(first.id, delivery_place="Berlin", delivery_zone="Europe/Berlin"),)
    order = await make_changed_order(parties, order, lines=elsewhere)
    newest, before = await Contract.filter(order_id=order.id).order_by("-version")
    assert [(one.term, one.line, one.before, one.after) for one in differences(before.text, newest.text)] == [
        ("DELIVERY_PLACE", 1, None, "Berlin"),
        ("DELIVERY_ZONE", 1, None, "Europe/Berlin"),
    ]
    first, second = await lines_of(order)
    assert (first.delivery_place, first.delivery_zone, first.delivery_address) == ("Berlin", "Europe/Berlin", None)
    assert (second.delivery_place, second.delivery_entry_id) == (gates[1].destination.line, gates[1].id)
    assert order.delivery_address is not None

    moved = (LineChange(second.id, delivery_place="苏州"),)
    order = await make_changed_order(parties, order, lines=moved, delivery_place="无锡")
    first, second = await lines_of(order)
    assert (second.delivery_place, second.delivery_zone) == ("苏州", "Asia/Shanghai")
    assert (second.delivery_address, second.delivery_entry_id) == (None, None)
    assert (order.delivery_place, order.delivery_address, first.delivery_place) == ("无锡", None, "Berlin")
    with pytest.raises(InvalidInput, match=r"lines\[0\]\.deliveryZone: is not an IANA"):
        await make_change(order, parties.buyer, lines=(LineChange(first.id, delivery_zone="Berlin"),))
