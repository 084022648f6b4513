"""Makes files of every kind, and uploads them by the real verb into a storage that a test can take away."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

from models import Attachment
from partners.storage import MissingFile
from rules.people import Actor
from rules.problems import Unavailable
from services import partners
from services.attaching import Upload, upload_attachment
from tests.makers import make_key

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
CSV = "货号,数量\nA-1,5\n".encode()


@dataclass
class Shelf:
    """A storage in memory, which can be away."""

    files: dict[str, bytes] = field(default_factory=dict)
    is_away: bool = False

    async def put(self, key: str, file: BinaryIO) -> None:
        """Kept."""
        self._must_be_there()
        self.files[key] = file.read()

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """In two pieces."""
        self._must_be_there()
        if key not in self.files:
            raise MissingFile(key)
        return _pieces(self.files[key])

    async def delete(self, key: str) -> None:
        """Forgotten."""
        self._must_be_there()
        self.files.pop(key, None)

    def _must_be_there(self) -> None:
        if self.is_away:
            raise Unavailable(retry_after=30)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    middle = len(content) // 2
    yield content[:middle]
    yield content[middle:]


# What the wiring does for a server; a server in the same process brings its own folder, and the makers use that from then on.
partners.use_storage(Shelf())


def make_shelf() -> Shelf:
    """An empty storage, in use from now on."""
    shelf = Shelf()
    partners.use_storage(shelf)
    return shelf


def make_archive(*parts: str, content: str = "<x/>") -> bytes:
    """A zip archive with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, content)
    return file.getvalue()


async def make_attachment(
    actor: Actor, name: str = "spec.pdf", content: bytes = PDF, media_type: str = "application/pdf"
) -> Attachment:
    """A file of the actor's company that hangs on nothing yet."""
    upload = Upload(name, media_type, len(content), sha256(content).hexdigest())
    return await upload_attachment(actor, upload, io.BytesIO(content), idempotency_key=make_key())
