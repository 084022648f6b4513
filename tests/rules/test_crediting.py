"""Credit notes take back an invoice to the fen, in whatever steps, and never more."""

from decimal import Decimal as D
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.crediting import CreditWish, Left, Part, check_total, chosen, whole
from rules.money import Charge, Currency, Rounding, RoundingMode, TaxInclusion, totals
from rules.problems import AmountMismatch, InvalidInput, NotFound, QuantityExceeded

CNY = Rounding()
GOODS, MORE, FREIGHT, LESS = (uuid4() for _ in range(4))


def goods(quantity: str, price: str, net: str, tax: str, *, line: UUID = GOODS, rate: str = "0.13") -> Left:
    """Goods of which nothing is credited."""
    return Left(line, 1, D(quantity), D(net), D(tax), D(price), D(rate), order_line=uuid4())


def other(line: UUID, net: str, tax: str, *, is_allowance: bool) -> Left:
    """Freight, or an allowance."""
    return Left(line, 9, D(1), D(net), D(tax), D(net), D("0.13"), is_allowance=is_allowance)


def less(line: Left, part: Part) -> Left:
    """What is left after a credit."""
    return Left(
        line.id, line.position, line.quantity - part.quantity, line.net - part.net, line.tax - part.tax,
        line.unit_price, line.tax_rate, line.order_line, line.is_allowance,
    )  # fmt: skip


TEN = goods("10", "100", "1000.00", "130.00")


def test_scenario_11_four_and_two_of_ten() -> None:
    [four] = chosen({GOODS: TEN}, [CreditWish(GOODS, D(4))], CNY)
    assert (four.net, four.tax) == (D("400.00"), D("52.00"))
    [two] = chosen({GOODS: less(TEN, four)}, [CreditWish(GOODS, D(2))], CNY)
    assert (two.net, two.tax) == (D("200.00"), D("26.00"))
    with pytest.raises(QuantityExceeded) as refused:
        chosen({GOODS: less(less(TEN, four), two)}, [CreditWish(GOODS, D(5))], CNY)
    assert (refused.value.requested, refused.value.remaining) == (D(5), D(4))


@given(
    steps=st.lists(st.integers(1, 7), min_size=1, max_size=9),
    price=st.decimals("0.000001", "999", places=6),
    rounding=st.builds(
        Rounding,
        currency=st.sampled_from([Currency.CNY, Currency.JPY]),
        mode=st.sampled_from(RoundingMode),
        tax_inclusion=st.sampled_from(TaxInclusion),
    ),
)
def test_all_credits_of_a_line_are_the_line_to_the_fen(steps: list[int], price: D, rounding: Rounding) -> None:
    sums = totals([Charge(D(sum(steps)), price, D("0.13"))], rounding)
    line = Left(GOODS, 1, D(sum(steps)), sums.net, sums.tax, price, D("0.13"), order_line=uuid4())
    for step in steps:
        for part in chosen({GOODS: line}, [CreditWish(GOODS, D(step))], rounding):
            assert min(part.net, part.tax) >= 0
            line = less(line, part)
    assert not line.is_open


def test_of_goods_whose_price_has_tax_in_it_so_much_is_paid_back_as_was_paid() -> None:
    """Two at 0.05 with tax are 0.09 and 0.01: one of them is 0.05 again, although half of either would be rounded up."""
    rounding = Rounding(tax_inclusion=TaxInclusion.INCLUSIVE)
    [one] = chosen({GOODS: goods("2", "0.05", "0.09", "0.01")}, [CreditWish(GOODS, D(1))], rounding)
    assert (one.net, one.tax) == (D("0.04"), D("0.01"))


def test_an_allowance_goes_with_its_goods_and_freight_does_not() -> None:
    lines = {one.id: one for one in (
        TEN, other(FREIGHT, "50.00", "4.50", is_allowance=False), other(LESS, "-100.00", "-13.00", is_allowance=True)
    )}  # fmt: skip
    four, allowance = chosen(lines, [CreditWish(GOODS, D(4))], CNY)
    assert allowance == Part(LESS, D(0), D("-40.00"), D("-5.20"))
    lines = {GOODS: less(TEN, four), LESS: less(lines[LESS], allowance)}
    six, rest = chosen(lines, [CreditWish(GOODS, D(6))], CNY)
    assert (six.net, rest) == (D("600.00"), Part(LESS, D(1), D("-60.00"), D("-7.80")))


def test_an_allowance_that_is_named_goes_as_it_is_named() -> None:
    lines = {GOODS: TEN, LESS: other(LESS, "-100.00", "-13.00", is_allowance=True)}
    parts = chosen(lines, [CreditWish(GOODS, D(4)), CreditWish(LESS, net=D("-10.00"))], CNY)
    assert parts[1:] == [Part(LESS, D(0), D("-10.00"), D("-1.30"))]


