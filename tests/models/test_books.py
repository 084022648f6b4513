"""The ledger of before becomes the books of both sides: what the migration writes is what the same acts post today."""

from importlib import import_module

import pytest

from models.database import pool
from tests.order_makers import make_parties, make_settled_order

OLD = """
CREATE TABLE ledger_before AS
SELECT row_number() OVER (ORDER BY e.id) AS id, e.posting, e.order_id, e.account, e.currency, e.amount, e.document_id, e.created_at
FROM ledger_entry e JOIN purchase_order o ON o.id = e.order_id AND o.supplier_id = e.company_id
"""
SHOWN = """
SELECT posting, kind, company_id, counterparty_id, order_id, invoice_id, account, currency, amount, document_id, created_at
FROM ledger_entry ORDER BY company_id, posting, account
"""


@pytest.mark.usefixtures("database")
async def test_entries_of_before_are_brought_over_and_mirrored() -> None:
    for _ in range(2):
        await make_settled_order(await make_parties())
    books = import_module("models.migrations.0038_books")
    before = await pool().fetch(SHOWN)
    assert len(before) == 2 * 2 * 5
    await pool().execute(OLD)
    await pool().execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER; DELETE FROM ledger_entry")
    await pool().execute(books.FILL)
    assert await pool().fetch(SHOWN) == before
    ids = [str(row["id"]) for row in await pool().fetch("SELECT id FROM ledger_entry")]
    assert (len(set(ids)), {one[14] for one in ids}, {one[19] for one in ids}) == (20, {"7"}, {"8"})
