"""Files in a folder of this machine, or of a disk that several machines share."""

import os
import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread

from partners.storage import MissingFile
from rules.problems import Unavailable

PIECE = 64 * 1024


class Folder:
    """Each key is a path in the folder; whoever may not read the folder's owner's files may not read these."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def put(self, key: str, file: BinaryIO) -> None:
        """Written beside its place and moved there whole, so that no reader ever meets half a file."""
        await to_thread.run_sync(self._write, self._place(key), file)

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """The file in pieces."""
        return _pieces(await to_thread.run_sync(_opened, self._place(key)))

    async def delete(self, key: str) -> None:
        """Gone, or was not there."""
        place = self._place(key)
        await to_thread.run_sync(lambda: place.unlink(missing_ok=True))

    def _place(self, key: str) -> Path:
        place = (self._path / key).resolve()
        if not place.is_relative_to(self._path.resolve()):
            raise ValueError(f"{key} leads out of the folder")
        return place

    def _write(self, place: Path, file: BinaryIO) -> None:
        draft = place.with_name(f"{place.name}.{secrets.token_hex(8)}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
                shutil.copyfileobj(file, copy, PIECE)
                copy.flush()
                os.fsync(copy.fileno())
            draft.replace(place)
        except OSError as error:  # the disk is full, or not there
            raise Unavailable(retry_after=30) from error
        finally:
            draft.unlink(missing_ok=True)


def _opened(place: Path) -> BinaryIO:
    try:
        return place.open("rb")
    except FileNotFoundError:
        raise MissingFile(place.name) from None
    except OSError as error:
        raise Unavailable(retry_after=30) from error


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await to_thread.run_sync(file.read, PIECE):
            yield piece
