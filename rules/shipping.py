"""Shipments: their states, the carrier-neutral tracking codes, and how one moves the other."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.terms import is_on_time


class ShipmentStatus(StrEnum):
    """Where a shipment is."""

    DESPATCHED = "DESPATCHED"
    IN_TRANSIT = "IN_TRANSIT"
    EXCEPTION = "EXCEPTION"
    ARRIVED = "ARRIVED"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"


RECEIVABLE = (
    ShipmentStatus.DESPATCHED,
    ShipmentStatus.IN_TRANSIT,
    ShipmentStatus.EXCEPTION,
    ShipmentStatus.ARRIVED,
)
"""Where goods may be inspected: carriers do not report every arrival."""


class ShipmentDelay(StrEnum):
    """What is wrong with a shipment under way; of several the first."""

    OVERDUE = "OVERDUE"
    EXPECTED_LATE = "EXPECTED_LATE"
    SILENT = "SILENT"


SILENT_AFTER = timedelta(hours=48)
"""Without any news for so long, somebody should ask."""


class TransportMode(StrEnum):
    """UN/ECE Recommendation 19 modes of transport; the code is in the description."""

    MARITIME = "MARITIME"
    RAIL = "RAIL"
    ROAD = "ROAD"
    AIR = "AIR"
    MAIL = "MAIL"
    MULTIMODAL = "MULTIMODAL"
    INLAND_WATER = "INLAND_WATER"


REC_19 = {
    TransportMode.MARITIME: 1,
    TransportMode.RAIL: 2,
    TransportMode.ROAD: 3,
    TransportMode.AIR: 4,
    TransportMode.MAIL: 5,
    TransportMode.MULTIMODAL: 6,
    TransportMode.INLAND_WATER: 8,
}


class TrackingCode(StrEnum):
    """What a carrier reports, in one vocabulary for all of them."""

    INFO_RECEIVED = "INFO_RECEIVED"
    PICKED_UP = "PICKED_UP"
    IN_TRANSIT = "IN_TRANSIT"
    CUSTOMS = "CUSTOMS"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    DELIVERED = "DELIVERED"
    DELIVERY_FAILED = "DELIVERY_FAILED"
    ON_HOLD = "ON_HOLD"
    RETURNING = "RETURNING"
    EXCEPTION = "EXCEPTION"


T, S = TrackingCode, ShipmentStatus
# fmt: off
STATUS_AFTER = {
    T.INFO_RECEIVED:    S.DESPATCHED,
    T.PICKED_UP:        S.IN_TRANSIT,
    T.IN_TRANSIT:       S.IN_TRANSIT,
    T.CUSTOMS:          S.IN_TRANSIT,
    T.OUT_FOR_DELIVERY: S.IN_TRANSIT,
    T.DELIVERY_FAILED:  S.EXCEPTION,
    T.ON_HOLD:          S.EXCEPTION,
    T.RETURNING:        S.EXCEPTION,
    T.EXCEPTION:        S.EXCEPTION,
    T.READY_FOR_PICKUP: S.ARRIVED,
    T.DELIVERED:        S.ARRIVED,
}
# fmt: on
# A state is never left for an earlier one; IN_TRANSIT and EXCEPTION may alternate.
_RANK = {S.DESPATCHED: 0, S.IN_TRANSIT: 1, S.EXCEPTION: 1, S.ARRIVED: 2, S.RECEIVED: 3, S.CANCELLED: 3}


UNDER_WAY = frozenset({S.DESPATCHED, S.IN_TRANSIT, S.EXCEPTION})


@dataclass(frozen=True)
class Place:
    """Where something happened: its name, and WGS 84 degrees where they are known."""

    name: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True)
class Sighting:
    """One report of a carrier; the same eventId counts once."""

    event_id: str
    code: TrackingCode
    occurred_at: datetime


def delay_of(
    status: ShipmentStatus,
    *,
    promised_on: date | None,
    zone: str,
    eta: datetime | None,
    last_news: datetime,
    now: datetime,
) -> ShipmentDelay | None:
    """What is wrong with it now, by the calendar at the delivery place; None if nothing is, or it has arrived."""
    if status not in UNDER_WAY:
        return None
    if promised_on is not None and not is_on_time(now, promised_on, zone):
        return ShipmentDelay.OVERDUE
    if promised_on is not None and eta is not None and not is_on_time(eta, promised_on, zone):
        return ShipmentDelay.EXPECTED_LATE
    return ShipmentDelay.SILENT if last_news <= now - SILENT_AFTER else None


def status_after(current: ShipmentStatus, sighting: Sighting, latest: datetime | None) -> ShipmentStatus:
    """The state once a sighting is known: late news (older than `latest`) and steps backwards change nothing."""
    if latest is not None and sighting.occurred_at < latest:
        return current
    following = STATUS_AFTER[sighting.code]
    return following if _RANK[following] >= _RANK[current] else current
