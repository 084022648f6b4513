"""What is on its way to and from a company: counted and listed by one statement, so that no counter disagrees with what stands below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from models.base import NOTHING
from models.destination import DESTINATION
from models.order import where
from models.rows import Row, fetch
from models.shipment import Shipment
from models.statements import statement
from rules.lifecycle import Side
from rules.people import Actor
from rules.shipping import UNDER_WAY, ShipmentStatus

MOST_GROUPS: Final = 100
"""Places, carriers, and warehouses, with the most deliveries; names of carriers are free text, so there may be any number."""

ON_THE_BOARD: Final = sorted({*UNDER_WAY, ShipmentStatus.ARRIVED})

# Which warehouse goods left is their supplier's own business.
BOARD: Final = """
WITH seen AS MATERIALIZED (
    SELECT goods.*, destination.place, destination.zone, shelf.code AS warehouse, shelf.name AS warehouse_name
    FROM ({source}) AS goods CROSS JOIN LATERAL ({destination}) AS destination
    LEFT JOIN warehouse AS shelf ON shelf.id = goods.despatched_from_id AND shelf.company_id = {company}
), dated AS (
    SELECT seen.*, status <> 'ARRIVED' AS is_under_way, ({now}::timestamptz AT TIME ZONE zone)::date AS today
    FROM seen WHERE {place}::text IS NULL OR place = {place}
), board AS MATERIALIZED (
    SELECT dated.*, NOT is_under_way AS is_arrived, is_under_way AND coalesce(promised_on < today, false) AS is_late,
        is_under_way AND coalesce(coalesce((eta AT TIME ZONE zone)::date, promised_on) = today, false) AS is_arriving_today
    FROM dated
), counted AS (
    SELECT GROUPING(place, carrier, warehouse) AS level, place, zone, carrier, warehouse, warehouse_name,
        count(*) FILTER (WHERE is_under_way) AS under_way, count(*) FILTER (WHERE is_late) AS late,
        count(*) FILTER (WHERE is_arriving_today) AS arriving_today,
        count(*) FILTER (WHERE is_arrived) AS arrived,
        row_number() OVER (
            PARTITION BY GROUPING(place, carrier, warehouse) ORDER BY count(*) DESC, place, zone, carrier, warehouse
        ) AS rank
    FROM board GROUP BY GROUPING SETS ((), (place, zone), (carrier), (warehouse, warehouse_name))
), whole AS (
    SELECT jsonb_agg(to_jsonb(counted) ORDER BY rank) AS counts,
        (SELECT min((today + 1)::timestamp AT TIME ZONE zone) FROM board WHERE is_under_way) AS until,
        coalesce((SELECT position FROM feed_head WHERE company_id = {company}), 0) AS cursor
    FROM counted WHERE rank <= {groups}
), listed AS (
    SELECT board.*, row_number() OVER (
        ORDER BY is_late DESC, is_arriving_today DESC, is_arrived DESC, promised_on NULLS LAST, id
    ) AS nth FROM board ORDER BY nth LIMIT {most}
)
SELECT listed.*, CASE WHEN coalesce(nth, 1) = 1 THEN whole.counts END AS counts, whole.until, whole.cursor
FROM whole LEFT JOIN listed ON true ORDER BY nth
"""


@dataclass(frozen=True)
class BoardWish:
    """What to show: the company's deliveries as one side or as both, to one place, by one carrier; at most so many of them."""

    most: int
    side: Side | None = None
    place: str | None = None
    carrier: str | None = None


@dataclass(frozen=True)
class Board:
    """The deliveries of one moment, the most urgent first, and how many there are in all and in each group."""

    cursor: int
    """The position of the company's feed: what happened up to it is in the board."""
    until: datetime | None
    """When a day begins at one of the places, and another judgement with it; None while nothing is under way."""
    counts: Mapping[str, Any]
    by_place: Sequence[Mapping[str, Any]]
    by_carrier: Sequence[Mapping[str, Any]]
    by_warehouse: Sequence[Mapping[str, Any]]
    deliveries: Sequence[Row]
    """Shipments, with `place`, `zone` and `today` there, and what each counts as: `is_under_way` and so on."""


async def delivery_board(actor: Actor, wish: BoardWish, now: datetime) -> Board:
    """What the actor's company sends and is sent, by the calendar of each place."""
    source, values = statement(_deliveries(actor, wish))
    given = {"now": now, "place": wish.place, "company": actor.company, "groups": MOST_GROUPS, "most": wish.most}
    numbers = {name: f"${number}" for number, name in enumerate(given, len(values) + 1)}
    found = await fetch(
        Shipment, BOARD.format(source=source, destination=DESTINATION, **numbers), *values, *given.values()
    )
    groups = orjson.loads(found[0].counts)
    return Board(
        cursor=found[0].cursor,
        until=found[0].until,
        counts=next(group for group in groups if group["level"] == _ALL),
        by_place=[group for group in groups if group["level"] == _BY_PLACE],
        by_carrier=[group for group in groups if group["level"] == _BY_CARRIER],
        by_warehouse=[group for group in groups if group["level"] == _BY_WAREHOUSE and group["warehouse"] is not None],
        deliveries=[row for row in found if row.id is not None],
    )


# GROUPING() sets a bit for each of place, carrier and warehouse that the row is not grouped by.
_ALL, _BY_PLACE, _BY_CARRIER, _BY_WAREHOUSE = 0b111, 0b011, 0b101, 0b110


def _deliveries(actor: Actor, wish: BoardWish) -> Any:
    """Those the company has a part in: the operator sees more, but no board of everybody's goods."""
    open_ones = Shipment.visible_to(actor).filter(status__in=ON_THE_BOARD)
    if actor.company is None or wish.side not in (None, Side.BUYER, Side.SUPPLIER):
        return open_ones.filter(NOTHING)
    buys, sells = (where("order__", name, actor.company) for name in ("buyer_id", "supplier_id"))
    own = {Side.BUYER: buys, Side.SUPPLIER: sells}.get(wish.side, buys | sells) if wish.side else buys | sells
    return open_ones.filter(own) if wish.carrier is None else open_ones.filter(own, carrier=wish.carrier)
