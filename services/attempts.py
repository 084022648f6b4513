"""Guessing is slow: so many wrong tries for a name and from an address, then nothing is right for a while (decision 0032)."""

import hashlib
import math
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from models import SignInFailure
from models.transaction import transact
from rules.problems import SignInFailed
from rules.signing_in import TRIES_WINDOW, WRONG_TRIES
from services import clock

T = TypeVar("T")
Then = Callable[[], Awaitable[None]]
NAMELESS = ""
"""In place of a name, where only the address counts."""


async def must_be_open(name: str, address: str) -> None:
    """Refuse with SignInFailed while the name or the address has used up its tries."""
    until = await _paused_until(_digest(name), address)
    if until is not None:
        raise _refusal(until)


async def count(name: str, address: str) -> None:
    """Count a wrong try on its own, whatever becomes of the caller's transaction."""

    async def record() -> None:
        await SignInFailure.record(_digest(name), address, clock.now(), window=TRIES_WINDOW)

    await transact(record)


async def judge(name: str, address: str, is_right: bool, then: Callable[[], Awaitable[T]]) -> T:
    """What `then` does if the try was right and still counts; otherwise it is counted and SignInFailed raised, after the commit.

    A wrong try's row must outlive the refusal, so this never joins the caller's transaction. Tries of one name or address are judged
    one after the other: a hundred at once learn no more than a hundred in turn.
    """
    outcome = await transact(lambda: _judged(_digest(name), address, is_right, then))
    if isinstance(outcome, SignInFailed):
        raise outcome
    return outcome


async def _judged(name_sha256: str, address: str, is_right: bool, then: Callable[[], Awaitable[T]]) -> T | SignInFailed:
    await SignInFailure.lock(name_sha256, address)
    until = await _paused_until(name_sha256, address)
    if until is not None:
        return _refusal(until)
    if is_right:
        return await then()
    await SignInFailure.record(name_sha256, address, clock.now(), window=TRIES_WINDOW)
    return _refusal(await _paused_until(name_sha256, address))


async def _paused_until(name_sha256: str, address: str) -> datetime | None:
    return await SignInFailure.paused_until(name_sha256, address, clock.now(), limit=WRONG_TRIES, window=TRIES_WINDOW)


def _refusal(until: datetime | None) -> SignInFailed:
    wait = 0.0 if until is None else (until - clock.now()).total_seconds()
    return SignInFailed(max(1, math.ceil(wait)))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest() if name else NAMELESS
