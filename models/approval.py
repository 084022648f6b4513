"""The buyer's approvals: the rules that ask for them, what was asked, and who agreed. No supplier ever meets any of it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_text
from models.company import Company, Member
from models.order import Order
from models.quotation import Quotation
from rules.money import Currency
from rules.people import Actor, CompanyKind
from rules.terms import ApprovalStage, ApprovalStatus, VoteDecision


class ApprovalRule(Stored):
    """When a company's orders need an approval, and whose; the first in the company's order that matches is the one that asks."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="approval_rules", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    name = fields.CharField(max_length=120)
    position = fields.IntField()
    stages: list[ApprovalStage] = ArrayField(element_type="text")
    conditions: dict[str, Any] = fields.JSONField()
    tiers: list[dict[str, Any]] = fields.JSONField()
    # The one that `set_approval_threshold` keeps: a company has one at most.
    is_threshold = fields.BooleanField(default=False)
    is_active = fields.BooleanField(default=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "approval_rule"
        constraints = (
            UniqueConstraint(fields=("company_id",), name="approval_rule_one_threshold", condition="is_threshold"),
            CheckConstraint(check="position > 0", name="approval_rule_position"),
        )
        indexes = (("company_id", "position", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[ApprovalRule]":
        """The company's own people."""
        return cls.filter(company_id=actor.company) if actor.may_read else cls.filter(NOTHING)

    @classmethod
    async def in_force(cls, company_id: UUID) -> "list[ApprovalRule]":
        """The rules of a company that are asked, in its order."""
        return await cls.filter(company_id=company_id, is_active=True).order_by("position", "id")

    @classmethod
    async def asking(cls, company_id: UUID) -> "list[ApprovalRule]":
        """The same, and the platform's own."""
        whose = Q(company_id=company_id) | Q(company__kind=CompanyKind.PLATFORM)
        return await cls.filter(whose, is_active=True).order_by("position", "id")

    @classmethod
    async def of(cls, company_id: UUID, rule_id: UUID) -> "ApprovalRule | None":
        """The rule, if it is one of this company."""
        return await cls.get_or_none(id=rule_id, company_id=company_id)

    @classmethod
    async def threshold_of(cls, company_id: UUID) -> "ApprovalRule | None":
        """The rule that is the company's one threshold, if it ever set one."""
        return await cls.get_or_none(company_id=company_id, is_threshold=True)


class Approval(Stored):
    """A decision the buyer's approvers owe: a stream of its own, which holds what was asked as it was then."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="approvals", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="approvals", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    quotation: fields.ForeignKeyNullableRelation[Quotation] = fields.ForeignKeyField(
        "models.Quotation", related_name="approvals", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    quotation_id: UUID | None
    requested_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="approvals_requested", on_delete=fields.RESTRICT, db_index=True
    )
    requested_by_id: UUID
    decided_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="approvals_decided", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    decided_by_id: UUID | None
    stage = fields.CharEnumField(ApprovalStage, max_length=16)
    status = fields.CharEnumField(ApprovalStatus, max_length=16, default=ApprovalStatus.PENDING)
    version = fields.IntField(default=0)
    amount = money()
    currency = fields.CharEnumField(Currency, max_length=3)
    # Whether the requester lets a framework agreement stand for the signatures, where one covers the award.
    under_agreement = fields.BooleanField(default=True)
    # What of the quotation is to be accepted: quantities by order line; None: all as quoted.
    chosen: dict[str, str] | None = fields.JSONField(null=True)
    # Which alternatives are to be taken instead of the lines they stand for, by order line.
    instead: dict[str, str] | None = fields.JSONField(null=True)
    # The rule, its tiers and the facts, as they were when it was asked for.
    snapshot: dict[str, Any] = fields.JSONField()
    # Whose turn it is, and since when.
    tier = fields.IntField(default=1)
    tier_since = fields.DatetimeField()
    # When the clock is to look at it: the tier has waited too long, or one of its people has left. None: never.
    review_at: datetime | None = fields.DatetimeField(null=True)
    escalated: list[int] = ArrayField(element_type="int", default=list)
    reason: str | None = optional_text(1000)
    decided_at: datetime | None = fields.DatetimeField(null=True)

    votes: fields.ReverseRelation["ApprovalVote"]

    class Meta:
        table = "approval"
        constraints = (
            UniqueConstraint(fields=("order_id",), name="approval_one_pending", condition="status = 'PENDING'"),
        )
        indexes = (("company_id", "status", "id"), ("status", "review_at"))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Approval]":
        """The buyer's own company alone."""
        return cls.filter(company_id=actor.company) if actor.may_read and not actor.is_operator else cls.filter(NOTHING)

    @property
    def choice(self) -> dict[UUID, Decimal] | None:
        """How much of which order lines is to be accepted; None: all as quoted."""
        return None if self.chosen is None else {UUID(line): Decimal(much) for line, much in self.chosen.items()}

    @property
    def replacements(self) -> dict[UUID, UUID]:
        """Which alternative is to be taken instead of which order line's own offer."""
        return {UUID(line): UUID(alternative) for line, alternative in (self.instead or {}).items()}

    @classmethod
    async def pending(cls, order_id: UUID) -> "Approval | None":
        """The decision still owed on an order that was opened before."""
        return await cls.get_or_none(order_id=order_id, status=ApprovalStatus.PENDING)

    @classmethod
    async def approved(cls, order_id: UUID) -> "list[Approval]":
        """What was agreed to on an order that was opened before."""
        return await cls.filter(order_id=order_id, status=ApprovalStatus.APPROVED)

    @classmethod
    async def named(cls, approval_id: UUID) -> "Approval":
        """The approval that a row which was opened before refers to."""
        return await cls.get(id=approval_id)

    @classmethod
    async def look_again(cls, company_id: UUID, now: datetime) -> None:
        """Have the clock look at what waits in a company: one of its people has left, and must not be waited for."""
        await cls.filter(company_id=company_id, status=ApprovalStatus.PENDING).update(review_at=now)

    @classmethod
    async def overdue(cls, now: datetime, most: int) -> list[UUID]:
        """Approvals whose tier has waited so long that others are to be asked besides."""
        waiting = cls.filter(status=ApprovalStatus.PENDING, review_at__lte=now)
        return [row["id"] for row in await waiting.order_by("review_at").limit(most).values("id")]


class ApprovalVote(Stored):
    """What somebody who was asked said, or said for another; votes are added, never changed."""

    approval: fields.ForeignKeyRelation[Approval] = fields.ForeignKeyField(
        "models.Approval", related_name="votes", on_delete=fields.RESTRICT, db_index=True
    )
    approval_id: UUID
    tier = fields.IntField()
    # Who was asked, and who answered.
    seat: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="approval_seats", on_delete=fields.RESTRICT, db_index=True
    )
    seat_id: UUID
    voter: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="approval_votes", on_delete=fields.RESTRICT, db_index=True
    )
    voter_id: UUID
    decision = fields.CharEnumField(VoteDecision, max_length=16)
    note: str | None = optional_text(1000)

    class Meta:
        table = "approval_vote"
        unique_together = (("approval", "tier", "seat"),)

    @classmethod
    async def on(cls, approvals: Iterable[UUID]) -> "list[ApprovalVote]":
        """What was said on approvals that were opened before, oldest first."""
        return await cls.filter(approval_id__in=list(approvals)).order_by("id")
