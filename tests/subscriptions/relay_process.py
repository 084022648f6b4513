"""A process that does nothing but relay: `python -m tests.subscriptions.relay_process <database url> <bell url>`."""

import asyncio
import sys

from models import database
from subscriptions.bell import Bell
from subscriptions.relay import Relay


async def main(database_url: str, bell_url: str) -> None:
    """Relay until killed."""
    await database.connect(database_url)
    bell = Bell(bell_url)
    await bell.start()
    await Relay(bell).start()
    sys.stdout.write("relaying\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
