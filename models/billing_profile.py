"""What a company says of itself on invoices."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.queryset import QuerySet

from models.base import Stored, new_id, optional_text, own
from models.company import Company
from rules.people import Actor


class BillingProfile(Stored):
    """Address and bank as a company's invoices print them; one without says nothing."""

    company: fields.OneToOneRelation[Company] = fields.OneToOneField(
        "models.Company", related_name="billing_profile", on_delete=fields.RESTRICT
    )
    company_id: UUID
    address: str | None = optional_text(300)
    phone: str | None = optional_text(32)
    bank_name: str | None = optional_text(120)
    bank_account: str | None = optional_text(34)

    class Meta:
        table = "billing_profile"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[BillingProfile]":
        """The company's own people; others read it on what they were invoiced."""
        return cls.filter(own(actor))

    @classmethod
    async def of(cls, company_id: UUID, now: datetime) -> "BillingProfile":
        """That of a company which was opened before; a blank one, not stored, where it has none."""
        found = await cls.get_or_none(company_id=company_id)
        return found or cls(id=new_id(), company_id=company_id, created_at=now)
