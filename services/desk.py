"""What every verb on an order does first and last: open it, move it, write down what happened."""

import secrets
from collections.abc import Iterable
from uuid import UUID

from models import Event, Order, Shipment
from rules.events import READING, EventKind
from rules.identifiers import Series, document_number
from rules.lifecycle import TURN, OrderStatus, Side, step_for, target_of
from rules.people import CLOCK, Actor
from rules.problems import NotFound, StaleVersion
from services import budgets, clock, credit, promoting
from services.streams import Body as Body
from services.streams import done_by
from services.streams import note_apart as note_apart


async def open_order(actor: Actor, action: str, order_id: UUID, expected_version: int | None = None) -> Order:
    """The order, locked for this transaction: the caller may see it, has read its newest version, and it has this step now."""
    order = await lock_order(actor, order_id)
    check_version(order, actor, expected_version)
    step_for(action, order, order.side_of(actor))
    return order


async def lock_order(actor: Actor, order_id: UUID) -> Order:
    """The order, locked for this transaction, if the caller may see it."""
    if actor is CLOCK:
        return await Order.locked(order_id)
    order = await Order.visible_to(actor).select_for_update(no_key=True).get_or_none(id=order_id)
    if order is None:
        raise NotFound("Order", order_id)
    return order


async def lock_orders(actor: Actor, order_ids: Iterable[UUID]) -> dict[UUID, Order]:
    """The orders, locked one after the other by their ids, and nobody waits in a circle; NotFound where the caller does not see one."""
    wanted = set(order_ids)
    visible = Order.visible_to(actor).filter(id__in=wanted).order_by("id").select_for_update(no_key=True)
    found = {order.id: order for order in await visible}
    for missing in wanted - found.keys():
        raise NotFound("Order", missing)
    return found


def check_version(order: Order, actor: Actor, expected_version: int | None) -> None:
    """Refuse a caller who has not read the newest version."""
    if expected_version is not None and order.version_for(actor) != expected_version:
        raise StaleVersion(order.version_for(actor))


def move(order: Order, action: str, to: OrderStatus | None = None) -> None:
    """Take one step of the table; whose turn it is follows from where it leads. `note` saves the order with its event."""
    target = target_of(action, order.status, to)
    if target is not order.status:
        order.status = target
        turn_to(order, TURN.get(target))


def turn_to(order: Order, side: Side | None) -> None:
    """Make it the other side's move, from now."""
    order.turn = side
    order.turn_since = clock.now()


def other_side(side: Side) -> Side:
    """The one across the table."""
    return Side.SUPPLIER if side is Side.BUYER else Side.BUYER


async def note(
    order: Order, kind: EventKind, actor: Actor, body: Body | None = None, shipment: Shipment | None = None
) -> None:
    """Save the order and its event under the next number; the row lock makes the numbers gapless.

    What the order holds of its buyer's budget follows it, which only the buyer's own stream tells, and so do its supplier's promotions
    and what the order keeps of the buyer's credit.
    """
    order.version += 1
    order.updated_at = clock.now()
    await order.save()
    await budgets.follow(order, actor)
    await promoting.follow(order)
    await credit.follow(order, kind)
    if shipment is not None:
        shipment.version += 1
        await shipment.save()
    hidden = order.hidden_versions
    await Event.create(
        stream=order.id,
        topic=READING[kind].topic,
        seq=order.version,
        shared_seq=None if hidden is None else order.version - hidden,
        shipment_id=shipment and shipment.id,
        shipment_seq=shipment and shipment.version,
        kind=kind,
        body={"status": order.status, **(body or {})},
        readers=order.readers,
        **done_by(actor),
    )


def number(series: Series) -> str:
    """A fresh document number."""
    return document_number(series, secrets.randbelow)
