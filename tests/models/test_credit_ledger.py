"""What is reserved of a line is what the entries add up to, whoever writes, and contracts of before become its first ones."""

from decimal import Decimal as D
from importlib import import_module
from uuid import UUID

import asyncpg
import pytest

from models import CreditEntry, CreditLine, Order
from models.base import new_id
from models.database import pool
from tests.credit_makers import check_credit, make_credit_line
from tests.order_makers import (
    Parties,
    make_completed_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_settled_order,
    make_shipment,
)
from tests.source import ROOT

[FILE] = (ROOT / "models" / "migrations").glob("*_credit_lines.py")
MIGRATION = import_module(f"models.migrations.{FILE.stem}")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_the_database_lets_no_signature_beyond_the_limit_and_adds_up_itself(parties: Parties) -> None:
    order, _ = [await make_contracted_order(parties) for _ in range(2)]
    await make_credit_line(parties)
    line = await CreditLine.get(buyer_id=parties.buyer.home)
    with pytest.raises(asyncpg.CheckViolationError, match="cannot hold"):
        await write(line.id, order.id, "RESERVED", D("138.43"))
    with pytest.raises(asyncpg.CheckViolationError, match="less than nothing"):
        await write(line.id, order.id, "RELEASED", D("-430.80"))
    other = await make_contracted_order(await make_parties())
    with pytest.raises(asyncpg.CheckViolationError, match="none of the line"):
        await write(line.id, other.id, "RESTORED", D(1))
    with pytest.raises(asyncpg.RestrictViolationError, match="follows from the entries"):
        await pool().execute("UPDATE credit_line SET reserved = 0 WHERE id = $1", line.id)
    await write(line.id, order.id, "RESERVED", D("138.42"))
    assert (await CreditLine.get(id=line.id)).reserved == 1000


async def write(line: UUID, order: UUID, move: str, amount: D) -> None:
    """An entry that no service wrote."""
    await pool().execute(
        "INSERT INTO credit_entry (id, created_at, line_id, order_id, move, currency, amount) "
        "VALUES ($1, now(), $2, $3, $4, 'CNY', $5)",
        new_id(), line, order, move, amount,
    )  # fmt: skip


async def test_contracts_of_before_keep_what_they_would_keep(parties: Parties) -> None:
    orders = [await make_contracted_order(parties, prepaid_share=D("0.3")), await make_completed_order(parties)]
    part = await make_contracted_order(parties)
    await make_receipt(parties, await make_shipment(parties, part, "400"))
    await make_invoice(parties, part)
    await make_settled_order(parties)
    other = await make_parties()
    orders += [part, await make_contracted_order(other)]
    before = await kept()
    assert before == {order.id: much for order in orders if (much := before.get(order.id))}
    assert len(before) == len(orders)
    for table in ("credit_entry", "credit_line"):
        await pool().execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; DELETE FROM {table}")
        await pool().execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for script in (MIGRATION.LINES, MIGRATION.ENTRIES):
        await pool().execute(script)
    assert await kept() == before
    for pair in (parties, other):
        await check_credit(pair)
    ids = [str(row.id) for row in [*await CreditLine.all(), *await CreditEntry.all()]]
    assert (len(set(ids)), {one[14] for one in ids}, {one[19] for one in ids}) == (6, {"7"}, {"8"})


async def kept() -> dict[UUID, D]:
    """What each order keeps that keeps anything."""
    found = {
        order.id: sum([entry.amount for entry in await CreditEntry.filter(order_id=order.id)], D(0))
        for order in await Order.all()
    }
    return {order: much for order, much in found.items() if much}
