"""The protocol of the socket: what is sent for what is asked, and which code ends what is wrong."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from api.bounds import Limits
from subscriptions.connection import SocketLimits
from tests.api.test_graphql_http import post
from tests.api.test_limits import ATTACKS
from tests.door import Door, open_door
from tests.subscriptions.clients import PROTOCOL, client


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """The shop, impatient."""
    limits = SocketLimits(initialisation=0.5, operations=3, sockets_per_token=2)
    async with open_door(Limits(deadline=0.5), limits, ("https://shop.example",)) as door:
        yield door


def subscribe(**payload: Any) -> dict[str, Any]:
    """A subscribe message."""
    return {"id": "1", "type": "subscribe", "payload": payload}


async def test_a_query_gets_its_answer_and_an_end(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await alice.ask("1", "query ($n: Int) { who page(first: $n) { nodes { id } } }", n=1)
        payload = {"data": {"who": "alice", "page": {"nodes": [{"id": 0}]}}, "extensions": {"cost": 2}}
        assert await alice.hear() == {"id": "1", "type": "next", "payload": payload}
        assert await alice.hear() == {"id": "1", "type": "complete"}


async def test_a_subscription_gets_each_event_until_its_end(door: Door) -> None:
    async with client(door) as stranger:
        await stranger.init()
        await stranger.ask("x", "subscription { count(to: 2) }")
        for number in range(2):
            assert await stranger.hear() == {"id": "x", "type": "next", "payload": {"data": {"count": number}}}
        assert await stranger.hear() == {"id": "x", "type": "complete"}


async def test_an_id_is_free_again_after_the_end(door: Door) -> None:
    async with client(door) as stranger:
        await stranger.init()
        for _ in range(3):
            await stranger.ask("1", "{ hello }")
            assert (await stranger.hear())["type"] == "next"
            assert (await stranger.hear())["type"] == "complete"


@pytest.mark.parametrize("name", ["Authorization", "authorization", "token"])
async def test_the_token_comes_with_the_first_message(door: Door, name: str) -> None:
    async with client(door) as alice:
        await alice.say({"type": "connection_init", "payload": {name: "alice"}})
        await alice.hear()
        await alice.ask("1", "{ who }")
        assert (await alice.hear())["payload"]["data"] == {"who": "alice"}


async def test_a_token_in_the_handshake_counts_too(door: Door) -> None:
    async with client(door, additional_headers={"Authorization": "Bearer alice"}) as alice:
        await alice.init()
        await alice.ask("1", "{ who }")
        assert (await alice.hear())["payload"]["data"] == {"who": "alice"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ hello", "SYNTAX_ERROR"),
        ("", "SYNTAX_ERROR"),
        ("{ nothing }", "VALIDATION_FAILED"),
        ("query A { hello } query B { hello }", "VALIDATION_FAILED"),
        ("query ($n: Int!) { page(first: $n) { total } }", "INVALID_INPUT"),
        ("{ page(first: 0) { total } }", "INVALID_INPUT"),
        ("{ page(first: 100) { nodes { page(first: 100) { nodes { id } } } } }", "LIMIT_EXCEEDED"),
        ("{ " + "hello " * 21 + "}", "LIMIT_EXCEEDED"),
        ("subscription { forbidden }", "UNAUTHENTICATED"),
        ("{ wait }", "TIMEOUT"),
    ],
)
async def test_what_http_refuses_is_refused_with_an_error_message(door: Door, query: str, code: str) -> None:
    async with client(door) as stranger:
        await stranger.init()
        await stranger.ask("1", query)
        message = await stranger.hear()
        assert (message["type"], message["id"]) == ("error", "1")
        assert [error["extensions"]["code"] for error in message["payload"]] == [code]
        await stranger.ask("1", "{ hello }")
        assert (await stranger.hear())["type"] == "next"


async def test_the_same_documents_are_refused_with_the_same_errors_as_over_http(door: Door) -> None:
    async with client(door) as stranger:
        await stranger.init()
        for attack in (text for text in ATTACKS.values() if len(text) < 60_000):
            await stranger.ask("1", attack)
            message = await stranger.hear()
            assert message["type"] == "error"
            answer = (await post(door, {"query": attack})).json()
            assert message["payload"] == answer["errors"]


MALFORMED = {
    "null": "null",
    "number": "1",
    "array": "[]",
    "string": '"ping"',
    "not json": "{",
    "empty": "",
    "deep": "[" * 5000,
    "no type": "{}",
    "type null": '{"type":null}',
    "type number": '{"type":1}',
    "unknown type": '{"type":"start"}',
    "a server's type": '{"type":"connection_ack"}',
    "ping string": '{"type":"ping","payload":"x"}',
    "ping null": '{"type":"ping","payload":null}',
    "pong array": '{"type":"pong","payload":[]}',
    "init array": '{"type":"connection_init","payload":[]}',
    "init string": '{"type":"connection_init","payload":"x"}',
    "id missing": json.dumps({"type": "subscribe", "payload": {"query": "{hello}"}}),
    "id number": json.dumps({**subscribe(query="{hello}"), "id": 1}),
    "id empty": json.dumps({**subscribe(query="{hello}"), "id": ""}),
    "id object": json.dumps({**subscribe(query="{hello}"), "id": {}}),
    "payload missing": '{"id":"1","type":"subscribe"}',
    "payload null": '{"id":"1","type":"subscribe","payload":null}',
    "payload array": '{"id":"1","type":"subscribe","payload":[]}',
    "payload string": '{"id":"1","type":"subscribe","payload":"{hello}"}',
    "query missing": json.dumps(subscribe()),
    "query number": json.dumps(subscribe(query=1)),
    "query null": json.dumps(subscribe(query=None)),
    "variables string": json.dumps(subscribe(query="{hello}", variables="{}")),
    "variables array": json.dumps(subscribe(query="{hello}", variables=[])),
    "operationName number": json.dumps(subscribe(query="{hello}", operationName=1)),
    "extensions string": json.dumps(subscribe(query="{hello}", extensions="x")),
    "complete without id": '{"type":"complete"}',
    "complete number": '{"type":"complete","id":1}',
    "surrogate": '{"type":"ping","payload":{"a":"\\ud800"}}',
    "not a number": '{"type":"ping","payload":{"a":NaN}}',
    "binary": b'{"type":"ping"}',
}


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("name", MALFORMED)
async def test_anything_malformed_closes_with_4400_at_once(door: Door, name: str, is_known: bool) -> None:
    async with client(door) as stranger:
        if is_known:
            await stranger.init()
        await stranger.say(MALFORMED[name])
        assert (await stranger.closed())[0] == 4400


async def test_a_ping_is_answered_with_what_it_carried_at_any_time(door: Door) -> None:
    async with client(door) as stranger:
        await stranger.say({"type": "ping"})
        assert await stranger.hear() == {"type": "pong"}
        await stranger.say({"type": "pong", "payload": {}})
        await stranger.init()
        await stranger.say({"type": "ping", "payload": {"a": [1]}})
        assert await stranger.hear() == {"type": "pong", "payload": {"a": [1]}}


async def test_nothing_is_run_before_the_introduction(door: Door) -> None:
    async with client(door) as stranger:
        await stranger.ask("1", "{ hello }")
        assert (await stranger.closed())[0] == 4401


async def test_one_introduces_oneself_once_and_soon(door: Door) -> None:
    async with client(door) as twice, client(door) as never:
        await twice.init()
        await twice.say({"type": "connection_init"})
        assert (await twice.closed())[0] == 4429
        assert (await never.closed())[0] == 4408


@pytest.mark.parametrize("payload", [{"token": "mallory"}, {"token": 5}, {"Authorization": "Bearer ä"}])
async def test_a_bad_token_is_refused(door: Door, payload: dict[str, Any]) -> None:
    async with client(door) as mallory:
        await mallory.say({"type": "connection_init", "payload": payload})
        assert (await mallory.closed())[0] == 4403


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",)])
async def test_only_the_one_protocol_is_spoken(door: Door, protocols: tuple[str, ...]) -> None:
    async with client(door, protocols=protocols) as old:
        assert (await old.closed())[0] == 4406
    async with client(door, protocols=("graphql-ws", PROTOCOL)) as both:
        assert both.socket.subprotocol == PROTOCOL


async def test_pages_of_other_origins_do_not_get_in(door: Door) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with client(door, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    for origin in ("https://shop.example", f"http://127.0.0.1:{door.port}"):
        async with client(door, origin=origin) as page:
            await page.init()


async def test_an_id_in_use_cannot_be_taken_again(door: Door) -> None:
    async with client(door) as stranger:
        await stranger.init()
        await stranger.ask("1", "subscription { happenings { number } }")
        await stranger.ask("1", "{ hello }")
        assert await stranger.closed() == (4409, "Subscriber for 1 already exists")


async def test_operations_messages_sizes_and_sockets_are_bounded(door: Door) -> None:
    async with client(door) as many, client(door) as fast, client(door) as big:
        await many.init("alice")
        for number in range(4):
            await many.ask(str(number), "subscription { happenings { number } }")
        assert (await many.closed())[0] == 4430
        for _ in range(door.socket.limits.burst + 60):
            await fast.say({"type": "pong"})
        assert (await fast.closed())[0] == 4431
        await big.say({"type": "ping", "payload": {"x": "x" * 65536}})
        assert (await big.closed())[0] == 1009
    async with client(door) as first, client(door) as second, client(door) as third:
        await first.init("alice")
        await second.init("alice")
        await third.say({"type": "connection_init", "payload": {"token": "alice"}})
        assert (await third.closed())[0] == 4433
    async with client(door) as again:
        await again.init("alice")
