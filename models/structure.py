"""Everything the migrations lead to, as one script: an empty database gets there in one step instead of hundreds (decision 0090)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

FILE = Path(__file__).with_name("structure.sql")
COVERS = "-- Leads as far as migration "
# What pg_dump says to psql or to its own session, some of it unknown to older servers.
_ASIDE = ("--", "\\", "SET ", "SELECT pg_catalog.set_config(")
EMPTY = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename <> $1) AS empty"


def covered(names: Sequence[str], script: str) -> list[str]:
    """Those of the migrations, in order, that the script leads through; none where it is of another history."""
    last = script.partition("\n")[0].removeprefix(COVERS)
    return list(names[: names.index(last) + 1]) if last in names else []


def distilled(dump: str, last: str, records: str) -> str:
    """The script in a `pg_dump --schema-only`: without its asides, and without the table of records, which exists already."""
    kept = [statement for statement in _statements(dump) if f"public.{records}" not in statement]
    return f"{COVERS}{last}\n" + "\n".join(kept) + "\n"


def _statements(dump: str) -> Iterator[str]:
    """Each ends with a semicolon at the end of a line, outside a function's body."""
    lines: list[str] = []
    for line in dump.splitlines():
        if not lines and (not line or line.startswith(_ASIDE)):
            continue
        lines.append(line)
        if line.endswith(";") and "\n".join(lines).count("$$") % 2 == 0:
            yield "\n".join(lines)
            lines = []
