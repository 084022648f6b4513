"""What machines act with."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored
from models.company import Company, Member
from rules.people import Actor, Role, Scope


class ApiKey(Stored):
    """What a machine acts with for its company: only the secret's SHA-256 is kept."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="api_keys", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    created_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="api_keys", on_delete=fields.RESTRICT, db_index=True
    )
    created_by_id: UUID
    name = fields.CharField(max_length=120)
    sha256 = fields.CharField(max_length=64, unique=True)
    scopes: list[Scope] = ArrayField(element_type="text")
    expires_at: datetime | None = fields.DatetimeField(null=True)
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    last_used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "api_key"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[ApiKey]":
        """The keys of one's own company, for its admins."""
        if Role.ADMIN not in actor.roles:
            return cls.filter(NOTHING)
        return cls.filter(company_id=actor.company)

    @classmethod
    async def used(cls, key_id: UUID, moment: datetime, *, at_most_every: timedelta) -> None:
        """Note when the key was last used; many requests at once write it once."""
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=moment - at_most_every)
        await cls.filter(stale, id=key_id).update(last_used_at=moment)
