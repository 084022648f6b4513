"""Files: what is known of them here, while their content lies in the storage."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.functions import Count, Sum
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored
from models.company import Company, Member
from models.order import Message, Order, OrderLine, opened, parties
from models.shipment import Shipment
from rules.files import FileStatus
from rules.people import Actor


class Attachment(Stored):
    """A file somebody uploaded; it hangs on one order, one line or one message, or on nothing yet."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="attachments", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    uploader: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="attachments", on_delete=fields.RESTRICT, db_index=True
    )
    uploader_id: UUID
    name = fields.CharField(max_length=150)
    media_type = fields.CharField(max_length=100)
    size = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)
    stored_key = fields.CharField(max_length=100, unique=True)
    status = fields.CharEnumField(FileStatus, max_length=8, default=FileStatus.RECEIVED)
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="attachments", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    order_id: UUID | None
    # A line that leaves a draft leaves its files to the order.
    order_line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="attachments", on_delete=fields.SET_NULL, null=True, db_index=True
    )
    order_line_id: UUID | None
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField(
        "models.Message", related_name="attachments", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    message_id: UUID | None
    # What was photographed at an inspection.
    shipment: fields.ForeignKeyNullableRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="attachments", on_delete=fields.RESTRICT, null=True
    )
    shipment_id: UUID | None
    # Since when it hangs on nothing; None while it hangs on something.
    loose_since: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "attachment"
        constraints = (
            CheckConstraint(check="(order_id IS NULL) = (loose_since IS NOT NULL)", name="attachment_loose_or_not"),
            CheckConstraint(
                check="order_id IS NOT NULL OR (order_line_id IS NULL AND message_id IS NULL)", name="attachment_place"
            ),
            CheckConstraint(check="order_id IS NOT NULL OR shipment_id IS NULL", name="attachment_evidence"),
            CheckConstraint(check="order_id IS NULL OR status = 'STORED'", name="attachment_stored"),
            CheckConstraint(check="size > 0", name="attachment_size"),
        )
        indexes = (("loose_since", "id"), ("shipment_id",))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Attachment]":
        """While it hangs on nothing, the uploader's company; then whoever sees the order it hangs on.

        Under seal the supplier's files are the supplier's alone: an offer may come as a file, too.
        """
        if not actor.may_read:
            return cls.filter(id__isnull=True)
        loose = Q(order_id__isnull=True, company_id=actor.company)
        shared = parties(actor, "order__") & (Q(company_id=actor.company) | opened(actor, "order__"))
        return cls.filter(Q(status=FileStatus.STORED) & (loose | shared))

    @classmethod
    async def loose(cls, company: UUID, attachments: Iterable[UUID]) -> "dict[UUID, Attachment]":
        """The company's own files that hang on nothing, locked for this transaction in the order of their ids."""
        own = cls.filter(id__in=list(attachments), company_id=company, order_id__isnull=True, status=FileStatus.STORED)
        return {found.id: found for found in await own.order_by("id").select_for_update()}

    @classmethod
    async def is_loose(cls, actor: Actor, attachment: UUID) -> bool:
        """Whether it is a file of the actor's company that hangs on nothing now."""
        return await cls.visible_to(actor).filter(id=attachment, order_id__isnull=True).exists()

    @classmethod
    async def hanging(cls, order: UUID, company: UUID, attachment: UUID) -> "Attachment | None":
        """The company's own file that hangs on this order."""
        return await cls.get_or_none(id=attachment, order_id=order, company_id=company)

    @classmethod
    async def count_on(cls, order: UUID) -> int:
        """How many files hang on an order that was opened before."""
        return await cls.filter(order_id=order).count()

    @classmethod
    async def loose_of(cls, company: UUID) -> tuple[int, int]:
        """How many files of a company hang on nothing, and their bytes together."""
        found = cls.filter(company_id=company, order_id__isnull=True).exclude(status=FileStatus.REMOVED)
        [(files, size)] = await found.annotate(files=Count("id"), total=Sum("size")).values_list("files", "total")
        return files, int(size or 0)

    @classmethod
    async def forgotten(cls, before: datetime, limit: int) -> list[UUID]:
        """Files that have hung on nothing since before this moment, and what a sweeper that died left behind; the oldest first."""
        wanted = Q(loose_since__lt=before) | Q(loose_since__isnull=False, status=FileStatus.REMOVED)
        found = cls.filter(wanted).order_by("loose_since", "id").limit(limit)
        return cast(list[UUID], await found.values_list("id", flat=True))

    @classmethod
    async def doomed(cls, attachment: UUID, before: datetime) -> "Attachment | None":
        """The file if it is still forgotten, marked as removed, so that nobody attaches it any more."""
        row = await cls.select_for_update().get_or_none(id=attachment, loose_since__isnull=False)
        if row is None or row.loose_since is None or (row.loose_since >= before and row.status != FileStatus.REMOVED):
            return None
        row.status = FileStatus.REMOVED
        await row.save(update_fields=["status"])
        return row

    @classmethod
    async def stored(cls, attachment: UUID) -> bool:
        """Note that the content has arrived; False if the row is on its way out, or gone."""
        waiting = cls.filter(id=attachment, status__in=[FileStatus.RECEIVED, FileStatus.STORED])
        return bool(await waiting.update(status=FileStatus.STORED))
