"""Passwords: hashed with argon2id, at most two at a time, never on the event loop (decision 0032)."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from rules.signing_in import normal_password

T = TypeVar("T")

# The second of the two parameter sets of RFC 9106 §4, as argon2-cffi ships it: 64 MiB, 3 passes, 4 lanes; some 0.1 s.
FULL_COST = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4),))
LOW_COST = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))

# Two threads are the limit itself: a crowd at the door queues here, with 128 MiB in use, and leaves the loop to everybody else.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_hasher = FULL_COST
# How many want it cheap at the moment: tasks that overlap need not end in the order in which they began.
_thrifty = 0


@dataclass(frozen=True)
class Fit:
    """Whether a password was right, and its new hash where the stored one is of an older cost."""

    is_right: bool
    rehashed: str | None = None


async def hashed(password: str) -> str:
    """The hash to store."""
    return await _aside(lambda: _hasher.hash(normal_password(password)))


async def fits(password: str, stored: str | None) -> Fit:
    """Whether the password belongs to the stored hash; without one (an unknown name) the same work is done for nothing."""
    if stored is None:
        await _aside(lambda: _hasher.verify(normal_password(password), _decoy(_hasher)))
        return Fit(is_right=False)
    return Fit(*await _aside(lambda: _hasher.verify_and_update(normal_password(password), stored)))


@contextmanager
def cheaply() -> Iterator[None]:
    """Hash at next to no cost while this lasts: for tests and demos, which make dozens of people."""
    global _hasher, _thrifty
    _hasher, _thrifty = LOW_COST, _thrifty + 1
    try:
        yield
    finally:
        _thrifty -= 1
        _hasher = LOW_COST if _thrifty else FULL_COST


@cache
def _decoy(hasher: PasswordHash) -> str:
    return hasher.hash("nobody has this one")


async def _aside(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
