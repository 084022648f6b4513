"""Money that goes back to the buyer."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, optional_text
from models.online_payment import PaymentRefund
from models.order import Order, parties
from rules.billing import RefundStatus
from rules.money import Currency
from rules.people import Actor


class Refund(Stored):
    """One transfer from the supplier to the buyer of an order: of what is due back, and of credit the buyer has no use for."""

    number = fields.CharField(max_length=16, unique=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="refunds", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    status = fields.CharEnumField(RefundStatus, max_length=8, default=RefundStatus.SENT)
    version = fields.IntField(default=0)
    currency = fields.CharEnumField(Currency, max_length=3)
    amount = money()
    # How much of it is credit; the rest was due.
    credit = money()
    paid_on = fields.DateField()
    bank_reference = fields.CharField(max_length=64)
    remark: str | None = optional_text(1000)
    missed_reason: str | None = optional_text(1000)
    confirmed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "refund"
        indexes = (("status", "id"),)
        constraints = (
            UniqueConstraint(
                fields=("order_id", "bank_reference"), name="refund_reference_once", condition="status <> 'MISSED'"
            ),
            CheckConstraint(check="amount > 0 AND credit BETWEEN 0 AND amount", name="refund_amount"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Refund]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def has_reference(cls, order_id: UUID, bank_reference: str) -> bool:
        """Whether this transfer was recorded on the order before, and not missed."""
        sent = cls.filter(order_id=order_id, bank_reference=bank_reference)
        return await sent.exclude(status=RefundStatus.MISSED).exists()

    @classmethod
    async def credit_on_its_way(cls, orders: Iterable[UUID]) -> dict[UUID, Decimal]:
        """How much credit of each order, where there is any, the supplier has sent back and the buyer has not confirmed."""
        sent = cls.filter(order_id__in=list(orders), status=RefundStatus.SENT).annotate(part=Sum("credit"))
        return dict(await sent.group_by("order_id").values_list("order_id", "part"))

    @classmethod
    async def on_its_way(cls, order_id: UUID) -> tuple[Decimal, Decimal]:
        """What the buyer has not confirmed yet, of what is due on the order and of its credit; what came in too late goes back through
        its provider and is on its way from the beginning."""
        sums = cls.filter(order_id=order_id, status=RefundStatus.SENT).annotate(total=Sum("amount"), part=Sum("credit"))
        [(total, part)] = await sums.values_list("total", "part")
        late = await PaymentRefund.too_late(order_id)
        return (total or Decimal(0)) - (part or Decimal(0)) + late, part or Decimal(0)
