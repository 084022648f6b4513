"""Enquiries: what one buyer asks of several suppliers. No supplier ever meets a row of these; each sees its own order alone."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, optional_text, quantity
from models.budget import CostCentre
from models.catalogue import Product
from models.company import Company, Member
from models.order import Order, OrderLine
from rules.enquiry import EnquiryStatus
from rules.people import Actor
from rules.units import Unit


def own(actor: Actor, enquiry: str = "") -> Q:
    """Which rows an actor may see by way of their enquiry: those of its own company; `enquiry` is the path to it."""
    if not actor.may_read or actor.is_operator:
        return NOTHING
    company: Any = actor.company
    return Q(**{f"{enquiry}buyer_id": company})


class Enquiry(Stored):
    """What a buyer asks of several suppliers at once: a document of the buyer's alone."""

    number = fields.CharField(max_length=16, unique=True)
    buyer: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="enquiries", on_delete=fields.RESTRICT, db_index=True
    )
    buyer_id: UUID
    requester: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="enquiries", on_delete=fields.RESTRICT, db_index=True
    )
    requester_id: UUID
    cost_centre: fields.ForeignKeyNullableRelation[CostCentre] = fields.ForeignKeyField(
        "models.CostCentre", related_name="enquiries", on_delete=fields.RESTRICT, null=True
    )
    cost_centre_id: UUID | None
    status = fields.CharEnumField(EnquiryStatus, max_length=16, default=EnquiryStatus.DRAFT)
    version = fields.IntField(default=0)
    title = fields.CharField(max_length=200)
    remark: str | None = optional_text(2000)
    delivery_place: str | None = optional_text(300)
    delivery_zone = fields.CharField(max_length=64)
    # A copy out of the buyer's address book, where the place was taken from it.
    delivery_address: dict[str, Any] | None = fields.JSONField(null=True)
    requested_on: date | None = fields.DateField(null=True)
    quality_requirement: str | None = optional_text(2000)
    answer_by: datetime | None = fields.DatetimeField(null=True)
    is_sealed = fields.BooleanField(default=False)
    closing_note: str | None = optional_text(1000)
    issued_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "enquiry"
        constraints = (CheckConstraint(check="NOT is_sealed OR answer_by IS NOT NULL", name="enquiry_sealed_until"),)
        indexes = (("buyer_id", "id"), ("buyer_id", "status", "id"), ("status", "answer_by"), ("cost_centre_id",))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Enquiry]":
        """The buyer's own company alone: not the suppliers asked, nor the operator."""
        return cls.filter(own(actor))

    @classmethod
    async def around(cls, actor: Actor, order_id: UUID) -> "Enquiry | None":
        """The actor's enquiry that an order is a sibling in, locked until the transaction ends; None for any other order.

        Whoever is going to decide takes this lock before the order's: an award takes all of them in this sequence.
        """
        found = await cls.visible_to(actor).filter(invitations__order_id=order_id).values("id")
        return await cls.select_for_update(no_key=True).get(id=found[0]["id"]) if found else None

    @classmethod
    async def due(cls, enquiry_id: UUID) -> "Enquiry | None":
        """The enquiry for the clock, locked until the transaction ends; None while somebody else is at it."""
        return await cls.select_for_update(no_key=True, skip_locked=True).get_or_none(id=enquiry_id)

    @classmethod
    async def overdue(cls, now: datetime, most: int) -> list[UUID]:
        """Open enquiries whose time to answer has ended."""
        waiting = cls.filter(status=EnquiryStatus.OPEN, answer_by__lte=now).order_by("answer_by").limit(most)
        return [row["id"] for row in await waiting.values("id")]


