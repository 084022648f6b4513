"""A ring reaches whoever waits for its key, in every process; it never troubles the one who rings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from subscriptions.bell import CHANNEL, EVERYONE, MOST_KEYS, Bell, Wake
from tests.servers import Valkey
from tests.subscriptions.patience import until

LONG = 20.0
"""Seconds nobody waits unless a ring got lost."""


@asynccontextmanager
async def make_bell(url: str = "memory://") -> AsyncIterator[Bell]:
    bell = Bell(url)
    await bell.start()
    try:
        yield bell
    finally:
        await bell.stop()


@asynccontextmanager
async def waiting(bell: Bell, *keys: str) -> AsyncIterator[Wake]:
    """A waiter that has taken its first look."""
    async with bell.wakes(*keys) as wake:
        assert await wake.heard(LONG) == frozenset(keys)
        yield wake


async def test_a_ring_wakes_the_waiters_of_its_key_and_no_others(broker_url: str) -> None:
    async with make_bell(broker_url) as bell, AsyncExitStack() as waiters:
        a, both, c = [await waiters.enter_async_context(waiting(bell, *keys)) for keys in ("a", "ab", "c")]
        await bell.ring(["a", "b", "unknown"])
        assert await a.heard(LONG) == {"a"}
        assert await both.heard(LONG) == {"a", "b"}
        assert await c.heard(0) == frozenset()


async def test_a_ring_is_heard_in_the_other_process(valkey: Valkey) -> None:
    async with make_bell(valkey.url) as here, make_bell(valkey.url) as there, waiting(there, "a") as wake:
        await here.ring(["a"])
        assert await wake.heard(LONG) == {"a"}


async def test_a_ring_before_anyone_waits_is_made_up_by_the_first_look() -> None:
    async with make_bell() as bell:
        await bell.ring(["a"])
        async with bell.wakes("a") as wake:
            assert await wake.heard(LONG) == {"a"}


async def test_a_ring_between_two_looks_is_remembered(broker_url: str) -> None:
    async with make_bell(broker_url) as bell, waiting(bell, "a") as wake, waiting(bell, "a") as other:
        await bell.ring(["a"])
        assert await other.heard(LONG) == {"a"}
        assert await wake.heard(0) == {"a"}
        assert await wake.heard(0) == frozenset()


async def test_a_wake_hears_keys_it_takes_up_later_and_not_those_it_forgot() -> None:
    async with make_bell() as bell, waiting(bell, "a") as wake:
        wake.listen_to("b")
        wake.forget("a")
        await bell.ring(["a", "b"])
        assert await wake.heard(LONG) == {"b"}


async def test_rings_of_one_moment_travel_together(valkey: Valkey) -> None:
    async with make_bell(valkey.url) as bell, Redis.from_url(valkey.url) as client, client.pubsub() as line:
        await line.subscribe(CHANNEL)
        for number in range(1000):
            await bell.ring([f"key {number % 3}"])
        await asyncio.sleep(0)
        await bell.ring(["later"])
        heard = [await _next_message(line), await _next_message(line)]
    assert heard == [b'["key 0","key 1","key 2"]', b'["later"]']


async def _next_message(line: PubSub) -> bytes:
    while True:
        message = await line.get_message(ignore_subscribe_messages=True, timeout=LONG)
        if message:
            return bytes(message["data"])


async def test_too_many_keys_become_a_ring_for_everyone() -> None:
    async with make_bell() as bell, waiting(bell, "not rung") as wake:
        await bell.ring(str(number) for number in range(MOST_KEYS))
        await asyncio.sleep(0.01)
        assert await wake.heard(0) == frozenset()
        await bell.ring(str(number) for number in range(MOST_KEYS + 1))
        assert await wake.heard(LONG) == {"not rung"}


async def test_a_waiter_that_left_is_forgotten() -> None:
    async with make_bell() as bell:
        async with bell.wakes("a") as wake, waiting(bell, "a") as other:
            pass
        leaving = asyncio.create_task(_wait_for_ever(bell))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        assert not bell._wakes
        await bell.ring(["a"])
        assert await wake.heard(0) == {"a"}, "what it had not looked at yet"
        assert await other.heard(0.01) == frozenset()


async def _wait_for_ever(bell: Bell) -> None:
    async with waiting(bell, "a") as wake:
        await wake.heard(3600)


async def test_ringing_never_raises_nor_waits_while_the_broker_is_down_and_this_process_hears_itself(
    valkey: Valkey,
) -> None:
    async with make_bell(valkey.url) as bell, waiting(bell, "a") as wake:
        valkey.stop()
        await bell.ring(["a"])
        assert await wake.heard(LONG) == {"a"}
        assert bell.failures == 1
        await until(lambda: not bell.is_connected)


async def test_after_a_restart_of_the_broker_everybody_is_woken_and_rings_go_on(valkey: Valkey) -> None:
    async with make_bell(valkey.url) as here, make_bell(valkey.url) as there, AsyncExitStack() as waiters:
        wakes = [await waiters.enter_async_context(waiting(there, key)) for key in ("a", "b")]
        valkey.stop()
        await here.ring(["a"])
        valkey.start()
        assert [await wake.heard(LONG) for wake in wakes] == [{"a"}, {"b"}]
        await until(lambda: here.is_connected and there.is_connected)
        await here.ring(["b"])
        assert await wakes[1].heard(LONG) == {"b"}


async def test_a_broker_that_is_down_at_the_start_is_found_later(valkey: Valkey) -> None:
    valkey.stop()
    async with make_bell(valkey.url) as bell, waiting(bell, "a") as wake:
        before = bell.is_connected
        valkey.start()
        assert await wake.heard(LONG) == {"a"}
        assert (before, bell.is_connected) == (False, True)


@pytest.mark.parametrize("nonsense", ["", "no json", "17", '{"a": 1}', "[1]", "\ufffd"])
async def test_nonsense_on_the_channel_wakes_everyone_and_kills_nobody(valkey: Valkey, nonsense: str) -> None:
    async with make_bell(valkey.url) as bell, waiting(bell, "a") as wake, Redis.from_url(valkey.url) as client:
        await client.publish(CHANNEL, nonsense)
        assert await wake.heard(LONG) == {"a"}
        await bell.ring(["a"])
        assert await wake.heard(LONG) == {"a"}


async def test_a_stopped_bell_is_not_connected_and_may_start_again(broker_url: str) -> None:
    bell = Bell(broker_url)
    states = [bell.is_connected]
    for _ in range(2):
        await bell.start()
        async with waiting(bell, "a") as wake:
            await bell.ring(["a"])
            assert await wake.heard(LONG) == {"a"}
        states.append(bell.is_connected)
        await bell.stop()
        await bell.ring(["a"])
        states.append(bell.is_connected)
    assert states == [False, True, False, True, False]


async def test_everyone_is_a_key_too() -> None:
    async with make_bell() as bell, waiting(bell, "a", "b") as wake:
        await bell.ring([EVERYONE])
        assert await wake.heard(LONG) == {"a", "b"}
