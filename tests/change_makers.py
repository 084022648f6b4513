"""Makes changes of contracts in force by walking the real verbs."""

from decimal import Decimal
from typing import Any

from models import Contract, Order
from rules.people import Actor
from services.changing import agree_change, propose_change
from services.contract_changes import Change, LineChange
from tests.order_makers import Parties, fresh, lines_of, make_signed


async def make_change(order: Order, actor: Actor, *quantities: str, **facts: Any) -> Contract:
    """A proposed change: so much of each line instead; `facts` are more of the change's own."""
    lines = [LineChange(line.id, Decimal(much)) for line, much in zip(await lines_of(order), quantities, strict=False)]
    said = {"reason": "the site needs less", "lines": tuple(lines), **facts}
    return await propose_change(actor, order.id, (await fresh(order)).version_for(actor), Change(**said))


async def make_agreed_change(parties: Parties, order: Order, *quantities: str, **facts: Any) -> Order:
    """A change that the buyer proposed and the supplier agreed to; both have yet to sign."""
    await make_change(order, parties.buyer, *quantities, **facts)
    order = await fresh(order)
    return await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))


async def make_changed_order(parties: Parties, order: Order, *quantities: str, **facts: Any) -> Order:
    """The order under its next version, signed by both."""
    order = await make_agreed_change(parties, order, *quantities, **facts)
    for actor in (parties.supplier, parties.buyer):
        order = await make_signed(order, actor)
    return order
