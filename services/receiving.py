"""The buyer's side of delivery: inspection at the place, and completion when nothing is open."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from models import Order, Shipment, ShipmentLine
from rules.events import EventKind
from rules.lifecycle import OrderStatus, step_for
from rules.people import CLOCK, Actor
from rules.problems import NotFound, WrongStatus
from rules.quantity import Inspection, Movement, all_closed, check_inspection
from rules.shipping import RECEIVABLE, ShipmentStatus
from services import clock, ledger
from services.changing import drop_amendment
from services.desk import move, note
from services.despatching import open_shipment
from services.settling import settle_if_done
from services.verb import verb

# Silence for so long after arrival counts as acceptance.
SILENCE = timedelta(days=7)


@verb
async def receive_shipment(
    actor: Actor, shipment_id: UUID, expected_version: int, found: Mapping[UUID, Inspection]
) -> Shipment:
    """Record what was accepted, rejected and short; lines not named are accepted as despatched. Completes the order if nothing is open."""
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("receive_shipment", order, order.side_of(actor))
    await _receive(order, shipment, actor, "receive_shipment", found)
    return shipment


async def accept_silently(shipment_id: UUID) -> None:
    """What the clock does when the buyer said nothing for long after arrival; nothing where somebody was faster."""
    shipment = await Shipment.named(shipment_id)
    order = await Order.locked(shipment.order_id)
    await shipment.refresh_from_db()
    if shipment.status is ShipmentStatus.ARRIVED:
        await _receive(order, shipment, CLOCK, "accept_silently", {})


async def _receive(
    order: Order, shipment: Shipment, actor: Actor, action: str, found: Mapping[UUID, Inspection]
) -> None:
    if shipment.status not in RECEIVABLE:
        raise WrongStatus(action, shipment.status, RECEIVABLE)
    lines = list(await ShipmentLine.of(shipment.id))
    for stranger in found.keys() - {line.order_line_id for line in lines}:
        raise NotFound("OrderLine", stranger)
    places = {line: place for place, line in enumerate(found)}
    for line in lines:
        inspection = found.get(line.order_line_id) or Inspection(line.despatched)
        await _inspect(places.get(line.order_line_id, 0), line, inspection)
    await _book(shipment, lines)
    shipment.status, shipment.received_at = ShipmentStatus.RECEIVED, clock.now()
    shipment.arrived_at = shipment.arrived_at or shipment.received_at
    await _move_on(order, action)
    await note(order, EventKind.SHIPMENT_RECEIVED, actor, {"shipmentId": str(shipment.id)}, shipment)


async def _inspect(place: int, line: ShipmentLine, inspection: Inspection) -> None:
    check_inspection(f"input.lines[{place}]", line.despatched, inspection)
    line.accepted, line.rejected, line.short = inspection.accepted, inspection.rejected, inspection.short
    line.reason = inspection.reason
    await line.save(update_fields=["accepted", "rejected", "short", "reason"])


async def _book(shipment: Shipment, lines: list[ShipmentLine]) -> None:
    for movement, field in (
        (Movement.ACCEPTED, "accepted"),
        (Movement.REJECTED, "rejected"),
        (Movement.SHORT, "short"),
    ):
        await ledger.record(movement, shipment.id, {line.order_line_id: getattr(line, field) for line in lines})


async def _move_on(order: Order, action: str) -> None:
    if all_closed((await ledger.line_quantities(order)).values()):
        await drop_amendment(order)
        move(order, action)
        order.completed_at = clock.now()
        await settle_if_done(order)
    else:
        move(order, action, to=OrderStatus.CONTRACTED)