def test_an_allowance_goes_along_no_further_than_its_goods_are_worth_by_now() -> None:
    """Two lines of 100, an allowance of 90: whatever became cheaper, a return is worth from nothing to all that is left."""
    less_90 = other(LESS, "-90.00", "-11.70", is_allowance=True)
    for mine, theirs, credit in (
        ("0.00", "110.00", "0.00"),
        ("100.00", "0.00", "10.00"),
        ("100.00", "100.00", "55.00"),
    ):
        lines = {
            GOODS: goods("1", "100", mine, "0.00"),
            MORE: goods("1", "100", theirs, "0.00", line=MORE),
            LESS: less_90,
        }
        parts = chosen(lines, [CreditWish(GOODS, D(1))], CNY)
        check_total(lines.values(), parts, CNY)
        assert sum(part.net for part in parts) == D(credit)


def test_as_a_whole_no_more_is_credited_than_is_left_and_no_less_than_nothing() -> None:
    lines = {GOODS: TEN, LESS: other(LESS, "-100.00", "-13.00", is_allowance=True)}
    with pytest.raises(AmountMismatch) as refused:
        check_total(lines.values(), chosen(lines, [CreditWish(GOODS, net=D("900.01"))], CNY), CNY)
    assert (refused.value.expected, refused.value.found) == (D("1017.00"), D("1017.01"))
    with pytest.raises(InvalidInput):
        check_total(lines.values(), chosen(lines, [CreditWish(LESS, net=D("-1.00"))], CNY), CNY)
    check_total(lines.values(), chosen(lines, [CreditWish(GOODS, net=D("900.00"))], CNY), CNY)


def test_an_amount_makes_goods_cheaper_and_leaves_them_where_they_are() -> None:
    [part] = chosen({GOODS: TEN}, [CreditWish(GOODS, net=D("33.33"))], CNY)
    assert part == Part(GOODS, D(0), D("33.33"), D("4.33"))
    left = less(TEN, part)
    [rest] = chosen({GOODS: left}, [CreditWish(GOODS)], CNY)
    assert rest == Part(GOODS, D(10), D("966.67"), D("125.67"))


@pytest.mark.parametrize("net", [None, D("0.01")])
def test_a_line_of_which_nothing_is_left_is_named(net: D | None) -> None:
    gone = less(TEN, Part(GOODS, D(10), D("1000.00"), D("130.00")))
    with pytest.raises(InvalidInput) as refused:
        chosen(
            {GOODS: gone, MORE: goods("1", "1", "1.00", "0.13")}, [CreditWish(MORE), CreditWish(GOODS, net=net)], CNY
        )
    assert [fault.path for fault in refused.value.faults] == ["input.lines[1].invoiceLineId"]


@pytest.mark.parametrize("net", ["0.00", "1000.01", "-0.01"])
def test_no_more_than_the_amount_is_credited_and_not_the_other_way(net: str) -> None:
    with pytest.raises(AmountMismatch) as refused:
        chosen({GOODS: TEN}, [CreditWish(GOODS, net=D(net))], CNY)
    assert refused.value.expected == D("1000.00")


@pytest.mark.parametrize(
    ("wishes", "problem"),
    [
        ([CreditWish(uuid4())], NotFound),
        ([CreditWish(GOODS, D(1)), CreditWish(GOODS, D(1))], InvalidInput),
        ([CreditWish(GOODS, D(1), D(1))], InvalidInput),
        ([CreditWish(GOODS, D(0))], InvalidInput),
        ([CreditWish(GOODS, net=D("0.001"))], InvalidInput),
    ],
)
def test_what_is_not_right_is_refused(wishes: list[CreditWish], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        chosen({GOODS: TEN}, wishes, CNY)


def test_the_whole_is_all_that_is_left() -> None:
    done = Left(MORE, 2, D(0), D(0), D(0), D(1), D(0), order_line=uuid4())
    assert whole([TEN, done]) == [Part(GOODS, D(10), D("1000.00"), D("130.00"))]


def test_what_is_free_is_gone_with_its_quantity_and_the_rest_with_its_amount() -> None:
    free = goods("10", "0", "0.00", "0.00")
    assert not free.is_gone(Part(GOODS, D(4), D(0), D(0)))
    assert free.is_gone(Part(GOODS, D(10), D(0), D(0)))
    assert TEN.is_gone(Part(GOODS, D(0), D("1000.00"), D("130.00")))
    assert not TEN.is_gone(None)
