"""What becomes known of goods on their way, whoever tells it: the timeline, what is expected, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models import EtaRevision, Order, Quotation, Shipment, TrackingEvent
from rules.acceptance import acceptance_after
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.people import CLOCK, Actor
from rules.problems import invalid
from rules.shipping import Place, ShipmentDelay, ShipmentStatus, Sighting, TrackingCode, delay_of, status_after
from services import clock
from services.desk import note

CLOCKS_APART = timedelta(minutes=5)
"""By which a carrier's clock may be ahead. A report from later than that would stay the newest for good and hide all others."""


@dataclass(frozen=True)
class Report:
    """One report on a shipment; a repeated `event_id` counts once."""

    event_id: str
    code: TrackingCode
    occurred_at: datetime
    place: Place | None = None
    eta: datetime | None = None
    remark: str | None = None


async def add_reports(order: Order, shipment: Shipment, actor: Actor, reports: Sequence[Report]) -> int:
    """Put what is new among the reports on a locked shipment's timeline, each with its event; how many were new.

    Late ones never move its state back. Refuses what is said to happen in the future.
    """
    known = await TrackingEvent.known(shipment.id, [report.event_id for report in reports])
    new = [report for report in reports if report.event_id not in known]
    if any(report.occurred_at > clock.now() + CLOCKS_APART for report in new):
        raise invalid("input.occurredAt", "must not be in the future")
    await TrackingEvent.write_all([_written(shipment, actor, report) for report in new])
    for report in new:
        await _follow(shipment, actor, report)
        body: dict[str, object] = {"shipmentId": str(shipment.id), "eventId": report.event_id, "code": report.code}
        await note(order, EventKind.SHIPMENT_TRACKED, actor, body, shipment)
    return len(new)


async def note_eta(shipment: Shipment, actor: Actor, eta: datetime) -> None:
    """Remember when the shipment is expected now, and who says so."""
    shipment.eta = eta
    await EtaRevision.create(shipment_id=shipment.id, eta=eta, said_by=actor.name, created_at=clock.now())


async def wait_for_inspection(shipment: Shipment, arrived_at: datetime) -> None:
    """Let silence count once the period for inspection that the contract grants has passed."""
    agreed = await Quotation.in_force(shipment.order_id)
    shipment.wait_until(acceptance_after(arrived_at, clock.now(), agreed.inspection_days))


async def note_delay(shipment_id: UUID) -> None:
    """What the clock does when something is wrong with a shipment under way; nothing where news were faster."""
    shipment = await Shipment.named(shipment_id)
    order = await Order.locked(shipment.order_id)
    await shipment.refresh_from_db()
    found = await delay(shipment)
    if found is None or found is shipment.delay or order.status is not OrderStatus.CONTRACTED:
        return
    shipment.delay = found
    body: dict[str, object] = {"shipmentId": str(shipment.id), "delay": found}
    await note(order, EventKind.SHIPMENT_DELAYED, CLOCK, body, shipment)


async def delay(shipment: Shipment) -> ShipmentDelay | None:
    """What is wrong with the shipment now, at the delivery place's calendar."""
    return delay_of(
        shipment.status,
        promised_on=shipment.promised_on,
        zone=(await Shipment.zones([shipment.id]))[shipment.id],
        eta=shipment.eta,
        last_news=shipment.last_sighted_at or shipment.despatched_at,
        now=clock.now(),
    )


def _written(shipment: Shipment, actor: Actor, report: Report) -> TrackingEvent:
    place = report.place
    return TrackingEvent(
        shipment_id=shipment.id,
        event_id=report.event_id,
        code=report.code,
        occurred_at=report.occurred_at,
        place=place and place.name,
        latitude=place and place.latitude,
        longitude=place and place.longitude,
        eta=report.eta,
        remark=report.remark,
        reported_by=actor.name,
        created_at=clock.now(),
    )


async def _follow(shipment: Shipment, actor: Actor, report: Report) -> None:
    """Let the newest news move the state and the expected arrival; older news is history only."""
    sighting = Sighting(report.event_id, report.code, report.occurred_at)
    latest = shipment.last_sighted_at
    shipment.status = status_after(shipment.status, sighting, latest)
    if latest is not None and report.occurred_at < latest:
        return
    shipment.last_sighted_at = report.occurred_at
    if report.eta is not None and report.eta != shipment.eta:
        await note_eta(shipment, actor, report.eta)
    if shipment.status is ShipmentStatus.ARRIVED and shipment.arrived_at is None:
        shipment.arrived_at = report.occurred_at
        await wait_for_inspection(shipment, report.occurred_at)
    if shipment.delay is not None and await delay(shipment) is None:
        shipment.delay = None
