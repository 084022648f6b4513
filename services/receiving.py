"""The buyer's side of delivery: inspection at the place, and completion when nothing is open."""

from collections.abc import Mapping
from uuid import UUID

from models import Order, OrderLine, Shipment, ShipmentLine
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import OrderStatus, step_for
from rules.people import CLOCK, Actor
from rules.problems import NotFound, QuantityExceeded, WrongStatus, invalid
from rules.quantity import Inspection, Movement, all_closed, check_inspection
from rules.shipping import RECEIVABLE, ShipmentStatus
from services import clock, ledger
from services.attaching import hang
from services.changing import drop_amendment
from services.desk import move, note
from services.despatching import open_shipment
from services.settling import settle_if_done
from services.tracking import wait_for_inspection
from services.verb import verb

FOUND = ((Movement.ACCEPTED, "accepted"), (Movement.REJECTED, "rejected"), (Movement.SHORT, "short"))


@verb
async def receive_shipment(
    actor: Actor,
    shipment_id: UUID,
    expected_version: int,
    found: Mapping[UUID, Inspection],
    *,
    is_partial: bool = False,
) -> Shipment:
    """Record what was accepted, rejected and short. Completes the order if nothing is open.

    Lines that are not named are accepted as despatched; with `is_partial` they wait for another inspection.
    """
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("receive_shipment", order, order.side_of(actor))
    if is_partial and not found:
        raise invalid("input.lines", "name what was inspected")
    await _receive(order, shipment, actor, "receive_shipment", found, is_partial)
    return shipment


@verb
async def reverse_receipt(actor: Actor, shipment_id: UUID, expected_version: int, reason: str) -> Shipment:
    """Take back what was said of a shipment, as long as nothing of it was invoiced or returned; it is to be inspected anew."""
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("reverse_receipt", order, order.side_of(actor))
    lines = [line for line in await ShipmentLine.of(shipment.id) if line.accepted is not None]
    if not lines:
        raise WrongStatus("reverse_receipt", shipment.status, (ShipmentStatus.RECEIVED,))
    await _check_unused(order, lines)
    for movement, field in FOUND:
        found = {line.order_line_id: getattr(line, field) for line in lines}
        await ledger.take_back(movement, shipment.id, found)
    for line in lines:
        line.accepted = line.rejected = line.short = line.reason = line.fault = None
        await line.save(update_fields=["accepted", "rejected", "short", "reason", "fault"])
    shipment.status, shipment.received_at = ShipmentStatus.ARRIVED, None
    await wait_for_inspection(shipment, clock.now())
    body: dict[str, object] = {"shipmentId": str(shipment.id), "reason": reason}
    await note(order, EventKind.RECEIPT_REVERSED, actor, body, shipment)
    return shipment


async def accept_silently(shipment_id: UUID) -> None:
    """What the clock does when the buyer said nothing for long after arrival; nothing where somebody was faster."""
    shipment = await Shipment.named(shipment_id)
    order = await Order.locked(shipment.order_id)
    await shipment.refresh_from_db()
    is_silent = shipment.accept_by is not None and shipment.warn_at is None and shipment.accept_by <= clock.now()
    if shipment.status is ShipmentStatus.ARRIVED and is_silent:
        await _receive(order, shipment, CLOCK, "accept_silently", {})


async def _receive(
    order: Order,
    shipment: Shipment,
    actor: Actor,
    action: str,
    found: Mapping[UUID, Inspection],
    is_partial: bool = False,
) -> None:
    if shipment.status not in RECEIVABLE:
        raise WrongStatus(action, shipment.status, RECEIVABLE)
    waiting = await _waiting(shipment, found)
    inspected = [line for line in waiting if not is_partial or line.order_line_id in found]
    places = {line: place for place, line in enumerate(found)}
    for line in inspected:
        inspection = found.get(line.order_line_id) or Inspection(line.despatched)
        await _inspect(places.get(line.order_line_id, 0), line, inspection)
    await _photograph(actor, order, shipment, found)
    for movement, field in FOUND:
        await ledger.record(movement, shipment.id, {line.order_line_id: getattr(line, field) for line in inspected})
    is_done = len(inspected) == len(waiting)
    await _follow(shipment, is_done)
    await _move_on(order, action)
    kind = EventKind.SHIPMENT_RECEIVED if is_done else EventKind.SHIPMENT_INSPECTED
    await note(order, kind, actor, {"shipmentId": str(shipment.id)}, shipment)


async def _waiting(shipment: Shipment, found: Mapping[UUID, Inspection]) -> list[ShipmentLine]:
    """The lines that were not inspected yet; whoever names another is refused."""
    lines = {line.order_line_id: line for line in await ShipmentLine.of(shipment.id)}
    for place, named in enumerate(found):
        if named not in lines:
            raise NotFound("OrderLine", named)
        if lines[named].accepted is not None:
            raise invalid(f"input.lines[{place}].orderLineId", "was inspected already")
    return [line for line in lines.values() if line.accepted is None]


async def _follow(shipment: Shipment, is_done: bool) -> None:
    """Whoever inspects goods has them: they arrived at the latest now."""
    now = clock.now()
    if shipment.arrived_at is None:
        shipment.arrived_at = now
        await wait_for_inspection(shipment, now)
    shipment.status = ShipmentStatus.RECEIVED if is_done else ShipmentStatus.ARRIVED
    shipment.received_at = now if is_done else None


async def _inspect(place: int, line: ShipmentLine, inspection: Inspection) -> None:
    check_inspection(f"input.lines[{place}]", line.despatched, inspection)
    line.accepted, line.rejected, line.short = inspection.accepted, inspection.rejected, inspection.short
    line.reason, line.fault = inspection.reason, inspection.coded
    await line.save(update_fields=["accepted", "rejected", "short", "reason", "fault"])


async def _photograph(actor: Actor, order: Order, shipment: Shipment, found: Mapping[UUID, Inspection]) -> None:
    lines = {line.id: line for line in await OrderLine.of(order.id)}
    for place, (line, inspection) in enumerate(found.items()):
        if inspection.photos:
            path = f"input.lines[{place}].photoIds"
            await hang(actor, order, inspection.photos, line=lines[line], shipment=shipment, path=path)


async def _check_unused(order: Order, lines: list[ShipmentLine]) -> None:
    """Refuse to take back what an invoice or a return stands on."""
    booked = await ledger.line_quantities(order)
    for line in lines:
        sums = booked[line.order_line_id]
        free = sums.accepted - max(sums.invoiced - sums.credited, sums.returned)
        accepted, rejected = line.accepted or ZERO, line.rejected or ZERO
        if accepted > free:
            raise QuantityExceeded(line.position, accepted, free)
        if rejected > sums.rejected - sums.returned_rejected:
            raise QuantityExceeded(line.position, rejected, sums.rejected - sums.returned_rejected)
        if (short := line.short or ZERO) > sums.to_despatch:  # what was short has been sent again
            raise QuantityExceeded(line.position, short, sums.to_despatch)


async def _move_on(order: Order, action: str) -> None:
    if order.status is OrderStatus.COMPLETED:
        move(order, action)
        await settle_if_done(order)
    elif all_closed((await ledger.line_quantities(order)).values()):
        await drop_amendment(order)
        move(order, action)
        order.completed_at = clock.now()
        await settle_if_done(order)
    else:
        move(order, action, to=OrderStatus.CONTRACTED)
