"""Sums over packages, and what may lie in them."""

from decimal import Decimal as D
from uuid import uuid4

import pytest

from rules.packing import NAMES, Box, PackageType, check_packed, volume, whole
from rules.problems import InvalidInput, QuantityExceeded

LINE, OTHER = uuid4(), uuid4()
DESPATCHED, POSITIONS = {LINE: D(10), OTHER: D(1)}, {LINE: 3, OTHER: 1}


def test_every_type_has_a_name_in_both_languages() -> None:
    assert set(NAMES) == set(PackageType)
    assert all(english and chinese for english, chinese in NAMES.values())


def test_a_volume_is_rounded_once() -> None:
    third = Box(D("0.01"), D("0.01"), D("5000"))
    assert volume([third]) == D("0.000001")  # half a cubic centimetre, up
    assert volume([third, third]) == D("0.000001")
    assert volume([Box(D(120), D(80), D("144.5"))]) == D("1.387200")


def test_what_was_not_measured_makes_no_sum() -> None:
    box = Box(D(1), D(1), D(1))
    assert (volume([]), volume([box, None])) == (None, None)
    assert (whole([], D(1)), whole([D(1), None], D(1)), whole([D(1), D(2)], D(1))) == (None, None, D(3))


def test_over_all_packages_no_more_is_packed_than_was_despatched() -> None:
    check_packed([(LINE, D(4)), (LINE, D(6)), (OTHER, D("0.5"))], DESPATCHED, POSITIONS)
    with pytest.raises(QuantityExceeded) as refused:
        check_packed([(LINE, D(4)), (LINE, D("6.000001"))], DESPATCHED, POSITIONS)
    assert (refused.value.line, refused.value.requested, refused.value.remaining) == (3, D("10.000001"), D(10))


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_is_packed_that_is_nothing(quantity: str) -> None:
    with pytest.raises(InvalidInput):
        check_packed([(LINE, D(quantity))], DESPATCHED, POSITIONS)
