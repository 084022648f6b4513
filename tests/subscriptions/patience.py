"""Waiting for what another task or process brings about."""

import asyncio
from collections.abc import Callable


async def until(came_true: Callable[[], bool], *, at_most: float = 20) -> None:
    """Return once it is so; TimeoutError after `at_most` seconds, which only a broken promise uses up."""
    async with asyncio.timeout(at_most):
        while not came_true():  # what is waited for has no event of its own
            await asyncio.sleep(0.01)
