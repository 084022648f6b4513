"""Shipments as the schema shows them, and how to find one."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
import resolvers.delivery_enums  # noqa: F401  # describes the enums below
from models.rows import row
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.node import Node
from resolvers.order_lines import OrderLine
from resolvers.packages import Packing, packing_of
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.acceptance import GoodsFault
from rules.shipping import ShipmentDelay, ShipmentStatus, TrackingCode, TransportMode
from rules.terms import is_on_time

if TYPE_CHECKING:
    from resolvers.attachments import Attachment
    from resolvers.orders import Order
    from resolvers.stock import Warehouse

LazyAttachment = Annotated["Attachment", strawberry.lazy("resolvers.attachments")]
LazyWarehouse = Annotated["Warehouse", strawberry.lazy("resolvers.stock")]
LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]


async def punctuality(context: Context, shipments: Sequence[Any]) -> list[bool | None]:
    """Whether each arrived in time by the calendar at its delivery place; None while it is under way, or promised for no day."""
    zones = await models.Shipment.zones([shipment.id for shipment in shipments])
    return [_on_time(shipment, zones[shipment.id]) for shipment in shipments]


def _on_time(shipment: Any, zone: str) -> bool | None:
    if shipment.arrived_at is None or shipment.promised_on is None:
        return None
    return is_on_time(shipment.arrived_at, shipment.promised_on, zone)


@strawberry.type(description="How much of an order line travels with a shipment, and how it was found at the place.")
@shows(models.ShipmentLine)
class ShipmentLine:
    """A line of a shipment, in the order line's unit."""

    id: strawberry.ID = derived(lambda row: encode_id("ShipmentLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The line's place on the shipment, from 1.")
    despatched: Decimal = strawberry.field(description="How much left the supplier.")
    accepted: Decimal | None = strawberry.field(description="How much the buyer accepted; null before inspection.")
    rejected: Decimal | None = strawberry.field(description="How much arrived and was refused; null before inspection.")
    short: Decimal | None = strawberry.field(description="How much did not arrive; null before inspection.")
    fault: GoodsFault | None = strawberry.field(description="Why not all was accepted, as a code.")
    reason: str | None = strawberry.field(description="Why not all was accepted.")
    order_line: OrderLine = related(One(models.OrderLine, "order_line_id"), description="What of the order it is.")


@strawberry.type(description="One report on a shipment; kept as it came.")
@shows(models.TrackingEvent)
class TrackingEvent:
    """What a carrier, or the supplier on its behalf, reported."""

    id: strawberry.ID = derived(lambda row: encode_id("TrackingEvent", row.id), description="Opaque id.")
    event_id: str = strawberry.field(description="The report's name with whoever sent it; the same counts once.")
    code: TrackingCode = strawberry.field(description="What was reported.")
    code_label: str = derived(
        lambda row, context: label("tracking_code", row.code, context.locale),
        description="What was reported, in words of the caller's language.",
    )
    occurred_at: datetime = strawberry.field(description="When it happened.")
    received_at: datetime = derived(lambda row: row.created_at, description="When it became known here.")
    place: str | None = strawberry.field(description="Where it happened.")
    latitude: Decimal | None = strawberry.field(description="Degrees north (WGS 84); null where not known.")
    longitude: Decimal | None = strawberry.field(description="Degrees east (WGS 84); null where not known.")
    eta: datetime | None = strawberry.field(description="When arrival was expected then.")
    remark: str | None = strawberry.field(description="What the carrier added.")
    reported_by: str | None = strawberry.field(
        description="Who reported it: a member, or a service such as Kuaidi100; null where that was not kept."
    )


@strawberry.type(description="When a shipment was expected, as somebody said once; kept as it was said.")
@shows(models.EtaRevision)
class EtaRevision:
    """One expectation of many."""

    id: strawberry.ID = derived(lambda row: encode_id("EtaRevision", row.id), description="Opaque id.")
    eta: datetime = strawberry.field(description="When arrival was expected.")
    said_by: str = strawberry.field(description="Who said so: a member, or a service such as Kuaidi100.")
    said_at: datetime = derived(lambda row: row.created_at, description="When it became known here.")


@strawberry.type(description="Goods of one order on their way under one waybill.")
@shows(models.Shipment)
class Shipment(Node):
    """A despatch advice, and what became of it."""

    id: strawberry.ID = derived(lambda row: encode_id("Shipment", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people.")
    version: int = strawberry.field(
        description="Rises by one with each event of the shipment: what receiveShipment expects, and a cursor."
    )
    status: ShipmentStatus = strawberry.field(description="Where it is.")
    status_label: str = derived(
        lambda row, context: label("shipment_status", row.status, context.locale),
        description="Where it is, in words of the caller's language.",
    )
    transport_mode: TransportMode = strawberry.field(description="How it travels.")
    carrier: str = strawberry.field(description="Who carries it.")
    waybill: str = strawberry.field(description="The carrier's number for it.")
    despatched_at: datetime = strawberry.field(description="When it left the supplier.")
    despatched_from: LazyWarehouse | None = related(
        One(models.Warehouse, "despatched_from_id", visible=True),
        description="Which warehouse it left; null for everybody but the supplier, and where that keeps no stock.",
    )
    promised_on: date | None = strawberry.field(description="By which day it is promised, as a date at the place.")
    eta: datetime | None = strawberry.field(description="When it is expected, by the newest report that said so.")
    arrived_at: datetime | None = strawberry.field(description="When it arrived; null before.")
    received_at: datetime | None = strawberry.field(description="When it was inspected; null before.")
    delay: ShipmentDelay | None = strawberry.field(
        description="What is wrong with it on its way, by the calendar at the delivery place; null if nothing is known to be."
    )
    delay_label: str | None = derived(
        lambda row, context: row.delay and label("shipment_delay", row.delay, context.locale),
        description="What is wrong with it, in words of the caller's language.",
    )
    eta_revisions: list[EtaRevision] = related(
        Many(models.EtaRevision, by="shipment_id", order_by=("-id",)),
        description="When it was expected over time, and who said so, newest first.",
    )
    accept_by: datetime | None = strawberry.field(
        description="When the buyer's silence counts as acceptance; null before it arrives, and while it is disputed."
    )
    disputed_at: datetime | None = strawberry.field(
        description="Since when the buyer says that something is wrong; null if it does not."
    )
    dispute_reason: str | None = strawberry.field(description="What is wrong, in the buyer's words.")
    is_on_time: bool | None = related(
        punctuality,
        description="Whether it arrived by the end of the promised day at the delivery place; null before it arrives.",
    )
    lines: list[ShipmentLine] = related(
        Many(models.ShipmentLine, by="shipment_id", order_by=("position",)), description="What travels."
    )
    packing: Packing = related(packing_of, description="How it is packed.")
    tracking_events: list[TrackingEvent] = related(
        Many(models.TrackingEvent, by="shipment_id", order_by=("-occurred_at", "-id")),
        description="What was reported of it, newest first.",
    )
    photos: list[LazyAttachment] = related(
        Many(models.Attachment, by="shipment_id", order_by=("id",), visible=True),
        description="What was photographed at the inspection, oldest first; each names its line.",
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order whose goods they are.")


@strawberry.type
class ShipmentQuery:
    """How to find a shipment."""

    @strawberry.field(description="A shipment by its id; null if there is none that the caller may see.")
    async def shipment(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Shipment | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Shipment", id)
        return await row(models.Shipment.visible_to(info.context.actor).filter(id=key)) if key else None
