"""Every subscriber hears everything, whatever order they come in, and knows when the server was away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from broadcaster import Event
from redis.asyncio import Redis

from subscriptions.channels import Channels
from subscriptions.redis_backend import Gap, PublishFailed, RedisBackend
from tests.servers import Valkey, free_port
from tests.subscriptions.patience import until


@asynccontextmanager
async def make_channels(url: str) -> AsyncIterator[Channels]:
    channels = Channels(url)
    async with asyncio.timeout(30), channels:
        yield channels


class Crowd:
    """Subscribers of one room, and what each of them heard."""

    def __init__(self, channels: Channels, size: int) -> None:
        self.channels, self.heard = channels, [list[str]() for _ in range(size)]
        self.tasks: list[asyncio.Task[None]] = []

    async def gather(self, *, at_once: bool) -> None:
        """Return when all have joined."""
        joined = [asyncio.Event() for _ in self.heard]
        for place, seat in enumerate(joined):
            self.tasks.append(asyncio.create_task(self._listen(place, seat)))
            if not at_once:
                await seat.wait()
        await asyncio.gather(*(seat.wait() for seat in joined))

    async def _listen(self, place: int, seat: asyncio.Event) -> None:
        async with self.channels.subscribe("room") as subscriber:
            seat.set()
            while len(self.heard[place]) < 4:
                self.heard[place].append((await subscriber.get()).message)


@pytest.mark.parametrize("others_first", [False, True], ids=["first channel", "listener already running"])
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after another"])
@pytest.mark.parametrize("size", [1, 50])
async def test_every_subscriber_hears_every_message(
    broker_url: str, size: int, at_once: bool, others_first: bool
) -> None:
    async with make_channels(broker_url) as channels, AsyncExitStack() as keepers:
        for name in ("keep0", "keep1") if others_first else ():
            await keepers.enter_async_context(channels.subscribe(name))
        crowd = Crowd(channels, size)
        await crowd.gather(at_once=at_once)
        for number in range(4):
            await channels.publish("room", f"message {number}")
        await asyncio.gather(*crowd.tasks)
        assert crowd.heard == [[f"message {number}" for number in range(4)]] * size


async def test_who_joins_while_the_last_one_leaves_is_not_deaf(broker_url: str) -> None:
    async with make_channels(broker_url) as channels:
        for round_ in range(20):
            leaving = channels.subscribe("room")
            await leaving.__aenter__()
            crowd = Crowd(channels, 1)
            await asyncio.gather(leaving.__aexit__(None, None, None), crowd.gather(at_once=True))
            for _ in range(4):
                await channels.publish("room", str(round_))
            await asyncio.gather(*crowd.tasks)
            assert crowd.heard == [[str(round_)] * 4]


async def test_a_message_published_right_after_joining_is_heard(broker_url: str) -> None:
    async with make_channels(broker_url) as channels, channels.subscribe("room") as subscriber:
        await channels.publish("room", "hello")
        assert await subscriber.get() == Event("room", "hello")


async def test_who_left_hears_no_more_and_the_channel_is_forgotten(valkey: Valkey) -> None:
    async with make_channels(valkey.url) as channels:
        async with channels.subscribe("room"):
            pass
        async with Redis.from_url(valkey.url) as client:
            assert await client.publish("room", "anybody?") == 0


async def test_many_publish_at_once_and_a_long_message_arrives_whole(broker_url: str) -> None:
    long = "订" * 100_000
    async with make_channels(broker_url) as channels, channels.subscribe("room") as subscriber:
        await asyncio.gather(*(channels.publish("room", str(number)) for number in range(100)))
        await channels.publish("room", long)
        heard = [(await subscriber.get()).message for _ in range(101)]
    assert sorted(heard[:100], key=int) == [str(number) for number in range(100)]
    assert heard[100] == long


async def test_after_a_kill_and_restart_listeners_get_a_gap_and_then_the_messages(valkey: Valkey) -> None:
    async with (
        make_channels(valkey.url) as channels,
        channels.subscribe("room") as room,
        channels.subscribe("hall") as hall,
    ):
        await channels.publish("room", "before")
        assert await room.get() == Event("room", "before")
        for _ in range(3):
            valkey.stop()
            with pytest.raises(PublishFailed):
                await channels.publish("room", "nobody hears this")
            valkey.start()
            assert isinstance(await room.get(), Gap)
            assert isinstance(await hall.get(), Gap)
            assert channels.is_connected
            await channels.publish("room", "after")
            assert await room.get() == Event("room", "after")


async def test_a_connection_killed_by_the_server_is_replaced_and_the_gap_told(valkey: Valkey) -> None:
    async with make_channels(valkey.url) as channels, channels.subscribe("room") as room:
        async with Redis.from_url(valkey.url) as client:
            await client.client_kill_filter(_type="pubsub")
        assert isinstance(await room.get(), Gap)
        await channels.publish("room", "after")
        assert await room.get() == Event("room", "after")


async def test_a_server_that_is_down_at_the_start_is_found_later(valkey: Valkey) -> None:
    valkey.stop()
    async with make_channels(valkey.url) as channels, channels.subscribe("room") as room:
        before = channels.is_connected
        valkey.start()
        assert isinstance(await room.get(), Gap)
        assert (before, channels.is_connected) == (False, True)
        await channels.publish("room", "now")
        assert await room.get() == Event("room", "now")


async def test_one_may_join_and_leave_while_the_server_is_away(valkey: Valkey) -> None:
    async with make_channels(valkey.url) as channels, channels.subscribe("room") as room:
        valkey.stop()
        async with channels.subscribe("hall"):
            pass
        async with channels.subscribe("yard") as yard:
            valkey.start()
            assert isinstance(await room.get(), Gap)
            assert isinstance(await yard.get(), Gap)
            await channels.publish("yard", "after")
            assert await yard.get() == Event("yard", "after")


async def test_a_server_that_falls_silent_counts_as_gone(valkey: Valkey) -> None:
    backend = RedisBackend(valkey.url, silence=0.2)
    await backend.connect()
    listening = asyncio.create_task(backend.next_published())
    await backend.subscribe("room")
    async with Redis.from_url(valkey.url) as client:
        await client.client_pause(1000)
    await until(lambda: not backend.is_connected)
    assert isinstance(await asyncio.wait_for(listening, 20), Gap)
    await backend.disconnect()


async def test_a_quiet_server_that_answers_is_not_suspected(valkey: Valkey) -> None:
    backend = RedisBackend(valkey.url, silence=0.05)
    await backend.connect()
    listening = asyncio.create_task(backend.next_published())
    await backend.subscribe("room")
    await asyncio.sleep(0.5)
    await backend.publish("room", "hello")
    assert await asyncio.wait_for(listening, 5) == Event("room", "hello")
    await backend.disconnect()


async def test_bytes_that_are_no_text_do_not_kill_the_listener(valkey: Valkey) -> None:
    async with make_channels(valkey.url) as channels, channels.subscribe("room") as room:
        async with Redis.from_url(valkey.url) as client:
            await client.publish("room", b"\xff\xfe")
        await channels.publish("room", "fine")
        assert [(await room.get()).message for _ in range(2)] == ["\ufffd\ufffd", "fine"]


async def test_the_error_names_the_server_but_not_the_password() -> None:
    port = free_port()
    async with make_channels(f"valkey://me:secret@127.0.0.1:{port}") as channels:
        with pytest.raises(PublishFailed, match=f"127.0.0.1:{port}") as caught:
            await channels.publish("room", "hello")
        assert "secret" not in str(caught.value)


async def test_a_cancelled_publish_is_cancelled_at_whatever_moment(valkey: Valkey) -> None:
    async def publish() -> None:
        await backend.publish("room", "hello")

    for ticks in range(40):
        backend = RedisBackend(valkey.url)
        publishing = asyncio.create_task(publish())
        for _ in range(ticks):
            await asyncio.sleep(0.0001)
        was_cancelled = publishing.cancel()
        [outcome] = await asyncio.gather(publishing, return_exceptions=True)
        assert isinstance(outcome, asyncio.CancelledError) == was_cancelled
        await backend.disconnect()


async def test_of_many_who_join_at_once_each_hears_what_it_says_itself(broker_url: str) -> None:
    async def join_and_speak(name: str) -> None:
        async with channels.subscribe("room") as room:
            await channels.publish("room", name)
            while (await room.get()).message != name:
                pass

    async with make_channels(broker_url) as channels:
        await asyncio.gather(*(join_and_speak(str(number)) for number in range(50)))
