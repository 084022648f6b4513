"""What an operation promises: masked bugs, a deadline, and mutations that nobody cuts off."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import httpx2 as httpx
import pytest
import structlog

from api.bounds import Limits
from api.negotiation import LEGACY, MODERN
from tests.api.test_graphql_http import JSON, codes, post
from tests.door import Door, open_door


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """The shop with a short deadline."""
    async with open_door(Limits(deadline=0.3)) as door:
        yield door


async def test_a_bug_is_logged_and_shown_only_by_its_trace(door: Door) -> None:
    with structlog.testing.capture_logs() as logs:
        response = await post(door, {"query": "{ hello crash }"})
    answer = response.json()
    [error] = answer["errors"]
    assert response.status_code == 200
    assert answer["data"] == {"hello": "hello world", "crash": None}
    assert (error["extensions"]["code"], error["path"]) == ("INTERNAL", ["crash"])
    assert "password" not in response.text
    [logged] = [entry for entry in logs if entry["event"] == "resolver crashed"]
    assert logged["trace_id"] == error["extensions"]["traceId"]
    assert "password" in str(logged["exc_info"])


async def test_a_bug_before_the_operation_is_masked_too(door: Door) -> None:
    door.shop.people = None  # type: ignore[assignment]
    response = await post(door, {"query": "{ hello }"}, authorization="Bearer alice")
    assert (response.status_code, codes(response)) == (500, ["INTERNAL"])
    assert "NoneType" not in response.text


async def test_a_good_token_is_somebody_none_is_a_stranger_and_a_bad_one_is_refused(door: Door) -> None:
    known = await post(door, {"query": "{ who }"}, authorization="Bearer alice")
    stranger = await post(door, {"query": "{ who }"})
    refused = await post(door, {"query": "{ who }"}, authorization="Bearer mallory")
    assert known.json()["data"] == {"who": "alice"}
    assert stranger.json()["data"] == {"who": ""}
    assert (refused.status_code, codes(refused)) == (401, ["UNAUTHENTICATED"])
    assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_field_for_members_tells_a_stranger_to_sign_in(door: Door) -> None:
    response = await post(door, {"query": "{ membersOnly }"}, accept_language="zh-CN")
    assert (response.status_code, codes(response)) == (200, ["UNAUTHENTICATED"])
    known = await post(door, {"query": "{ membersOnly }"}, authorization="Bearer alice")
    assert known.json()["data"] == {"membersOnly": str(UUID(int=1))}


@pytest.mark.parametrize("accept", [LEGACY, MODERN])
async def test_while_something_is_away_the_client_learns_when_to_come_back(door: Door, accept: str) -> None:
    field = await post(door, {"query": "{ away }"}, accept=accept)
    assert (field.status_code, field.headers["retry-after"], codes(field)) == (503, "3", ["UNAVAILABLE"])
    door.shop.is_down = True
    whole = await post(door, {"query": "{ hello }"}, accept=accept)
    assert (whole.status_code, whole.headers["retry-after"], codes(whole)) == (503, "7", ["UNAVAILABLE"])


async def test_a_query_past_its_deadline_is_stopped_and_says_so(door: Door) -> None:
    for accept, status in ((LEGACY, 200), (MODERN, 503)):
        response = await post(door, {"query": "{ wait }"}, accept=accept)
        assert (response.status_code, codes(response)) == (status, ["TIMEOUT"])
    door.shop.go_on.set()
    assert (await post(door, {"query": "{ wait }"})).json()["data"] == {"wait": "done"}


async def test_a_mutation_past_its_deadline_goes_on(door: Door) -> None:
    response = await post(door, {"query": 'mutation { slowNote(text: "late") }'})
    assert codes(response) == ["TIMEOUT"]
    assert door.shop.notes == []
    door.shop.go_on.set()
    await door.operations.finish_mutations()
    assert door.shop.notes == ["late"]


async def test_a_mutation_whose_client_is_gone_goes_on(door: Door) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.TimeoutException):
            await client.post(
                door.url, json={"query": 'mutation { slowNote(text: "gone") }'}, headers=JSON, timeout=0.1
            )
    door.shop.go_on.set()
    await door.operations.finish_mutations()
    assert door.shop.notes == ["gone"]


async def test_the_shutdown_waits_for_running_mutations() -> None:
    async with open_door() as door:
        asking = asyncio.create_task(post(door, {"query": 'mutation { slowNote(text: "last") }'}))
        while not door.operations.running_mutations:
            await asyncio.sleep(0.01)
        await door.stop()
        door.shop.go_on.set()
        assert (await asking).json()["data"] == {"slowNote": "last"}


async def test_a_refusal_is_a_member_of_the_union(door: Door) -> None:
    query = "mutation ($t: String!) { note(input: {text: $t}) { __typename ... on NotAllowedProblem { code action } } }"
    refused = await post(door, {"query": query, "variables": {"t": "forbidden"}})
    assert refused.json()["data"] == {
        "note": {"__typename": "NotAllowedProblem", "code": "NOT_ALLOWED", "action": "note"}
    }
    accepted = await post(door, {"query": query, "variables": {"t": "fine"}})
    assert accepted.json()["data"] == {"note": {"__typename": "NoteSuccess"}}
    assert door.shop.notes == ["fine"]


LINE = '{sku: "a", quantity: {value: %s, unit: "H87"}}'
NOTE = "mutation ($in: NoteInput!) { note(input: $in) { __typename } }"
GOOD = {"sku": "a", "quantity": {"value": "1", "unit": "H87"}}


@pytest.mark.parametrize(
    ("query", "variables", "field"),
    [
        (NOTE, {"in": {"text": "x", "lines": [GOOD, {**GOOD, "quantity": {"value": 1.5, "unit": "H87"}}]}},
         "input.lines[1].quantity.value"),
        (NOTE, {"in": {"text": "x", "lines": [{"sku": "a"}]}}, "input.lines[0].quantity"),
        (NOTE, {"in": {"text": "x", "lines": [{**GOOD, "colour": 1}]}}, "input.lines[0].colour"),
        (NOTE, {"in": {"text": "x\x00"}}, "input.text"),
        (NOTE, {"in": {"text": "x" * 10_001}}, "input.text"),
        (NOTE, {"in": {"text": "x", "lines": GOOD | {"sku": "\x1b"}}}, "input.lines.sku"),
        (NOTE, {"in": None}, "input"),
        (NOTE, {}, "input"),
        (NOTE, {"in": "text"}, "input"),
        ('mutation ($s: String!) { note(input: {text: $s}) { __typename } }', {"s": 3}, "input.text"),
        ('mutation { note(input: {text: "x", lines: [%s]}) { __typename } }' % (LINE % "1.5"), {},
         "input.lines[0].quantity.value"),
        ('mutation { note(input: {text: "x", lines: [%s]}) { __typename } }' % (LINE % '"1e400"'), {},
         "input.lines[0].quantity.value"),
        ('mutation { note(input: {lines: []}) { __typename } }', {}, "input.text"),
        ('mutation { note(input: {text: "a\\u0000"}) { __typename } }', {}, "input.text"),
        ("query ($n: Int) { page(first: $n) { total } }", {"n": 101}, "first"),
        ("query ($n: Int) { page(first: $n) { total } }", {"n": "x"}, "first"),
        ("query ($n: Int) { page(first: $n) { total } }", {"n": 2**40}, "first"),
        ("query ($n: Int = -1) { page(first: $n) { total } }", {}, "first"),
        ("query ($name: String = \"x\") { hello(name: $name) }", {"name": None}, None),
    ],
)  # fmt: skip
async def test_a_value_that_does_not_fit_is_named_by_its_path(
    door: Door, query: str, variables: dict[str, object], field: str | None
) -> None:
    response = await post(door, {"query": query, "variables": variables})
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"].get("field") == field
    assert door.shop.notes == []
