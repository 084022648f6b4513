"""Rights to approve that are lent for a time."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored
from models.company import Company, Member
from rules.approval import Lending
from rules.people import Actor
from rules.terms import local_date


class Delegation(Stored):
    """From the first day to the last, as dates at the company's place, the taker may answer where the giver is asked."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="delegations", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    giver: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="delegations_given", on_delete=fields.RESTRICT, db_index=True
    )
    giver_id: UUID
    taker: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="delegations_taken", on_delete=fields.RESTRICT, db_index=True
    )
    taker_id: UUID
    valid_from = fields.DateField()
    valid_to = fields.DateField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "delegation"
        constraints = (
            CheckConstraint(check="giver_id <> taker_id", name="delegation_to_another"),
            CheckConstraint(check="valid_from <= valid_to", name="delegation_days"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Delegation]":
        """The company's own people."""
        return cls.filter(company_id=actor.company) if actor.may_read else cls.filter(NOTHING)

    @classmethod
    async def of(cls, company_id: UUID, delegation_id: UUID) -> "Delegation | None":
        """The delegation, if it is one of this company."""
        return await cls.get_or_none(id=delegation_id, company_id=company_id)

    @classmethod
    async def overlapping(cls, company_id: UUID, first: date, last: date) -> list[Lending]:
        """What is lent on any of these days."""
        lent = cls.filter(company_id=company_id, revoked_at=None, valid_from__lte=last, valid_to__gte=first)
        return [Lending(one.giver_id, one.taker_id) for one in await lent.order_by("id")]

    @classmethod
    async def in_force(cls, companies: Iterable[UUID], now: datetime) -> dict[UUID, tuple[Lending, ...]]:
        """What is lent at this moment, by company: whether a day has come depends on the company's zone."""
        lent = cls.filter(company_id__in=list(companies), revoked_at=None).order_by("id")
        found: dict[UUID, list[Lending]] = {}
        for company, giver, taker, first, last, zone in await lent.values_list(
            "company_id", "giver_id", "taker_id", "valid_from", "valid_to", "company__delivery_zone"
        ):
            if first <= local_date(now, zone) <= last:
                found.setdefault(company, []).append(Lending(giver, taker))
        return {company: tuple(lendings) for company, lendings in found.items()}
