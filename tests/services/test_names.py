"""One name from the table to the client: what a step is called, its verb, its roles and its mutation are called as well."""

import ast

from graphql import build_schema
from strawberry.utils.str_converters import to_camel_case

from api.schema import sdl
from rules.lifecycle import STEPS, Side
from rules.permissions import BY_HTTP, MAY, OPEN
from tests.source import trees

CLOCK_ACTIONS = {step.action for step in STEPS if step.by == {Side.CLOCK}}
ORDER_ACTIONS = {step.action for step in STEPS} - CLOCK_ACTIONS
MAKERS = {"verb", "creating", "open_to_strangers"}
FUNCTIONS = [node for _, tree in trees("services") for node in tree.body if isinstance(node, ast.AsyncFunctionDef)]


def made_by(function: ast.AsyncFunctionDef) -> set[str]:
    """The decorators that make a function a verb."""
    given = {node.func if isinstance(node, ast.Call) else node for node in function.decorator_list}
    return {node.id for node in given if isinstance(node, ast.Name)} & MAKERS


def taken_steps() -> set[str]:
    """The steps that the code takes by name."""
    places = {"open_order": 1, "move": 1}
    calls = [node for _, tree in trees("services") for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [
        (call, places[call.func.id]) for call in calls if isinstance(call.func, ast.Name) and call.func.id in places
    ]
    taken = [call.args[place] for call, place in named if len(call.args) > place]
    return {step.value for step in taken if isinstance(step, ast.Constant) and isinstance(step.value, str)}


VERBS = {function.name.lstrip("_") for function in FUNCTIONS if made_by(function)}


def test_whoever_calls_a_verb_needs_a_role_unless_it_is_open_to_all() -> None:
    assert MAY.keys() == VERBS - OPEN


def test_only_what_is_open_to_all_is_made_open_to_strangers() -> None:
    open_verbs = [
        f.name.lstrip("_") for f in FUNCTIONS if any("open_to_strangers" in ast.dump(d) for d in f.decorator_list)
    ]

    assert set(open_verbs) <= OPEN
    assert "register_company" in open_verbs


def test_every_step_of_an_order_is_a_verb_of_its_name_and_every_step_taken_is_in_the_table() -> None:
    assert ORDER_ACTIONS <= VERBS
    assert taken_steps() <= ORDER_ACTIONS | CLOCK_ACTIONS
    assert len(taken_steps()) > 15


def test_what_the_clock_does_is_a_function_of_its_name_and_no_verb() -> None:
    assert {function.name for function in FUNCTIONS} >= CLOCK_ACTIONS
    assert CLOCK_ACTIONS.isdisjoint(VERBS)


def test_every_verb_is_told_by_one_sentence() -> None:
    assert [f.name for f in FUNCTIONS if not f.name.startswith("_") and not ast.get_docstring(f)] == []


def test_clients_call_a_step_by_its_own_name() -> None:
    mutation = build_schema(sdl()).mutation_type

    assert mutation is not None
    assert set(mutation.fields) == {to_camel_case(name) for name in (MAY.keys() | OPEN) - BY_HTTP}
