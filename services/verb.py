"""What makes a function a verb: permission first, one transaction, once per idempotency key, and word of it after the commit."""

import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import orjson

from models import IdempotencyKey
from models.base import Stored, new_id
from models.transaction import transact
from rules.people import Actor
from rules.permissions import OPEN
from rules.problems import KeyReused
from services import clock

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound=Stored)
Verb = Callable[Concatenate[Actor, P], Coroutine[Any, Any, T]]

# Called after each committed verb; the wiring connects it to the bell, so that the relay need not wait for its clock.
after_commit: list[Callable[[], Awaitable[None]]] = []


def verb(work: Verb[P, T]) -> Verb[P, T]:
    """Run the function in one transaction if the actor's roles, or the key's scopes, cover its name.

    A leading underscore does not count: `_invite_member` is the transaction of a verb that has something slow to do before it.
    """
    action = work.__name__.lstrip("_")

    @wraps(work)
    async def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
        actor.must(action)
        return await committed(lambda: work(actor, *args, **kwargs))

    return run


def open_to_strangers(work: Verb[P, T]) -> Verb[P, T]:
    """Run the function in one transaction whoever asks; its name must stand in `rules.people.OPEN`."""
    if work.__name__.lstrip("_") not in OPEN:
        raise ValueError(f"{work.__name__} is not open to strangers")

    @wraps(work)
    async def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await committed(lambda: work(actor, *args, **kwargs))

    return run


async def committed(work: Callable[[], Awaitable[T]]) -> T:
    """The work's answer, once it is committed and everybody was told."""
    answer = await transact(work)
    await tell()
    return answer


def _signed_in(actor: Actor, /, *_args: object, **_kwargs: object) -> UUID:
    return actor.member or actor.home


def creating(
    model: type[S], *, admit: Callable[[Any], Any] = verb, caller: Callable[..., UUID] = _signed_in
) -> Callable[[Verb[P, S]], Verb[P, S]]:
    """A verb that makes one row of `model`, once for each `idempotency_key` of the caller; a repeat gives the row back.

    `admit` says who may act; `caller`, given the verb's arguments, whose the key is: nobody is ever given what another made.
    An argument `found` is what was looked up for the request, and no part of it.
    """

    def decorate(work: Verb[P, S]) -> Verb[P, S]:
        @wraps(work)
        async def once(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> S:
            key = str(kwargs["idempotency_key"])
            said = {name: kwargs[name] for name in kwargs if name not in ("idempotency_key", "found")}
            asked = fingerprint(work.__name__, args, said)
            remembered = await _remember(caller(actor, *args, **kwargs), key, asked)
            if remembered.result_id is not None and (known := await model.get_or_none(id=remembered.result_id)):
                return known  # what was tidied away meanwhile, such as a file that nobody used, is made anew
            made = await work(actor, *args, **kwargs)
            remembered.result_id = made.id
            await remembered.save(update_fields=["result_id"])
            return made

        admitted: Verb[P, S] = admit(once)
        return admitted

    return decorate


async def _remember(caller: UUID, key: str, asked: str) -> IdempotencyKey:
    """The key's row; a concurrent request with the same key waits here for the first one's commit."""
    row = IdempotencyKey(id=new_id(), caller=caller, key=key, fingerprint=asked, created_at=clock.now())
    if await row.written():
        return row
    found = await IdempotencyKey.of(caller, key)
    if found.fingerprint != asked:
        raise KeyReused
    return found


def fingerprint(*request: object) -> str:
    """The SHA-256 of a request's canonical JSON."""
    return hashlib.sha256(orjson.dumps(request, default=_plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(value: object) -> Any:
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)


async def tell() -> None:
    """Say that something was committed."""
    for listener in after_commit:
        await listener()
