"""The simulated carrier drives goods to the end of its route, and misbehaves as it is told."""

import json
from datetime import UTC, datetime, timedelta

from partners.carriers.own_fleet import OwnFleet
from partners.carriers.simulated import DELAY, ROUTE, Habits, SimulatedCarrier
from rules.shipping import TrackingCode

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECRET, STEP = "a-secret-of-the-demo", timedelta(seconds=4)


def codes(carrier: SimulatedCarrier, known: int) -> list[TrackingCode | None]:
    """What a receiver reads of what it sends next."""
    pushes = carrier.next_pushes("SIM1", known, NOW)
    for push in pushes:
        OwnFleet().verify(push, SECRET, NOW)
    return [scan.code for push in pushes for scan in OwnFleet().read(push).scans]


def test_it_goes_from_stop_to_stop_until_the_goods_are_there() -> None:
    carrier = SimulatedCarrier(SECRET, STEP)
    told = [codes(carrier, known) for known in range(len(ROUTE) + 1)]
    assert told == [*([stop.code] for stop in ROUTE), []]
    assert told[-2] == [TrackingCode.DELIVERED]


def test_what_it_expects_comes_true_unless_it_is_late() -> None:
    for habits, put_off in ((Habits(), timedelta()), (Habits(is_late=True), DELAY)):
        [push] = SimulatedCarrier(SECRET, STEP, habits=habits).next_pushes("SIM1", 3, NOW)
        [scan] = OwnFleet().read(push).scans
        assert scan.eta == NOW + STEP * (len(ROUTE) - 4) + put_off
        assert scan.place == ROUTE[3].place


def test_it_doubles_overtakes_itself_and_falls_silent() -> None:
    doubled = SimulatedCarrier(SECRET, STEP, habits=Habits(is_doubled=True)).next_pushes("SIM1", 2, NOW)
    assert len(doubled) == 2
    assert doubled[0] == doubled[1]
    shuffled = SimulatedCarrier(SECRET, STEP, habits=Habits(is_shuffled=True)).next_pushes("SIM1", 2, NOW)
    [late, early] = [json.loads(push.body)["events"][0] for push in shuffled]
    assert (late["eventId"], early["eventId"]) == ("SIM1-3", "SIM1-2")
    assert late["occurredAt"] > early["occurredAt"]
    assert codes(SimulatedCarrier(SECRET, STEP, habits=Habits(silent_after=2)), 2) == []
