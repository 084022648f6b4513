"""Promotions: a supplier's own business but for their names, which stand on what they reduce; and which orders they reduce, counted."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, quantity
from models.catalogue import Product
from models.company import Company
from models.order import Order
from models.pricing import DAY, MEANT, CustomerGrade, suppliers_own
from models.rows import Row, fetch
from rules.money import Currency
from rules.people import Actor
from rules.pricing.price_lists import Audience
from rules.pricing.promotion import Stacking


class Promotion(Stored):
    """What a supplier takes off for a customer, a grade or everyone, from one day to another; made once and ended, never changed.

    Its row is the lock under which its uses are counted.
    """

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="promotions", on_delete=fields.RESTRICT, db_index=False
    )
    supplier_id: UUID
    name = fields.CharField(max_length=120)
    currency = fields.CharEnumField(Currency, max_length=3)
    # The code of a policy in rules/pricing/policies, and the decimals it asks for, by name.
    policy = fields.CharField(max_length=40)
    terms: dict[str, str] = fields.JSONField()
    audience = fields.CharEnumField(Audience, max_length=8)
    customer: fields.ForeignKeyNullableRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="promotions_for", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    customer_id: UUID | None
    grade: fields.ForeignKeyNullableRelation[CustomerGrade] = fields.ForeignKeyField(
        "models.CustomerGrade", related_name="promotions", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    grade_id: UUID | None
    # The first day and the last, in the calendar of the supplier's own place; no last day: until it is ended.
    valid_from = fields.DateField()
    valid_to: date | None = fields.DateField(null=True)
    stacking = fields.CharEnumField(Stacking, max_length=12)
    priority = fields.IntField()
    minimum_amount = money()
    max_uses: int | None = fields.IntField(null=True)
    max_uses_per_customer: int | None = fields.IntField(null=True)
    # How many orders hold it: what its uses add up to, held beside them so that the database itself can refuse.
    used = fields.IntField(default=0)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "promotion"
        constraints = (
            CheckConstraint(check="valid_to IS NULL OR valid_from <= valid_to", name="promotion_period"),
            CheckConstraint(check=MEANT, name="promotion_audience"),
            CheckConstraint(check="used >= 0 AND used <= COALESCE(max_uses, used)", name="promotion_not_overused"),
            CheckConstraint(check="minimum_amount >= 0", name="promotion_minimum"),
        )
        indexes = (("supplier_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Promotion]":
        """The supplier's own people."""
        return cls.filter(suppliers_own(actor))

    @classmethod
    async def owned(cls, supplier_id: UUID, promotion_id: UUID) -> "Promotion | None":
        """This supplier's promotion, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get_or_none(id=promotion_id, supplier_id=supplier_id)

    @classmethod
    async def hold_limited(cls, supplier_id: UUID) -> None:
        """Lock the supplier's promotions that have a limit, in the order of their ids: what is counted from now on stays so."""
        limited = Q(max_uses__isnull=False) | Q(max_uses_per_customer__isnull=False)
        await cls._lock(cls.filter(limited, supplier_id=supplier_id, ended_at__isnull=True))

    @classmethod
    async def locked(cls, promotions: Iterable[UUID]) -> None:
        """Lock the promotions that an order which was opened before holds, in the order of their ids."""
        await cls._lock(cls.filter(id__in=list(promotions)))

    @classmethod
    async def _lock(cls, found: "QuerySet[Promotion]") -> None:
        # Of values alone Tortoise would lock nothing, without a word.
        await found.order_by("id").select_for_update(no_key=True)

    @classmethod
    async def count(cls, promotions: Collection[UUID], change: int) -> None:
        """Let so many more orders hold the promotions, which are locked."""
        await cls.filter(id__in=list(promotions)).update(used=F("used") + change)


class PromotionProduct(Stored):
    """A product that a promotion is about, and how many of it belong together with the others."""

    promotion: fields.ForeignKeyRelation[Promotion] = fields.ForeignKeyField(
        "models.Promotion", related_name="products", on_delete=fields.RESTRICT, db_index=False
    )
    promotion_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="promotions", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    quantity = quantity()

    class Meta:
        table = "promotion_product"
        unique_together = (("promotion", "product"),)
        constraints = (CheckConstraint(check="quantity > 0", name="promotion_product_quantity"),)


class PromotionUse(Stored):
    """An order that a promotion reduces: there from the offer on, and gone when that comes to nothing."""

    promotion: fields.ForeignKeyRelation[Promotion] = fields.ForeignKeyField(
        "models.Promotion", related_name="uses", on_delete=fields.RESTRICT, db_index=False
    )
    promotion_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="promotion_uses", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    customer: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="promotion_uses", on_delete=fields.RESTRICT, db_index=False
    )
    customer_id: UUID

    class Meta:
        table = "promotion_use"
        unique_together = (("promotion", "order"),)
        indexes = (("customer_id", "promotion_id"),)

    @classmethod
    async def of(cls, order_id: UUID) -> list[UUID]:
        """The promotions that an order which was opened before holds."""
        return [use.promotion_id for use in await cls.filter(order_id=order_id)]

    @classmethod
    async def drop(cls, order_id: UUID) -> None:
        """Let an order that was opened before hold none."""
        await cls.filter(order_id=order_id).delete()


_OPEN_PROMOTIONS = """
    SELECT promotion.*, supplier.delivery_zone AS zone,
        (SELECT count(*) FROM promotion_use used WHERE used.promotion_id = promotion.id AND used.customer_id = $1) AS own_uses,
        ARRAY(SELECT part.product_id || ' ' || part.quantity FROM promotion_product part
            WHERE part.promotion_id = promotion.id) AS products
    FROM promotion
    JOIN company supplier ON supplier.id = promotion.supplier_id
    LEFT JOIN graded_customer graded ON graded.supplier_id = promotion.supplier_id AND graded.customer_id = $1
    WHERE promotion.supplier_id IN (SELECT product.supplier_id FROM product WHERE product.id = ANY($2))
        AND promotion.ended_at IS NULL AND promotion.valid_from <= $3
        AND (promotion.valid_to IS NULL OR promotion.valid_to >= $4)
        AND (promotion.audience = 'EVERYONE' OR promotion.customer_id = $1 OR promotion.grade_id = graded.grade_id)
"""


async def open_promotions(buyer: UUID, products: Iterable[UUID], now: datetime) -> list[Row]:
    """The promotions of these products' suppliers that are open to the buyer; a day before their validity too, and a day after it."""
    wanted = list(set(products))
    today = now.date()
    return await fetch(Promotion, _OPEN_PROMOTIONS, buyer, wanted, today + DAY, today - DAY) if wanted else []


def products_of(found: Any) -> Mapping[UUID, Decimal]:
    """What such a row's promotion is about, with how many belong together."""
    return {UUID(product): Decimal(much) for product, much in map(str.split, found.products)}
