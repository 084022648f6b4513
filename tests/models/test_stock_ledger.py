"""What is in stock is what the entries add up to, whoever writes, and what there was before the ledger became its first entries."""

import asyncio
from decimal import Decimal as D
from importlib import import_module
from typing import Any

import asyncpg
import pytest

from models import Product, StockEntry, StockLevel, Warehouse
from models.base import new_id
from models.database import pool
from tests.makers import make_product, make_seller
from tests.order_makers import Parties, make_contracted_order, make_goods, make_parties, make_shipment
from tests.stock_makers import by_warehouse, check_stock, make_stock, make_warehouse, on_shelf

MIGRATION = import_module("models.migrations.0033_stock_ledger")
INSERT = """
    INSERT INTO stock_entry (id, created_at, supplier_id, product_id, warehouse_id, movement, on_hand, reserved, posting, booked_by)
    VALUES ($1, now(), $2, $3, $4, 'ADJUSTED', $5, $6, $1, 'a script')
"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def enter(product: Product, on_hand: str, reserved: str = "0", connection: Any = None, **other: Any) -> None:
    """Write an entry past the services."""
    warehouse: Any = other.get("warehouse") or await Warehouse.default_of(product.supplier_id)
    supplier = other.get("supplier", product.supplier_id)
    values = (new_id(), supplier, product.id, warehouse.id, D(on_hand), D(reserved))
    await (connection or pool()).execute(INSERT, *values)


async def test_an_entry_moves_the_figures_whoever_writes_it(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(10))
    await enter(bolts, "-4", "3")
    assert await on_shelf(bolts) == (D(6), D(3))
    assert await by_warehouse(bolts) == {"MAIN": (D(6), D(3))}
    await check_stock()


@pytest.mark.parametrize("figure", ["stock_on_hand = 11", "stock_reserved = 1", "stock_on_hand = NULL"])
async def test_nobody_writes_the_figures_by_hand(parties: Parties, figure: str) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(10))
    with pytest.raises(asyncpg.RestrictViolationError, match="UPDATE of stock on product refused"):
        await pool().execute(f"UPDATE product SET {figure} WHERE id = $1", bolts.id)
    await pool().execute("UPDATE product SET is_active = false WHERE id = $1", bolts.id)
    for change in ("UPDATE stock_level SET on_hand = 0", "DELETE FROM stock_level"):
        with pytest.raises(asyncpg.RestrictViolationError, match="of stock on stock_level refused"):
            await pool().execute(change)


async def test_nothing_begins_with_stock_that_no_entry_tells_of(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(10))
    copy = Product(**{name: getattr(bolts, name) for name in bolts._meta.db_fields})
    copy.id, copy.sku = new_id(), "another"
    with pytest.raises(Exception, match="INSERT of stock on product refused"):
        await copy.save(force_create=True)
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool().execute(
            "INSERT INTO stock_level (id, created_at, product_id, warehouse_id, on_hand, reserved) "
            "SELECT $1, created_at, product_id, $2, 1, 0 FROM stock_level",
            new_id(),
            (await make_warehouse(parties.supplier)).id,
        )


@pytest.mark.parametrize(("on_hand", "reserved"), [("-10.000001", "0"), ("0", "-0.000001")])
async def test_nothing_falls_below_zero_in_any_warehouse(parties: Parties, on_hand: str, reserved: str) -> None:
    bolts, second = await make_goods(parties.supplier, stock_on_hand=D(10)), await make_warehouse(parties.supplier)
    await make_stock(parties.supplier, bolts, "5", second)
    with pytest.raises(asyncpg.CheckViolationError, match="stock_level_amounts"):
        await enter(bolts, on_hand, reserved)
    assert await on_shelf(bolts) == (D(15), D(0))


async def test_entries_are_of_goods_in_stock_and_in_a_warehouse_of_their_supplier(parties: Parties) -> None:
    bolts, made = await make_goods(parties.supplier, stock_on_hand=D(10)), await make_goods(parties.supplier)
    other = await make_seller()
    await make_product(other)
    foreign = await Warehouse.default_of(other.home)
    for wrong in (enter(made, "1"), enter(bolts, "1", warehouse=foreign), enter(bolts, "1", supplier=other.home)):
        with pytest.raises(asyncpg.CheckViolationError, match="no stock of the product is kept there"):
            await wrong


async def test_two_connections_cannot_both_take_the_last_of_a_shelf(parties: Parties) -> None:
    """Without any lock of the code: the second waits for the first, and counts what it wrote."""
    bolts = await make_goods(parties.supplier, stock_on_hand=D(10))
    async with pool().acquire() as first, pool().acquire() as second:
        mine = first.transaction()
        await mine.start()
        await enter(bolts, "-6", connection=first)
        other = asyncio.create_task(enter(bolts, "-6", connection=second))
        await asyncio.sleep(0.2)
        assert not other.done()
        await mine.commit()
        with pytest.raises(asyncpg.CheckViolationError):
            await other
    assert await on_shelf(bolts) == (D(4), D(0))


async def test_what_there_was_before_the_ledger_becomes_its_first_entries(parties: Parties) -> None:
    """A filled database of before: figures on products, contracts half despatched, no warehouse; reserves that had gone astray."""
    bolts, nuts = [await make_goods(parties.supplier, stock_on_hand=D(much)) for much in (500, 0)]
    made = await make_goods(parties.supplier)
    order = await make_contracted_order(parties, ["100", "30", "5"], ["1", "2", "3"], goods=[bolts, nuts, made])
    await make_shipment(parties, order, "40", "0", "5")
    await pool().execute(
        "SET session_replication_role = replica; DELETE FROM stock_entry; DELETE FROM stock_level;"
        "UPDATE shipment SET despatched_from_id = NULL; DELETE FROM warehouse;"
        "UPDATE product SET stock_reserved = stock_reserved + 3 WHERE stock_on_hand IS NOT NULL;"
        "SET session_replication_role = origin"
    )
    for statement in MIGRATION.FILL:
        await pool().execute(
            f"SET session_replication_role = replica; {statement}; SET session_replication_role = origin"
        )
    assert [await on_shelf(goods) for goods in (bolts, nuts, made)] == [(D(460), D(60)), (D(0), D(30)), (None, D(0))]
    assert await by_warehouse(bolts) == {"MAIN": (D(460), D(60))}
    [first] = await Warehouse.filter(company_id=parties.supplier.home)
    assert (first.is_default, first.version) == (True, 0)
    assert {(entry.movement, entry.order_id) for entry in await StockEntry.filter(reserved__gt=0)} == {
        ("OPENING", order.id)
    }
    assert await StockLevel.filter(product_id=made.id).count() == 0
    await check_stock()
    # And life goes on from there.
    await make_shipment(parties, order, "60", "0", "0")
    assert await on_shelf(bolts) == (D(400), D(0))


async def test_the_triggers_can_be_taken_back_and_brought_again(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(10))
    operations = MIGRATION.Migration.operations[1:]
    for operation in reversed(operations):
        if operation.reverse_sql:
            await pool().execute(operation.reverse_sql)
    await pool().execute("ALTER TABLE stock_entry DISABLE TRIGGER stock_entry_kept")
    await pool().execute("DROP TRIGGER stock_entry_kept ON stock_entry")
    await pool().execute("UPDATE product SET stock_on_hand = 11")
    await pool().execute("UPDATE product SET stock_on_hand = 10")
    for operation in operations:
        for statement in operation.sql if isinstance(operation.sql, list) else [operation.sql]:
            await pool().execute(statement)
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool().execute("UPDATE product SET stock_on_hand = 11")
    await enter(bolts, "1")
    assert await on_shelf(bolts) == (D(11), D(0))
