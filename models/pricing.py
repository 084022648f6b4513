"""Price lists and the customers they are for: the supplier's own business. A buyer meets the one price that applies to it, nothing else."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, new_id, quantity, unit_price
from models.catalogue import Product
from models.company import Company
from models.order import where
from models.rows import Row, fetch
from rules.money import Currency, TaxInclusion
from rules.people import Actor
from rules.pricing.price_lists import Audience, PriceBreak

AT_ONCE = 1000
"""So many prices are made ready in one go."""

DAY = timedelta(days=1)
"""By no more is any place's calendar ahead of Greenwich's, or behind it."""

MEANT = """
    (audience = 'EVERYONE' AND customer_id IS NULL AND grade_id IS NULL)
    OR (audience = 'CUSTOMER' AND customer_id IS NOT NULL AND grade_id IS NULL)
    OR (audience = 'GRADE' AND customer_id IS NULL AND grade_id IS NOT NULL)
"""
"""Whom something is for is said once: by the audience, and by the one column that goes with it."""


def suppliers_own(actor: Actor, path: str = "") -> Q:
    """Which rows an actor may see by way of their company: what it keeps as a supplier; the operator none of them."""
    return where(path, "supplier_id", actor.company) if actor.may_read and not actor.is_operator else NOTHING


class CustomerGrade(Stored):
    """A level at which a supplier keeps some of its customers, such as dealers of the first rank; only the supplier knows of it."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="customer_grades", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    name = fields.CharField(max_length=120)
    # Rises with each change of it and of who is at it.
    version = fields.IntField(default=0)

    class Meta:
        table = "customer_grade"
        unique_together = (("supplier", "name"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CustomerGrade]":
        """The supplier's own people."""
        return cls.filter(suppliers_own(actor))

    @classmethod
    async def owned(cls, supplier_id: UUID, grade_id: UUID) -> "CustomerGrade | None":
        """This supplier's grade, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get_or_none(id=grade_id, supplier_id=supplier_id)

    @classmethod
    async def is_called(cls, supplier_id: UUID, name: str, *, but: UUID) -> bool:
        """Whether another grade of the supplier, whose row is locked, has this name."""
        return await cls.filter(supplier_id=supplier_id, name=name).exclude(id=but).exists()


class GradedCustomer(Stored):
    """At which grade a supplier keeps a customer: at one at most."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="graded_customers", on_delete=fields.RESTRICT, db_index=False
    )
    supplier_id: UUID
    customer: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="grades_given", on_delete=fields.RESTRICT, db_index=True
    )
    customer_id: UUID
    grade: fields.ForeignKeyRelation[CustomerGrade] = fields.ForeignKeyField(
        "models.CustomerGrade", related_name="customers", on_delete=fields.RESTRICT, db_index=False
    )
    grade_id: UUID

    class Meta:
        table = "graded_customer"
        unique_together = (("supplier", "customer"),)
        constraints = (CheckConstraint(check="supplier_id <> customer_id", name="graded_customer_is_another"),)
        indexes = (("grade_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[GradedCustomer]":
        """The supplier's own people."""
        return cls.filter(suppliers_own(actor))

    @classmethod
    async def of(cls, supplier_id: UUID, customer_id: UUID) -> "GradedCustomer | None":
        """Where the supplier, whose row is locked, keeps the customer now."""
        return await cls.get_or_none(supplier_id=supplier_id, customer_id=customer_id)


class PriceList(Stored):
    """What a supplier asks of a customer, of a grade, or of everyone, from one day to another in one currency (UBL PriceList)."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="price_lists", on_delete=fields.RESTRICT, db_index=False
    )
    supplier_id: UUID
    name = fields.CharField(max_length=120)
    currency = fields.CharEnumField(Currency, max_length=3)
    # How all its prices are stated.
    tax_inclusion = fields.CharEnumField(TaxInclusion, max_length=16, default=TaxInclusion.EXCLUSIVE)
    audience = fields.CharEnumField(Audience, max_length=8)
    customer: fields.ForeignKeyNullableRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="price_lists_for", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    customer_id: UUID | None
    grade: fields.ForeignKeyNullableRelation[CustomerGrade] = fields.ForeignKeyField(
        "models.CustomerGrade", related_name="price_lists", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    grade_id: UUID | None
    # The first day and the last, in the calendar of the supplier's own place; no last day: until it is archived.
    valid_from = fields.DateField()
    valid_to: date | None = fields.DateField(null=True)
    archived_at: datetime | None = fields.DatetimeField(null=True)
    # Rises with each change of it and of its prices.
    version = fields.IntField(default=0)

    class Meta:
        table = "price_list"
        constraints = (
            CheckConstraint(check="valid_to IS NULL OR valid_from <= valid_to", name="price_list_period"),
            CheckConstraint(check=MEANT, name="price_list_audience"),
            CheckConstraint(check="customer_id <> supplier_id", name="price_list_customer_is_another"),
        )
        indexes = (("supplier_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[PriceList]":
        """The supplier's own people."""
        return cls.filter(suppliers_own(actor))

    @classmethod
    async def owned(cls, supplier_id: UUID, list_id: UUID) -> "PriceList | None":
        """This supplier's list, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get_or_none(id=list_id, supplier_id=supplier_id)


class PriceListItem(Stored):
    """What one unit of a product costs on a list, from a quantity on."""

    price_list: fields.ForeignKeyRelation[PriceList] = fields.ForeignKeyField(
        "models.PriceList", related_name="items", on_delete=fields.RESTRICT, db_index=False
    )
    price_list_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="listed_prices", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    minimum_quantity = quantity()
    unit_price = unit_price()

    class Meta:
        table = "price_list_item"
        unique_together = (("price_list", "product", "minimum_quantity"),)
        constraints = (
            CheckConstraint(check="minimum_quantity > 0 AND unit_price >= 0", name="price_list_item_amounts"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[PriceListItem]":
        """The supplier's own people."""
        return cls.filter(suppliers_own(actor, "price_list__"))

    @classmethod
    async def replace(
        cls, list_id: UUID, products: Collection[UUID], items: Sequence[tuple[UUID, PriceBreak]], now: datetime
    ) -> None:
        """Make these all prices of the products on a list that was opened before; those of other products stay.

        From columns, and others have their turn meanwhile: an instance for each of tens of thousands holds up everybody for a second.
        """
        await cls.filter(price_list_id=list_id, product_id__in=list(products)).delete()
        ids, of, quantities, costs = list[UUID](), list[UUID](), list[str](), list[str]()
        for begin in range(0, len(items), AT_ONCE):
            some = items[begin : begin + AT_ONCE]
            ids += [new_id() for _ in some]
            of += [product for product, _ in some]
            quantities += [str(at.minimum_quantity) for _, at in some]
            costs += [str(at.unit_price) for _, at in some]
            await asyncio.sleep(0)
        if items:
            await fetch(cls, _WRITE_PRICES, now, list_id, ids, of, quantities, costs)

    @classmethod
    async def count_of(cls, list_id: UUID) -> int:
        """How many prices stand on a list that was opened before."""
        return await cls.filter(price_list_id=list_id).count()


# Numbers as text: the driver takes as long for a numeric as for ten words.
_WRITE_PRICES = """
    INSERT INTO price_list_item (created_at, price_list_id, id, product_id, minimum_quantity, unit_price)
    SELECT $1, $2, item.id, item.product_id, item.minimum_quantity::numeric, item.unit_price::numeric
    FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[]) AS item(id, product_id, minimum_quantity, unit_price)
"""
_OPEN_PRICES = """
    SELECT item.product_id, item.minimum_quantity, item.unit_price, list.id AS list_id, list.supplier_id, list.name, list.currency,
        list.tax_inclusion, list.audience, list.valid_from, list.valid_to, supplier.delivery_zone AS zone
    FROM price_list_item item
    JOIN price_list list ON list.id = item.price_list_id
    JOIN company supplier ON supplier.id = list.supplier_id
    LEFT JOIN graded_customer graded ON graded.supplier_id = list.supplier_id AND graded.customer_id = $1
    WHERE item.product_id = ANY($2) AND list.archived_at IS NULL AND list.valid_from <= $3
        AND (list.valid_to IS NULL OR list.valid_to >= $4)
        AND (list.audience = 'EVERYONE' OR list.customer_id = $1 OR list.grade_id = graded.grade_id)
"""


async def open_prices(buyer: UUID, products: Iterable[UUID], now: datetime) -> list[Row]:
    """What price lists that are open to the buyer say of the products; a day before their validity too, and a day after it."""
    wanted = list(set(products))
    today = now.date()
    return await fetch(PriceListItem, _OPEN_PRICES, buyer, wanted, today + DAY, today - DAY) if wanted else []


def is_open_on(found: Row, day: date) -> bool:
    """Whether the list of such a row is valid on this day of its supplier's calendar."""
    return bool(found.valid_from <= day and (found.valid_to is None or day <= found.valid_to))