class EnquiryLine(Stored):
    """One thing that is asked for, in the buyer's words."""

    enquiry: fields.ForeignKeyRelation[Enquiry] = fields.ForeignKeyField(
        "models.Enquiry", related_name="lines", on_delete=fields.CASCADE, db_index=True
    )
    enquiry_id: UUID
    position = fields.IntField()
    name = fields.CharField(max_length=200)
    sku: str | None = optional_text(64)
    specification: list[dict[str, str]] = fields.JSONField(default=list)
    unit = fields.CharEnumField(Unit, max_length=3)
    quantity = quantity()
    quality_requirement: str | None = optional_text(2000)
    requested_on: date | None = fields.DateField(null=True)
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="enquiry_lines", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    product_id: UUID | None

    class Meta:
        table = "enquiry_line"
        unique_together = (("enquiry", "position"),)
        constraints = (CheckConstraint(check="quantity > 0", name="enquiry_line_quantity"),)

    @classmethod
    def of(cls, enquiry_id: UUID) -> "QuerySet[EnquiryLine]":
        """The lines of an enquiry that was opened before."""
        return cls.filter(enquiry_id=enquiry_id).order_by("position")


class EnquiryInvitation(Stored):
    """A supplier that is asked, and the sibling order by which it is asked; the order itself knows nothing of it."""

    enquiry: fields.ForeignKeyRelation[Enquiry] = fields.ForeignKeyField(
        "models.Enquiry", related_name="invitations", on_delete=fields.CASCADE, db_index=True
    )
    enquiry_id: UUID
    position = fields.IntField()
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="enquiry_invitations", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="enquiry_invitations", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    order_id: UUID | None
    withdrawn_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "enquiry_invitation"
        unique_together = (("enquiry", "supplier"), ("enquiry", "position"))
        constraints = (
            UniqueConstraint(fields=("order_id",), name="enquiry_sibling_once", condition="order_id IS NOT NULL"),
        )

    @classmethod
    def of(cls, enquiry_id: UUID) -> "QuerySet[EnquiryInvitation]":
        """The invitations of an enquiry that was opened before, the first one first."""
        return cls.filter(enquiry_id=enquiry_id).order_by("position")

    @classmethod
    async def to(cls, enquiry_id: UUID, supplier_id: UUID) -> "EnquiryInvitation":
        """The invitation of a supplier to an enquiry that was opened before."""
        return await cls.get(enquiry_id=enquiry_id, supplier_id=supplier_id)

    @classmethod
    async def siblings(cls, enquiry_id: UUID) -> list[Order]:
        """The sibling orders of an enquiry that was locked before, locked in the order of their ids."""
        asked = cls.filter(enquiry_id=enquiry_id, order_id__isnull=False)
        ids: list[Any] = list(await asked.values_list("order_id", flat=True))
        return list(await Order.filter(id__in=ids).order_by("id").select_for_update(no_key=True))

    @classmethod
    async def holds(cls, order_id: UUID) -> bool:
        """Whether the order is one of an enquiry's."""
        return await cls.filter(order_id=order_id).exists()


class EnquiryMatch(Stored):
    """Which product of an invited supplier answers which line; kept here alone, so that no order line tells of an enquiry."""

    invitation: fields.ForeignKeyRelation[EnquiryInvitation] = fields.ForeignKeyField(
        "models.EnquiryInvitation", related_name="matches", on_delete=fields.CASCADE, db_index=True
    )
    invitation_id: UUID
    line: fields.ForeignKeyRelation[EnquiryLine] = fields.ForeignKeyField(
        "models.EnquiryLine", related_name="matches", on_delete=fields.CASCADE, db_index=True
    )
    line_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="enquiry_matches", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    position = fields.IntField()
    order_line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="enquiry_matches", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    order_line_id: UUID | None

    class Meta:
        table = "enquiry_match"
        unique_together = (("invitation", "line"),)
        constraints = (
            UniqueConstraint(
                fields=("order_line_id",), name="enquiry_match_once", condition="order_line_id IS NOT NULL"
            ),
        )

    @classmethod
    async def places(cls, enquiry_id: UUID) -> dict[UUID, int]:
        """The place of the enquiry's line that each line of its sibling orders answers."""
        issued = cls.filter(invitation__enquiry_id=enquiry_id, order_line_id__isnull=False)
        return {row["order_line_id"]: row["position"] for row in await issued.values("order_line_id", "position")}

    @classmethod
    def of(cls, invitations: Collection[UUID]) -> "QuerySet[EnquiryMatch]":
        """What was matched for invitations that were opened before, by the enquiry's lines."""
        return cls.filter(invitation_id__in=list(invitations)).order_by("invitation_id", "position")
