"""An order at one moment: all that is stored of it, as one fingerprint."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from models.database import pool

ROOT = "purchase_order"
APART = ("event", "feed_entry")
"""Tables that tell of a change and are none."""

CHILDREN = """
SELECT child.relname AS child, parent.relname AS parent, attribute.attname AS column
FROM pg_constraint link
JOIN pg_class child ON child.oid = link.conrelid
JOIN pg_class parent ON parent.oid = link.confrelid
JOIN pg_attribute attribute ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
WHERE link.contype = 'f'
ORDER BY child.relname, attribute.attname
"""


@dataclass(frozen=True)
class Look:
    """An order at one moment: every row that belongs to it, as one fingerprint, and how many events tell of it."""

    rows: str
    events: int


async def looker() -> Callable[[UUID], Awaitable[Look]]:
    """A function that looks at an order: its rows in whatever table, but for mere counters; its own events and its approvals'."""
    selections = {ROOT: "SELECT id FROM purchase_order WHERE id = $1"}
    links = await pool().fetch(CHILDREN)
    while more := {
        link["child"]: f"SELECT id FROM {link['child']} WHERE {link['column']} IN ({selections[link['parent']]})"
        for link in links
        if link["parent"] in selections and link["child"] not in {*selections, *APART}
    }:
        selections |= more
    rows = " UNION ALL ".join(
        f"SELECT '{table}' || (to_jsonb(t) - '{{version,updated_at}}'::text[])::text AS kept "
        f"FROM {table} t WHERE id IN ({ids})"
        for table, ids in selections.items()
    )
    events = "SELECT count(*) FROM event WHERE stream = $1 OR body ->> 'orderId' = $1::text"
    query = f"SELECT md5(string_agg(kept, '|' ORDER BY kept)) AS rows, ({events}) AS events FROM ({rows}) AS everything"

    async def look(order_id: UUID) -> Look:
        found = await pool().fetchrow(query, order_id)
        return Look(**dict(found or {}))

    return look
