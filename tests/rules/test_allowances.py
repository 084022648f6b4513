"""Allowances and charges: what they come to, whose goods they belong to, and that parts of them add up."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.allowances import Allowance, AllowanceKind, allowance_amount, check_carried, goods_worth
from rules.money import Charge, Currency, Rounding, TaxLevel, landed, prorated, totals
from rules.problems import InvalidInput

D = Decimal
GOODS = [Charge(D(10), D("33.335"), D("0.13")), Charge(D(4), D("25.00"), D("0.09"))]
PLAIN = Rounding()


def made(kind: AllowanceKind = AllowanceKind.ALLOWANCE, rate: str = "0.13", **much: Any) -> Allowance:
    """An allowance at a rate: `amount` or `share`."""
    return Allowance(kind, D(rate), "a large order", **much)


@pytest.mark.parametrize(
    ("allowance", "net"),
    [
        (made(amount=D("20.00")), "-20.00"),
        (made(share=D("0.05")), "-16.67"),  # of the 333.35 that are taxed alike
        (made(rate="0.09", share=D("0.05")), "-5.00"),
        (made(AllowanceKind.CHARGE, amount=D("20.00")), "20.00"),
        (made(AllowanceKind.CHARGE, rate="0.06", share=D("0.1")), "43.34"),  # of all goods: none is taxed like it
    ],
)
def test_an_allowance_is_taken_off_and_a_charge_added(allowance: Allowance, net: str) -> None:
    assert allowance_amount("input", allowance, GOODS, PLAIN) == D(net)


@pytest.mark.parametrize("wrong", [made(), made(amount=D(1), share=D("0.1")), made(amount=D("0.001"))])
def test_an_allowance_is_either_an_amount_or_a_share_and_no_finer_than_money(wrong: Allowance) -> None:
    with pytest.raises(InvalidInput):
        allowance_amount("input", wrong, GOODS, PLAIN)


def test_nobody_can_pay_less_than_nothing_at_any_rate() -> None:
    """All of the 100.00 at 9 % may be given away, and not a cent more, whatever else is on the document."""
    for net, is_fine in ((D("-100.00"), True), (D("-100.01"), False)):
        charges = [*GOODS, Charge(D(1), net, D("0.09"))]
        if is_fine:
            check_carried("input.allowances", charges, totals(charges, PLAIN))
        else:
            with pytest.raises(InvalidInput, match=r"taxed at 0\.09"):
                check_carried("input.allowances", charges, totals(charges, PLAIN))


def test_rounding_alone_cannot_make_a_tax_negative() -> None:
    """Twenty nets of 0.03 are taxed with nothing each; 13 % of the 0.60 that are taken off again would be 0.08."""
    charges = [*(Charge(D(1), D("0.03"), D("0.13")) for _ in range(20)), Charge(D(1), D("-0.60"), D("0.13"))]
    with pytest.raises(InvalidInput, match="below zero"):
        check_carried("input.allowances", charges, totals(charges, PLAIN))
    check_carried("input.allowances", charges, totals(charges, Rounding(tax_level=TaxLevel.DOCUMENT)))


def test_a_part_of_goods_carries_its_part_of_the_allowance() -> None:
    half = [Charge(D(5), D("33.335"), D("0.13"))]
    assert prorated(D("-20.00"), goods_worth(half, D("0.13"), GOODS), goods_worth(GOODS, D("0.13")), PLAIN) == D(
        "-10.00"
    )
    assert goods_worth(GOODS[1:], D("0.13"), GOODS) == 0
    assert prorated(D("-20.00"), D(0), D(0), PLAIN) == D("-20.00")


@given(
    st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=20),
    st.decimals(-(10**5), 10**6, places=2),
)
def test_landed_costs_add_up_to_the_total(grosses: list[Decimal], beside: Decimal) -> None:
    total = sum(grosses, D(0)) + beside
    costs = landed(grosses, total, Currency.CNY)
    assert sum(costs, D(0)) == total
    assert len(costs) == len(grosses)
