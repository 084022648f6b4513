"""Looks an installation over and says in plain words what is wrong and what to do about it."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

import asyncpg
from packaging.requirements import Requirement
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.embedded import EmbeddedPostgres, provided
from api.listening import PortTaken, listen
from api.postgres_cluster import EmbeddedPostgresError
from api.settings import Settings
from models import database
from models.driver import OUTAGE
from models.migrate import pending
from models.server import server
from rules.problems import Unavailable

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRES = 150_000
EVERYONE = 0o077
PATIENCE = 5.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` is empty where nothing is to do."""

    what: str
    advice: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing is to do."""
        return not self.advice


def examine(settings: Settings) -> list[Finding]:
    """Every finding about this machine, these settings, the database and the broker; changes nothing."""
    looks: list[Callable[[Settings], Iterator[Finding]]] = [
        _python,
        _packages,
        _folder,
        _keys,
        _port,
        _demo,
        _database,
        _redis,
    ]
    return [finding for look in looks for finding in look(settings)]


def _python(settings: Settings) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info[:2] >= OLDEST_PYTHON
    yield Finding(f"Python {found}", "" if fine else "Use Python 3.11 or newer.")


def _packages(settings: Settings) -> Iterator[Finding]:
    wrong = [text for text in map(_mismatch, requires("dinghuo") or ()) if text]
    yield Finding(
        "Python packages", f"{'; '.join(wrong)}. Run `make run`, or install requirements.lock." if wrong else ""
    )


def _mismatch(line: str) -> str:
    wanted = Requirement(line)
    if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
        return ""
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    return (
        ""
        if wanted.specifier.contains(found, prereleases=True)
        else f"{wanted.name} {found} does not fit {wanted.specifier}"
    )


def _folder(settings: Settings) -> Iterator[Finding]:
    existing = next(
        folder for folder in (settings.data_dir.absolute(), *settings.data_dir.absolute().parents) if folder.exists()
    )
    fine = os.access(existing, os.W_OK | os.X_OK)
    yield Finding(
        f"Data folder {settings.data_dir}", "" if fine else f"{existing} cannot be written to; set DINGHUO_DATA_DIR."
    )


def _keys(settings: Settings) -> Iterator[Finding]:
    keys = sorted(path for pattern in ("*.key", "*key.json") for path in settings.data_dir.glob(pattern))
    if not keys:
        yield Finding("Key files: none yet, the first start makes them")
    for key in keys:
        fine = not key.stat().st_mode & EVERYONE
        yield Finding(f"Key file {key}", "" if fine else f"Others can read it; run: chmod 600 {key}")


def _port(settings: Settings) -> Iterator[Finding]:
    try:
        listen(settings.host, settings.port).close()
    except PortTaken as taken:
        yield Finding(f"Port {settings.port}", f"{taken} If that is Dinghuo itself, all is well.")
    else:
        yield Finding(f"Port {settings.port} is free")


def _demo(settings: Settings) -> Iterator[Finding]:
    if settings.demo:
        open_to_all = (
            f"Known passwords on {settings.host}, reachable from outside: unset DINGHUO_DEMO or listen on 127.0.0.1."
        )
        yield Finding("Demo mode", open_to_all if settings.is_public else "")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        if not settings.database_url and not _embedded_exists(settings):
            yield Finding("Database: none yet, the first start makes an embedded one")
            return
        with provided(settings, shared=True) as url:
            yield from asyncio.run(_questions(url))
    except EmbeddedPostgresError as trouble:
        yield Finding("Embedded database", str(trouble))
    except (*OUTAGE, OSError, Unavailable, asyncpg.PostgresError) as trouble:
        cause = trouble.__cause__ or trouble
        yield Finding(
            "Database",
            f"It cannot be reached ({cause}). Check DATABASE_URL, the server, its password and its firewall.",
        )


def _embedded_exists(settings: Settings) -> bool:
    return EmbeddedPostgres(home=settings.data_dir / "postgres").cluster.exists()


async def _questions(url: str) -> list[Finding]:
    async with asyncio.timeout(PATIENCE):
        await database.connect(url)
        try:
            found = await server()
            missing = await pending()
        finally:
            await database.close()
    return [
        Finding(
            f"PostgreSQL {found.version}", "" if found.number >= OLDEST_POSTGRES else "Use PostgreSQL 15 or newer."
        ),
        Finding(
            f"Encoding {found.encoding}",
            "" if found.encoding == "UTF8" else "Create the database with ENCODING 'UTF8'.",
        ),
        Finding(
            "Chinese counts as letters",
            "" if found.knows_letters else "Create the database with the locale C.UTF-8 (not C).",
        ),
        Finding("Migrations", f"{len(missing)} not applied yet; run `dinghuo migrate`." if missing else ""),
    ]


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        yield Finding("Redis: not set, and one process needs none")
        return
    try:
        asyncio.run(_ping(settings.redis_url))
    except (RedisError, OSError, ValueError, TimeoutError) as trouble:
        yield Finding("Redis", f"It cannot be reached ({trouble}). Check REDIS_URL and the server.")
    else:
        yield Finding("Redis answers")


async def _ping(url: str) -> None:
    async with asyncio.timeout(PATIENCE), Redis.from_url(url) as redis:
        await redis.ping()
