"""Statements of account that were made as files, or are being made."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, optional_enum, optional_text
from models.company import Company, Member
from rules.account_statements import (
    CAME_TO_NOTHING,
    UNDER_WAY,
    StatementFailure,
    StatementFileStatus,
    StatementFormat,
)
from rules.money import Currency
from rules.people import Actor


class StatementFile(Stored):
    """One file that was asked for; its row is the lock under which it goes on, and its content lies in the storage."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="statement_files", on_delete=fields.RESTRICT, db_index=False
    )
    company_id: UUID
    counterparty: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    counterparty_id: UUID
    requester: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name=False, on_delete=fields.RESTRICT, null=True, db_index=True
    )
    requester_id: UUID | None
    currency = fields.CharEnumField(Currency, max_length=3)
    period_start = fields.DateField()
    period_end = fields.DateField()
    format = fields.CharEnumField(StatementFormat, max_length=4)
    locale = fields.CharField(max_length=8)
    status = fields.CharEnumField(StatementFileStatus, max_length=9, default=StatementFileStatus.QUEUED)
    # Why, of a file that is FAILED.
    failure: StatementFailure | None = optional_enum(StatementFailure, 11)
    version = fields.IntField(default=0)
    # How often it was asked for: who works on an earlier time has to stop.
    run = fields.IntField(default=1)
    lines_done = fields.IntField(default=0)
    lines_in_all = fields.IntField()
    # Of which moment it is, once its lines were read.
    as_of: datetime | None = fields.DatetimeField(null=True)
    # Where its content lies, or may lie that a worker left behind: written down before anything is stored.
    stored_key = fields.CharField(max_length=100, null=True, unique=True)
    size: int | None = fields.BigIntField(null=True)
    sha256: str | None = optional_text(64)
    expires_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "statement_file"
        constraints = (
            CheckConstraint(check="period_start <= period_end", name="statement_file_period"),
            CheckConstraint(check="lines_done BETWEEN 0 AND lines_in_all", name="statement_file_progress"),
            CheckConstraint(
                check="status <> 'READY' OR num_nulls(as_of, stored_key, size, sha256, expires_at) = 0",
                name="statement_file_ready",
            ),
        )
        indexes = (("company_id", "id"), ("status", "expires_at"))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[StatementFile]":
        """Whoever reads the books of the company whose statement it is."""
        return (
            cls.filter(company_id=actor.company)
            if actor.may_read_books and not actor.is_operator
            else cls.filter(NOTHING)
        )

    @classmethod
    async def count_under_way(cls, company_id: UUID) -> int:
        """How many are being made for a company, or wait for it."""
        return await cls.filter(company_id=company_id, status__in=UNDER_WAY).count()

    @classmethod
    async def locked(cls, file_id: UUID) -> "StatementFile":
        """The file, locked for this transaction; whoever asks was given it."""
        return await cls.select_for_update(no_key=True).get(id=file_id)

    @classmethod
    async def named(cls, file_id: UUID) -> "StatementFile":
        """The file that whoever asks was given."""
        return await cls.get(id=file_id)

    @classmethod
    async def outlived(cls, now: datetime, limit: int) -> "list[StatementFile]":
        """Files that have lain in the storage for as long as they should, the oldest first."""
        return (
            await cls.filter(status=StatementFileStatus.READY, expires_at__lte=now).order_by("expires_at").limit(limit)
        )

    @classmethod
    async def left_behind(cls, limit: int) -> "list[StatementFile]":
        """Files that came to nothing, of which something may lie in the storage."""
        return await cls.filter(status__in=CAME_TO_NOTHING, stored_key__isnull=False).limit(limit)
