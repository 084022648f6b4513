"""The database itself keeps the quantity ledger's inequalities, whatever code above it forgets."""

import asyncio
from collections.abc import Sequence
from decimal import ROUND_DOWN
from decimal import Decimal as D

import asyncpg
import pytest

from models.base import new_id
from models.database import pool
from tests.order_makers import Parties, lines_of, make_contracted_order, make_parties

INSERT = "INSERT INTO quantity_entry (order_line_id, movement, quantity, document_id, created_at) VALUES ($1, $2, $3, $4, now())"
Entries = Sequence[tuple[str, str]]

DELIVERED = (("DESPATCHED", "60"), ("ACCEPTED", "55"), ("REJECTED", "3"), ("SHORT", "2"))


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def book(parties: Parties, tolerance: str, entries: Entries) -> None:
    """These entries on a line of 100, one after the other, by nobody's code."""
    [line] = await lines_of(await make_contracted_order(parties, ["100"], tolerance=tolerance))
    for movement, quantity in entries:
        await pool().execute(INSERT, line.id, movement, D(quantity), new_id())


@pytest.mark.parametrize(
    ("name", "before", "one_too_many"),
    [
        ("quantity_never_negative", (), ("DESPATCHED", "-1")),
        ("quantity_cancelled", (), ("CANCELLED", "100.000001")),
        ("quantity_despatched", (("DESPATCHED", "60"),), ("DESPATCHED", "40.000001")),
        ("quantity_received", (("DESPATCHED", "60"), ("ACCEPTED", "55")), ("REJECTED", "5.000001")),
        ("quantity_returned", DELIVERED, ("RETURNED", "55.000001")),
        ("quantity_returned", DELIVERED, ("RETURNED_REJECTED", "3.000001")),
        ("quantity_replaced", (*DELIVERED, ("RETURNED", "4")), ("REPLACED", "4.000001")),
        ("quantity_invoiced", DELIVERED, ("INVOICED", "55.000001")),
        ("quantity_credited", (*DELIVERED, ("INVOICED", "5")), ("CREDITED", "5.000001")),
    ],
)
async def test_each_inequality_holds(
    parties: Parties, name: str, before: Entries, one_too_many: tuple[str, str]
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await book(parties, "0", [*before, one_too_many])
    assert refused.value.constraint_name == name
    movement, quantity = one_too_many
    just_enough = D(quantity).to_integral_value(ROUND_DOWN)
    if just_enough > 0:
        await book(parties, "0", [*before, (movement, str(just_enough))])


async def test_the_contract_s_tolerance_counts(parties: Parties) -> None:
    await book(parties, "0.05", [("DESPATCHED", "60"), ("DESPATCHED", "45")])
    with pytest.raises(asyncpg.CheckViolationError):
        await book(parties, "0.05", [("DESPATCHED", "60"), ("DESPATCHED", "45.001")])


async def test_two_connections_cannot_both_take_the_last_of_a_line(parties: Parties) -> None:
    """Without any lock of the code: the second waits for the first, and counts what it wrote."""
    [line] = await lines_of(await make_contracted_order(parties, ["100"]))
    async with pool().acquire() as first, pool().acquire() as second:
        mine = first.transaction()
        await mine.start()
        await first.execute(INSERT, line.id, "DESPATCHED", D(60), new_id())
        other = asyncio.create_task(second.execute(INSERT, line.id, "DESPATCHED", D(60), new_id()))
        await asyncio.sleep(0.2)
        assert not other.done()
        await mine.commit()
        with pytest.raises(asyncpg.CheckViolationError):
            await other
