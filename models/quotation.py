"""Quotations and counter-offers."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, optional_enum, optional_text, quantity, rate, unit_price
from models.order import Order, OrderLine, opened, parties
from rules.acceptance import INSPECTION_DAYS
from rules.contract import IN_FORCE
from rules.lifecycle import OrderStatus
from rules.money import Currency, Rounding, RoundingMode, TaxInclusion, TaxLevel
from rules.people import Actor
from rules.returns import WARRANTY_DAYS
from rules.terms import Incoterm, PartialAcceptance, PaymentMoment, QuotationStatus


class Quotation(Stored):
    """One revision of a supplier's offer; once sent, only its status changes."""

    number = fields.CharField(max_length=16, unique=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="quotations", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    revision = fields.IntField()
    status = fields.CharEnumField(QuotationStatus, max_length=16, default=QuotationStatus.SENT)
    valid_until = fields.DatetimeField()
    currency = fields.CharEnumField(Currency, max_length=3)
    rounding_mode = fields.CharEnumField(RoundingMode, max_length=16)
    tax_level = fields.CharEnumField(TaxLevel, max_length=16)
    # How prices are stated; the columns `freight`, `net` and `tax` mean the same either way.
    tax_inclusion = fields.CharEnumField(TaxInclusion, max_length=16, default=TaxInclusion.EXCLUSIVE)
    freight = money()
    freight_tax_rate = rate()
    freight_tax = money()
    payment_net_days = fields.IntField()
    # The share to be paid before despatch; what remains falls due so many days after the moment.
    prepaid_share = rate(default=Decimal(0))
    payment_moment = fields.CharEnumField(PaymentMoment, max_length=16, default=PaymentMoment.AFTER_INVOICE)
    # So long after arrival silence becomes acceptance, and so long after completion claims are heard.
    inspection_days = fields.IntField(default=INSPECTION_DAYS)
    warranty_days = fields.IntField(default=WARRANTY_DAYS)
    incoterm: Incoterm | None = optional_enum(Incoterm, 3)
    incoterm_place: str | None = optional_text(300)
    partial_acceptance = fields.CharEnumField(PartialAcceptance, max_length=16, default=PartialAcceptance.ALLOWED)
    remark: str | None = optional_text(2000)
    net = money()
    tax = money()
    total = money()
    sent_by = fields.CharField(max_length=120)

    lines: fields.ReverseRelation["QuotationLine"]

    class Meta:
        table = "quotation"
        unique_together = (("order", "revision"),)
        constraints = (
            UniqueConstraint(fields=("order_id",), name="quotation_one_open", condition="status = 'SENT'"),
            CheckConstraint(check="freight >= 0 AND net >= 0 AND tax >= 0", name="quotation_amounts"),
            CheckConstraint(check="total = net + tax", name="quotation_total"),
            CheckConstraint(check="prepaid_share BETWEEN 0 AND 1", name="quotation_prepaid"),
        )
        indexes = (("status", "valid_until"),)

    @property
    def rounding(self) -> Rounding:
        """How everything that follows from it is added up."""
        return Rounding(self.currency, self.rounding_mode, self.tax_level, self.tax_inclusion)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Quotation]":
        """Whoever sees the order; while it is sealed, the supplier alone."""
        return cls.filter(parties(actor, "order__") & opened(actor, "order__"))

    @classmethod
    async def named(cls, quotation_id: UUID | None) -> "Quotation":
        """The quotation that a row which was opened before refers to."""
        return await cls.get(id=quotation_id)

    @classmethod
    async def in_force(cls, order_id: UUID) -> "Quotation":
        """The quotation by whose terms both sides of an order that was opened before are bound."""
        signed = cls.filter(order_id=order_id, contracts__status__in=list(IN_FORCE))
        return await signed.order_by("-contracts__version").limit(1).get()

    @classmethod
    async def newest(cls, order_id: UUID) -> "Quotation | None":
        """The newest revision on an order that was opened before."""
        return await cls.filter(order_id=order_id).order_by("-revision").first()

    @classmethod
    async def overdue(cls, now: datetime, most: int) -> list[UUID]:
        """Orders whose buyer let an open quotation's validity pass."""
        waiting = cls.filter(status=QuotationStatus.SENT, valid_until__lte=now, order__status=OrderStatus.PENDING_BUYER)
        return [row["order_id"] for row in await waiting.order_by("valid_until").limit(most).values("order_id")]


