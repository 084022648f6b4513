"""Events on their way to the companies that may read them, and the rows after a cursor: all of it set-based SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final
from uuid import UUID

from tortoise.context import require_context

from models.database import ALIAS
from models.event import Event
from models.rows import Row, fetch
from models.transaction import transact

RELAY_LOCK: Final = 0x64_69_6E_67_68_75_6F
"""Key of the advisory lock that the announcing process holds: "dinghuo" in ASCII."""

STUCK: Final = "5s"
"""A leader that stops between two statements (a frozen machine, a cut cable) is thrown out by the server after this time."""

STATEMENT_TIMEOUT: Final = 10.0
"""Seconds a batch may take: more than a request may, for it is as long as its 500 events are widely read."""

PROLOGUE: Final = f"""
SELECT set_config('idle_in_transaction_session_timeout', '{STUCK}', true), pg_try_advisory_xact_lock($1) AS leading
"""

# One statement, so that one snapshot decides what the batch is. It must not also take the lock: a snapshot older than the lock would
# not see what the previous leader has just announced. Of one stream, a later event is never visible before an earlier one, and its id
# is higher: so its order survives. Ids of other streams may become visible late; they get the next positions, and nobody skips them.
ANNOUNCE: Final = """
WITH batch AS MATERIALIZED (
    SELECT id, stream, shipment_id, readers FROM event WHERE NOT announced ORDER BY id LIMIT $1
), letter AS MATERIALIZED (
    SELECT company_id, id AS event_id, row_number() OVER (PARTITION BY company_id ORDER BY id) AS nth
    FROM batch CROSS JOIN LATERAL (SELECT DISTINCT unnest(readers)) AS reader(company_id)
    WHERE company_id IS NOT NULL
), head AS (
    INSERT INTO feed_head AS old (company_id, position)
    SELECT company_id, count(*) FROM letter GROUP BY company_id
    ON CONFLICT (company_id) DO UPDATE SET position = old.position + excluded.position
    RETURNING company_id, position
), entry AS (
    INSERT INTO feed_entry (company_id, position, event_id)
    SELECT company_id, head.position - count(*) OVER (PARTITION BY company_id) + nth, event_id
    FROM letter JOIN head USING (company_id)
), mark AS (
    UPDATE event SET announced = true FROM batch WHERE event.id = batch.id
)
SELECT (SELECT count(*) FROM batch) AS events, ARRAY(
    SELECT stream::text FROM batch
    UNION SELECT shipment_id::text FROM batch WHERE shipment_id IS NOT NULL
    UNION SELECT company_id::text FROM letter
) AS touched
"""

WAITING: Final = "SELECT count(*) AS events FROM event WHERE NOT announced"


@dataclass(frozen=True)
class Announced:
    """What a batch put into the feeds: how many events, and the ids of the companies, streams and shipments they touch."""

    events: int
    touched: tuple[str, ...]


async def announce_batch(limit: int = 500) -> Announced | None:
    """The oldest `limit` unannounced events stand in the feed of each of their readers, once; None while another process does it."""

    async def work() -> Announced | None:
        client = require_context().db(ALIAS)
        [prologue] = await client.execute_query_dict(PROLOGUE, [RELAY_LOCK])
        if not prologue["leading"]:
            return None
        [batch] = await client.execute_query_dict(ANNOUNCE, [limit])
        return Announced(batch["events"], tuple(batch["touched"]))

    return await transact(work, statement_timeout=STATEMENT_TIMEOUT)


async def unannounced() -> int:
    """How many events stand in no feed yet."""
    [waiting] = await fetch(Event, WAITING)
    return int(waiting.events)


class Numbering(Enum):
    """The ways events are numbered without a gap, each with the SQL of the rows after a number."""

    COMPANY_FEED = (
        "SELECT event.*, entry.position AS cursor FROM feed_entry AS entry JOIN event ON event.id = entry.event_id "
        "WHERE entry.company_id = wanted.id AND entry.position > wanted.after ORDER BY entry.position"
    )
    """One company's feed, by position."""
    STREAM = (
        "SELECT event.*, event.seq::bigint AS cursor FROM event "
        "WHERE event.stream = wanted.id AND event.seq > wanted.after ORDER BY event.seq"
    )
    """A stream as its owner counts it; an order's, as the buyer does."""
    SHARED_STREAM = (
        # By seq, which has the index and rises with shared_seq.
        "SELECT event.*, event.shared_seq::bigint AS cursor FROM event "
        "WHERE event.stream = wanted.id AND event.seq > wanted.after AND event.shared_seq > wanted.after ORDER BY event.seq"
    )
    """An order's stream as the supplier counts it: from the moment it was placed."""
    SHIPMENT = (
        "SELECT event.*, event.shipment_seq::bigint AS cursor FROM event "
        "WHERE event.shipment_id = wanted.id AND event.shipment_seq > wanted.after ORDER BY event.shipment_seq"
    )
    """What concerns one shipment."""

    @property
    def sql(self) -> str:
        """The rows after each wanted number, the first ones first: cut anywhere, nothing is missing before the cut."""
        return (
            "SELECT wanted.id AS sequence_id, found.* "  # noqa: S608  # put together from constants
            "FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS wanted(id, after, place) "
            f"CROSS JOIN LATERAL ({self.value} LIMIT $3) AS found ORDER BY wanted.place, found.cursor LIMIT $3"
        )


async def rows_after(numbering: Numbering, cursors: Mapping[UUID, int], limit: int) -> list[Row]:
    """At most `limit` events in all after each id's cursor, in one statement.

    Each row is an Event's with two more columns: `sequence_id`, the id asked for, and `cursor`, its number in that sequence. The rows of an
    id follow its cursor without a gap; fewer than `limit` rows in all means that nothing more is there.
    """
    ids: list[Any] = list(cursors)
    return await fetch(Event, numbering.sql, ids, [cursors[id_] for id_ in ids], limit)
