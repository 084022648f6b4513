"""What a socket promises while it is open: every event is authorised and shown once, and nobody holds up the others."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from api.bounds import Limits
from rules.people import Actor
from subscriptions import wire
from subscriptions.closing import CloseCode
from subscriptions.connection import SocketLimits
from tests.door import Door, open_door
from tests.shop import Happening
from tests.subscriptions.clients import Client, client

WATCH = "subscription ($after: Int) { happenings(after: $after) { number timesShown } }"


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """The shop, which looks at its callers often."""
    async with open_door(socket_limits=SocketLimits(recheck=0.1, send=0.5)) as door:
        yield door


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it; the test's own time-out is the limit."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def watching(door: Door, *clients: Client, query: str = WATCH, **variables: Any) -> None:
    """All of them subscribed, and followed by the source."""
    before = len(door.shop.followers)
    for one in clients:
        await one.ask("w", query, **variables)
    await until(lambda: len(door.shop.followers) == before + len(clients))


async def test_an_event_is_shown_once_for_all_of_one_scope(door: Door) -> None:
    async with client(door) as alice, client(door) as bob, client(door) as rival:
        for one, name in ((alice, "alice"), (bob, "bob"), (rival, "rival")):
            await one.init(name)
        await watching(door, alice, rival, after=0)
        await watching(door, bob, after=5)
        door.shop.happen(Happening(6))
        seen = [(await one.hear())["payload"] for one in (alice, bob, rival)]
    assert (
        seen[0]
        == seen[1]
        == {"data": {"happenings": {"number": 6, "timesShown": seen[0]["data"]["happenings"]["timesShown"]}}}
    )
    assert seen[2]["data"]["happenings"]["timesShown"] != seen[0]["data"]["happenings"]["timesShown"]
    assert door.shop.shown == 2


async def test_another_document_or_variable_below_the_root_is_another_execution(door: Door) -> None:
    query = "subscription ($w: Boolean!) { happenings { number timesShown word @include(if: $w) } }"
    async with client(door) as alice, client(door) as bob:
        await alice.init("alice")
        await bob.init("alice")
        await watching(door, alice, query=query, w=True)
        await watching(door, bob, query=query, w=False)
        door.shop.happen(Happening(1))
        assert set((await alice.hear())["payload"]["data"]["happenings"]) == {"number", "timesShown", "word"}
        assert set((await bob.hear())["payload"]["data"]["happenings"]) == {"number", "timesShown"}
    assert door.shop.shown == 2


async def test_each_event_has_a_context_of_its_own(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await watching(door, alice, query="subscription { happenings { trace } }")
        door.shop.happen(Happening(1))
        door.shop.happen(Happening(2))
        traces = {(await alice.hear())["payload"]["data"]["happenings"]["trace"] for _ in range(2)}
    assert len(traces) == 2


async def test_after_complete_nothing_more_is_sent_and_the_source_is_left(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await watching(door, alice)
        await alice.say({"id": "w", "type": "complete"})
        await until(lambda: not door.shop.followers)
        await alice.say({"id": "never", "type": "complete"})
        await alice.ask("2", "{ hello }")
        assert (await alice.hear())["id"] == "2"


async def test_a_socket_that_goes_away_leaves_its_sources(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await watching(door, alice)
    await until(lambda: not door.shop.followers and not len(door.socket))


async def test_who_may_no_longer_listen_is_sent_away_although_nothing_happens(door: Door) -> None:
    async with client(door) as alice, client(door) as rival:
        await alice.init("alice")
        await rival.init("rival")
        await watching(door, alice, rival)
        del door.shop.people["alice"]
        assert (await alice.closed())[0] == 4403
        door.shop.happen(Happening(1))
        assert (await rival.hear())["type"] == "next"


async def test_whoever_may_do_other_things_than_before_has_to_come_again(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await watching(door, alice)
        door.shop.people["alice"] = Actor(company=UUID(int=77), name="alice")
        code, reason = await alice.closed()
    assert (code, "connect again" in reason) == (CloseCode.FORBIDDEN, True)


async def test_whoever_is_looked_at_again_and_is_the_same_goes_on(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await watching(door, alice)
        door.shop.people["alice"] = replace(door.shop.people["alice"], name="Alice")
        await asyncio.sleep(0.3)
        door.shop.happen(Happening(1))
        assert (await alice.hear())["payload"]["data"]["happenings"]["number"] == 1


async def test_while_nobody_can_tell_who_may_listen_events_wait(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await watching(door, alice)
        door.shop.is_down = True
        await asyncio.sleep(0.2)
        door.shop.happen(Happening(1))
        hearing = asyncio.create_task(alice.hear())
        await asyncio.sleep(0.3)
        assert not hearing.done()
        door.shop.is_down = False
        assert (await hearing)["payload"]["data"]["happenings"]["number"] == 1


async def test_a_mutation_outlives_its_complete_and_its_socket(door: Door) -> None:
    async with client(door) as alice:
        await alice.init("alice")
        await alice.ask("1", 'mutation { slowNote(text: "completed") }')
        await until(lambda: len(door.operations.running_mutations) == 1)
        await alice.say({"id": "1", "type": "complete"})
        await alice.ask("2", 'mutation { slowNote(text: "abandoned") }')
        await until(lambda: len(door.operations.running_mutations) == 2)
    await until(lambda: not len(door.socket))
    door.shop.go_on.set()
    await door.operations.finish_mutations()
    assert sorted(door.shop.notes) == ["abandoned", "completed"]


async def test_the_shutdown_sends_the_answers_under_way_and_then_says_goodbye(door: Door) -> None:
    async with client(door) as alice, client(door) as idle:
        await alice.init("alice")
        await idle.init()
        await watching(door, idle)
        await alice.ask("1", 'mutation { slowNote(text: "last") }')
        await until(lambda: len(door.operations.running_mutations) == 1)
        await door.stop()
        assert (await idle.closed())[0] == 1001
        await alice.ask("2", "{ hello }")
        refused = await alice.hear()
        assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("2", "UNAVAILABLE")
        door.shop.go_on.set()
        assert (await alice.hear())["payload"]["data"] == {"slowNote": "last"}
        assert (await alice.closed())[0] == 1001


async def test_who_does_not_read_is_dropped_and_the_others_get_everything(door: Door) -> None:
    query = "subscription { happenings { number word } }"
    async with client(door, max_queue=1) as idle, client(door) as alice:
        await idle.init()
        await alice.init("alice")
        await watching(door, idle, alice, query=query)
        for number in range(200):
            door.shop.happen(Happening(number, "x" * 50_000))
            assert (await alice.hear())["payload"]["data"]["happenings"]["number"] == number
        await until(lambda: len(door.socket) == 1)
        code, _ = await idle.closed()
    assert code == 4432


async def test_who_never_reads_again_leaves_nothing_behind(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "GRACE", 1.0)
    async with client(door, max_queue=1, close_timeout=0.1) as idle, client(door) as alice:
        await idle.init()
        await alice.init("alice")
        await watching(door, idle, query="subscription { happenings { word } }")
        for number in range(200):
            door.shop.happen(Happening(number, "x" * 50_000))
        await until(lambda: not door.shop.followers)
        await until(lambda: len(door.server.server_state.connections) == 1)
        await alice.ask("1", "{ hello }")
        assert (await alice.hear())["type"] == "next"


async def test_who_reads_to_the_end_after_all_is_not_thrown_out_as_well(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "GRACE", 1.0)
    async with client(door, max_queue=1) as idle:
        await idle.init()
        await watching(door, idle, query="subscription { happenings { word } }")
        for number in range(200):
            door.shop.happen(Happening(number, "x" * 50_000))
        await until(lambda: not door.shop.followers)
        assert (await idle.closed())[0] != 1006
        await until(lambda: not door.server.server_state.connections)
        await asyncio.sleep(1.1)  # what goes wrong in the loop meanwhile fails this test


async def test_an_event_that_cannot_be_shown_in_time_ends_its_subscription_and_no_other() -> None:
    async with open_door(Limits(deadline=0.2)) as door, client(door) as alice:
        await alice.init("alice")
        await watching(door, alice, query="subscription { happenings { slow } }")
        await alice.ask("2", "subscription { happenings { number } }")
        await until(lambda: len(door.shop.followers) == 2)
        door.shop.happen(Happening(1))
        first, second = sorted([await alice.hear(), await alice.hear()], key=lambda message: str(message["id"]))
        assert (first["id"], first["type"]) == ("2", "next")
        assert (second["type"], second["payload"][0]["extensions"]["code"]) == ("error", "TIMEOUT")


async def test_who_is_silent_is_gone() -> None:
    async with open_door(socket_limits=SocketLimits(ping=0.1, silence=0.4)) as door, client(door) as lively:
        await lively.init()
        async with client(door) as silent:
            await silent.init()
            await until(lambda: len(door.socket) == 2)
            listening = asyncio.create_task(lively.closed())
            await until(lambda: len(door.socket) == 1)
            assert await silent.socket.recv() == '{"type":"ping"}'
            await silent.socket.wait_closed()
            assert silent.socket.close_code == 4434
        assert not listening.done()
        listening.cancel()
