"""`POST /carriers/<carrier>/<endpoint>`: where senders of tracking push to. Who they are, their signature says and nothing else."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from partners.carriers import Answer, Push
from rules.carriers import SLUGS
from rules.problems import Unavailable
from services.pushing import receive_push

MOST_BYTES = 1024 * 1024
"""In one push: some two thousand scans, which is more than anybody sends."""

ARRIVING_SECONDS = 15.0
_PROVIDERS = {slug: provider for provider, slug in SLUGS.items()}
_SECURED = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def carrier_routes() -> list[BaseRoute]:
    """One address for each account of each supplier."""
    return [Route("/carriers/{carrier}/{endpoint}", receive, methods=["POST"])]


async def receive(request: Request) -> Response:
    """What the sender waits for. An unknown carrier, an unknown endpoint and a wrong signature are refused alike."""
    provider = _PROVIDERS.get(request.path_params["carrier"])
    if provider is None:
        return _answer(Answer(401, b'{"received":false}'))
    try:
        async with asyncio.timeout(ARRIVING_SECONDS):
            body = await _body(request)
    except TimeoutError:
        return Response(status_code=408)
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        return Response(status_code=413)
    try:
        return _answer(await receive_push(provider, request.path_params["endpoint"], Push(body, request.headers)))
    except Unavailable as trouble:
        return Response(status_code=503, headers={"retry-after": str(trouble.retry_after)})


async def _body(request: Request) -> bytes | None:
    """The bytes as they came; None once they are too many."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _answer(answer: Answer) -> Response:
    return Response(answer.body, answer.status, _SECURED, answer.media_type)
