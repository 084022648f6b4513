"""A shipment's state follows the newest report and never goes back, in whatever order reports come."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.shipping import (
    _RANK,
    REC_19,
    STATUS_AFTER,
    ShipmentStatus,
    Sighting,
    TrackingCode,
    TransportMode,
    status_after,
)

T, S = TrackingCode, ShipmentStatus
MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)


def seen(code: TrackingCode, hours: int = 0) -> Sighting:
    return Sighting(f"{code}-{hours}", code, MORNING + timedelta(hours=hours))


def follow(sightings: list[Sighting]) -> list[ShipmentStatus]:
    """The states a shipment goes through, as the reports come in."""
    states, latest = [S.DESPATCHED], None
    for sighting in sightings:
        states.append(status_after(states[-1], sighting, latest))
        latest = max(latest or sighting.occurred_at, sighting.occurred_at)
    return states


def test_every_code_and_every_mode_has_its_row() -> None:
    assert STATUS_AFTER.keys() == set(TrackingCode)
    assert REC_19.keys() == set(TransportMode)
    assert len(set(REC_19.values())) == len(REC_19)


def test_a_parcel_is_picked_up_held_up_and_delivered() -> None:
    states = follow([seen(T.PICKED_UP, 1), seen(T.EXCEPTION, 2), seen(T.IN_TRANSIT, 3), seen(T.DELIVERED, 4)])
    assert states == [S.DESPATCHED, S.IN_TRANSIT, S.EXCEPTION, S.IN_TRANSIT, S.ARRIVED]


def test_late_news_is_history_and_moves_nothing() -> None:
    assert follow([seen(T.IN_TRANSIT, 5), seen(T.EXCEPTION, 4)])[-1] is S.IN_TRANSIT
    assert follow([seen(T.IN_TRANSIT, 5), seen(T.EXCEPTION, 6)])[-1] is S.EXCEPTION


def test_two_reports_of_the_same_moment_both_count() -> None:
    assert follow([seen(T.PICKED_UP, 1), seen(T.DELIVERED, 1)])[-1] is S.ARRIVED


@pytest.mark.parametrize("code", TrackingCode)
def test_nothing_a_carrier_says_undoes_a_receipt(code: TrackingCode) -> None:
    assert status_after(S.RECEIVED, seen(code), None) is S.RECEIVED


@given(st.lists(st.builds(seen, st.sampled_from(TrackingCode), st.integers(0, 50)), max_size=20))
def test_a_state_is_never_left_for_an_earlier_one(sightings: list[Sighting]) -> None:
    assert all(_RANK[before] <= _RANK[after] for before, after in pairwise(follow(sightings)))
