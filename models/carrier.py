"""How carriers prove to a supplier that it is they, and what they pushed."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, optional_enum, optional_text
from models.company import Company
from rules.carriers import CarrierProvider, ParkReason, PushStatus
from rules.people import Actor, Role


class CarrierAccount(Stored):
    """A supplier's account with a sender of pushes; the secret is sealed and opens for this row alone."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="carrier_accounts", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    provider = fields.CharEnumField(CarrierProvider, max_length=20)
    # Where it pushes to: a random name, so that nobody else learns that there is such an account.
    endpoint = fields.CharField(max_length=43, unique=True)
    secret = fields.BinaryField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "carrier_account"
        unique_together = (("company", "provider"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CarrierAccount]":
        """Those of the company, for its administrators."""
        if not actor.may_read or Role.ADMIN not in actor.roles:
            return cls.filter(NOTHING)
        return cls.filter(company_id=actor.company)

    @classmethod
    async def locked(cls, company_id: UUID, provider: CarrierProvider) -> "CarrierAccount | None":
        """The company's, locked for this transaction; whoever asks has opened the company."""
        return await cls.select_for_update(no_key=True).get_or_none(company_id=company_id, provider=provider)

    @classmethod
    async def at(cls, endpoint: str, provider: CarrierProvider) -> "CarrierAccount | None":
        """Whose endpoint it is; whoever pushes has still to prove who they are."""
        return await cls.get_or_none(endpoint=endpoint, provider=provider)


class CarrierPush(Stored):
    """A push that was verified, once; its body is kept until all of it is on record."""

    account: fields.ForeignKeyRelation[CarrierAccount] = fields.ForeignKeyField(
        "models.CarrierAccount", related_name="pushes", on_delete=fields.RESTRICT, db_index=True
    )
    account_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="carrier_pushes", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    provider = fields.CharEnumField(CarrierProvider, max_length=20)
    # The push's name with its sender, or the hash of what it says.
    event_id = fields.CharField(max_length=64)
    sha256 = fields.CharField(max_length=64)
    body: bytes | None = fields.BinaryField(null=True)
    status = fields.CharEnumField(PushStatus, max_length=8, default=PushStatus.PENDING)
    reason: ParkReason | None = optional_enum(ParkReason, 20)
    # What of the push it is about: the waybill, the unknown word, the fault.
    detail: str | None = optional_text(200)
    tries = fields.IntField(default=0)
    tried_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "carrier_push"
        unique_together = (("account", "event_id"),)
        indexes = (("status", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CarrierPush]":
        """The operator's alone: what is parked may name goods that are not the supplier's."""
        return cls.filter() if actor.may_read and actor.is_operator else cls.filter(NOTHING)

    @classmethod
    async def locked(cls, push_id: UUID) -> "CarrierPush":
        """A push that was found before, locked for this transaction."""
        return await cls.select_for_update(no_key=True).get(id=push_id)

    @classmethod
    async def waiting(cls, since: datetime, most: int) -> list[UUID]:
        """Pushes that came, or were tried, before this moment and are still not dealt with."""
        undone = cls.filter(status=PushStatus.PENDING, created_at__lte=since)
        untried = undone.filter(Q(tried_at__isnull=True) | Q(tried_at__lte=since))
        return [row["id"] for row in await untried.order_by("id").limit(most).values("id")]
