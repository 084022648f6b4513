"""Shipments, what carriers report of them, and how they were received."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, degrees, optional_enum, optional_text, quantity
from models.destination import DESTINATION
from models.order import Order, OrderLine, parties
from models.rows import fetch
from rules.acceptance import NOTICE, GoodsFault
from rules.people import Actor
from rules.shipping import SILENT_AFTER, ShipmentDelay, ShipmentStatus, TrackingCode, TransportMode

if TYPE_CHECKING:
    from models.stock import Warehouse

# As rules.shipping.delay_of, for all of them at once.
DELAYED = f"""
    SELECT id FROM (
        SELECT goods.id, goods.delay, CASE
            WHEN goods.promised_on < ($1::timestamptz AT TIME ZONE destination.zone)::date THEN 'OVERDUE'
            WHEN goods.promised_on < (goods.eta AT TIME ZONE destination.zone)::date THEN 'EXPECTED_LATE'
            WHEN coalesce(goods.last_sighted_at, goods.despatched_at) <= $2 THEN 'SILENT'
        END AS found
        FROM shipment AS goods JOIN purchase_order AS o ON o.id = goods.order_id CROSS JOIN LATERAL ({DESTINATION}) AS destination
        WHERE goods.status IN ('DESPATCHED', 'IN_TRANSIT', 'EXCEPTION') AND o.status = 'CONTRACTED'
    ) AS looked_at WHERE found IS NOT NULL AND found IS DISTINCT FROM delay ORDER BY id LIMIT $3
"""  # noqa: S608  # put together from constants

ZONES = f"""
    SELECT goods.id, destination.zone FROM shipment AS goods CROSS JOIN LATERAL ({DESTINATION}) AS destination
    WHERE goods.id = ANY($1)
"""  # noqa: S608  # put together from constants


class Shipment(Stored):
    """Goods of one order on their way under one waybill (UBL DespatchAdvice)."""

    number = fields.CharField(max_length=16, unique=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="shipments", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    status = fields.CharEnumField(ShipmentStatus, max_length=16, default=ShipmentStatus.DESPATCHED)
    # Counts the events of this shipment alone; orders count all of theirs.
    version = fields.IntField(default=0)
    transport_mode = fields.CharEnumField(TransportMode, max_length=16)
    carrier = fields.CharField(max_length=120)
    waybill = fields.CharField(max_length=64)
    despatched_at = fields.DatetimeField()
    # The supplier's own business; None where it keeps no stock, and for shipments from before there were warehouses.
    despatched_from: fields.ForeignKeyNullableRelation["Warehouse"] = fields.ForeignKeyField(
        "models.Warehouse", related_name="shipments", on_delete=fields.RESTRICT, null=True
    )
    despatched_from_id: UUID | None
    promised_on: date | None = fields.DateField(null=True)
    eta: datetime | None = fields.DatetimeField(null=True)
    last_sighted_at: datetime | None = fields.DatetimeField(null=True)
    arrived_at: datetime | None = fields.DatetimeField(null=True)
    received_at: datetime | None = fields.DatetimeField(null=True)
    # What the clock found to be wrong with it, until news say otherwise.
    delay: ShipmentDelay | None = optional_enum(ShipmentDelay, 16)
    # When silence becomes acceptance, and when both sides are to be warned of it; None while no clock runs, or after the warning.
    accept_by: datetime | None = fields.DatetimeField(null=True)
    warn_at: datetime | None = fields.DatetimeField(null=True)
    # The buyer objects: while this stands, no silence counts.
    disputed_at: datetime | None = fields.DatetimeField(null=True)
    dispute_reason: str | None = optional_text(1000)

    lines: fields.ReverseRelation["ShipmentLine"]

    class Meta:
        table = "shipment"
        # What was cancelled before it left is often sent anew, under the same waybill.
        constraints = (
            UniqueConstraint(
                fields=("order_id", "carrier", "waybill"),
                name="shipment_waybill_once",
                condition="status <> 'CANCELLED'",
            ),
        )
        indexes = (("status", "accept_by"), ("status", "warn_at"), ("waybill",), ("despatched_from_id",))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Shipment]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def named(cls, shipment_id: UUID) -> "Shipment":
        """The shipment that the clock found."""
        return await cls.get(id=shipment_id)

    @classmethod
    async def last_received(cls, order_id: UUID) -> datetime | None:
        """When the newest goods of an order that was opened before were received; None before any were."""
        newest = await cls.filter(order_id=order_id, received_at__isnull=False).order_by("-received_at").first()
        return newest.received_at if newest else None

    @classmethod
    async def last_despatched(cls, order_id: UUID) -> datetime | None:
        """When the newest goods of an order that was opened before were despatched; None before any were."""
        gone = cls.filter(order_id=order_id).exclude(status=ShipmentStatus.CANCELLED)
        newest = await gone.order_by("-despatched_at").first()
        return newest.despatched_at if newest else None

    @classmethod
    async def has_waybill(cls, order_id: UUID, carrier: str, waybill: str) -> bool:
        """Whether a shipment of the order travels under this waybill already."""
        sent = cls.filter(order_id=order_id, carrier=carrier, waybill=waybill)
        return await sent.exclude(status=ShipmentStatus.CANCELLED).exists()

    @classmethod
    async def under_waybill(cls, supplier_id: UUID, waybill: str, most: int = 20) -> "list[Shipment]":
        """The supplier's newest shipments under a waybill, by their orders, which is how they are locked; its carrier has proven itself."""
        found = await cls.filter(waybill=waybill, order__supplier_id=supplier_id).order_by("-id").limit(most)
        return sorted(found, key=lambda shipment: (shipment.order_id, shipment.id))

    @classmethod
    async def zones(cls, shipments: Collection[UUID]) -> dict[UUID, str]:
        """The time zone of the place each of these goes to; whoever asks has opened them."""
        return {row.id: row.zone for row in await fetch(cls, ZONES, list(shipments))}

    @classmethod
    async def delayed(cls, now: datetime, most: int) -> list[UUID]:
        """Shipments under way of which something is wrong that nobody was told."""
        return [row.id for row in await fetch(cls, DELAYED, now, now - SILENT_AFTER, most)]

    @classmethod
    async def silent(cls, now: datetime, most: int) -> list[UUID]:
        """Shipments whose buyer was warned and has said nothing for long enough."""
        waiting = cls.filter(status=ShipmentStatus.ARRIVED, warn_at__isnull=True, accept_by__lte=now)
        return [row["id"] for row in await waiting.order_by("accept_by").limit(most).values("id")]

    @classmethod
    async def unwarned(cls, now: datetime, most: int) -> list[UUID]:
        """Shipments that will soon be accepted in silence, of which nobody was warned."""
        waiting = cls.filter(status=ShipmentStatus.ARRIVED, warn_at__lte=now)
        return [row["id"] for row in await waiting.order_by("warn_at").limit(most).values("id")]

    def wait_until(self, accept_by: datetime | None) -> None:
        """Let silence count from this moment on, with a warning before; None: not at all."""
        self.accept_by = accept_by
        self.warn_at = accept_by and accept_by - NOTICE


