"""`POST /carriers/<carrier>/<endpoint>`: where senders of tracking push to. Who they are, their signature says and nothing else."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.inbound import answered, arrived
from partners.carriers import Answer, Push
from rules.carriers import SLUGS
from rules.problems import Unavailable
from services.pushing import receive_push

MOST_BYTES = 1024 * 1024
"""In one push: some two thousand scans, which is more than anybody sends."""

_PROVIDERS = {slug: provider for provider, slug in SLUGS.items()}


def carrier_routes() -> list[BaseRoute]:
    """One address for each account of each supplier."""
    return [Route("/carriers/{carrier}/{endpoint}", receive, methods=["POST"])]


async def receive(request: Request) -> Response:
    """What the sender waits for. An unknown carrier, an unknown endpoint and a wrong signature are refused alike."""
    provider = _PROVIDERS.get(request.path_params["carrier"])
    if provider is None:
        return answered(Answer(401, b'{"received":false}'))
    body = await arrived(request, MOST_BYTES)
    if isinstance(body, Response):
        return body
    try:
        return answered(await receive_push(provider, request.path_params["endpoint"], Push(body, request.headers)))
    except Unavailable as trouble:
        return Response(status_code=503, headers={"retry-after": str(trouble.retry_after)})
