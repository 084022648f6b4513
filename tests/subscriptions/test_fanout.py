"""An event is made into text once for each audience, for as long as anybody wants it."""

import asyncio

import pytest

from subscriptions.fanout import Fanout


class Kitchen:
    """Makes texts, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self.open = asyncio.Event()

    async def show(self) -> str:
        """The next text, when the kitchen is open."""
        self.made += 1
        number = self.made
        await self.open.wait()
        return f"text {number}"


async def test_one_audience_one_text_and_another_audience_another() -> None:
    fanout, kitchen, event = Fanout(), Kitchen(), object()
    asking = [asyncio.create_task(fanout.text(event, audience, kitchen.show)) for audience in "aab"]
    await asyncio.sleep(0)
    kitchen.open.set()
    assert await asyncio.gather(*asking) == ["text 1", "text 1", "text 2"]
    assert await fanout.text(event, "a", kitchen.show) == "text 1"
    assert await fanout.text(object(), "a", kitchen.show) == "text 3"


async def test_the_first_one_leaving_does_not_take_the_text_from_the_others() -> None:
    fanout, kitchen, event = Fanout(), Kitchen(), object()
    first = asyncio.create_task(fanout.text(event, "a", kitchen.show))
    second = asyncio.create_task(fanout.text(event, "a", kitchen.show))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    kitchen.open.set()
    assert await second == "text 1"
    assert first.cancelled()


async def test_all_who_asked_learn_that_it_failed() -> None:
    async def fail() -> str:
        raise ValueError

    fanout, event = Fanout(), object()
    for _ in range(2):
        with pytest.raises(ValueError):  # noqa: PT011
            await fanout.text(event, "a", fail)


async def test_only_the_latest_texts_are_remembered_and_none_is_forgotten_while_it_is_made() -> None:
    fanout, kitchen = Fanout(capacity=2), Kitchen()
    events = [object() for _ in range(4)]
    asking = [asyncio.create_task(fanout.text(event, "a", kitchen.show)) for event in events]
    await asyncio.sleep(0)
    again = asyncio.create_task(fanout.text(events[0], "a", kitchen.show))
    kitchen.open.set()
    assert await asyncio.gather(*asking, again) == ["text 1", "text 2", "text 3", "text 4", "text 1"]
    assert await fanout.text(events[3], "a", kitchen.show) == "text 4"
    await fanout.text(object(), "a", kitchen.show)
    assert await fanout.text(events[0], "a", kitchen.show) != "text 1"
