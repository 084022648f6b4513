"""What suppliers offer."""

from collections.abc import Iterable
from decimal import Decimal
from typing import cast
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, quantity, rate, unit_price
from models.company import Company
from models.database import pool
from models.rows import fetch
from rules.money import Currency
from rules.people import Actor, CompanyStatus
from rules.units import Unit


class Category(Stored):
    """A group of goods, kept by the operator and the same for everybody."""

    code = fields.CharField(max_length=40, unique=True)
    name_zh = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)
    parent: "fields.ForeignKeyNullableRelation[Category]" = fields.ForeignKeyField(
        "models.Category", related_name="children", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    parent_id: UUID | None

    class Meta:
        table = "category"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Category]":
        """Everybody who has signed in sees every category."""
        return cls.all() if actor.may_read else cls.filter(NOTHING)

    @classmethod
    async def beneath(cls, category: UUID) -> list[UUID]:
        """The category and all that lie under it, at any depth; empty when there is no such category."""
        return [found["id"] for found in await pool().fetch(_BENEATH, category)]

    @classmethod
    async def above(cls, categories: Iterable[UUID]) -> frozenset[UUID]:
        """The categories and all that they are part of, at any depth."""
        return frozenset(found.id for found in await fetch(cls, _ABOVE, list(categories)))


_ABOVE = """
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT id, parent_id FROM category WHERE id = ANY($1::uuid[])
        UNION SELECT parent.id, parent.parent_id FROM category parent JOIN above ON parent.id = above.parent_id
    )
    SELECT id FROM above
"""

_BENEATH = """
    WITH RECURSIVE beneath(id) AS (
        SELECT id FROM category WHERE id = $1
        UNION SELECT child.id FROM category child JOIN beneath ON child.parent_id = beneath.id
    )
    SELECT id FROM beneath
"""


class Product(Stored):
    """One article of one supplier, with the terms it is usually sold on."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="products", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="products", on_delete=fields.RESTRICT, db_index=True
    )
    category_id: UUID
    sku = fields.CharField(max_length=64)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    specification: list[dict[str, str]] = fields.JSONField(default=list)
    unit = fields.CharEnumField(Unit, max_length=3)
    list_price = unit_price()
    currency = fields.CharEnumField(Currency, max_length=3, default=Currency.CNY)
    tax_rate = rate()
    minimum_quantity = quantity()
    quantity_step = quantity()
    lead_time_days = fields.IntField()
    # None: made to order, so that no stock is kept or checked.
    stock_on_hand: Decimal | None = quantity(null=True)
    stock_reserved = quantity(default=Decimal(0))
    is_active = fields.BooleanField(default=True)
    version = fields.IntField(default=0)
    words: list[str] = ArrayField(element_type="text")

    class Meta:
        table = "product"
        unique_together = (("supplier", "sku"),)
        constraints = (
            CheckConstraint(check="list_price >= 0", name="product_list_price"),
            CheckConstraint(check="minimum_quantity > 0 AND quantity_step > 0", name="product_quantities"),
            CheckConstraint(check="stock_on_hand >= 0 AND stock_reserved >= 0", name="product_stock"),
            CheckConstraint(check="tax_rate >= 0 AND tax_rate < 1", name="product_tax_rate"),
        )
        indexes = (
            GinIndex(fields=("words",), name="product_words"),
            ("name_zh", "id"),
            ("list_price", "id"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Product]":
        """What admitted suppliers offer now, and everything of one's own."""
        if not actor.may_read:
            return cls.filter(NOTHING)
        offered = Q(is_active=True, supplier__status=CompanyStatus.APPROVED)
        return cls.all() if actor.is_operator else cls.filter(offered | Q(supplier_id=actor.company))

    @classmethod
    async def owned(cls, supplier: UUID, product: UUID) -> "Product | None":
        """This supplier's product, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get_or_none(id=product, supplier_id=supplier)

    @classmethod
    async def of_supplier(cls, supplier: UUID, products: Iterable[UUID]) -> "dict[UUID, Product]":
        """Those of the products that are this supplier's, offered or not."""
        found = cls.filter(supplier_id=supplier, id__in=list(products))
        return {product.id: product for product in await found}

    @classmethod
    async def named(cls, products: Iterable[UUID]) -> "dict[UUID, Product]":
        """The products that lines which were opened before refer to, still offered or not."""
        return {product.id: product for product in await cls.filter(id__in=list(products))}

    @classmethod
    async def answering(
        cls,
        actor: Actor,
        suppliers: Iterable[UUID],
        products: Iterable[UUID],
        skus: Iterable[str],
        names: Iterable[str],
    ) -> "list[Product]":
        """What these suppliers offer to the actor that is one of the products, or has one of the article numbers or names."""
        same = Q(id__in=list(products)) | Q(sku__in=list(skus))
        called = Q(name_zh__in=list(names)) | Q(name_en__in=list(names))
        offered = cls.visible_to(actor).filter(supplier_id__in=list(suppliers), is_active=True)
        return list(await offered.filter(same | called))

    @classmethod
    async def called(cls, actor: Actor, supplier: UUID, skus: Iterable[str]) -> "dict[str, Product]":
        """What the supplier offers to the actor now under these article numbers."""
        offered = cls.visible_to(actor).filter(supplier_id=supplier, is_active=True, sku__in=list(skus))
        return {product.sku: product for product in await offered}

    @classmethod
    async def offered(cls, actor: Actor, supplier: UUID, products: Iterable[UUID]) -> "dict[UUID, Product]":
        """Those of the products that the supplier offers to the actor now."""
        found = cls.visible_to(actor).filter(supplier_id=supplier, is_active=True, id__in=list(products))
        return {product.id: product for product in await found}

    @classmethod
    async def skus_of(cls, actor: Actor, supplier: UUID) -> list[str]:
        """The article numbers of all that the supplier offers to the actor now."""
        offered = cls.visible_to(actor).filter(supplier_id=supplier, is_active=True)
        return cast(list[str], await offered.values_list("sku", flat=True))

    @classmethod
    async def locked(cls, products: Iterable[UUID]) -> "dict[UUID, Product]":
        """The products, locked for this transaction in the order of their ids."""
        rows = cls.filter(id__in=list(products)).order_by("id").select_for_update(no_key=True)
        return {product.id: product for product in await rows}
