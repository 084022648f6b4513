"""How far an order's goods are, from its quantities."""

from decimal import Decimal as D

import pytest

from rules.billing import FulfilmentStatus, fulfilment_status


@pytest.mark.parametrize(
    ("ordered", "despatched", "received", "still_open", "status"),
    [
        (100, 0, 0, 100, FulfilmentStatus.NOT_SHIPPED),
        (100, 60, 0, 40, FulfilmentStatus.PARTIALLY_SHIPPED),
        (100, 100, 0, 0, FulfilmentStatus.SHIPPED),
        (100, 60, 60, 42, FulfilmentStatus.PARTIALLY_RECEIVED),
        (100, 100, 60, 0, FulfilmentStatus.PARTIALLY_RECEIVED),
        (100, 100, 100, 0, FulfilmentStatus.RECEIVED),
        (100, 100, 100, 2, FulfilmentStatus.PARTIALLY_RECEIVED),
        (100, 102, 102, 0, FulfilmentStatus.RECEIVED),
    ],
)
def test_how_far_the_goods_are(
    ordered: int, despatched: int, received: int, still_open: int, status: FulfilmentStatus
) -> None:
    assert fulfilment_status(D(ordered), D(despatched), D(received), D(still_open)) is status
