"""Units of measure: every code is named in both languages and looked up by people's spelling of it."""

import re

import pytest

from rules.problems import InvalidInput
from rules.units import NAMES, Unit, unit


def test_every_unit_has_a_name_in_both_languages_that_no_other_has() -> None:
    assert NAMES.keys() == set(Unit)
    for place in (0, 1):
        names = [name[place] for name in NAMES.values()]
        assert len(set(names)) == len(names)
        assert all(name.strip() for name in names)


def test_codes_are_those_of_the_recommendations() -> None:
    # Recommendation 20: two or three letters and digits; recommendation 21 (packages): X and two letters or digits.
    assert all(re.fullmatch(r"[A-Z0-9]{2,3}", code) for code in Unit)
    assert {Unit(code) for code in ("H87", "KGM", "MTR", "LTR", "XBX")} <= set(Unit)


def test_a_code_is_found() -> None:
    assert unit("H87", "input.unit") is Unit.H87


@pytest.mark.parametrize(
    ("code", "suggestion"), [("kgm", "KGM"), ("件", "H87"), ("Box", "XBX"), ("pound", None), ("", None)]
)
def test_another_code_is_refused_and_the_right_one_suggested(code: str, suggestion: str | None) -> None:
    with pytest.raises(InvalidInput) as refusal:
        unit(code, "input.unit")

    assert [(fault.path, fault.suggestion) for fault in refusal.value.faults] == [("input.unit", suggestion)]
