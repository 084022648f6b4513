"""Files in and out: `POST /attachments` with the bare file as its body, `GET /attachments/<id>` for whoever may see it."""

import asyncio
import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from email.message import Message as Headers
from typing import BinaryIO
from urllib.parse import quote
from uuid import UUID

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api.door import Door, TurnedAway
from models import Attachment
from partners.storage import MissingFile
from resolvers.context import Context
from resolvers.errors import Code
from resolvers.ids import decode_id, encode_id
from rules.files import normal_name
from rules.problems import NotFound, Unavailable, invalid
from services import partners
from services.attaching import Upload, upload_attachment
from services.inspecting import inspected

UPLOAD_SECONDS = 120.0
"""How long a file may take to arrive."""

AT_ONCE, AT_ONCE_EACH = 32, 4
"""Files that arrive at the same time, in this process and of one company."""

PIECE = 256 * 1024
_KEY = re.compile(r"[\x21-\x7e]{8,64}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,90}")
log = structlog.get_logger(__name__)


def attachment_routes(door: Door, most_bytes: int) -> list[BaseRoute]:
    """The routes; no file may have more than `most_bytes`."""
    return [
        Route("/attachments", door.to(Uploads(most_bytes).receive), methods=["POST"]),
        Route("/attachments", door.preflight(), methods=["OPTIONS"]),
        Route("/attachments/{id}", door.to(download), methods=["GET"]),
    ]


class Uploads:
    """Takes files in, a bounded number at a time, each through a temporary file that vanishes by itself."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._arriving: Counter[UUID] = Counter()

    async def receive(self, request: Request, context: Context) -> Response:
        """Received whole, looked into, and only then stored; refused anywhere on the way, nothing of it is left."""
        actor = context.actor
        actor.must("upload_attachment")
        key, declared = _key(request), _declared(request)
        if int(request.headers.get("content-length", "0")[:20]) > self._most_bytes:
            raise self._too_large()
        with self._place_for(actor.home), tempfile.TemporaryFile() as file:
            size, sha256 = await self._received(request, file)
            kind = await to_thread.run_sync(inspected, file, declared)
            name = normal_name(given_name(request), kind)
            upload = Upload(name, kind.media_type, size, sha256)
            attachment = await upload_attachment(actor, upload, file, idempotency_key=key)
        return JSONResponse(_told(attachment), 201)

    @contextmanager
    def _place_for(self, company: UUID) -> Iterator[None]:
        if self._arriving[company] >= AT_ONCE_EACH or self._arriving.total() >= AT_ONCE:
            raise Unavailable(retry_after=5)
        self._arriving[company] += 1
        try:
            yield
        finally:
            self._arriving[company] -= 1
            if not self._arriving[company]:
                del self._arriving[company]

    async def _received(self, request: Request, file: BinaryIO) -> tuple[int, str]:
        """Size and SHA-256 of the body, which lies in the file then."""
        digest, size, waiting = hashlib.sha256(), 0, bytearray()

        def put_down(piece: bytes) -> None:
            digest.update(piece)
            file.write(piece)

        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                async for piece in request.stream():
                    size += len(piece)
                    if size > self._most_bytes:
                        raise self._too_large()
                    waiting += piece
                    if len(waiting) >= PIECE:
                        await to_thread.run_sync(put_down, bytes(waiting))
                        waiting.clear()
                await to_thread.run_sync(put_down, bytes(waiting))
        except TimeoutError:
            raise TurnedAway(408, Code.MALFORMED_REQUEST, "The file did not arrive in time.") from None
        if not size:
            raise invalid("file", "must not be empty")
        return size, digest.hexdigest()

    def _too_large(self) -> TurnedAway:
        return TurnedAway(413, Code.LIMIT_EXCEEDED, f"The file is larger than {self._most_bytes} bytes.")


async def download(request: Request, context: Context) -> Response:
    """The file, to be saved; what is missing and what is not one's own to see look the same."""
    given = request.path_params["id"]
    key = decode_id("Attachment", given)
    found = key and await Attachment.visible_to(context.actor).get_or_none(id=key)
    if not found:
        raise NotFound("Attachment", given)
    headers = {**saved_as(found.name), "content-length": str(found.size)}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=found.media_type)
    return StreamingResponse(await stored_pieces(found.stored_key), headers=headers, media_type=found.media_type)


async def stored_pieces(key: str) -> AsyncIterator[bytes]:
    """A file of the storage that is known to be there; Unavailable, and a word in the log, where it is not."""
    try:
        return await partners.storage().get(key)
    except MissingFile:
        log.error("a file is missing in the storage", key=key)
        raise Unavailable(retry_after=60) from None


def saved_as(name: str) -> dict[str, str]:
    """The header that has a browser save an answer under this name (RFC 6266; in RFC 8187's form, beside one for old clients)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}


def given_name(request: Request) -> str:
    """What the sender calls the file: the parameter `name`, or else the file name in Content-Disposition; to be trusted in nothing."""
    if "name" in request.query_params:
        return request.query_params["name"][:1000]
    header = request.headers.get("content-disposition", "")[:4000]
    with suppress(UnicodeError):
        header = header.encode("latin-1").decode("utf-8")  # some clients send what RFC 9110 forbids
    disposition = Headers()
    disposition["content-disposition"] = re.sub(r"[\r\n]", " ", header)
    return disposition.get_filename("")[:1000]


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise invalid("Idempotency-Key", "must have 8 to 64 characters of ASCII")
    return key


def _declared(request: Request) -> str:
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _MEDIA_TYPE.fullmatch(declared):
        raise invalid("Content-Type", "must be the file's media type")
    return declared


def _told(attachment: Attachment) -> dict[str, object]:
    return {
        "id": encode_id("Attachment", attachment.id),
        "name": attachment.name,
        "mediaType": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }
