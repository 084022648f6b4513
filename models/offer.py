"""What a quotation may hold besides its lines: alternatives to them, and allowances and charges on the whole."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, optional_text, quantity, rate, unit_price
from models.catalogue import Product
from models.quotation import Quotation, QuotationLine
from rules.allowances import AllowanceKind


class Alternative(Stored):
    """Something else the supplier offers for one line of a quotation: the buyer may take it instead; no total counts it."""

    quotation_line: fields.ForeignKeyRelation[QuotationLine] = fields.ForeignKeyField(
        "models.QuotationLine", related_name="alternatives", on_delete=fields.RESTRICT, db_index=True
    )
    quotation_line_id: UUID
    position = fields.IntField()
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="alternatives", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    sku = fields.CharField(max_length=64)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    specification: list[dict[str, str]] = fields.JSONField(default=list)
    quantity = quantity()
    unit_price = unit_price()
    tax_rate = rate()
    net = money()
    tax = money()
    promised_on = fields.DateField()
    quality_remark: str | None = optional_text(2000)
    # As a line of the quotation keeps it; no promotions. None also where its article is listed in another currency.
    price_explanation: dict[str, Any] | None = fields.JSONField(null=True)

    class Meta:
        table = "alternative"
        unique_together = (("quotation_line", "position"),)
        constraints = (CheckConstraint(check="quantity > 0 AND unit_price >= 0", name="alternative_amounts"),)

    @classmethod
    def of(cls, quotation_id: UUID) -> "QuerySet[Alternative]":
        """All alternatives in a quotation that was opened before."""
        return cls.filter(quotation_line__quotation_id=quotation_id).order_by("position")


class QuotationAllowance(Stored):
    """An allowance or charge on a whole quotation (UBL AllowanceCharge); `net` and `tax` are below zero where it is an allowance."""

    quotation: fields.ForeignKeyRelation[Quotation] = fields.ForeignKeyField(
        "models.Quotation", related_name="allowances", on_delete=fields.RESTRICT, db_index=True
    )
    quotation_id: UUID
    position = fields.IntField()
    kind = fields.CharEnumField(AllowanceKind, max_length=16)
    reason_code: str | None = optional_text(3)
    reason = fields.CharField(max_length=200)
    # Of the goods at its tax rate; None where an amount was given.
    share: Decimal | None = rate(null=True)
    tax_rate = rate()
    net = money()
    tax = money()

    class Meta:
        table = "quotation_allowance"
        unique_together = (("quotation", "position"),)

    @classmethod
    def of(cls, quotation_id: UUID) -> "QuerySet[QuotationAllowance]":
        """The allowances and charges on a quotation that was opened before."""
        return cls.filter(quotation_id=quotation_id).order_by("position")
