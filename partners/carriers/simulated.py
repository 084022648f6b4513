"""A carrier that exists only in the demo: it drives goods along a route in accelerated time, and signs its pushes like a real one.

It remembers nothing: how far goods have come is how many of its reports are known, so it goes on after a restart where it was.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from partners.carriers import Push
from partners.carriers.own_fleet import signed
from rules.shipping import Place
from rules.shipping import TrackingCode as T

DELAY = timedelta(days=3)
"""By which a late one's arrival is put off."""


@dataclass(frozen=True)
class Stop:
    """What happens where."""

    code: T
    place: Place


def _stop(code: T, name: str, latitude: str, longitude: str) -> Stop:
    return Stop(code, Place(name, Decimal(latitude), Decimal(longitude)))


ROUTE = (
    _stop(T.INFO_RECEIVED, "广州黄埔网点", "23.103240", "113.450760"),
    _stop(T.PICKED_UP, "广州黄埔网点", "23.103240", "113.450760"),
    _stop(T.IN_TRANSIT, "韶关转运中心", "24.810403", "113.597522"),
    _stop(T.IN_TRANSIT, "赣州转运中心", "25.831829", "114.935030"),
    _stop(T.IN_TRANSIT, "南昌转运中心", "28.682892", "115.858198"),
    _stop(T.IN_TRANSIT, "黄山转运中心", "29.714655", "118.337481"),
    _stop(T.IN_TRANSIT, "杭州转运中心", "30.274085", "120.155070"),
    _stop(T.IN_TRANSIT, "嘉兴转运中心", "30.746129", "120.755486"),
    _stop(T.IN_TRANSIT, "上海分拨中心", "31.230372", "121.473662"),
    _stop(T.OUT_FOR_DELIVERY, "上海浦东网点", "31.221517", "121.544379"),
    _stop(T.DELIVERED, "收货地", "31.203421", "121.590034"),
)


@dataclass(frozen=True)
class Habits:
    """How it can be told to misbehave: late, out of order, doubled, or silent after so many stops."""

    is_late: bool = False
    is_shuffled: bool = False
    is_doubled: bool = False
    silent_after: int | None = None


@dataclass(frozen=True)
class SimulatedCarrier:
    """Takes `step` from one stop of the route to the next."""

    secret: str
    step: timedelta
    route: Sequence[Stop] = ROUTE
    habits: Habits = Habits()

    def next_pushes(self, waybill: str, known: int, now: datetime) -> list[Push]:
        """What it sends now of goods of which so many reports are known; nothing once they are there, or it is silent."""
        ahead = 2 if self.habits.is_shuffled else 1
        last = len(self.route) if self.habits.silent_after is None else self.habits.silent_after
        numbers = range(known, min(known + ahead, last))
        pushes = [self._push(waybill, number, now, len(numbers) - place) for place, number in enumerate(numbers, 1)]
        if self.habits.is_shuffled:
            pushes.reverse()
        return [push for push in pushes for _ in range(1 + self.habits.is_doubled)]

    def _push(self, waybill: str, number: int, now: datetime, seconds_ago: int) -> Push:
        stop, left = self.route[number], len(self.route) - 1 - number
        occurred_at = now - timedelta(seconds=seconds_ago)
        eta = occurred_at + self.step * left + (DELAY if self.habits.is_late else timedelta())
        place = stop.place
        event = {
            "eventId": f"{waybill}-{number}",
            "code": stop.code,
            "occurredAt": occurred_at.isoformat(),
            "place": {"name": place.name, "latitude": str(place.latitude), "longitude": str(place.longitude)},
            "eta": eta.isoformat() if left else None,
        }
        body = json.dumps({"waybill": waybill, "events": [event]}, ensure_ascii=False).encode()
        return Push(body, signed(body, f"{waybill}-{number}", now, self.secret))
