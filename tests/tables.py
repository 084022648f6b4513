"""What stands in the database's tables, to be compared before and after."""

from models.database import pool

KEPT_APART = {"tortoise_migrations"}
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"


async def contents(*without: str) -> dict[str, str]:
    """A fingerprint of each table's rows; nothing was written to those that have the same one."""
    tables = [row["relname"] for row in await pool().fetch(_TABLES)]
    return {table: await _fingerprint(table) for table in tables if table not in {*without, *KEPT_APART}}


async def _fingerprint(table: str) -> str:
    rows = await pool().fetchrow(
        f"SELECT count(*) AS rows, md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) AS sum FROM \"{table}\" t"
    )
    assert rows is not None
    return f"{rows['rows']} rows {rows['sum']}"
