"""Quotations, counter-offers and the buyer's approvals."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_enum, optional_text, quantity, rate, unit_price
from models.company import Company, Member
from models.order import Order, OrderLine, parties
from rules.lifecycle import OrderStatus
from rules.money import Currency, RoundingMode, TaxLevel
from rules.people import Actor
from rules.terms import ApprovalStage, ApprovalStatus, Incoterm, PartialAcceptance, QuotationStatus


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
    freight = money()
    freight_tax_rate = rate()
    freight_tax = money()
    payment_net_days = fields.IntField()
    incoterm: Incoterm | None = optional_enum(Incoterm, 3)
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
        )
        indexes = (("status", "valid_until"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Quotation]":
        """Whoever sees the order; while it is sealed, the supplier alone."""
        return cls.filter(parties(actor, "order__") & (Q(order__is_sealed=False) | Q(order__supplier_id=actor.company)))

    @classmethod
    async def named(cls, quotation_id: UUID | None) -> "Quotation":
        """The quotation that a row which was opened before refers to."""
        return await cls.get(id=quotation_id)

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

    class Meta:
        table = "quotation_line"
        unique_together = (("quotation", "order_line"),)
        constraints = (CheckConstraint(check="quantity > 0 AND unit_price >= 0", name="quotation_line_amounts"),)

    @classmethod
    def of(cls, quotation_id: UUID) -> "QuerySet[QuotationLine]":
        """The lines of a quotation that was opened before."""
        return cls.filter(quotation_id=quotation_id).order_by("position")


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


class Approval(Stored):
    """A decision the buyer's approvers owe: a stream of its own, which no supplier ever meets. Holds a snapshot of the rule."""

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
    threshold = money()
    threshold_currency = fields.CharEnumField(Currency, max_length=3)
    # What of the quotation is to be accepted: quantities by order line; None: all as quoted.
    chosen: dict[str, str] | None = fields.JSONField(null=True)
    reason: str | None = optional_text(1000)
    decided_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "approval"
        constraints = (
            UniqueConstraint(fields=("order_id",), name="approval_one_pending", condition="status = 'PENDING'"),
        )
        indexes = (("company_id", "status", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Approval]":
        """The buyer's own company alone."""
        return cls.filter(company_id=actor.company) if actor.may_read and not actor.is_operator else cls.filter(NOTHING)

    @classmethod
    async def pending(cls, order_id: UUID) -> "Approval | None":
        """The decision still owed on an order that was opened before."""
        return await cls.get_or_none(order_id=order_id, status=ApprovalStatus.PENDING)

    @property
    def choice(self) -> dict[UUID, Decimal] | None:
        """How much of which order lines is to be accepted; None: all as quoted."""
        return None if self.chosen is None else {UUID(line): Decimal(much) for line, much in self.chosen.items()}

    @classmethod
    async def covers(cls, order_id: UUID, total: Decimal) -> bool:
        """Whether as much was approved before."""
        return await cls.filter(order_id=order_id, status=ApprovalStatus.APPROVED, amount__gte=total).exists()
