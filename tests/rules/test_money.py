"""Money: one rounding at each named place, parts that add up, no floats, whatever the amounts."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import (
    MOST,
    Charge,
    Currency,
    Rounding,
    RoundingMode,
    TaxInclusion,
    TaxLevel,
    Totals,
    added_up,
    check_amount,
    instalment,
    minor_unit,
    spread,
    totals,
)
from rules.problems import InvalidInput

CENT = D("0.01")
rates = st.sampled_from([D("0"), D("0.06"), D("0.09"), D("0.13"), D("0.125")])
charges = st.builds(
    Charge,
    quantity=st.decimals(min_value=0, max_value=10**6, places=6),
    unit_price=st.decimals(min_value=0, max_value=10**6, places=6),
    tax_rate=rates,
)
roundings = st.builds(
    Rounding,
    currency=st.sampled_from(Currency),
    mode=st.sampled_from(RoundingMode),
    tax_level=st.sampled_from(TaxLevel),
    tax_inclusion=st.sampled_from(TaxInclusion),
)
INCLUSIVE = TaxInclusion.INCLUSIVE


@pytest.mark.parametrize(
    ("level", "tax", "gross"), [(TaxLevel.LINE, "1.95", "17.04"), (TaxLevel.DOCUMENT, "1.96", "17.05")]
)
def test_where_tax_is_rounded_decides_a_cent(level: TaxLevel, tax: str, gross: str) -> None:
    """Scenario 13: three lines of 5 at 1.005, which is 5.03 each."""
    sums = totals([Charge(D(5), D("1.005"), D("0.13"))] * 3, Rounding(tax_level=level))
    assert sums.nets == (D("5.03"),) * 3
    assert (sums.net, sums.tax, sums.gross) == (D("15.09"), D(tax), D(gross))


def test_the_happy_path_costs_what_the_story_says() -> None:
    """Scenario 1: 1000 at 0.333 with 13 %, freight 50.00 with 9 %."""
    sums = totals([Charge(D(1000), D("0.333"), D("0.13")), Charge(D(1), D(50), D("0.09"))], Rounding())
    assert sums.nets == (D("333.00"), D("50.00"))
    assert sums.taxes == (D("43.29"), D("4.50"))
    assert sums.gross == D("430.79")


@given(given=st.lists(charges, max_size=8), rounding=roundings)
def test_parts_add_up_to_the_whole(given: list[Charge], rounding: Rounding) -> None:
    sums = totals(given, rounding)
    assert sum(sums.nets, D(0)) == sums.net
    assert sum(sums.taxes, D(0)) == sums.tax
    assert sums.net + sums.tax == sums.gross
    assert all(amount % minor_unit(rounding.currency) == 0 for amount in (*sums.nets, *sums.taxes))


@given(given=st.lists(charges, min_size=1, max_size=8), currency=st.sampled_from(Currency))
def test_no_line_is_off_by_more_than_half_a_unit_and_no_tax_by_more_than_three_halves(
    given: list[Charge], currency: Currency
) -> None:
    """Half a unit by rounding the document's tax, and less than one by spreading it in whole units."""
    for level in TaxLevel:
        sums = totals(given, Rounding(currency, tax_level=level))
        unit = Fraction(minor_unit(currency))
        for charge, net, tax in zip(given, sums.nets, sums.taxes, strict=True):
            assert abs(Fraction(net) - Fraction(charge.quantity) * Fraction(charge.unit_price)) <= unit / 2
            assert abs(Fraction(tax) - Fraction(net) * Fraction(charge.tax_rate)) <= (
                unit / 2 if level is TaxLevel.LINE else unit * 3 / 2
            )


@pytest.mark.parametrize(
    ("level", "net", "tax"), [(TaxLevel.LINE, "2.64", "0.36"), (TaxLevel.DOCUMENT, "2.65", "0.35")]
)
def test_prices_with_tax_are_paid_as_they_are_stated_and_the_tax_is_taken_out(
    level: TaxLevel, net: str, tax: str
) -> None:
    """Three lines at 1.00 with 13 % in it: 0.115 on each, 0.345 in all."""
    sums = totals([Charge(D(1), D("1.00"), D("0.13"))] * 3, Rounding(tax_level=level, tax_inclusion=INCLUSIVE))
    assert (sums.net, sums.tax, sums.gross) == (D(net), D(tax), D("3.00"))
    exact = totals([Charge(D(1), D("113.00"), D("0.13"))], Rounding(tax_level=level, tax_inclusion=INCLUSIVE))
    assert (exact.nets, exact.taxes) == ((D("100.00"),), (D("13.00"),))


@given(given=st.lists(charges, min_size=1, max_size=8), rounding=roundings)
def test_what_is_paid_for_prices_with_tax_is_quantity_times_price(given: list[Charge], rounding: Rounding) -> None:
    """On each line and as a whole, in every way of rounding; no part is less than nothing."""
    sums = totals(given, replace(rounding, tax_inclusion=INCLUSIVE))
    paid = [net + tax for net, tax in zip(sums.nets, sums.taxes, strict=True)]
    assert paid == [rounding(one.quantity * one.unit_price) for one in given]
    assert sums.gross == sum(paid, D(0))
    assert min(*sums.nets, *sums.taxes, D(0)) == 0


