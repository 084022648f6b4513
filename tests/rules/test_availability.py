"""Availability: enough for an order or not, never how much."""

from decimal import Decimal

import pytest

from rules.availability import Availability, availability, available

A = Availability


@pytest.mark.parametrize(
    ("on_hand", "reserved", "minimum", "told"),
    [
        (None, "0", "1", A.MADE_TO_ORDER),
        (None, "5", "1", A.MADE_TO_ORDER),
        ("0", "0", "1", A.OUT),
        ("99", "0", "100", A.OUT),
        ("100", "0", "100", A.LOW),
        ("999.999999", "0", "100", A.LOW),
        ("1000", "0", "100", A.IN_STOCK),
        ("1000", "900", "100", A.LOW),
        ("1000", "901", "100", A.OUT),
        ("5", "9", "1", A.OUT),
    ],
)
def test_stock_is_told_by_the_smallest_order(
    on_hand: str | None, reserved: str, minimum: str, told: Availability
) -> None:
    shelf = None if on_hand is None else Decimal(on_hand)

    assert availability(shelf, Decimal(reserved), Decimal(minimum)) is told


def test_what_is_reserved_beyond_the_shelf_leaves_nothing_not_less() -> None:
    assert available(Decimal(5), Decimal(9)) == 0
    assert available(Decimal(9), Decimal(5)) == 4
    assert available(None, Decimal(5)) is None
