"""Makes warehouses, and asks whether the figures of stock are what the ledger says."""

from decimal import Decimal
from typing import Any

from models import Company, Order, Product, StockEntry, StockLevel, Warehouse
from models.database import pool
from rules.people import Actor
from rules.stock import StockPolicy
from services.stocktaking import adjust_stock
from services.warehouses import WarehouseWish, create_warehouse, set_stock_policy
from tests.makers import make_key

UNEQUAL = """
    SELECT p.sku FROM product p
    LEFT JOIN (SELECT product_id, sum(on_hand) AS a, sum(reserved) AS b FROM stock_entry GROUP BY 1) e ON e.product_id = p.id
    LEFT JOIN (SELECT product_id, sum(on_hand) AS a, sum(reserved) AS b FROM stock_level GROUP BY 1) l ON l.product_id = p.id
    WHERE (coalesce(p.stock_on_hand, 0), p.stock_reserved) <> (coalesce(e.a, 0), coalesce(e.b, 0))
       OR (coalesce(l.a, 0), coalesce(l.b, 0)) <> (coalesce(e.a, 0), coalesce(e.b, 0))
    UNION ALL
    SELECT l.id::text FROM stock_level l
    JOIN (SELECT product_id, warehouse_id, sum(on_hand) AS a, sum(reserved) AS b FROM stock_entry GROUP BY 1, 2) e
        USING (product_id, warehouse_id)
    WHERE (l.on_hand, l.reserved) <> (e.a, e.b)
"""
"""Products and levels that are not what their entries add up to."""


async def make_warehouse(keeper: Actor, code: str | None = None, **wish: Any) -> Warehouse:
    """One more warehouse of the keeper's company."""
    code = code or make_key()
    return await create_warehouse(keeper, WarehouseWish(code, f"Warehouse {code}", **wish), idempotency_key=make_key())


async def make_policy(supplier: Actor, policy: StockPolicy) -> None:
    """The supplier with this policy."""
    company = await Company.named(supplier.home)
    await set_stock_policy(supplier, company.version, policy)


async def make_stock(keeper: Actor, product: Product, much: str, warehouse: Warehouse | None = None) -> Product:
    """So much more of the product in the warehouse, or in the default one."""
    now = await Product.get(id=product.id)
    return await adjust_stock(keeper, now.id, now.version, Decimal(much), None if warehouse is None else warehouse.id)


async def on_shelf(product: Product) -> tuple[Decimal | None, Decimal]:
    """What there is of the product in all, and what of it is kept."""
    now = await Product.get(id=product.id)
    return now.stock_on_hand, now.stock_reserved


async def by_warehouse(product: Product) -> dict[str, tuple[Decimal, Decimal]]:
    """The same by the warehouses' codes."""
    levels = await StockLevel.filter(product_id=product.id).prefetch_related("warehouse")
    return {level.warehouse.code: (level.on_hand, level.reserved) for level in levels}


async def kept_for(order: Order) -> Decimal:
    """What is kept for all lines of the order."""
    entries = await StockEntry.filter(order_id=order.id)
    return sum((entry.reserved for entry in entries), Decimal(0))


async def check_stock() -> None:
    """Everywhere the figures are what the entries add up to."""
    assert await pool().fetch(UNEQUAL) == []
