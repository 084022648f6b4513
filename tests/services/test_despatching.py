"""Goods leave: never more than is due or on the shelf, however many people post at once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from models import Event, Order, Product, Shipment
from rules.lifecycle import OrderStatus
from rules.people import Actor, CompanyKind, Role, Scope
from rules.problems import (
    Conflict,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotFound,
    QuantityExceeded,
    StaleVersion,
    WrongStatus,
)
from rules.quantity import Inspection
from rules.shipping import ShipmentStatus, TransportMode
from services import clock, ledger
from services.despatching import Despatch, despatch_shipment
from services.quoting import Offer, OfferLine, accept_quotation, send_quotation
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import (
    EVERYDAY,
    Parties,
    fresh,
    lines_of,
    make_awarded_order,
    make_contracted_order,
    make_goods,
    make_parties,
    make_placed_order,
    make_receipt,
    make_shipment,
    make_signed,
)
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def despatch(
    actor: Actor, order: Order, quantity: str, *, version: int | None = None, key: str = "", **facts: object
) -> Shipment:
    """So much of the order's first line leaves; without `version` the quantities alone decide."""
    [line, *_] = await lines_of(order)
    said = {"transport_mode": TransportMode.ROAD, "carrier": "SF Express", "waybill": make_key(), **facts}
    load = Despatch(quantities=((line.id, D(quantity)),), **said)  # type: ignore[arg-type]
    return await despatch_shipment(actor, order.id, version, load, idempotency_key=key or make_key())


async def despatched(order: Order) -> D:
    """What the ledger says has left of the first line."""
    [line, *_] = await lines_of(order)
    return (await ledger.line_quantities(order))[line.id].despatched


async def test_what_leaves_is_on_the_ledger_in_an_event_and_no_longer_on_the_shelf(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(1500))
    order = await make_contracted_order(parties, goods=[bolts])
    assert (await Product.get(id=bolts.id)).stock_reserved == 1000
    shipment = await make_shipment(parties, order, "400")
    assert shipment.status is ShipmentStatus.DESPATCHED
    assert await despatched(order) == 400
    left = await Product.get(id=bolts.id)
    assert (left.stock_on_hand, left.stock_reserved) == (D(1100), D(600))
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.shipment_id, event.shipment_seq) == ("SHIPMENT_DESPATCHED", shipment.id, 1)
    assert event.seq == (await fresh(order)).version


async def test_of_two_who_post_the_last_40_at_once_one_learns_that_nothing_remains(parties: Parties) -> None:
    """Scenario 9: 100 kg, 60 have left."""
    order = await make_contracted_order(parties, ["100"])
    await make_shipment(parties, order, "60")
    sent, refused = await at_once(*(despatch(parties.supplier, order, "40") for _ in range(2)))
    assert len(sent) == 1
    [problem] = refused
    assert isinstance(problem, QuantityExceeded)
    assert problem.remaining == 0
    assert await despatched(order) == 100


async def test_of_two_who_read_the_same_version_one_has_to_read_again(parties: Parties) -> None:
    order = await fresh(await make_contracted_order(parties, ["100"]))
    version = order.version_for(parties.supplier)
    sent, refused = await at_once(*(despatch(parties.supplier, order, "60", version=version) for _ in range(2)))
    assert len(sent) == 1
    [problem] = refused
    assert isinstance(problem, StaleVersion)
    assert problem.current_version == version + 1
    with pytest.raises(QuantityExceeded) as again:
        await despatch(parties.supplier, order, "60", version=problem.current_version)
    assert again.value.remaining == 40


async def test_two_orders_of_the_same_goods_in_opposite_order_do_not_lock_each_other_out(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier, stock_on_hand=D(100)) for _ in range(2)]
    orders = [
        await make_contracted_order(parties, ["10", "10"], ["1", "1"], goods=chosen)
        for chosen in (goods, list(reversed(goods)))
    ]
    sent, refused = await at_once(*(make_shipment(parties, order) for order in orders))
    assert (len(sent), refused) == (2, [])
    assert [product.stock_on_hand for product in await Product.filter(id__in=[one.id for one in goods])] == [80, 80]


async def test_a_double_click_sends_once_and_another_body_is_refused(parties: Parties) -> None:
    """Scenario 6, for goods."""
    order = await make_contracted_order(parties, ["100"])
    sent, refused = await at_once(
        *(despatch(parties.supplier, order, "30", key="click-click", waybill="SF123") for _ in range(10))
    )
    assert refused == []
    assert {shipment.id for shipment in sent} == {sent[0].id}
    assert await despatched(order) == 30
    with pytest.raises(KeyReused):
        await despatch(parties.supplier, order, "31", key="click-click", waybill="SF123")


