"""Requests to take goods back, and how they were found by whoever took them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, optional_enum, optional_text, quantity
from models.order import Order, OrderLine, parties
from rules.acceptance import GoodsFault
from rules.people import Actor
from rules.returns import CLOSED, Resolution, ReturnedFrom, ReturnStatus

if TYPE_CHECKING:
    from models.stock import Warehouse


class ReturnRequest(Stored):
    """Goods of one order that the buyer wants to give back, or to have exchanged."""

    number = fields.CharField(max_length=16, unique=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="returns", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    status = fields.CharEnumField(ReturnStatus, max_length=16, default=ReturnStatus.REQUESTED)
    version = fields.IntField(default=0)
    wanted: Resolution | None = optional_enum(Resolution, 8)
    reason = fields.CharField(max_length=1000)
    rejection_reason: str | None = optional_text(1000)
    dispute_reason: str | None = optional_text(1000)
    # What the operator said; whoever was arbitrated is not heard again.
    arbitration_note: str | None = optional_text(1000)
    carrier: str | None = optional_text(120)
    waybill: str | None = optional_text(64)
    shipped_back_at: datetime | None = fields.DatetimeField(null=True)
    taken_back_at: datetime | None = fields.DatetimeField(null=True)
    # Where the supplier wants what is as good as new, once it is settled that the goods are its own again.
    restocked_in: fields.ForeignKeyNullableRelation["Warehouse"] = fields.ForeignKeyField(
        "models.Warehouse", related_name="returns", on_delete=fields.RESTRICT, null=True
    )
    restocked_in_id: UUID | None
    resolution: Resolution | None = optional_enum(Resolution, 8)
    resolved_at: datetime | None = fields.DatetimeField(null=True)

    lines: fields.ReverseRelation["ReturnLine"]

    class Meta:
        table = "return_request"
        constraints = (
            CheckConstraint(check="(status = 'RESOLVED') = (resolution IS NOT NULL)", name="return_request_resolved"),
        )
        indexes = (("restocked_in_id",),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[ReturnRequest]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def is_open(cls, order_id: UUID) -> bool:
        """Whether something is still to come of a request on an order that was opened before."""
        return await cls.filter(order_id=order_id).exclude(status__in=list(CLOSED)).exists()


class ReturnLine(Stored):
    """How much of an order line goes back, and how much of it the supplier found as claimed."""

    request: fields.ForeignKeyRelation[ReturnRequest] = fields.ForeignKeyField(
        "models.ReturnRequest", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    request_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="return_lines", on_delete=fields.RESTRICT, db_index=True
    )
    order_line_id: UUID
    position = fields.IntField()
    origin = fields.CharEnumField(ReturnedFrom, max_length=8)
    fault = fields.CharEnumField(GoodsFault, max_length=16)
    remark: str | None = optional_text(1000)
    confirmed: Decimal | None = quantity(null=True)
    # How much of what is confirmed goes back on the supplier's shelf.
    restocked = quantity(default=Decimal(0))
    quantity = quantity()
    finding: str | None = optional_text(1000)

    class Meta:
        table = "return_line"
        unique_together = (("request", "order_line", "origin"),)
        constraints = (
            CheckConstraint(check="quantity > 0", name="return_line_quantity"),
            CheckConstraint(check="confirmed BETWEEN 0 AND quantity", name="return_line_confirmed"),
            CheckConstraint(check="restocked BETWEEN 0 AND coalesce(confirmed, 0)", name="return_line_restocked"),
        )

    @classmethod
    def of(cls, request_id: UUID) -> "QuerySet[ReturnLine]":
        """The lines of a request that was opened before."""
        return cls.filter(request_id=request_id).order_by("position")
