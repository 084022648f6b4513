"""Well-formed nonsense, at each step just where the step is possible: it is refused in its own words or does what it says."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from graphql import GraphQLEnumType, get_named_type, is_non_null_type

from api.bounds import Limits
from api.embedded import EmbeddedPostgres
from api.operations import Operations
from api.schema import schema as shown_schema
from models import database
from models.base import new_id
from models.transaction import transact
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.ids import encode_id
from resolvers.request import Request
from services import passwords
from tests import servers
from tests.deep_queries import selection
from tests.plausible import leaves, mutations, plausible, put, spelled
from tests.steps import Step, possible_steps
from tests.tables import contents

SCHEMA = shown_schema._schema
OPERATIONS = Operations(shown_schema, Limits(tokens=20_000, aliases=2_000, cost=10**9, deadline=60.0))
"""With time enough on a machine that does other things besides: how long an answer takes, no test tells."""


def inside(braces: str) -> str:
    """What stands between the outer braces."""
    return braces[1:-1]


HOSTILE: dict[str, tuple[Any, ...]] = {
    "String": ("", " ", "x" * 4_001, "{0} {message} %s", "'; DROP TABLE event; --", "\u202e\ufeff", "🙂" * 40),
    "Decimal": ("-1", "0", "0.000001", "99999999999999.999999", "-99999999999999"),
    "Int": (-(2**31), -1, 0, 2**31 - 1),
    "Boolean": (True, False),
    "Date": ("0001-01-01", "9999-12-31"),
    "DateTime": ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2026-01-01T00:00:00-23:59"),
    "ID": ("", "%%%", "7", encode_id("Unit", new_id())),
}
# What was written must also be readable: every field of the success, two levels down.
READ = {
    name: inside(selection(SCHEMA, field, 2, only=f"{name[0].upper()}{name[1:]}Success"))
    for name, field in mutations(SCHEMA)
}
LARGE = {"Decimal": "1000000000000", "Int": 2**31 - 1}
"""As large as a single number may be, for all of them at once."""

EXACT = (
    "expectedVersion",
    "taxRate",
    "freightTaxRate",
    "paymentNetDays",
    "inspectionDays",
    "warrantyDays",
    "leadTimeDays",
)


class Undone(Exception):
    """Takes the answer out of a transaction that is not to remain."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer


@pytest.fixture(scope="module")
async def steps(postgres_server: EmbeddedPostgres, template: str) -> AsyncIterator[dict[str, Step]]:
    """Made once: whatever is tried is undone."""
    await database.connect(await servers.copied(postgres_server, template))
    try:
        with passwords.cheaply():
            yield await possible_steps()
    finally:
        await database.close()


async def tried(step: Step, name: str, type_: Any, given: Any) -> dict[str, Any]:
    """The answer to the mutation, all of whose effects are undone again."""
    query = (
        f"mutation ($input: {type_}) {{ {name}(input: $input) {{ __typename {READ[name]} "
        "... on Problem { code message ... on InvalidInputProblem { faults { field fault } } } } }"
    )

    async def ask() -> None:
        try:
            answer = await OPERATIONS.prepare(Request(query, None, {"input": given})).answer(Context(step.actor))
        except Refused as refused:
            raise Undone({"errors": [error.formatted for error in refused.errors]}) from None
        raise Undone(answer)

    with pytest.raises(Undone) as undone:
        await transact(ask)
    return undone.value.answer


def base(step: Step, type_: Any) -> Any:
    """An input with which the step succeeds."""
    given = plausible(type_, step.ids)
    for name, said in step.facts.items():
        fact = said() if callable(said) else said
        if name in given:
            given[name] = (
                [{**given[name][0], **fact[0]}]
                if isinstance(fact, list) and fact and isinstance(fact[0], dict)
                else fact
            )
    return given


def spoilt(type_: Any, given: Any) -> Iterator[tuple[str, Any]]:
    """Each leaf in turn something hostile, or left out where it may be; each list empty, doubled, and far too long."""
    for path, kind in leaves(type_):
        shown = SCHEMA.type_map[kind]
        for value in tuple(shown.values) if isinstance(shown, GraphQLEnumType) else HOSTILE[kind]:
            yield f"{spelled(path)} = {value!r:.40}", put(given, path[1:], value)
    yield "all numbers large", large(type_, given)
    for name, field in get_named_type(type_).fields.items():
        if not is_non_null_type(field.type):
            yield f"input.{name} = null", {**given, name: None}
        if isinstance(given[name], list):
            for times in (0, 2, 600, 5_001):
                yield f"input.{name} × {times}", {**given, name: given[name] * times}


def large(type_: Any, given: Any) -> Any:
    """The input with every amount and quantity as large as it may be alone."""
    for path, kind in leaves(type_):
        if kind in LARGE and path[-1] not in EXACT:
            given = put(given, path[1:], LARGE[kind])
    return given


async def test_every_step_would_succeed(steps: dict[str, Step]) -> None:
    """Else what follows would prove little."""
    assert steps.keys() == {name for name, _ in mutations(SCHEMA)}
    failed = {}
    for name, field in mutations(SCHEMA):
        type_ = field.args["input"].type
        answer = await tried(steps[name], name, type_, base(steps[name], type_))
        if not (answer.get("data") or {}).get(name, {}).get("__typename", "").endswith("Success"):
            failed[name] = answer
    assert failed == {}


async def test_nothing_that_is_sent_is_our_fault(steps: dict[str, Step]) -> None:
    """Success, a problem that is one of the step's, or INVALID_INPUT: never a masked bug, a timeout, an outage."""
    before = await contents()
    wrong, count = [], 0
    for name, field in mutations(SCHEMA):
        type_ = field.args["input"].type
        for what, given in spoilt(type_, base(steps[name], type_)):
            answer = await tried(steps[name], name, type_, given)
            codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
            if codes - {"INVALID_INPUT", "UNAUTHENTICATED"}:
                wrong.append((name, what, answer))
            result = (answer.get("data") or {}).get(name) or {}
            if not all(fault["field"].startswith("input.") for fault in result.get("faults", ())):
                wrong.append((name, what, answer))
            count += 1
    assert [(name, what, answer.get("errors")) for name, what, answer in wrong] == []
    assert count > 1_000
    assert await contents() == before
