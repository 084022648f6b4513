"""What the HTTP door promises: every answer has a code, none is a 500, and nothing half done is cut off."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2 as httpx
import pytest

from api.bounds import Limits
from api.negotiation import LEGACY, MODERN
from tests.door import Door, open_door
from tests.servers import NO_TLS

JSON = {"content-type": LEGACY}


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """The shop with a short deadline."""
    async with open_door(Limits(deadline=0.5), allowed_origins=("https://shop.example",)) as door:
        yield door


async def post(door: Door, body: Any = None, *, content: bytes | None = None, **headers: str) -> httpx.Response:
    """One request; `accept_language` becomes Accept-Language."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = json.dumps(body).encode() if content is None else content
    async with httpx.AsyncClient(verify=NO_TLS) as client:
        return await client.post(door.url, content=raw, headers={**JSON, **named})


def codes(response: httpx.Response) -> list[str]:
    """The codes of the answer's errors."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


async def test_a_query_is_answered_with_its_cost_and_never_cached(door: Door) -> None:
    response = await post(door, {"query": "{ hello page(first: 2) { nodes { id } } }"})
    assert response.status_code == 200
    assert response.json() == {
        "data": {"hello": "hello world", "page": {"nodes": [{"id": 0}, {"id": 1}]}},
        "extensions": {"cost": 3},
    }
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "server" not in response.headers


BODIES = {
    "null": b"null",
    "array": b'[{"query":"{hello}"}]',
    "string": b'"x"',
    "number": b"123",
    "true": b"true",
    "nothing": b"",
    "not json": b"{query}",
    "nan": b'{"query":"{hello}","variables":{"a":NaN}}',
    "no query": b"{}",
    "query null": b'{"query":null}',
    "query number": b'{"query":1}',
    "query array": b'{"query":["{hello}"]}',
    "variables string": b'{"query":"{hello}","variables":"{}"}',
    "variables array": b'{"query":"{hello}","variables":[]}',
    "operationName number": b'{"query":"{hello}","operationName":1}',
    "operationName object": b'{"query":"{hello}","operationName":{}}',
    "extensions string": b'{"query":"{hello}","extensions":"x"}',
    "deep": b"[" * 20_000,
    "deep variables": b'{"query":"{hello}","variables":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
    "long number": b'{"query":"{hello}","variables":{"a":' + b"9" * 6000 + b"}}",
    "surrogate": b'{"query":"{hello}","operationName":"\\ud800"}',
    "not utf-8": b'{"query":"{hello \xff}"}',
    "utf-16": '{"query":"{hello}"}'.encode("utf-16"),
    "bom": b"\xef\xbb\xbf" + b'{"query":"{hello}"}',
}


@pytest.mark.parametrize("accept", [LEGACY, MODERN])
@pytest.mark.parametrize("name", BODIES)
async def test_a_body_of_another_shape_is_malformed_and_never_our_fault(door: Door, name: str, accept: str) -> None:
    response = await post(door, content=BODIES[name], accept=accept)
    assert (response.status_code, codes(response)) == (400, ["MALFORMED_REQUEST"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ hello", "SYNTAX_ERROR"),
        ("", "SYNTAX_ERROR"),
        ("{ nothing }", "VALIDATION_FAILED"),
        ("query A { hello } query B { hello }", "VALIDATION_FAILED"),
        ("{ hello(name: 1) }", "INVALID_INPUT"),
        ("{ page(first: 0) { total } }", "INVALID_INPUT"),
        ("query ($n: Int!) { page(first: $n) { total } }", "INVALID_INPUT"),
        ("{ a: hello " * 40 + "}" * 40, "LIMIT_EXCEEDED"),
        ("subscription { count(to: 1) }", "MALFORMED_REQUEST"),
    ],
)
async def test_a_refused_document_is_200_for_json_and_400_for_graphql_response(
    door: Door, query: str, code: str
) -> None:
    for accept, status in ((LEGACY, 200), (MODERN, 400)):
        response = await post(door, {"query": query}, accept=accept)
        assert (response.status_code, codes(response)) == (status, [code])
        assert response.headers["content-type"] == f"{accept}; charset=utf-8"
        assert "data" not in response.json()


async def test_one_of_several_operations_has_to_be_named(door: Door) -> None:
    query = "query A { hello } query B { who }"
    assert codes(await post(door, {"query": query})) == ["VALIDATION_FAILED"]
    assert codes(await post(door, {"query": query, "operationName": "C"})) == ["VALIDATION_FAILED"]
    assert codes(await post(door, {"query": query, "operationName": ""})) == ["VALIDATION_FAILED"]
    response = await post(door, {"query": query, "operationName": "A"})
    assert response.json()["data"] == {"hello": "hello world"}


@pytest.mark.parametrize(
    "content_type",
    ["application/jsonx", "text/plain", "application/graphql", "multipart/form-data; boundary=x", "",
     "application/x-www-form-urlencoded", "application/json; charset=utf-16", "text/html, application/json"],
)  # fmt: skip
async def test_only_json_is_taken(door: Door, content_type: str) -> None:
    response = await post(door, {"query": "{ hello }"}, content_type=content_type)
    assert (response.status_code, codes(response)) == (415, ["MALFORMED_REQUEST"])


async def test_json_may_say_that_it_is_utf_8(door: Door) -> None:
    response = await post(door, {"query": "{ hello }"}, content_type="Application/JSON; charset=UTF-8")
    assert response.status_code == 200


async def test_a_compressed_body_is_refused(door: Door) -> None:
    body = gzip.compress(b'{"query":"{ hello }"}')
    response = await post(door, content=body, content_encoding="gzip")
    assert (response.status_code, codes(response)) == (415, ["MALFORMED_REQUEST"])


async def test_a_body_over_a_megabyte_is_refused_by_its_length_and_by_its_chunks(door: Door) -> None:
    body = json.dumps({"query": "{ hello }", "variables": {"x": "x" * 1024 * 1024}}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    async with httpx.AsyncClient() as client:
        for content in (body, chunks()):
            response = await client.post(door.url, content=content, headers=JSON)
            assert (response.status_code, codes(response)) == (413, ["LIMIT_EXCEEDED"])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_post_asks(door: Door, method: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.request(method, door.url, params={"query": "{ hello }"}, headers=JSON)
    assert (response.status_code, response.headers["allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize(
    ("accept", "answered"),
    [("*/*", LEGACY), ("application/*", LEGACY), (f"{MODERN}, {LEGACY};q=0.9", MODERN), (f"{MODERN};q=0.1, {LEGACY}", LEGACY),
     ("", LEGACY)],
)  # fmt: skip
async def test_the_answer_is_what_the_client_likes_best(door: Door, accept: str, answered: str) -> None:
    response = await post(door, {"query": "{ hello }"}, accept=accept)
    assert response.headers["content-type"] == f"{answered}; charset=utf-8"


async def test_what_nobody_can_read_is_not_sent(door: Door) -> None:
    for accept in ("text/html", f"{LEGACY};q=0"):
        assert (await post(door, {"query": "{ hello }"}, accept=accept)).status_code == 406


async def test_pages_of_other_origins_may_not_ask(door: Door) -> None:
    for origin in ("https://evil.example", "null", "http://[", "http://127.0.0.1:1"):
        response = await post(door, {"query": "{ hello }"}, origin=origin)
        assert (response.status_code, codes(response)) == (403, ["FORBIDDEN_ORIGIN"])
        assert "access-control-allow-origin" not in response.headers
    same_host = await post(door, {"query": "{ hello }"}, origin=f"http://127.0.0.1:{door.port}")
    assert same_host.status_code == 200
    allowed = await post(door, {"query": "{ hello }"}, origin="https://shop.example")
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"


async def test_a_browser_of_an_allowed_origin_may_ask_before_it_asks(door: Door) -> None:
    async with httpx.AsyncClient() as client:
        allowed = await client.options(door.url, headers={"origin": "https://shop.example"})
        foreign = await client.options(door.url, headers={"origin": "https://evil.example"})
    assert (allowed.status_code, allowed.headers["access-control-allow-methods"]) == (204, "POST")
    assert foreign.status_code == 403