async def test_more_than_is_due_leaves_nothing_behind(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    with pytest.raises(QuantityExceeded) as refused:
        await despatch(parties.supplier, order, "100.000001")
    assert (refused.value.line, refused.value.remaining) == (1, D(100))
    assert await despatched(order) == 0
    assert not await Shipment.filter(order_id=order.id).exists()


async def test_more_than_is_on_the_shelf_is_refused(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(30))
    order = await make_contracted_order(parties, ["100"], goods=[bolts])
    with pytest.raises(QuantityExceeded) as refused:
        await despatch(parties.supplier, order, "31")
    assert refused.value.remaining == 30
    await despatch(parties.supplier, order, "30")


async def test_what_replaces_short_goods_leaves_others_reserves_alone(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(1000))
    order = await make_contracted_order(parties, ["100"], goods=[bolts])
    shipment = await make_shipment(parties, order, "100")
    await make_contracted_order(parties, ["50"], goods=[bolts])
    [line] = await lines_of(order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(98), short=D(2), reason="missing")})
    await make_shipment(parties, order, "2")
    left = await Product.get(id=bolts.id)
    assert (left.stock_on_hand, left.stock_reserved) == (D(898), D(50))


@pytest.mark.parametrize("quantity", ["0", "-1"])
async def test_nothing_cannot_leave(parties: Parties, quantity: str) -> None:
    order = await make_contracted_order(parties)
    with pytest.raises(InvalidInput):
        await despatch(parties.supplier, order, quantity)


async def test_lines_are_named_once_and_belong_to_the_order(parties: Parties) -> None:
    order, other = [await make_contracted_order(parties) for _ in range(2)]
    [line], [foreign] = await lines_of(order), await lines_of(other)
    for lines, problem in (((), InvalidInput), ((line, line), InvalidInput), ((foreign,), NotFound)):
        load = Despatch(tuple((one.id, D(1)) for one in lines), TransportMode.AIR, "SF Express", "SF1")
        with pytest.raises(problem):
            await despatch_shipment(parties.supplier, order.id, None, load, idempotency_key=make_key())


async def test_a_waybill_is_used_once_and_the_past_only(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    await despatch(parties.supplier, order, "1", waybill="SF123")
    with pytest.raises(Conflict) as taken:
        await despatch(parties.supplier, order, "1", waybill="SF123")
    assert taken.value.field == "waybill"
    await despatch(parties.supplier, order, "1", waybill="SF123", carrier="EMS")
    with pytest.raises(InvalidInput, match="despatchedAt"):
        await despatch(parties.supplier, order, "1", despatched_at=clock.now() + timedelta(minutes=1))


async def test_only_the_supplier_s_warehouse_sends(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    with pytest.raises(WrongStatus):
        await despatch(parties.buyer, order, "1")
    company = await make_company(CompanyKind.SUPPLIER)
    rival = await make_actor(company, *EVERYDAY)
    with pytest.raises(NotFound) as unseen:
        await despatch(rival, order, "1")
    missing = Order(id=uuid4())
    assert str(unseen.value) == str(NotFound("Order", missing.id))
    seller = replace(parties.supplier, roles=frozenset({Role.SALES}))
    machine = replace(parties.supplier, member=None, roles=frozenset(), scopes=frozenset({Scope.READ, Scope.ORDERS}))
    for actor in (seller, machine):
        with pytest.raises(NotAllowed):
            await despatch(actor, order, "1")
    await despatch(replace(machine, scopes=frozenset({Scope.READ, Scope.SHIPMENTS})), order, "1")


async def test_nothing_leaves_before_both_have_signed(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    with pytest.raises(WrongStatus) as refused:
        await despatch(parties.supplier, await make_signed(order, parties.buyer), "1")
    # After completion, what replaces returned goods.
    assert refused.value.allowed_in == (OrderStatus.CONTRACTED, OrderStatus.COMPLETED)
    await make_signed(order, parties.supplier)
    await despatch(parties.supplier, order, "1")


async def test_a_shipment_is_promised_for_the_earliest_day_of_what_is_on_it(parties: Parties) -> None:
    order = await make_placed_order(parties, ["10", "10", "10"])
    days = [date(2099, 12, day) for day in (3, 5, 4)]
    lines = [OfferLine(line.id, D(1), promised_on=day) for line, day in zip(await lines_of(order), days, strict=True)]
    offer = Offer(tuple(lines), clock.now() + timedelta(days=1))
    quotation = await send_quotation(parties.supplier, order.id, order.version_for(parties.supplier), offer)
    order = await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert (await make_shipment(parties, order, "0", "1", "1")).promised_on == days[2]
    assert (await make_shipment(parties, order, "1", "0", "0", promised_on=days[1])).promised_on == days[1]
