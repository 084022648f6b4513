"""Whether the process lives, and whether it can serve: what a load balancer and a person ask first."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from models import database
from models.driver import OUTAGE
from models.migrate import pending
from rules.problems import Unavailable

PATIENCE = 2.5
"""Seconds until readiness is answered with no; a load balancer is promised three."""

RETRY_AFTER = "2"
UNCACHED = {"cache-control": "no-store"}


@dataclass
class Health:
    """What is looked at; `facts` are only told, they decide nothing (without its bell the server still serves, just later)."""

    facts: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    _migrated: bool = field(default=False, init=False)

    async def database(self) -> str:
        """`ready`, `migrations pending` or `unreachable`."""
        try:
            async with asyncio.timeout(PATIENCE):
                if not await database.is_alive(PATIENCE):
                    return "unreachable"
                # Migrations only ever go forward, so one complete answer holds for the life of the process.
                self._migrated = self._migrated or not await pending()
        except (*OUTAGE, OSError, Unavailable):
            return "unreachable"
        return "ready" if self._migrated else "migrations pending"

    def routes(self) -> list[BaseRoute]:
        """`/health/live` and `/health/ready`, for GET and HEAD."""
        return [Route("/health/live", self._live), Route("/health/ready", self._ready)]

    async def _live(self, request: Request) -> JSONResponse:
        return JSONResponse({"status": "alive"}, headers=UNCACHED)

    async def _ready(self, request: Request) -> JSONResponse:
        state = await self.database()
        told = {"database": state, **{name: look() for name, look in self.facts.items()}}
        if state == "ready":
            return JSONResponse({"status": "ready", **told}, headers=UNCACHED)
        return JSONResponse({"status": "not ready", **told}, 503, headers={**UNCACHED, "retry-after": RETRY_AFTER})
