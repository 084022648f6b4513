"""Several people who act at the same moment."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from models.database import pool
from rules.problems import Problem

T = TypeVar("T")


async def at_once(*work: Awaitable[T]) -> tuple[list[T], list[Problem]]:
    """What became of verbs that run at the same time: those that were done, and the refusals of the others.

    Each has an open connection to start on; while one waited for its own to be made, another would be through.
    """
    await asyncio.gather(*(pool().fetchval("SELECT 1 FROM pg_sleep(0.05)") for _ in work))
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    done: list[T] = []
    refused: list[Problem] = []
    for outcome in outcomes:
        if isinstance(outcome, Problem):
            refused.append(outcome)
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            done.append(outcome)
    return done, refused
