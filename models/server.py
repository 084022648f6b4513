"""What kind of PostgreSQL the process is connected to."""

from dataclasses import dataclass

from models import database

_QUESTION = """
    SELECT current_setting('server_version') AS version,
           current_setting('server_version_num')::int AS number,
           pg_encoding_to_char(encoding) AS encoding,
           '订' ~ '[[:alpha:]]' AS knows_letters
      FROM pg_database
     WHERE datname = current_database()
"""


@dataclass(frozen=True)
class Server:
    """A server and the database we were given there; `number` is its version as in `server_version_num`, 150004 for 15.4."""

    version: str
    number: int
    encoding: str
    knows_letters: bool


async def server() -> Server:
    """What the server says of itself; `knows_letters`: Chinese characters count as letters there, which searching relies on."""
    return Server(**await database.pool().fetchrow(_QUESTION))