class QuotationLine(Stored):
    """What one order line would cost, how many, and when."""

    quotation: fields.ForeignKeyRelation[Quotation] = fields.ForeignKeyField(
        "models.Quotation", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    quotation_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="quotation_lines", on_delete=fields.RESTRICT, db_index=True
    )
    order_line_id: UUID
    position = fields.IntField()
    quantity = quantity()
    unit_price = unit_price()
    tax_rate = rate()
    net = money()
    tax = money()
    promised_on = fields.DateField()
    quality_remark: str | None = optional_text(2000)
    # By which share more may be delivered than is agreed.
    over_delivery_tolerance = rate(default=Decimal(0))
    # The steps from the list price to this price (rules.pricing.goods.Step) as they were when it was sent, and the supplier, who alone
    # reads all of them; None: nobody asked then.
    price_explanation: dict[str, Any] | None = fields.JSONField(null=True)

    class Meta:
        table = "quotation_line"
        unique_together = (("quotation", "order_line"),)
        constraints = (
            CheckConstraint(check="quantity > 0 AND unit_price >= 0", name="quotation_line_amounts"),
            CheckConstraint(check="over_delivery_tolerance BETWEEN 0 AND 1", name="quotation_line_tolerance"),
        )

    @classmethod
    def of(cls, quotation_id: UUID) -> "QuerySet[QuotationLine]":
        """The lines of a quotation that was opened before."""
        return cls.filter(quotation_id=quotation_id).order_by("position")

    @classmethod
    def of_all(cls, quotations: Iterable[UUID]) -> "QuerySet[QuotationLine]":
        """The lines of quotations that were opened before."""
        return cls.filter(quotation_id__in=list(quotations))


class CounterOffer(Stored):
    """What the buyer would rather have; answers one quotation."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="counter_offers", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    quotation: fields.ForeignKeyRelation[Quotation] = fields.ForeignKeyField(
        "models.Quotation", related_name="counter_offers", on_delete=fields.RESTRICT, db_index=True
    )
    quotation_id: UUID
    # Terms of the whole; what is None stays as quoted.
    freight: Decimal | None = money(null=True)
    prepaid_share: Decimal | None = rate(null=True)
    payment_net_days: int | None = fields.IntField(null=True)
    payment_moment: PaymentMoment | None = optional_enum(PaymentMoment, 16)
    inspection_days: int | None = fields.IntField(null=True)
    warranty_days: int | None = fields.IntField(null=True)
    valid_until: datetime | None = fields.DatetimeField(null=True)
    remark: str | None = optional_text(2000)
    made_by = fields.CharField(max_length=120)

    class Meta:
        table = "counter_offer"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CounterOffer]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))


class CounterOfferLine(Stored):
    """The wishes on one line; what is None stays as quoted."""

    counter_offer: fields.ForeignKeyRelation[CounterOffer] = fields.ForeignKeyField(
        "models.CounterOffer", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    counter_offer_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="counter_lines", on_delete=fields.RESTRICT, db_index=True
    )
    order_line_id: UUID
    position = fields.IntField()
    quantity: Decimal | None = quantity(null=True)
    unit_price: Decimal | None = unit_price(null=True)
    promised_on: date | None = fields.DateField(null=True)
    quality_requirement: str | None = optional_text(2000)

    class Meta:
        table = "counter_offer_line"
        unique_together = (("counter_offer", "order_line"),)
