"""Where one of the demo's suppliers keeps its goods: a first warehouse, and a second one nearer to the coast with some of them."""

from decimal import Decimal
from functools import partial

from api.demo.known import once
from models import Product, StockEntry, Warehouse
from rules.people import Actor
from services.stocktaking import transfer_stock
from services.warehouses import WarehouseWish, create_warehouse

SUPPLIER = "henggu"
STORES = (
    WarehouseWish("SZ", "苏州总仓", "江苏省苏州市工业园区星湖街218号"),
    WarehouseWish("NT", "南通分仓", "江苏省南通市崇川区工农路120号"),
)
MOVED = 1_000
"""How many times its minimum quantity of an article goes to the second warehouse."""


async def open_stores(actors: dict[str, Actor]) -> list[Warehouse]:
    """The supplier's warehouses, made where missing."""
    keeper, stores = actors[f"wh@{SUPPLIER}.demo"], []
    for wish in STORES:
        key = f"demo-warehouse-{wish.code}"
        stores.append(await once(Warehouse, keeper, key, partial(create_warehouse, keeper, wish, idempotency_key=key)))
    return stores


async def spread(actors: dict[str, Actor], stores: list[Warehouse], goods: list[Product]) -> None:
    """Some of a few articles in the second warehouse; nothing where anything ever lay there."""
    keeper, second = actors[f"wh@{SUPPLIER}.demo"], stores[1]
    main = await Warehouse.default_of(second.company_id)
    if main is None or await StockEntry.visible_to(keeper).filter(warehouse_id=second.id).exists():
        return
    for product in goods:
        much = product.minimum_quantity * MOVED
        if product.stock_on_hand is not None and product.stock_on_hand > 2 * much and "M8" in product.sku:
            await transfer_stock(keeper, product.id, product.version, Decimal(much), main.id, second.id, "分仓备货")
