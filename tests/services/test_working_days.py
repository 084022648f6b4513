"""Days on which something can fall due in China: not on weekends and holidays, yet on weekends that are worked in their place."""

from datetime import date

import pytest

from services.working_days import working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 26), date(2026, 11, 26)),  # a Thursday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 10, 1), date(2026, 10, 8)),  # National Day and the days after it
        (date(2026, 10, 10), date(2026, 10, 10)),  # a Saturday worked in its place
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 15), date(2026, 2, 24)),  # its eve, and all of it
        (
            date(2041, 10, 1),
            date(2041, 10, 4),
        ),  # nobody has announced which weekends are worked then: the statutory days
    ],
)
def test_a_day_off_gives_way_to_the_next_working_day(day: date, works: date) -> None:
    assert working_day(day) == works