class ShipmentLine(Stored):
    """How much of an order line travels, and how it was found at the place."""

    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    shipment_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="shipment_lines", on_delete=fields.RESTRICT, db_index=True
    )
    order_line_id: UUID
    position = fields.IntField()
    despatched = quantity()
    accepted: Decimal | None = quantity(null=True)
    rejected: Decimal | None = quantity(null=True)
    short: Decimal | None = quantity(null=True)
    fault: GoodsFault | None = optional_enum(GoodsFault, 16)
    reason: str | None = optional_text(1000)

    class Meta:
        table = "shipment_line"
        unique_together = (("shipment", "order_line"),)
        constraints = (
            CheckConstraint(check="despatched > 0", name="shipment_line_despatched"),
            CheckConstraint(check="accepted >= 0 AND rejected >= 0 AND short >= 0", name="shipment_line_found"),
            CheckConstraint(check="accepted + rejected + short = despatched", name="shipment_line_accounted"),
        )

    @classmethod
    def of(cls, shipment_id: UUID) -> "QuerySet[ShipmentLine]":
        """The lines of a shipment that was opened before."""
        return cls.filter(shipment_id=shipment_id).order_by("position")

    @classmethod
    async def arrived(cls, lines: Collection[UUID]) -> dict[UUID, Decimal]:
        """How much of each of these order lines was despatched in shipments that have arrived, inspected or not."""
        there = cls.filter(order_line_id__in=list(lines), shipment__arrived_at__isnull=False)
        sums = there.annotate(total=Sum("despatched")).group_by("order_line_id")
        return dict(await sums.values_list("order_line_id", "total"))


class TrackingEvent(Stored):
    """One report on a shipment; kept for good, the same `event_id` once."""

    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="tracking_events", on_delete=fields.RESTRICT, db_index=True
    )
    shipment_id: UUID
    event_id = fields.CharField(max_length=64)
    code = fields.CharEnumField(TrackingCode, max_length=20)
    occurred_at = fields.DatetimeField()
    place: str | None = optional_text(200)
    # WGS 84 degrees.
    latitude: Decimal | None = degrees()
    longitude: Decimal | None = degrees()
    eta: datetime | None = fields.DatetimeField(null=True)
    remark: str | None = optional_text(1000)
    # Null for reports from before names were kept.
    reported_by: str | None = optional_text(120)

    class Meta:
        table = "tracking_event"
        unique_together = (("shipment", "event_id"),)
        constraints = (
            CheckConstraint(
                check="latitude >= -90 AND latitude <= 90 AND longitude >= -180 AND longitude <= 180",
                name="tracking_event_degrees",
            ),
        )

    @classmethod
    def of(cls, shipment_id: UUID) -> "QuerySet[TrackingEvent]":
        """The reports on a shipment that was opened before."""
        return cls.filter(shipment_id=shipment_id).order_by("occurred_at", "id")

    @classmethod
    async def known(cls, shipment_id: UUID, event_ids: Collection[str]) -> set[str]:
        """Those of the reports that came before."""
        rows = await cls.filter(shipment_id=shipment_id, event_id__in=list(event_ids)).values("event_id")
        return {row["event_id"] for row in rows}


class EtaRevision(Stored):
    """When a shipment was expected, and who said so; kept for good."""

    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="eta_revisions", on_delete=fields.RESTRICT, db_index=True
    )
    shipment_id: UUID
    eta = fields.DatetimeField()
    said_by = fields.CharField(max_length=120)

    class Meta:
        table = "eta_revision"
