"""Every field beyond its limit is named at once, by its path in the schema."""

from decimal import Decimal
from typing import Annotated

import pytest
import strawberry
from graphql import GraphQLError

from resolvers.inputs import Items, Number, Text, check, page_size
from rules.problems import FieldFault, InvalidInput


@strawberry.input
class Line:
    """A line."""

    sku_code: Annotated[str, Text(2, 5, r"[A-Z0-9]+")]
    quantity: Annotated[Decimal, Number(above=0, most=1000, places=3)] = Decimal(1)


@strawberry.input
class Draft:
    """An input with everything in it."""

    title: Annotated[str, Text(1, 10)]
    note: Annotated[str | None, Text(0, 3)] = None
    maybe: strawberry.Maybe[Annotated[str, Text(1, 2)]] = None
    left_out: Annotated[str | None, Text(1, 2)] = strawberry.UNSET
    lines: Annotated[list[Line], Items(1, 2)] = strawberry.field(default_factory=lambda: [Line(sku_code="AB")])
    main: Line | None = None
    days: Annotated[int, Number(least=1, most=30)] = 7
    named: Annotated[str, Text(1, 2)] = strawberry.field(default="ab", name="called")


def faults(draft: Draft) -> dict[str, str]:
    """The faults by path."""
    with pytest.raises(InvalidInput) as refused:
        check(draft)
    return {fault.path: fault.fault for fault in refused.value.faults}


def test_an_input_within_its_limits_passes() -> None:
    check(Draft(title="x"))
    check(
        Draft(
            title="x" * 10, note="", maybe=strawberry.Some("ab"), main=Line(sku_code="ABCDE", quantity=Decimal("0.001"))
        )
    )


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u202e\ufeff", "\u3000\u00a0", "\ue000"])
def test_a_name_that_nobody_can_see_is_none(text: str) -> None:
    assert faults(Draft(title=text)) == {"input.title": "must not be empty"}
    check(Draft(title=f"{text}订", note=text))


def test_all_wrong_fields_are_named_at_once() -> None:
    bad = Line(sku_code="a", quantity=Decimal(0))
    wrong = Draft(
        title="  ",
        note="long",
        maybe=strawberry.Some("abc"),
        lines=[bad, Line(sku_code="ab!")],
        main=bad,
        days=31,
        named="",
    )
    assert faults(wrong) == {
        "input.title": "must not be empty",
        "input.note": "is longer than 3 characters",
        "input.maybe": "is longer than 2 characters",
        "input.lines[0].skuCode": "is shorter than 2 characters",
        "input.lines[0].quantity": "must be greater than 0",
        "input.lines[1].skuCode": "does not have the expected form",
        "input.main.skuCode": "is shorter than 2 characters",
        "input.main.quantity": "must be greater than 0",
        "input.days": "must be at most 30",
        "input.called": "must not be empty",
    }


@pytest.mark.parametrize(
    ("quantity", "fault"),
    [("1000.0001", "must be at most 1000"), ("0.0001", "has more than 3 decimals"), ("-1", "must be greater than 0")],
)
def test_numbers_have_bounds_and_places(quantity: str, fault: str) -> None:
    line = Line(sku_code="AB", quantity=Decimal(quantity))
    assert faults(Draft(title="x", lines=[line])) == {"input.lines[0].quantity": fault}


def test_lists_have_bounds() -> None:
    assert faults(Draft(title="x", lines=[])) == {"input.lines": "must not be empty"}
    assert faults(Draft(title="x", lines=[Line(sku_code="AB")] * 3)) == {"input.lines": "has more than 2 entries"}


def test_a_single_fault_is_a_value() -> None:
    with pytest.raises(InvalidInput) as refused:
        check(Draft(title="x", days=0), path="draft")
    assert refused.value.faults == (FieldFault("draft.days", "must be at least 1"),)


def test_a_page_has_between_one_and_a_hundred_entries() -> None:
    assert [page_size(first) for first in (None, 1, 100)] == [20, 1, 100]
    for first in (0, -1, 101, 2**31 - 1):
        with pytest.raises(GraphQLError) as refused:
            page_size(first)
        assert refused.value.extensions == {"code": "INVALID_INPUT", "field": "first"}
