"""The database itself keeps what packages promise, whatever code above it forgets."""

import asyncio
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models import Package, Shipment, ShipmentLine, Sscc
from models.base import new_id
from models.database import pool
from services.packing import pack_shipment
from tests.order_makers import Parties, make_contracted_order, make_parties, make_shipment
from tests.package_makers import make_sscc, make_wish

INSERT = "INSERT INTO package_line (id, created_at, package_id, shipment_line_id, position, quantity) VALUES ($1, now(), $2, $3, 1, $4)"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def make_packed(parties: Parties, *quantities: str) -> tuple[Shipment, list[Package], UUID]:
    """A shipment of 100 with a package for each quantity; and its line."""
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order)
    packages = [await make_wish(order, quantity) for quantity in quantities]
    shipment = await pack_shipment(parties.supplier, shipment.id, shipment.version, packages)
    [line] = await ShipmentLine.of(shipment.id)
    return shipment, await Package.of(shipment.id), line.id


async def refusal(sql: str, *values: Any) -> str:
    """The name of the constraint that refuses the statement."""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await pool().execute(sql, *values)
    return str(refused.value.constraint_name)


async def test_no_more_is_packed_than_was_despatched(parties: Parties) -> None:
    _, [_, empty], line = await make_packed(parties, "60", "0")
    assert await refusal(INSERT, new_id(), empty.id, line, D("40.000001")) == "package_line_despatched"
    await pool().execute(INSERT, new_id(), empty.id, line, D(40))


async def test_two_connections_cannot_both_pack_the_last_of_a_line(parties: Parties) -> None:
    _, [one, other], line = await make_packed(parties, "0", "0")
    async with pool().acquire() as first, pool().acquire() as second:
        mine = first.transaction()
        await mine.start()
        await first.execute(INSERT, new_id(), one.id, line, D(60))
        waiting = asyncio.create_task(second.execute(INSERT, new_id(), other.id, line, D(60)))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await mine.commit()
        with pytest.raises(asyncpg.CheckViolationError):
            await waiting


async def test_a_package_holds_goods_of_its_own_shipment(parties: Parties) -> None:
    _, [package], _ = await make_packed(parties, "1")
    _, _, elsewhere = await make_packed(parties, "1")
    assert await refusal(INSERT, new_id(), package.id, elsewhere, D(1)) == "package_line_shipment"


async def test_what_was_written_down_stays(parties: Parties) -> None:
    _, [package], line = await make_packed(parties, "1")
    changes = (
        ("UPDATE package SET gross_weight = 1 WHERE id = $1", package.id),
        ("UPDATE package_line SET quantity = 2 WHERE package_id = $1", package.id),
        ("UPDATE shipment_line SET despatched = 0.5 WHERE id = $1", line),
    )
    for sql, key in changes:
        with pytest.raises(asyncpg.PostgresError, match="stays as it was written"):
            await pool().execute(sql, key)


async def test_a_number_is_one_shipment_s(parties: Parties) -> None:
    shipment, _, _ = await make_packed(parties, "1")
    again = "INSERT INTO sscc (id, created_at, supplier_id, number, shipment_id) VALUES ($1, now(), $2, $3, $4)"
    number = make_sscc()
    await pool().execute(again, new_id(), parties.supplier.home, number, shipment.id)
    assert "sscc_supplie" in await refusal(again, new_id(), parties.supplier.home, number, shipment.id)
    await pool().execute(again, new_id(), parties.buyer.home, number, shipment.id)
    assert await Sscc.filter(number=number).count() == 2


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ("sscc = '12345678901234567x'", "package_sscc"),
        ("gross_weight = 0", "package_gross_weight"),
        ("length = 0", "package_dimensions"),
        ("length = NULL", "package_measured"),
    ],
)
async def test_measures_are_right(parties: Parties, facts: str, name: str) -> None:
    _, [package], _ = await make_packed(parties, "1")
    column, _, value = facts.partition(" = ")
    columns = {one: one for one in ("package_type", "sscc", "gross_weight", "length", "width", "height")} | {
        column: value
    }
    copy = (
        f"INSERT INTO package (id, created_at, shipment_id, position, {', '.join(columns)}) "
        f"SELECT $1, now(), shipment_id, 9, {', '.join(columns.values())} FROM package WHERE id = $2"
    )
    assert await refusal(copy, new_id(), package.id) == name
