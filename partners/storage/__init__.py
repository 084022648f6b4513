"""Where files are kept."""

from collections.abc import AsyncIterator
from typing import BinaryIO, Protocol


class MissingFile(Exception):
    """There is no file under this key."""


class Storage(Protocol):
    """Keeps each file whole under a key of letters, digits, `-` and `/`; every method raises Unavailable while it cannot be reached."""

    async def put(self, key: str, file: BinaryIO) -> None:
        """Keep what the file holds from its present position on; a failed try leaves nothing that `get` would find."""

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """The file in pieces, once it was found; raises MissingFile."""

    async def delete(self, key: str) -> None:
        """Forget the file; nothing happens if there is none."""
