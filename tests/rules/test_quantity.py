"""The quantity ledger: nothing leaves that is not due, nothing is claimed that was not accepted, nothing is lost on the way."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.problems import InvalidInput, QuantityExceeded
from rules.quantity import (
    Inspection,
    LineQuantities,
    all_closed,
    check_despatch,
    check_inspection,
    check_invoice,
    each_once,
    order_quantity_fault,
    plain,
)

quantities = st.decimals(min_value=0, max_value=10**9, places=6)


def test_what_is_due_is_what_has_not_left_and_what_fell_short() -> None:
    """Scenario 10: 100 ordered, 60 despatched, of which 55 accepted, 3 rejected, 2 short: 40 + 2 are open."""
    line = LineQuantities(ordered=D(100), despatched=D(60), accepted=D(55), rejected=D(3), short=D(2))
    assert line.to_despatch == 42
    assert line.under_way == 0
    assert line.to_invoice == 55
    assert not line.is_closed


@pytest.mark.parametrize(
    ("wanted", "tolerance", "is_refused"),
    [
        ("40", "0", False),
        ("40.000001", "0", True),
        ("45", "0.05", False),
        ("45.001", "0.05", True),
    ],
)
def test_no_more_leaves_than_is_due_with_its_tolerance(wanted: str, tolerance: str, is_refused: bool) -> None:
    """Scenario 9: of 100, 60 have left; 5 % over may be delivered where that was agreed."""
    line = LineQuantities(ordered=D(100), despatched=D(60))
    if not is_refused:
        check_despatch(1, line, D(wanted), D(tolerance))
        return
    with pytest.raises(QuantityExceeded) as refused:
        check_despatch(1, line, D(wanted), D(tolerance))
    assert refused.value.remaining == 40 + 100 * D(tolerance)


def test_a_line_that_is_over_delivered_has_nothing_left_rather_than_less_than_nothing() -> None:
    with pytest.raises(QuantityExceeded) as refused:
        check_despatch(7, LineQuantities(ordered=D(100), despatched=D(105)), D(1))
    assert (refused.value.line, refused.value.remaining) == (7, D(0))


@pytest.mark.parametrize("nothing", ["0", "-1"])
def test_nothing_and_less_cannot_leave_or_be_claimed(nothing: str) -> None:
    line = LineQuantities(ordered=D(100), despatched=D(60), accepted=D(60))
    for check in (check_despatch, check_invoice):
        with pytest.raises(InvalidInput):
            check(1, line, D(nothing))


@given(accepted=quantities, invoiced=quantities, wanted=quantities.filter(bool))
def test_never_more_is_invoiced_than_was_accepted(accepted: D, invoiced: D, wanted: D) -> None:
    line = LineQuantities(accepted=accepted, invoiced=min(invoiced, accepted))
    try:
        check_invoice(1, line, wanted)
    except QuantityExceeded:
        assert line.invoiced + wanted > accepted
    else:
        assert line.invoiced + wanted <= accepted


def test_what_was_credited_can_be_invoiced_again() -> None:
    assert LineQuantities(accepted=D(10), invoiced=D(10), credited=D(4)).to_invoice == 4


@given(ordered=quantities, parts=st.lists(st.tuples(quantities, quantities, quantities), max_size=6))
def test_every_despatched_unit_is_under_way_or_accounted_for(ordered: D, parts: list[tuple[D, D, D]]) -> None:
    sums = [sum((part[i] for part in parts), D(0)) for i in range(3)]
    despatched = sum(sums, D(0))
    line = LineQuantities(ordered, despatched, *sums)
    assert line.under_way == 0
    assert line.to_despatch == max(ordered - line.accepted - line.rejected, D(0))
    assert line.is_closed == (line.accepted + line.rejected >= ordered)


def test_sums_come_in_by_the_name_of_their_movement() -> None:
    assert LineQuantities.of({"ORDERED": D(3), "SHORT": D(1)}) == LineQuantities(ordered=D(3), short=D(1))


def test_an_order_is_closed_when_all_its_lines_are() -> None:
    done = LineQuantities(ordered=D(1), despatched=D(1), accepted=D(1))
    assert all_closed([done, done])
    assert not all_closed([done, LineQuantities(ordered=D(1), despatched=D(1))])
    assert not all_closed([done, LineQuantities(ordered=D(1))])


@given(
    accepted=quantities, rejected=quantities, short=quantities, off_by=st.sampled_from(["-0.000001", "0", "0.000001"])
)
def test_an_inspection_accounts_for_every_unit(accepted: D, rejected: D, short: D, off_by: str) -> None:
    found = Inspection(accepted, rejected, short, "broken")
    despatched = accepted + rejected + short + D(off_by)
    if D(off_by) == 0:
        check_inspection("input.lines[0]", despatched, found)
    else:
        with pytest.raises(InvalidInput, match=r"input.lines\[0\]: accepted \+ rejected \+ short"):
            check_inspection("input.lines[0]", despatched, found)


@pytest.mark.parametrize("fault", [Inspection(D(9), rejected=D(1)), Inspection(D(9), short=D(1))])
def test_what_is_not_accepted_needs_a_reason(fault: Inspection) -> None:
    with pytest.raises(InvalidInput, match="reason"):
        check_inspection("input.lines[0]", D(10), fault)


def test_what_is_accepted_whole_needs_none() -> None:
    check_inspection("input.lines[0]", D(10), Inspection(D(10)))


@pytest.mark.parametrize(
    "found",
    [Inspection(D(-1), D(11), D(0), "x"), Inspection(D(11), D(-1), D(0), "x"), Inspection(D(11), D(0), D(-1), "x")],
)
def test_no_part_of_an_inspection_is_negative(found: Inspection) -> None:
    with pytest.raises(InvalidInput, match="negative"):
        check_inspection("input.lines[0]", D(10), found)


def test_a_line_is_named_once() -> None:
    assert each_once("input.lines", [("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    with pytest.raises(InvalidInput, match=r"input.lines\[2\].orderLineId"):
        each_once("input.lines", [("a", 1), ("b", 2), ("a", 1)])


@given(
    quantity=st.decimals(min_value="-10", max_value=10**6, places=3),
    minimum=st.integers(1, 50),
    step=st.sampled_from(["0.001", "0.5", "1", "6", "12"]),
)
def test_a_suggested_quantity_is_right_itself(quantity: D, minimum: int, step: str) -> None:
    least = D(step) * minimum
    fault = order_quantity_fault(quantity, least, D(step))
    if fault is None:
        assert quantity >= least
        assert quantity % D(step) == 0
    else:
        assert order_quantity_fault(D(fault[1]), least, D(step)) is None


@pytest.mark.parametrize(
    ("number", "text"), [("100", "100"), ("1E+2", "100"), ("1.500", "1.5"), ("0.000001", "0.000001"), ("0.00", "0")]
)
def test_people_read_plain_numbers(number: str, text: str) -> None:
    assert plain(D(number)) == text
