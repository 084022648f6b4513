"""One execution of an event for all who subscribed to the same in the same role."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

CAPACITY = 512


class Fanout:
    """Remembers what the latest events look like to each audience.

    A tail hands the same event object to all its followers, each of which comes here with it at its own pace. The first
    one of an audience starts the execution, the others get its text. An audience is everything the text depends on
    besides the event: document, operation, variables, and the scope of the caller.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        # The event is kept beside its text: as long as it lives, no other object has its id().
        self._texts: OrderedDict[tuple[int, Hashable], tuple[object, asyncio.Task[str]]] = OrderedDict()

    async def text(self, event: object, audience: Hashable, show: Callable[[], Coroutine[Any, Any, str]]) -> str:
        """The event's text for the audience, made by `show` if nobody has asked before; raises what that raises."""
        place = (id(event), audience)
        known = self._texts.get(place)
        if known is None:
            # A task of its own, so that the first subscriber's leaving does not take the text from the others.
            known = self._texts[place] = (event, asyncio.create_task(show()))
            known[1].add_done_callback(_looked_at)
            self._forget_oldest()
        making = known[1]
        return making.result() if making.done() else await asyncio.shield(making)

    def _forget_oldest(self) -> None:
        while len(self._texts) > self._capacity:
            oldest, (_, making) = next(iter(self._texts.items()))
            if not making.done():
                return
            del self._texts[oldest]


def _looked_at(making: asyncio.Task[str]) -> None:
    """Whoever waits gets the exception; when nobody waits any more, asyncio need not complain."""
    if not making.cancelled():
        making.exception()
