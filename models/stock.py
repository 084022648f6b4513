"""Warehouses, and the ledger of what comes into them, goes out and is kept for orders: the supplier's own business."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, new_id, optional_text, own, quantity
from models.catalogue import Product
from models.company import Company
from models.order import Order, OrderLine
from models.rows import Row, fetch
from rules.people import Actor
from rules.stock import StockMovement

# Shared: any number of orders may draw on them at once, while nobody changes or archives one.
_IN_USE = """
    SELECT * FROM warehouse WHERE company_id = $1 AND archived_at IS NULL ORDER BY id FOR SHARE
"""


class Warehouse(Stored):
    """A place where a supplier keeps goods; other companies, the operator included, never meet it."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="warehouses", on_delete=fields.RESTRICT
    )
    company_id: UUID
    code = fields.CharField(max_length=40)
    name = fields.CharField(max_length=120)
    address: str | None = optional_text(300)
    # Where goods are kept and leave unless somebody says otherwise.
    is_default = fields.BooleanField(default=False)
    # A code of rules.stock.StockPolicy; None: as its company has it.
    stock_policy: str | None = optional_text(40)
    version = fields.IntField(default=0)
    archived_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "warehouse"
        unique_together = (("company", "code"),)
        constraints = (
            UniqueConstraint(fields=("company_id",), name="warehouse_one_default", condition="is_default"),
            CheckConstraint(check="NOT is_default OR archived_at IS NULL", name="warehouse_default_in_use"),
        )
        indexes = (("company_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Warehouse]":
        """The company's own people."""
        return cls.filter(own(actor))

    @classmethod
    async def in_use(cls, company_id: UUID) -> list[Row]:
        """A supplier's warehouses, by id, held as they are until the transaction ends."""
        return await fetch(cls, _IN_USE, company_id)

    @classmethod
    async def all_locked(cls, company_id: UUID) -> "list[Warehouse]":
        """All warehouses of a company that was opened before, locked in the order of their ids: nobody draws on one meanwhile."""
        return await cls.filter(company_id=company_id).order_by("id").select_for_update()

    @classmethod
    async def default_of(cls, company_id: UUID) -> "Warehouse | None":
        """Where a supplier's goods are unless it says otherwise; None where it has never kept any."""
        return await cls.get_or_none(company_id=company_id, is_default=True)

    @classmethod
    async def open_default(cls, company_id: UUID, moment: datetime) -> None:
        """Give a supplier the warehouse it begins with; nothing where it has one by now."""
        first = cls(
            id=new_id(), company_id=company_id, code="MAIN", name="Main warehouse", is_default=True, created_at=moment
        )
        await first.written()


class StockLevel(Stored):
    """A product in one warehouse: what its entries add up to. The database writes it, from the ledger, and nobody else can."""

    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="stock_levels", on_delete=fields.RESTRICT
    )
    product_id: UUID
    warehouse: fields.ForeignKeyRelation[Warehouse] = fields.ForeignKeyField(
        "models.Warehouse", related_name="stock_levels", on_delete=fields.RESTRICT
    )
    warehouse_id: UUID
    on_hand = quantity()
    reserved = quantity()

    class Meta:
        table = "stock_level"
        unique_together = (("product", "warehouse"),)
        constraints = (CheckConstraint(check="on_hand >= 0 AND reserved >= 0", name="stock_level_amounts"),)
        indexes = (("warehouse_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[StockLevel]":
        """The supplier's own people."""
        return cls.filter(own(actor, "warehouse__"))

    @classmethod
    async def of(cls, products: Iterable[UUID]) -> "list[StockLevel]":
        """What there is of products that are locked."""
        return await cls.filter(product_id__in=list(products))

    @classmethod
    async def is_empty(cls, warehouse_id: UUID) -> bool:
        """Whether nothing lies in a warehouse that is locked, and nothing is kept for anybody there."""
        return not await cls.filter(Q(on_hand__gt=0) | Q(reserved__gt=0), warehouse_id=warehouse_id).exists()


class StockEntry(Stored):
    """Something that happened to a product in one warehouse; entries are added, never changed."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="stock_entries", on_delete=fields.RESTRICT
    )
    supplier_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="stock_entries", on_delete=fields.RESTRICT
    )
    product_id: UUID
    warehouse: fields.ForeignKeyRelation[Warehouse] = fields.ForeignKeyField(
        "models.Warehouse", related_name="stock_entries", on_delete=fields.RESTRICT
    )
    warehouse_id: UUID
    movement = fields.CharEnumField(StockMovement, max_length=16)
    # By how much it changed what lies there, and what of it is kept for orders.
    on_hand = quantity()
    reserved = quantity()
    # For which line of which order.
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="stock_entries", on_delete=fields.RESTRICT, null=True
    )
    order_id: UUID | None
    order_line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="stock_entries", on_delete=fields.RESTRICT, null=True
    )
    order_line_id: UUID | None
    # The contract, shipment or return that it follows from; what was written at once has its first entry's id in common.
    document_id: UUID | None = fields.UUIDField(null=True)
    posting = fields.UUIDField()
    remark: str | None = optional_text(200)
    booked_by = fields.CharField(max_length=120)

    class Meta:
        table = "stock_entry"
        constraints = (CheckConstraint(check="on_hand <> 0 OR reserved <> 0", name="stock_entry_amount"),)
        indexes = (
            ("supplier_id", "id"),
            ("product_id", "id"),
            ("warehouse_id", "id"),
            ("order_id", "id"),
            ("order_line_id",),
            ("posting",),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[StockEntry]":
        """The supplier's own people."""
        return cls.filter(own(actor, column="supplier_id"))

    @classmethod
    async def kept(cls, lines: Iterable[UUID]) -> dict[tuple[UUID, UUID, UUID], Decimal]:
        """What is kept for lines that were opened before, by line, product and warehouse; only where something is."""
        keys = ("order_line_id", "product_id", "warehouse_id")
        sums = cls.filter(order_line_id__in=list(lines)).annotate(held=Sum("reserved"))
        rows: list[Any] = await sums.group_by(*keys).values_list(*keys, "held")
        return {(line, product, warehouse): held for line, product, warehouse, held in rows if held}

    @classmethod
    async def kept_of(cls, product_id: UUID) -> dict[tuple[UUID, UUID, UUID], Decimal]:
        """The same of one product that is locked, by order, line and warehouse."""
        keys = ("order_id", "order_line_id", "warehouse_id")
        sums = cls.filter(product_id=product_id, order_line_id__isnull=False).annotate(held=Sum("reserved"))
        rows: list[Any] = await sums.group_by(*keys).values_list(*keys, "held")
        return {(order, line, warehouse): held for order, line, warehouse, held in rows if held}
