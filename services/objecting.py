"""When silence may not be taken for a yes: both sides are warned before, and a buyer who objects stops the clock."""

from uuid import UUID

from models import Order, Shipment
from rules.acceptance import acceptance_warned
from rules.events import EventKind
from rules.lifecycle import step_for
from rules.people import CLOCK, Actor
from rules.problems import WrongStatus
from rules.shipping import ShipmentStatus
from services import clock
from services.desk import note
from services.despatching import open_shipment
from services.tracking import wait_for_inspection
from services.verb import verb


@verb
async def dispute_shipment(actor: Actor, shipment_id: UUID, expected_version: int, reason: str) -> Shipment:
    """Say that something is wrong with goods that arrived: until that is closed no silence counts, though they may be received."""
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("dispute_shipment", order, order.side_of(actor))
    if shipment.status is not ShipmentStatus.ARRIVED or shipment.disputed_at is not None:
        raise WrongStatus("dispute_shipment", shipment.status, (ShipmentStatus.ARRIVED,))
    shipment.disputed_at, shipment.dispute_reason = clock.now(), reason
    shipment.wait_until(None)
    body: dict[str, object] = {"shipmentId": str(shipment.id), "reason": reason}
    await note(order, EventKind.SHIPMENT_DISPUTED, actor, body, shipment)
    return shipment


@verb
async def close_shipment_dispute(actor: Actor, shipment_id: UUID, expected_version: int, reason: str) -> Shipment:
    """Let the time run again, from its beginning: by the buyer, or by the operator where the two cannot agree."""
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("close_shipment_dispute", order, order.side_of(actor))
    if shipment.status is not ShipmentStatus.ARRIVED or shipment.disputed_at is None:
        raise WrongStatus("close_shipment_dispute", shipment.status, (ShipmentStatus.ARRIVED,))
    shipment.disputed_at = shipment.dispute_reason = None
    await wait_for_inspection(shipment, clock.now())
    body: dict[str, object] = {"shipmentId": str(shipment.id), "reason": reason}
    await note(order, EventKind.SHIPMENT_DISPUTE_CLOSED, actor, body, shipment)
    return shipment


async def warn_of_acceptance(shipment_id: UUID) -> None:
    """What the clock does some days before silence becomes acceptance; nothing where somebody was faster."""
    shipment = await Shipment.named(shipment_id)
    order = await Order.locked(shipment.order_id)
    await shipment.refresh_from_db()
    if shipment.status is not ShipmentStatus.ARRIVED or shipment.warn_at is None or shipment.warn_at > clock.now():
        return
    shipment.accept_by = acceptance_warned(shipment.accept_by or clock.now(), clock.now())
    shipment.warn_at = None
    body: dict[str, object] = {"shipmentId": str(shipment.id), "acceptBy": shipment.accept_by.isoformat()}
    await note(order, EventKind.ACCEPTANCE_NEAR, CLOCK, body, shipment)
