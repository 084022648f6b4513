"""How partners write to us: a body of bounded length within bounded time, and the answer they wait for."""

import asyncio
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

ARRIVING_SECONDS = 15.0
_SECURED = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Answer(Protocol):
    """What the sender expects to hear."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def body(self) -> bytes:
        """The bytes."""

    @property
    def media_type(self) -> str:
        """What they are."""


async def arrived(request: Request, most_bytes: int) -> bytes | Response:
    """The bytes as they came; an answer where they are too many, too slow, or break off."""
    try:
        async with asyncio.timeout(ARRIVING_SECONDS):
            body = await _body(request, most_bytes)
    except TimeoutError:
        return Response(status_code=408)
    except ClientDisconnect:
        return Response(status_code=400)
    return Response(status_code=413) if body is None else body


def answered(answer: Answer) -> Response:
    """What the sender hears."""
    return Response(answer.body, answer.status, _SECURED, answer.media_type)


async def _body(request: Request, most_bytes: int) -> bytes | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            return None
    return bytes(body)
