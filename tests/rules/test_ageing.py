"""How old what is owed is: every day belongs to one age."""

from datetime import date, timedelta

import pytest

from rules.ageing import Age, age_of

ON = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (-1000, Age.NOT_DUE),
        (-1, Age.NOT_DUE),
        (0, Age.NOT_DUE),
        (1, Age.DAYS_1_TO_30),
        (30, Age.DAYS_1_TO_30),
        (31, Age.DAYS_31_TO_60),
        (60, Age.DAYS_31_TO_60),
        (61, Age.DAYS_61_TO_90),
        (90, Age.DAYS_61_TO_90),
        (91, Age.OVER_90_DAYS),
        (1000, Age.OVER_90_DAYS),
    ],
)
def test_an_invoice_ages_by_the_days_it_has_been_due(days: int, age: Age) -> None:
    assert age_of(ON - timedelta(days=days), ON) is age
