"""Goods go back: never more than came, called off with their quantity given back, exchanged free of charge, claimed after completion."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from models import Event, Order, ReturnRequest
from rules.acceptance import GoodsFault
from rules.lifecycle import OrderStatus
from rules.problems import InvalidInput, NotFound, QuantityExceeded, StaleVersion, WrongStatus
from rules.quantity import Inspection, LineQuantities
from rules.returns import WARRANTY_DAYS, Arbitration, Resolution, ReturnedFrom, ReturnStatus
from services import clock, ledger
from services.returning import ReturnWish, cancel_return, dispute_return, request_return
from services.taking_back import (
    Finding,
    approve_return,
    arbitrate_return,
    reject_return,
    resolve_return,
    take_back_return,
)
from tests.makers import make_key, make_platform
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
from tests.return_makers import make_resolved, make_return, make_shipped_back, make_taken_back


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def booked(order: Order) -> LineQuantities:
    """What the ledger says of the order's first line."""
    [line, *_] = await lines_of(order)
    return (await ledger.line_quantities(order))[line.id]


async def test_of_ten_four_and_two_go_back_and_five_more_do_not(parties: Parties) -> None:
    """Scenario 11, the quantities: return 4, 2 more, 5 more refused since 4 are left."""
    order = await make_completed_order(parties, ["10"], ["100"])
    for quantity, resolution in (("4", Resolution.CREDIT), ("2", Resolution.REFUND)):
        await make_resolved(parties, await make_return(parties, order, quantity), resolution)
    with pytest.raises(QuantityExceeded) as refused:
        await make_return(parties, order, "5")
    assert refused.value.remaining == 4
    assert (await booked(order)).returned == 6
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_three_who_return_the_last_four_at_once_return_them_once(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    await make_return(parties, order, "6")
    done, refused = await at_once(*(make_return(parties, order, "4") for _ in range(3)))
    assert (len(done), [type(problem) for problem in refused]) == (1, [QuantityExceeded, QuantityExceeded])
    assert (await booked(order)).returned == 10


async def test_rejected_goods_go_back_apart_from_accepted_ones_and_their_replacement_is_due(parties: Parties) -> None:
    """Scenario 10: open = 40 + 2, and + 3 once the 3 are to be replaced."""
    order = await make_contracted_order(parties, ["100"])
    [line] = await lines_of(order)
    found = {line.id: Inspection(D(55), D(3), D(2), "scratched")}
    await make_receipt(parties, await make_shipment(parties, order, "60"), found)
    with pytest.raises(QuantityExceeded) as refused:
        await make_return(parties, order, "4", ReturnedFrom.REJECTED)
    assert refused.value.remaining == 3
    assert (await booked(order)).to_despatch == 42
    await make_resolved(parties, await make_return(parties, order, "3", ReturnedFrom.REJECTED), Resolution.REPLACE)
    assert (await booked(order)).to_despatch == 45
    await make_receipt(parties, await make_shipment(parties, order, "45"))
    assert (await fresh(order)).status is OrderStatus.COMPLETED
    assert (await booked(order)).to_invoice == 100


async def test_a_replacement_ships_after_completion_at_no_price_and_no_more_than_is_due(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"], tolerance="0.5")
    await make_invoice(parties, order)
    await make_resolved(parties, await make_return(parties, order, "4"), Resolution.REPLACE)
    assert (await booked(order)).to_despatch == 4
    with pytest.raises(QuantityExceeded):  # the tolerance was for the order, not for what comes after it
        await make_shipment(parties, order, "4.000001")
    await make_receipt(parties, await make_shipment(parties, order, "4"))
    after = await booked(order)
    assert (after.to_despatch, after.to_invoice, after.accepted, after.kept) == (D(0), D(0), D(14), D(10))
    assert (await fresh(order)).status is OrderStatus.COMPLETED
    with pytest.raises(InvalidInput):
        await make_invoice(parties, order)


async def test_what_goes_back_before_it_was_invoiced_is_not_invoiced(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    await make_return(parties, order, "4")
    assert (await booked(order)).to_invoice == 6
    with pytest.raises(QuantityExceeded):
        await make_invoice(parties, order, "7")


async def test_a_cancelled_return_gives_its_quantity_back_until_it_is_shipped(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_return(parties, order, "10")
    request = await approve_return(parties.supplier, request.id, request.version)
    request = await cancel_return(parties.buyer, request.id, request.version)
    assert (request.status, (await booked(order)).returned) == (ReturnStatus.CANCELLED, D(0))
    again = await make_shipped_back(parties, await make_return(parties, order, "10"))
    with pytest.raises(WrongStatus):
        await cancel_return(parties.buyer, again.id, again.version)
    assert (await booked(order)).returned == 10


async def test_who_cancels_twice_gives_back_once(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_return(parties, order, "10")
    done, refused = await at_once(*(cancel_return(parties.buyer, request.id, request.version) for _ in range(2)))
    assert (len(done), [type(problem) for problem in refused]) == (1, [StaleVersion])
    assert (await booked(order)).returned == 0


async def test_a_rejection_is_disputed_once_and_the_operator_s_word_is_the_last(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_return(parties, order, "4")
    request = await reject_return(parties.supplier, request.id, request.version, "used up")
    assert (await booked(order)).returned == 0
    request = await dispute_return(parties.buyer, request.id, request.version, "never used")
    assert (request.status, (await booked(order)).returned) == (ReturnStatus.DISPUTED, D(4))
    operator = await make_platform()
    request = await arbitrate_return(operator, request.id, request.version, Arbitration.REJECTED, "worn")
    assert (request.status, (await booked(order)).returned) == (ReturnStatus.REJECTED, D(0))
    with pytest.raises(WrongStatus):
        await dispute_return(parties.buyer, request.id, request.version, "still")


async def test_the_operator_may_let_goods_go_back(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_return(parties, order, "4")
    request = await reject_return(parties.supplier, request.id, request.version, "no")
    request = await dispute_return(parties.buyer, request.id, request.version, "yes")
    operator = await make_platform()
    request = await arbitrate_return(operator, request.id, request.version, Arbitration.APPROVED, "new")
    assert (request.status, (await booked(order)).returned) == (ReturnStatus.APPROVED, D(4))


async def test_a_dispute_cannot_claim_what_another_return_took_meanwhile(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_return(parties, order, "6")
    request = await reject_return(parties.supplier, request.id, request.version, "no")
    await make_return(parties, order, "6")
    with pytest.raises(QuantityExceeded) as refused:
        await dispute_return(parties.buyer, request.id, request.version, "yes")
    assert refused.value.remaining == 4


async def test_what_does_not_come_back_as_claimed_is_the_buyer_s_again(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_shipped_back(parties, await make_return(parties, order, "4"))
    [line] = await request.lines.all()
    with pytest.raises(InvalidInput, match="remark"):
        await take_back_return(parties.supplier, request.id, request.version, {line.id: Finding(D(3))})
    with pytest.raises(InvalidInput, match="between 0 and 4"):
        await take_back_return(parties.supplier, request.id, request.version, {line.id: Finding(D(5), "more")})
    found = {line.id: Finding(D(3), "one is whole")}
    request = await take_back_return(parties.supplier, request.id, request.version, found)
    assert (await booked(order)).returned == 3
    await resolve_return(parties.supplier, request.id, request.version, Resolution.REPLACE)
    after = await booked(order)
    assert (after.replaced, after.to_despatch) == (D(3), D(3))


async def test_no_fault_gives_everything_back_and_nothing_confirmed_is_no_fault(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    await make_resolved(parties, await make_return(parties, order, "4"), Resolution.NO_FAULT)
    assert (await booked(order)).returned == 0
    request = await make_shipped_back(parties, await make_return(parties, order, "4"))
    [line] = await request.lines.all()
    none = {line.id: Finding(D(0), "an empty box")}
    request = await take_back_return(parties.supplier, request.id, request.version, none)
    with pytest.raises(InvalidInput, match="resolution"):
        await resolve_return(parties.supplier, request.id, request.version, Resolution.REFUND)


async def test_a_claim_is_heard_to_the_last_moment_of_the_warranty(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    assert order.completed_at is not None
    with (
        clock.held_at(order.completed_at + timedelta(days=WARRANTY_DAYS) + timedelta(microseconds=1)),
        pytest.raises(InvalidInput, match="warranty"),
    ):
        await make_return(parties, order, "1")
    with clock.held_at(order.completed_at + timedelta(days=WARRANTY_DAYS)):
        await make_return(parties, order, "1")


async def test_without_warranty_nothing_goes_back_but_what_was_rejected(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10"], ["100"], warranty_days=0)
    [line] = await lines_of(order)
    await make_receipt(
        parties, await make_shipment(parties, order), {line.id: Inspection(D(8), D(2), fault=GoodsFault.DAMAGED)}
    )
    with clock.held_at(clock.now() + timedelta(days=1)):
        with pytest.raises(InvalidInput, match="warranty"):
            await make_return(parties, order, "1")
        assert (await make_return(parties, order, "2", ReturnedFrom.REJECTED)).status is ReturnStatus.REQUESTED


async def test_each_step_belongs_to_one_side_and_a_stranger_learns_nothing(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    with pytest.raises(WrongStatus):
        await make_return(Parties(parties.supplier, parties.buyer), order, "1")
    request = await make_return(parties, order, "1")
    with pytest.raises(WrongStatus):
        await approve_return(parties.buyer, request.id, request.version)
    with pytest.raises(WrongStatus):
        await arbitrate_return(await make_platform(), request.id, request.version, Arbitration.APPROVED, "x")
    with pytest.raises(NotFound):
        await approve_return((await make_parties()).supplier, request.id, request.version)
    with pytest.raises(StaleVersion):
        await approve_return(parties.supplier, request.id, request.version - 1)


async def test_a_refused_request_leaves_nothing_and_the_same_key_asks_once(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    [line] = await lines_of(order)
    wish = ReturnWish(line.id, D(6), GoodsFault.DAMAGED)
    for wishes, problem in (((), InvalidInput), ((wish, wish), InvalidInput)):
        with pytest.raises(problem):
            await request_return(parties.buyer, order.id, None, wishes, "x", idempotency_key=make_key())
    assert not await ReturnRequest.filter(order_id=order.id).exists()
    key = make_key()
    asked = [await request_return(parties.buyer, order.id, None, (wish,), "x", idempotency_key=key) for _ in range(2)]
    assert asked[0].id == asked[1].id
    assert (await booked(order)).returned == 6


async def test_both_sides_read_every_step_in_the_order_s_stream(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"])
    request = await make_taken_back(parties, await make_return(parties, order, "1"))
    events = await Event.filter(stream=order.id, kind__startswith="RETURN_").order_by("seq")
    assert [event.kind.removeprefix("RETURN_") for event in events] == [
        "REQUESTED", "APPROVED", "SHIPPED_BACK", "TAKEN_BACK",
    ]  # fmt: skip
    assert all(event.readers == [order.buyer_id, order.supplier_id] for event in events)
    assert {event.body["returnId"] for event in events} == {str(request.id)}
