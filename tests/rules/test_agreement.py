"""A framework agreement's life, and what keeps it from covering an order."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from rules.agreement import (
    BY_PARTIES,
    AgreedPrice,
    AgreementStatus,
    CallOff,
    CoverageGap,
    Purchase,
    agreement_actions,
    coverage_gap,
    next_status,
)
from rules.lifecycle import Side
from rules.money import Currency
from rules.problems import NotYourTurn, WrongStatus

A = AgreementStatus
BOLT, NUT = UUID(int=1), UUID(int=2)
FROM, TO = date(2026, 12, 1), date(2026, 12, 31)


@dataclass
class Standing:
    """An agreement as far as the guards look at it."""

    status: AgreementStatus
    turn: Side | None = None


@dataclass
class Limits:
    """An agreement in force: December, 1000 an order, 2000 in all, of which 500 are used."""

    currency: Currency = Currency.CNY
    valid_from: date = FROM
    valid_to: date = TO
    order_limit: D = D(1000)
    total_limit: D = D(2000)
    called_off: D = D(500)
    payment_net_days: int = 30


ORDER = CallOff(D(1000), Currency.CNY, FROM, 30, (Purchase(BOLT, D(100), D("1.00")), Purchase(NUT, D(1), D(900))))
PRICES = {BOLT: [AgreedPrice(D("2.00"), D(0)), AgreedPrice(D("1.00"), D(100))]}


@pytest.mark.parametrize("status", A)
def test_what_is_offered_is_what_succeeds(status: AgreementStatus) -> None:
    for side in Side:
        for turn in (Side.BUYER, Side.SUPPLIER, None):
            agreement = Standing(status, turn)
            done = [action for action in BY_PARTIES if succeeds(action, agreement, side)]
            assert agreement_actions(agreement, side) == done


def succeeds(action: str, agreement: Standing, side: Side) -> bool:
    """Whether the step is taken."""
    try:
        next_status(action, agreement, side)
    except (WrongStatus, NotYourTurn):
        return False
    return True


def test_it_goes_from_the_proposal_over_both_signatures_to_its_end() -> None:
    assert next_status("sign_agreement", Standing(A.PROPOSED), Side.SUPPLIER) is A.PARTIALLY_SIGNED
    assert next_status("sign_agreement", Standing(A.PARTIALLY_SIGNED, Side.BUYER), Side.BUYER) is A.ACTIVE
    with pytest.raises(NotYourTurn):
        next_status("sign_agreement", Standing(A.PARTIALLY_SIGNED, Side.BUYER), Side.SUPPLIER)
    assert next_status("terminate_agreement", Standing(A.ACTIVE), Side.SUPPLIER) is A.TERMINATED
    with pytest.raises(WrongStatus) as refused:
        next_status("refuse_agreement", Standing(A.ACTIVE), Side.BUYER)
    assert set(refused.value.allowed_in) == {A.PROPOSED, A.PARTIALLY_SIGNED}


def test_the_platform_has_no_step_in_it() -> None:
    for status in A:
        assert agreement_actions(Standing(status), Side.PLATFORM) == []
        with pytest.raises(WrongStatus):
            next_status("terminate_agreement", Standing(status), Side.PLATFORM)


def test_an_order_at_every_limit_is_covered() -> None:
    assert coverage_gap(Limits(), PRICES, ORDER) is None
    assert coverage_gap(Limits(called_off=D(1000)), PRICES, replace(ORDER, today=TO)) is None


@pytest.mark.parametrize(
    ("gap", "limits", "order"),
    [
        (CoverageGap.OUT_OF_PERIOD, {}, {"today": date(2026, 11, 30)}),
        (CoverageGap.OUT_OF_PERIOD, {}, {"today": date(2027, 1, 1)}),
        (CoverageGap.OTHER_CURRENCY, {"currency": Currency.USD}, {}),
        (CoverageGap.OTHER_PAYMENT_TERMS, {}, {"net_days": 31}),
        (CoverageGap.PRICE_ABOVE_AGREED, {}, {"purchases": (Purchase(BOLT, D(100), D("1.000001")),)}),
        (CoverageGap.PRICE_ABOVE_AGREED, {}, {"purchases": (Purchase(BOLT, D(99), D("2.000001")),)}),
        (CoverageGap.ABOVE_ORDER_LIMIT, {}, {"total": D("1000.01")}),
        (CoverageGap.ABOVE_TOTAL_LIMIT, {"called_off": D("1000.01")}, {}),
    ],
)
def test_beyond_a_limit_it_is_not(gap: CoverageGap, limits: dict[str, object], order: dict[str, object]) -> None:
    assert coverage_gap(replace(Limits(), **limits), PRICES, replace(ORDER, **order)) is gap  # type: ignore[arg-type]


def test_a_price_is_that_of_the_highest_step_that_the_quantity_reaches() -> None:
    few = replace(ORDER, purchases=(Purchase(BOLT, D(99), D("2.00")),))
    assert coverage_gap(Limits(), PRICES, few) is None
    only_from_fifty = {BOLT: [AgreedPrice(D("0.10"), D(50))]}
    assert coverage_gap(Limits(), only_from_fifty, replace(ORDER, purchases=(Purchase(BOLT, D(49), D(9)),))) is None
