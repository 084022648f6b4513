"""Connections that outlive a test: a new one reads the catalogue, and prepares each statement, all over again (decision 0004)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from models import driver


class LastingPool(driver.BoundedPool):
    """To whoever closes it, it is closed as soon as everything was given back; `end` closes it in fact."""

    async def close(self) -> None:
        """Wait until nobody holds a connection, and keep them all; how statements are carried out is planned anew, for other rows."""
        await asyncio.gather(*(holder.wait_until_released() for holder in self._holders))
        open_ = [holder._con for holder in self._holders if holder._con is not None and not holder._con.is_closed()]
        await asyncio.gather(*(connection.execute("DISCARD PLANS") for connection in open_))

    async def end(self) -> None:
        """Close every connection."""
        await super().close()

    @property
    def server_pids(self) -> list[int]:
        """Of the server's processes behind its connections."""
        return [holder._con.get_server_pid() for holder in self._holders if holder._con is not None]


@dataclass
class Pools:
    """One for each database that tests are connected to one after the other."""

    _by_url: dict[str, LastingPool] = field(default_factory=dict)

    @contextmanager
    def lasting(self) -> Iterator[None]:
        """Whoever connects within gets the pool of the one before, if there was one."""
        with patch.object(driver, "BoundedPool", self._made_or_kept):
            yield

    def server_pids(self, url: str) -> list[int]:
        """Who may stay connected to this database when a test is over."""
        kept = self._by_url.get(url)
        return kept.server_pids if kept is not None else []

    async def end(self) -> None:
        """Close all of them."""
        for kept in self._by_url.values():
            await kept.end()

    def _made_or_kept(self, url: str, **settings: Any) -> LastingPool:
        kept = self._by_url.get(url)
        if kept is None or kept.is_closing():  # a test that left a connection open has ended it
            kept = self._by_url[url] = LastingPool(url, **settings)
        return kept
