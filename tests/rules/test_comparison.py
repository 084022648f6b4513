"""Offers side by side: landed costs that add up, and ranks that mix no currencies."""

from decimal import Decimal
from typing import Any

import pytest

from rules.comparison import ComparedOffer, cheapest, ranks
from rules.money import Currency

D = Decimal
ASKED = {1: D(10), 2: D(5)}


def offer(
    key: str, total: str, *amounts: str, quantities: tuple[str, ...] = ("10", "5"), **facts: Any
) -> ComparedOffer:
    """An offer with an amount for each line."""
    return ComparedOffer(
        key=key,
        total=D(total),
        quantities={line: D(much) for line, much in enumerate(quantities, 1)},
        amounts={line: D(amount) for line, amount in enumerate(amounts, 1)},
        **{"currency": Currency.CNY, **facts},
    )


@pytest.mark.parametrize(
    ("total", "amounts", "landed"),
    [
        ("150.00", ("100.00", "50.00"), ["100.00", "50.00"]),
        ("180.00", ("100.00", "50.00"), ["120.00", "60.00"]),
        ("100.01", ("33.33", "33.33", "33.34"), ["33.33", "33.33", "33.35"]),
        ("140.00", ("100.00", "50.00"), ["93.33", "46.67"]),
        ("9.00", ("0.00", "0.00"), ["4.50", "4.50"]),
    ],
    ids=["nothing beside", "freight", "one cent", "an allowance", "goods for nothing"],
)
def test_what_is_beside_the_lines_is_spread_over_them_to_the_cent(
    total: str, amounts: tuple[str, ...], landed: list[str]
) -> None:
    found = offer("a", total, *amounts).landed

    assert list(found.values()) == [D(amount) for amount in landed]
    assert sum(found.values()) == D(total)


def test_a_thousand_lines_cost_together_exactly_the_total() -> None:
    amounts = [f"{n % 7}.{n % 100:02}" for n in range(1000)]
    total = sum(map(D, amounts)) + D("123.45")

    assert sum(offer("a", str(total), *amounts, quantities=("1",) * 1000).landed.values()) == total


def test_yen_have_no_cents() -> None:
    assert list(offer("a", "101", "50", "50", currency=Currency.JPY).landed.values()) == [D(51), D(50)]


def test_whole_offers_are_ranked_within_their_currency() -> None:
    offers = [
        offer("dear", "300", "200", "100"),
        offer("cheap", "150", "100", "50"),
        offer("as cheap", "150", "90", "60"),
        offer("dollars", "20", "12", "8", currency=Currency.USD),
        offer("one line", "10", "10", quantities=("10",)),
        offer("too few", "10", "5", "5", quantities=("9.999999", "5")),
        offer("run out", "1", "0.50", "0.50", is_open=False),
    ]

    assert ranks(offers, ASKED) == {"cheap": 1, "as cheap": 1, "dear": 3, "dollars": 1}
    assert offers[4].missing(ASKED) == [2]
    assert offers[5].missing(ASKED) == [1]


def test_a_line_is_cheapest_by_the_unit_with_its_share_of_everything() -> None:
    bare = offer("much freight", "190", "100", "50")
    better = offer("no freight", "165", "110", "55")
    less = offer("half of it", "60", "60", quantities=("5",))
    gone = offer("run out", "1", "0.50", "0.50", is_open=False)
    abroad = offer("dollars", "900", "600", "300", currency=Currency.USD)

    assert cheapest([bare, better, less, gone, abroad], 1) == {"no freight", "dollars"}
    assert cheapest([bare, better], 2) == {"no freight"}
    assert cheapest([bare, bare], 3) == set()