@given(
    given=st.lists(charges, min_size=1, max_size=5),
    rounding=roundings,
    cuts=st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), max_size=5),
)
def test_all_parts_of_a_whole_add_up_to_it(given: list[Charge], rounding: Rounding, cuts: list[list[int]]) -> None:
    """Claimed in parts however small, at either level, with tax or without: what was agreed, to the smallest unit."""
    whole = totals(given, rounding)
    before = [D(0)] * len(given)
    parts: list[Totals] = []
    for cut in [*cuts, [4] * 5]:
        now = [(one.quantity - had) * share / 4 for one, had, share in zip(given, before, cut, strict=False)]
        wanted = [replace(one, quantity=much) for one, much in zip(given, now, strict=True)]
        parts.append(
            added_up([instalment(one, had, rounding) for one, had in zip(wanted, before, strict=True)], rounding)
        )
        before = [had + much for had, much in zip(before, now, strict=True)]
    assert min(amount for part in parts for amount in (*part.nets, *part.taxes)) >= 0
    assert (sum(part.net for part in parts), sum(part.tax for part in parts)) == (whole.net, whole.tax)
    if rounding.tax_level is TaxLevel.LINE:
        assert [sum(line) for line in zip(*(part.taxes for part in parts), strict=True)] == list(whole.taxes)


@pytest.mark.parametrize(
    ("stated", "price", "other", "found"),
    [
        (INCLUSIVE, "113", TaxInclusion.EXCLUSIVE, "100.000000"),
        (TaxInclusion.EXCLUSIVE, "0.1", INCLUSIVE, "0.113000"),
        (INCLUSIVE, "0.1", TaxInclusion.EXCLUSIVE, "0.088496"),
        (INCLUSIVE, "0.1", INCLUSIVE, "0.1"),
    ],
)
def test_a_price_is_stated_the_other_way_to_six_decimals(
    stated: TaxInclusion, price: str, other: TaxInclusion, found: str
) -> None:
    assert stated.restated(D(price), D("0.13"), other) == D(found)


def test_a_total_beyond_what_can_be_stored_is_refused() -> None:
    almost = totals([Charge(D(1), MOST - CENT, D(0))], Rounding())
    assert almost.gross == MOST - CENT
    largest = D("99999999999999.999999")
    for charge in (Charge(D(1), MOST, D(0)), Charge(largest, largest, D("0.13"))):
        with pytest.raises(InvalidInput, match="must be less than 100000000000000"):
            totals([charge], Rounding())


@pytest.mark.parametrize(
    ("mode", "up", "even", "down"),
    [
        (RoundingMode.HALF_UP, "0.01", "0.02", "-0.01"),
        (RoundingMode.HALF_EVEN, "0.00", "0.02", "0.00"),
        (RoundingMode.DOWN, "0.00", "0.01", "0.00"),
        (RoundingMode.UP, "0.01", "0.02", "-0.01"),
    ],
)
def test_each_mode_rounds_a_half_its_own_way(mode: RoundingMode, up: str, even: str, down: str) -> None:
    rounding = Rounding(mode=mode)
    assert [rounding(D(half)) for half in ("0.005", "0.015", "-0.005")] == [D(up), D(even), D(down)]


def test_yen_have_no_smaller_unit() -> None:
    assert minor_unit(Currency.JPY) == 1
    assert totals([Charge(D(3), D("33.5"), D("0.1"))], Rounding(Currency.JPY)).gross == 101 + 10


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.001", Currency.CNY), ("0.5", Currency.JPY), ("-1.005", Currency.USD)]
)
def test_an_amount_finer_than_its_currency_is_refused(amount: str, currency: Currency) -> None:
    with pytest.raises(InvalidInput, match=r"input\.amount"):
        check_amount("input.amount", D(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.010000", Currency.CNY), ("5.00", Currency.JPY), ("0", Currency.USD)]
)
def test_an_amount_of_whole_units_is_taken_however_it_is_spelled(amount: str, currency: Currency) -> None:
    check_amount("input.amount", D(amount), currency)


def test_a_discount_spread_over_lines_adds_up() -> None:
    """Scenario 13: 100.00 over 333.33, 333.33 and 333.34."""
    parts = spread(D("100.00"), [D("333.33"), D("333.33"), D("333.34")], Currency.CNY)
    assert parts == [D("33.33"), D("33.33"), D("33.34")]


@given(
    amount=st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    weights=st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=12),
)
def test_parts_of_a_spread_add_up_and_are_off_by_less_than_a_cent(amount: D, weights: list[D]) -> None:
    parts = spread(amount, weights, Currency.CNY)
    assert sum(parts, D(0)) == amount
    whole = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount) * Fraction(weight) / whole if whole else Fraction(amount) / len(weights)
        assert abs(Fraction(part) - exact) < Fraction(CENT)


def test_nothing_is_spread_over_nothing() -> None:
    assert spread(D(5), [], Currency.CNY) == []
