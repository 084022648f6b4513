"""What the demo made before, by the key it was made with."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from models.base import Stored
from models.idempotency import IdempotencyKey
from rules.people import Actor

S = TypeVar("S", bound=Stored)


async def once(model: type[S], actor: Actor, key: str, make: Callable[[], Awaitable[S]]) -> S:
    """What the actor made with this key, as it is now, or what `make` makes.

    Repeating the request would not do: on another day, or in a newer release, it says something else, and the key would be refused.
    """
    found = await IdempotencyKey.result_of(actor.member or actor.home, key)
    known = await model.get_or_none(id=found) if found else None
    return known or await make()
