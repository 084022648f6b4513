"""Where a company's goods are delivered to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, optional_text
from models.company import Company
from rules.addresses import Destination
from rules.people import Actor

PLACE = tuple(Destination.__dataclass_fields__)
"""The columns that say where it is and who is there."""


class Address(Stored):
    """An entry of a company's address book, which no other company reads; orders keep copies of their own."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="addresses", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    label = fields.CharField(max_length=60)
    recipient = fields.CharField(max_length=80)
    phone = fields.CharField(max_length=32)
    street = fields.CharField(max_length=200)
    country = fields.CharField(max_length=2)
    region_code: str | None = optional_text(6)
    # As the region was called when the address was written.
    province: str | None = optional_text(40)
    city: str | None = optional_text(40)
    district: str | None = optional_text(40)
    locality: str | None = optional_text(80)
    postal_code: str | None = optional_text(12)
    zone = fields.CharField(max_length=64)
    is_default = fields.BooleanField(default=False)
    version = fields.IntField(default=1)
    removed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "address"
        constraints = (
            UniqueConstraint(
                fields=("company_id",), name="address_one_default", condition="is_default AND removed_at IS NULL"
            ),
        )
        indexes = (("company_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Address]":
        """What stands in the book of one's own company; nothing of anybody else's, for the operator neither."""
        if not actor.may_read:
            return cls.filter(NOTHING)
        return cls.filter(company_id=actor.company, removed_at__isnull=True)

    @classmethod
    async def default_of(cls, company_id: UUID) -> "Address | None":
        """Where the company has its goods delivered unless it says otherwise."""
        return await cls.get_or_none(company_id=company_id, is_default=True, removed_at__isnull=True)

    @classmethod
    async def keeps_any(cls, company_id: UUID) -> bool:
        """Whether anything stands in the company's book."""
        return await cls.filter(company_id=company_id, removed_at__isnull=True).exists()

    @classmethod
    async def undefault(cls, company_id: UUID) -> None:
        """No address of the company is the default, whose row is locked; the others' versions rise by what changed."""
        for before in await cls.filter(company_id=company_id, is_default=True, removed_at__isnull=True):
            before.is_default, before.version = False, before.version + 1
            await before.save(update_fields=["is_default", "version"])

    @property
    def destination(self) -> Destination:
        """The place and who is there, as an order copies it."""
        return Destination(**{column: getattr(self, column) for column in PLACE})


def copied(destination: Destination) -> dict[str, Any]:
    """The destination as an order stores it: what is unknown is left out."""
    return {column: value for column in PLACE if (value := getattr(destination, column)) is not None}
