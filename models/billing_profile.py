"""What a company says of itself on its invoices, and how it looks at those it gets."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, new_id, optional_text, own, rate
from models.company import Company
from rules.people import Actor


class BillingProfile(Stored):
    """Address and bank as a company's invoices print them, and how it looks at those it gets; no company has to have one."""

    company: fields.OneToOneRelation[Company] = fields.OneToOneField(
        "models.Company", related_name="billing_profile", on_delete=fields.RESTRICT
    )
    company_id: UUID
    address: str | None = optional_text(300)
    phone: str | None = optional_text(32)
    bank_name: str | None = optional_text(120)
    bank_account: str | None = optional_text(34)
    # How it looks at the invoices it gets: how much more a line may claim, and whether matched ones are accepted by themselves.
    tolerance_share = rate(default=Decimal(0))
    tolerance_amount = money(default=Decimal(0))
    accepts_matched = fields.BooleanField(default=False)

    class Meta:
        table = "billing_profile"
        constraints = (
            CheckConstraint(
                check="tolerance_share >= 0 AND tolerance_share <= 1 AND tolerance_amount >= 0",
                name="billing_tolerance",
            ),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[BillingProfile]":
        """The company's own people; others read address and bank on what they were invoiced, and nobody what a buyer tolerates."""
        return cls.filter(own(actor))

    @classmethod
    async def of(cls, company_id: UUID, now: datetime) -> "BillingProfile":
        """That of a company which was opened before; a blank one, not stored, where it has none."""
        found = await cls.get_or_none(company_id=company_id)
        return found or cls(id=new_id(), company_id=company_id, created_at=now)
