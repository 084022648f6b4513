"""What may be different in the next version of a contract, and where goods go by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Order, OrderLine
from rules.tax import RateChange


@dataclass(frozen=True)
class LineChange:
    """What is to be different on one line of the contract; None: as it is. A quantity of zero takes the line out."""

    order_line_id: UUID
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    promised_on: date | None = None
    quality_remark: str | None = None
    delivery_place: str | None = None
    delivery_zone: str | None = None


@dataclass(frozen=True)
class Change:
    """What is to be different, and why; None: as it is."""

    reason: str
    lines: tuple[LineChange, ...] = ()
    freight: Decimal | None = None
    tax_rates: tuple[RateChange, ...] = ()
    delivery_place: str | None = None
    delivery_zone: str | None = None


def place_in(
    said: Mapping[str, Any], otherwise: Mapping[str, Any], change: LineChange | None
) -> dict[str, dict[str, Any]]:
    """Where a line goes, if the change says it; the rest of it as the line had it, or else the whole."""
    if change is None or (change.delivery_place is None and change.delivery_zone is None):
        return {}
    before = said.get("delivery", otherwise)
    place, zone = change.delivery_place or before["place"], change.delivery_zone or before["zone"]
    return {"delivery": {"place": place, "zone": zone}}


async def redirect(order: Order, agreed: Mapping[str, Any]) -> None:
    """Let goods go where the text says from now on; an address that was copied from the book is no longer told beside another place."""
    _go_to(order, agreed["delivery"])
    apart = {int(line["position"]): line["delivery"] for line in agreed["lines"] if "delivery" in line}
    moved = [
        line for line in await OrderLine.of(order.id) if line.position in apart and _go_to(line, apart[line.position])
    ]
    if moved:
        await OrderLine.bulk_update(moved, ["delivery_place", "delivery_zone", "delivery_address", "delivery_entry_id"])


def _go_to(thing: Order | OrderLine, delivery: Mapping[str, str]) -> bool:
    """Whether the place is another than before."""
    before, thing.delivery_place, thing.delivery_zone = thing.delivery_place, delivery["place"], delivery["zone"]
    if before == delivery["place"]:
        return False
    thing.delivery_address = None
    if isinstance(thing, OrderLine):
        thing.delivery_entry_id = None
    return True
