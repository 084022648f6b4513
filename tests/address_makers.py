"""Makes addresses by walking the real verbs."""

from typing import Any

from models import Address, Order
from rules.addresses import Destination
from rules.people import Actor
from services.addresses import AddressWish, create_address
from services.drafting import LineWish, OrderWish, update_draft
from services.quoting import accept_quotation
from services.submitting import submit_order
from tests.makers import make_key
from tests.order_makers import Parties, fresh, lines_of, make_order, make_quotation, make_signed

PUDONG = "310115"


def make_destination(**facts: Any) -> Destination:
    """A warehouse in Pudong."""
    said = {
        "recipient": "李欣",
        "phone": "+86 138-0000-0000",
        "street": "世纪大道1号",
        "region_code": PUDONG,
        "postal_code": "200120",
        **facts,
    }
    return Destination(**said)


async def make_address(
    actor: Actor, *, label: str = "Warehouse", zone: str | None = None, is_default: bool | None = None, **facts: Any
) -> Address:
    """An entry of the actor's company's address book."""
    wish = AddressWish(label, make_destination(**facts), zone, is_default)
    return await create_address(actor, wish, idempotency_key=make_key())


async def make_divided_order(parties: Parties, street: str, zone: str) -> Order:
    """Under contract: 5 of its first line go where the order goes, 6 of its second one to this street."""
    order = await make_order(parties, ("5", "6"))
    gate = await make_address(parties.buyer, label="Gate", street=street, zone=zone)
    first, second = await lines_of(order)
    wishes = (
        LineWish(first.product_id, first.quantity),
        LineWish(second.product_id, second.quantity, delivery_address_id=gate.id),
    )
    order = await update_draft(parties.buyer, order.id, order.version, OrderWish(lines=wishes))
    order = await submit_order(parties.buyer, order.id, order.version)
    quotation = await make_quotation(parties, order, ("1", "2"))
    await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    return order
