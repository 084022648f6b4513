"""Scenario 9 on two servers: of two who post what one of them may, one is told what remains."""

import asyncio
from decimal import Decimal

from models import Order
from resolvers.ids import encode_id
from services import ledger
from tests.api.test_processes import ROUNDS, Scene, broker, scene  # noqa: F401  # fixtures
from tests.api.test_story import step
from tests.makers import make_key
from tests.order_makers import lines_of, make_contracted_order, make_shipment

DESPATCH = step("despatchShipment", "shipment { id }")


async def test_two_who_post_the_last_40_on_two_servers_do_not_both_ship(scene: Scene) -> None:  # noqa: F811
    for number in range(ROUNDS):
        order = await make_contracted_order(scene.parties, ["100"], tolerance=("0", "0.05")[number % 2])
        await make_shipment(scene.parties, order, "60")
        answers = await asyncio.gather(*(post(scene, order, place, ("40", "45")[number % 2]) for place in (0, 1)))
        sent = [answer for answer in answers if answer["__typename"] == "DespatchShipmentSuccess"]
        [refused] = [answer for answer in answers if answer not in sent]
        assert len(sent) == 1
        assert refused["code"] == "QUANTITY_EXCEEDED", refused
        assert Decimal(refused["remaining"]) == 0
        [line] = await lines_of(order)
        assert (await ledger.line_quantities(order))[line.id].despatched == (100, 105)[number % 2]


async def post(scene: Scene, order: Order, place: int, quantity: str) -> dict[str, str]:  # noqa: F811
    """So much more, by way of one of the servers; nobody says which version they read."""
    [line] = await lines_of(order)
    caller = (scene.fleet.first, scene.fleet.second)[place].caller(scene.supplier)
    return await caller.do(
        DESPATCH,
        orderId=encode_id("Order", order.id),
        lines=[{"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity}],
        transportMode="ROAD",
        carrier="SF Express",
        waybill=make_key(),
        idempotencyKey=make_key(),
    )
