"""What was probably meant by an article number that is none."""

import pytest

from rules.skus import same_or_near

KNOWN = ["BOLT-M8x20", "BOLT-M8x25", "NUT-M8", "0010023", "A1", "垫圈-10", "washer 5", "WASHER-5"]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("bolt m8X20", "BOLT-M8x20"),
        ("ＢＯＬＴ-M8x20", "BOLT-M8x20"),
        ("BLT-M8x20", "BOLT-M8x20"),
        ("BOLTT-M8x25", "BOLT-M8x25"),
        ("BOTL-M8x25", "BOLT-M8x25"),
        ("NUT-N8", "NUT-M8"),
        ("010023", "0010023"),
        ("垫圈10", "垫圈-10"),
    ],
)
def test_one_slip_is_understood(wanted: str, meant: str) -> None:
    assert same_or_near([wanted], KNOWN) == {wanted: meant}


@pytest.mark.parametrize("wanted", ["BOLT-M8x2", "BOLT-M9x30", "A2", "Washer5", "", "---"])
def test_nothing_is_guessed_where_two_are_as_near_or_none_is_near(wanted: str) -> None:
    assert same_or_near([wanted], KNOWN) == {}
