"""A fault is found exactly where graphql-core finds one, and named where it really is."""

import json
from typing import Any

import pytest
from graphql import GraphQLInputType, parse, parse_value, type_from_ast
from graphql.language import parse_type
from graphql.pyutils import Undefined
from graphql.utilities import coerce_input_literal, coerce_input_value
from hypothesis import given
from hypothesis import strategies as st

from resolvers.coercion import has_bad_text, literal_faults, text_faults, value_faults, variable_faults
from tests.shop import schema

SCHEMA = schema._schema
TEXTS = st.sampled_from(["", "x", "1.5", "1e5", "H87", "订货"])
LEAVES = st.none() | st.booleans() | st.integers(-3, 2**33) | st.floats(-2, 2) | TEXTS
NAMES = st.sampled_from(["text", "lines", "sku", "quantity", "value", "unit", "other"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
QUANTITIES = st.fixed_dictionaries({"value": TEXTS | LEAVES, "unit": TEXTS | LEAVES})
LINES = st.fixed_dictionaries({"sku": TEXTS | LEAVES}, optional={"quantity": QUANTITIES | VALUES, "other": LEAVES})
NOTES = st.fixed_dictionaries(
    {}, optional={"text": TEXTS | LEAVES, "lines": st.lists(LINES | VALUES, max_size=3) | LINES | VALUES}
)


def named(text: str) -> GraphQLInputType:
    """An input type of the shop."""
    found = type_from_ast(SCHEMA, parse_type(text))
    assert found is not None
    return found  # type: ignore[return-value]


NOTE = named("NoteInput!")


@given(NOTES | VALUES)
def test_a_value_has_a_fault_exactly_when_it_cannot_be_coerced(value: Any) -> None:
    assert bool(list(value_faults(value, NOTE, "input"))) == (coerce_input_value(value, NOTE) is Undefined)


@given(NOTES)
def test_a_literal_has_a_fault_exactly_when_it_cannot_be_coerced(value: Any) -> None:
    literal = parse_value(literal_of(value))
    assert bool(list(literal_faults(literal, NOTE, "input"))) == (coerce_input_literal(literal, NOTE) is Undefined)


def literal_of(value: Any) -> str:
    """A JSON value as GraphQL writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal_of(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal_of, value)) + "]"
    return json.dumps(value)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("mutation ($x: NoteInput!) { note(input: $x) { __typename } }", "input.text"),
        ("mutation ($x: String!) { note(input: {text: $x}) { __typename } }", "input.text"),
        ("mutation ($x: String!) { note(input: {text: \"a\", lines: [{sku: \"b\", quantity: {value: \"1\", unit: $x}}]}) { __typename } }",
         "input.lines[0].quantity.unit"),
        ("query ($x: String!) { hello }", "x"),
    ],
)  # fmt: skip
def test_a_variable_is_named_by_the_argument_it_fills(query: str, path: str) -> None:
    document = parse(query)
    variables = {"x": {"text": 5}} if "NoteInput" in query else {"x": 5}
    [(found, _)] = variable_faults(SCHEMA, document, document.definitions[0], variables)  # type: ignore[arg-type]
    assert found == path


def test_a_value_nested_without_end_is_a_fault_too() -> None:
    deep: Any = {"text": "x", "lines": []}
    for _ in range(3000):
        deep = [deep]
    document = parse("mutation ($x: NoteInput!) { note(input: $x) { __typename } }")
    assert list(variable_faults(SCHEMA, document, document.definitions[0], {"x": deep}))  # type: ignore[arg-type]


def test_forbidden_text_is_found_however_deep() -> None:
    document = parse("mutation ($x: NoteInput!) { note(input: $x) { __typename } }")
    variables = {"x": {"text": "fine", "lines": [{"sku": "a"}, {"sku": "b\x00"}]}, "unused": ["\x1b"]}
    assert has_bad_text(variables)
    assert dict(text_faults(document, variables)).keys() == {"input.lines[1].sku", "unused[0]"}
    assert not has_bad_text({"x": {"text": "fine", "n": 1, "b": None}})
