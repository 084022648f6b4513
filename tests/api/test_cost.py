"""The cost of an operation is known before it runs, and bounds how many objects it can return."""

from typing import Any

import pytest

from api.operations import Operations
from resolvers.errors import Refused
from resolvers.request import Request
from tests.shop import schema

OPERATIONS = Operations(schema)


def cost(query: str, **variables: Any) -> int:
    """The cost of a query with these variables."""
    return OPERATIONS.prepare(Request(query, None, variables)).cost


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ hello who }", {}, 0),
        ("{ page(first: 50) { total } }", {}, 1),
        ("{ page(first: 50) { nodes { id } } }", {}, 51),
        ("{ page { nodes { id } } }", {}, 21),
        ("query ($n: Int) { page(first: $n) { nodes { id } } }", {"n": 7}, 8),
        ("query ($n: Int) { page(first: $n) { nodes { id } } }", {}, 21),
        ("query ($n: Int) { page(first: $n) { nodes { id } } }", {"n": None}, 21),
        ("query ($n: Int = 3) { page(first: $n) { nodes { id } } }", {}, 4),
        ("{ page(first: 2) { nodes { entries { id } } } }", {}, 1 + 2 * (1 + 10)),
        ("{ page(first: 2) { nodes { quantity { value unit } } } }", {}, 3),
        ("{ page(first: 2) { nodes { page(first: 3) { nodes { id } } } } }", {}, 1 + 2 * (1 + 1 + 3)),
        ("{ ...A } fragment A on Query { page(first: 2) { ...B } } fragment B on Page { nodes { id } }", {}, 3),
        ("{ a: page(first: 2) { nodes { id } } b: page(first: 3) { nodes { id } } }", {}, 3 + 4),
        ("{ page(first: 2) { nodes { id } } page(first: 2) { nodes { id } } }", {}, 3),
    ],
)
def test_objects_are_counted_along_the_path(query: str, variables: dict[str, Any], expected: int) -> None:
    assert cost(query, **variables) == expected


def test_more_than_five_thousand_objects_are_refused_before_anything_runs() -> None:
    query = "query ($n: Int!) { page(first: 70) { nodes { page(first: $n) { nodes { id } } } } }"
    assert cost(query, n=69) == 4971
    with pytest.raises(Refused) as refused:
        cost(query, n=70)
    assert refused.value.errors[0].extensions == {
        "code": "LIMIT_EXCEEDED",
        "limit": "cost",
        "allowed": 5000,
        "found": 5041,
    }


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
def test_a_page_outside_its_bounds_is_refused_wherever_it_is_written(first: int) -> None:
    for query in (
        f"{{ page(first: {first}) {{ total }} }}",
        f"query ($n: Int = {first}) {{ page(first: $n) {{ nodes {{ id }} }} }}",
        f"{{ page(first: 1) {{ nodes {{ page(first: {first}) {{ nodes {{ id }} }} }} }} }}",
    ):
        with pytest.raises(Refused) as refused:
            cost(query)
        assert refused.value.errors[0].extensions == {"code": "INVALID_INPUT", "field": "first"}
