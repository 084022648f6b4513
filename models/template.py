"""What a company orders again and again."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.address import Address
from models.base import NOTHING, Stored, optional_text, quantity
from models.catalogue import Product
from models.company import Company
from rules.people import Actor
from rules.units import Unit


class OrderTemplate(Stored):
    """Goods of one supplier that a company orders together; its supplier never hears of it."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="order_templates", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="templates_for", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    name = fields.CharField(max_length=80)
    version = fields.IntField(default=1)
    updated_at = fields.DatetimeField()
    removed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "order_template"
        indexes = (("company_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[OrderTemplate]":
        """Those of one's own company; nobody else's, for the operator neither."""
        if not actor.may_read:
            return cls.filter(NOTHING)
        return cls.filter(company_id=actor.company, removed_at__isnull=True)


class OrderTemplateLine(Stored):
    """One article of a template, as it was called when it was added."""

    template: fields.ForeignKeyRelation[OrderTemplate] = fields.ForeignKeyField(
        "models.OrderTemplate", related_name="lines", on_delete=fields.CASCADE, db_index=True
    )
    template_id: UUID
    position = fields.IntField()
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="template_lines", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    sku = fields.CharField(max_length=64)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    unit = fields.CharEnumField(Unit, max_length=3)
    quantity = quantity()
    quality_requirement: str | None = optional_text(2000)
    # Where it goes, if not where the order goes: what the book says when it is ordered, as long as the entry is there.
    delivery_entry: fields.ForeignKeyNullableRelation[Address] = fields.ForeignKeyField(
        "models.Address", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    delivery_entry_id: UUID | None

    class Meta:
        table = "order_template_line"
        unique_together = (("template", "position"),)
        constraints = (CheckConstraint(check="quantity > 0", name="order_template_line_quantity"),)
        indexes = (("delivery_entry_id",),)

    @classmethod
    def of(cls, template_id: UUID) -> "QuerySet[OrderTemplateLine]":
        """The lines of a template that was opened before."""
        return cls.filter(template_id=template_id).order_by("position")
