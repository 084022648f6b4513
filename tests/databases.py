"""Migrated, empty databases for one test after the other: made once, emptied in between (docs/decisions/0004)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import asyncpg

from api.embedded import EmbeddedPostgres
from models.migrate import migrate

TEMPLATE = "migrated"
MOST_ROWS = 5_000
"""A database in which a test left more is thrown away: what was deleted still stands in its files."""

_SHAPE = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT string_agg(conname, ',' ORDER BY oid) FROM pg_constraint),
           (SELECT string_agg(attname::text || atttypid::text || attnotnull::text, ',' ORDER BY attrelid, attnum) FROM pg_attribute
            WHERE attrelid >= 16384),
           (SELECT string_agg(tgname::text || tgenabled::text, ',' ORDER BY oid) FROM pg_trigger),
           (SELECT string_agg(prosrc, ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
           (SELECT count(*) FROM tortoise_migrations)
"""
_OTHERS = """
    SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL($1::int[]) AND backend_type = 'client backend'
"""
# Without triggers: some forbid deleting, and those of foreign keys would want an order. For the whole session, since setting it throws away
# whatever was planned, and planning takes ten times as long as looking into each table.
_CLEANER = {"session_replication_role": "replica"}
_ASKS_WHAT_IS_THERE = """
    SELECT string_agg(format('SELECT %L WHERE EXISTS (SELECT FROM %s)', oid::regclass, oid::regclass), ' UNION ALL ') FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'tortoise_migrations'
"""
_EMPTY = """
DO $$
DECLARE
    name text;
    deleted bigint;
    total bigint := 0;
BEGIN
    FOREACH name IN ARRAY '{%s}'::text[] LOOP
        EXECUTE 'DELETE FROM ' || name;
        GET DIAGNOSTICS deleted = ROW_COUNT;
        total := total + deleted;
    END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
    PERFORM set_config('tests.deleted', total::text, false);
END $$
"""


async def beside_all(server: EmbeddedPostgres, statement: str) -> None:
    """Execute one statement beside all databases, such as CREATE DATABASE."""
    connection = await asyncpg.connect(server.url_of("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def make_template(server: EmbeddedPostgres) -> None:
    """Make the one that is migrated and empty, never written to, only copied."""
    await beside_all(server, f"CREATE DATABASE {TEMPLATE}")
    await migrate(server.url_of(TEMPLATE))


async def copied(server: EmbeddedPostgres, template: str) -> str:
    """The name of a new copy of the database, gone with the server."""
    name = f"test_{uuid4().hex}"
    # Copying files is several times as fast as the default, which writes each page into the log.
    await beside_all(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


async def dropped(server: EmbeddedPostgres, name: str) -> None:
    """Throw the database away, whoever is connected."""
    await beside_all(server, f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Databases:
    """Databases of one server that look like `template` does."""

    server: EmbeddedPostgres
    template: str
    _shape: object = None
    _what_is_there: str = ""
    _free: list[str] = field(default_factory=list)
    # Each is emptied by one who has done it before: whoever comes anew reads half the catalogue first.
    _cleaners: dict[str, asyncpg.Connection] = field(default_factory=dict)

    async def take(self) -> str:
        """The name of one that nobody else has."""
        if not self._free:
            # Emptied like every later one: it begins with what migrations write down besides, such as rates of tax.
            await self.give_back(await copied(self.server, self.template))
        return self._free.pop()

    async def give_back(self, name: str, staying: Sequence[int] = ()) -> None:
        """Empty it for the next; drop it where it is no longer what it was. All connections end but those of the server's processes
        `staying`."""
        cleaner = self._cleaners.pop(name, None)
        if cleaner is None or cleaner.is_closed():  # some tests end whoever is connected
            cleaner = await asyncpg.connect(self.server.url_of(name), server_settings=_CLEANER)
        if await self._emptied(cleaner, staying):
            self._free.append(name)
            self._cleaners[name] = cleaner
        else:
            await cleaner.close()
            await dropped(self.server, name)

    async def close(self) -> None:
        """Let everybody go who empties them."""
        for cleaner in self._cleaners.values():
            await cleaner.close()

    async def shape(self) -> object:
        """What a database looks like that no test has changed."""
        if self._shape is None:
            connection = await asyncpg.connect(self.server.url_of(self.template))
            self._shape = await connection.fetchrow(_SHAPE)
            self._what_is_there = await connection.fetchval(_ASKS_WHAT_IS_THERE)
            await connection.close()
        return self._shape

    async def _emptied(self, connection: asyncpg.Connection, staying: Sequence[int]) -> bool:
        await connection.execute(_OTHERS, list(staying))
        if await connection.fetchrow(_SHAPE) != await self.shape():
            return False
        filled = await connection.fetch(self._what_is_there)
        await connection.execute(_EMPTY % ",".join(name for (name,) in filled))
        return int(await connection.fetchval("SELECT current_setting('tests.deleted')")) <= MOST_ROWS
