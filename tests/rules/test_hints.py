"""What a buyer is told while filling in an order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.budgets import BudgetUse
from rules.hints import Draft, DraftCost, DraftLine, Hint, HintCode, duplicates, hints

TODAY = date(2026, 12, 1)
SOONEST = TODAY + timedelta(days=7)
LINE = DraftLine(
    quantity=Decimal(100),
    minimum=Decimal(50),
    step=Decimal(10),
    lead_time_days=7,
    available=Decimal(500),
    requested_on=None,
)
GOOD = Draft(lines=(LINE,), place="Shanghai", requested_on=SOONEST, today=TODAY)


def draft_with(**facts: object) -> Draft:
    """A good draft, but for its one line."""
    return replace(GOOD, lines=(replace(LINE, **facts),))  # type: ignore[arg-type]


def only(draft: Draft) -> Hint:
    """The single hint of a draft."""
    (hint,) = hints(draft)
    return hint


def test_a_draft_that_can_be_submitted_as_it_is_has_no_hints() -> None:
    assert hints(GOOD) == []


def test_an_empty_form_is_led_through_in_its_order() -> None:
    found = hints(Draft(lines=(), place=None, requested_on=None, today=TODAY))

    assert [(hint.code, hint.field) for hint in found] == [
        (HintCode.LINES_MISSING, "lines"),
        (HintCode.PLACE_MISSING, "deliveryPlace"),
        (HintCode.DATE_MISSING, "requestedOn"),
    ]
    assert all(hint.is_blocking for hint in found)


@pytest.mark.parametrize("place", [None, ""])
def test_the_delivery_place_is_needed(place: str | None) -> None:
    assert only(replace(GOOD, place=place)).code is HintCode.PLACE_MISSING


def test_a_date_is_needed_and_the_soonest_possible_is_suggested() -> None:
    hint = only(replace(GOOD, requested_on=None))

    assert (hint.code, hint.field) == (HintCode.DATE_MISSING, "requestedOn")
    assert hint.suggestion == "2026-12-08"
    assert hint.is_blocking


def test_a_date_on_every_line_does_instead_of_one_for_all() -> None:
    assert hints(replace(draft_with(requested_on=SOONEST), requested_on=None)) == []


def test_a_date_on_one_of_two_lines_does_not() -> None:
    lines = (replace(LINE, requested_on=SOONEST), LINE)

    assert only(replace(GOOD, lines=lines, requested_on=None)).code is HintCode.DATE_MISSING


def test_yesterday_is_too_late_and_today_only_early() -> None:
    yesterday, today = (only(replace(GOOD, requested_on=day)) for day in (TODAY - timedelta(days=1), TODAY))

    assert (yesterday.code, yesterday.is_blocking) == (HintCode.DATE_PAST, True)
    assert (today.code, today.is_blocking) == (HintCode.DATE_BEFORE_LEAD_TIME, False)
    assert yesterday.suggestion == today.suggestion == "2026-12-08"


def test_one_day_before_the_lead_time_is_worth_a_word_and_the_day_itself_is_not() -> None:
    assert only(replace(GOOD, requested_on=SOONEST - timedelta(days=1))).code is HintCode.DATE_BEFORE_LEAD_TIME
    assert hints(replace(GOOD, requested_on=SOONEST)) == []


def test_the_slowest_line_decides_how_soon_all_can_be_there() -> None:
    slow = replace(LINE, lead_time_days=30)
    hint = only(replace(GOOD, lines=(LINE, slow), requested_on=None))

    assert hint.suggestion == "2026-12-31"


def test_a_line_s_own_date_is_measured_by_its_own_lead_time() -> None:
    past = only(draft_with(requested_on=TODAY - timedelta(days=1)))
    early = only(draft_with(requested_on=TODAY + timedelta(days=6)))

    assert (past.code, past.field) == (HintCode.DATE_PAST, "lines[0].requestedOn")
    assert (early.code, early.field) == (HintCode.DATE_BEFORE_LEAD_TIME, "lines[0].requestedOn")
    assert hints(draft_with(requested_on=SOONEST)) == []


@pytest.mark.parametrize(
    ("quantity", "suggestion"),
    [("0", "50"), ("-5", "50"), ("49.999999", "50"), ("55", "60"), ("99.5", "100"), ("100.000001", "110")],
)
def test_a_wrong_quantity_comes_with_the_next_right_one(quantity: str, suggestion: str) -> None:
    hint = only(draft_with(quantity=Decimal(quantity)))

    assert (hint.code, hint.field) == (HintCode.QUANTITY_WRONG, "lines[0].quantity")
    assert hint.suggestion == suggestion
    assert hint.is_blocking


@pytest.mark.parametrize("quantity", ["50", "60.000000", "500"])
def test_a_quantity_from_the_minimum_in_steps_up_to_the_stock_is_right(quantity: str) -> None:
    assert hints(draft_with(quantity=Decimal(quantity))) == []


def test_more_than_the_stock_is_possible_but_told() -> None:
    hint = only(draft_with(quantity=Decimal(510)))

    assert (hint.code, hint.field) == (HintCode.STOCK_SHORT, "lines[0].quantity")
    assert hint.suggestion == "500"
    assert not hint.is_blocking


@pytest.mark.parametrize(("available", "suggestion"), [("505", "500"), ("50", "50"), ("49", None), ("0", None)])
def test_only_a_quantity_that_may_be_ordered_is_suggested(available: str, suggestion: str | None) -> None:
    assert only(draft_with(quantity=Decimal(510), available=Decimal(available))).suggestion == suggestion


def test_what_is_made_to_order_is_never_short() -> None:
    assert hints(draft_with(quantity=Decimal(1_000_000), available=None)) == []


def test_a_withdrawn_product_has_to_go() -> None:
    hint = only(draft_with(is_offered=False))

    assert (hint.code, hint.field, hint.is_blocking) == (HintCode.PRODUCT_WITHDRAWN, "lines[0].productId", True)


def test_each_line_is_named_by_its_place() -> None:
    wrong = replace(LINE, quantity=Decimal(0))

    assert [hint.field for hint in hints(replace(GOOD, lines=(wrong, LINE, wrong)))] == [
        "lines[0].quantity",
        "lines[2].quantity",
    ]


def test_a_blocking_hint_becomes_the_fault_of_a_submission() -> None:
    hint = only(draft_with(quantity=Decimal(55)))

    assert hint.fault.path == hint.field
    assert str(hint.fault.fault) == hint.problem == "is not a multiple of 10"
    assert hint.fault.suggestion == "60"


def use(wanted: str) -> BudgetUse:
    """A budget of a hundred of which others hold forty."""
    return BudgetUse(Decimal(100), Decimal(40), Decimal(wanted))


def test_a_budget_that_is_enough_is_no_hint() -> None:
    assert hints(replace(GOOD, cost=DraftCost(True, "CNY", use("60")))) == []


@pytest.mark.parametrize("blocks", [True, False])
def test_a_budget_that_would_be_exceeded_is_told_by_how_much(blocks: bool) -> None:
    hint = only(replace(GOOD, cost=DraftCost(True, "CNY", use("60.01"), blocks)))

    assert (hint.code, hint.field, hint.is_blocking) == (HintCode.BUDGET_EXCEEDED, "costCentreId", blocks)
    assert hint.problem == "would be 0.01 CNY over its budget"


def test_without_a_budget_the_buyer_is_warned_and_a_closed_cost_centre_blocks() -> None:
    missing = only(replace(GOOD, cost=DraftCost(True, "CNY", None)))
    closed, _ = hints(replace(GOOD, cost=DraftCost(False, "CNY", None)))

    assert (missing.code, missing.is_blocking) == (HintCode.BUDGET_MISSING, False)
    assert (closed.code, closed.is_blocking) == (HintCode.COST_CENTRE_CLOSED, True)


def test_a_line_that_goes_elsewhere_is_dated_there() -> None:
    yesterday = TODAY - timedelta(days=1)
    draft = draft_with(requested_on=yesterday, today=yesterday, lead_time_days=0)
    assert hints(draft) == []
    assert only(draft_with(requested_on=yesterday, lead_time_days=0)).code is HintCode.DATE_PAST


def test_a_product_on_two_lines_is_pointed_at_and_holds_nobody_up() -> None:
    assert duplicates(["a", "b", "c"]) == []
    found = duplicates(["a", "b", "a", "a"])
    assert [(hint.code, hint.field, hint.is_blocking) for hint in found] == [
        (HintCode.PRODUCT_REPEATED, "lines[2].productId", False),
        (HintCode.PRODUCT_REPEATED, "lines[3].productId", False),
    ]
    assert found[0].problem.startswith("is on line 1, too")
