"""`python -m api.structure` writes models/structure.sql anew: every migration on a fresh server, then a look at what came of it."""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from api.embedded import EmbeddedPostgres
from api.postgres_binaries import account_for, binaries
from models.migrate import migrate
from models.structure import FILE, distilled

RECORDS = "tortoise_migrations"


def structure_of(server: EmbeddedPostgres, url: str, last: str) -> str:
    """The script that leads to what this database is."""
    account = account_for(server.home)
    program = binaries(server.home, account) / "pg_dump"
    command = [str(program), "--schema-only", "--no-owner", "--no-privileges", url]
    dump = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # the package's own program
    return distilled(dump.stdout, last, RECORDS)


def main() -> None:
    """Write the file, by way of a server that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="dinghuo-structure-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(home=Path(folder) / "postgres", durable=False)
        try:
            url = server.start()
            last = asyncio.run(migrate(url, stepwise=True))[-1]
            FILE.write_text(structure_of(server, url, last), "utf-8")
        finally:
            server.stop()
    sys.stdout.write(f"Wrote {FILE}\n")


if __name__ == "__main__":
    main()
