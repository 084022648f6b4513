"""`POST /payments/<provider>/<endpoint>`: where payment providers write to. Who they are, their signature says and nothing else."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.inbound import answered, arrived
from partners.payments import Answer, Notice
from rules.rails import SLUGS
from services.payment_notices import receive_notice

MOST_BYTES = 64 * 1024
"""In one notice; real ones have some two thousand."""

_METHODS = {slug: method for method, slug in SLUGS.items()}


def payment_notice_routes() -> list[BaseRoute]:
    """One address for each account of each supplier."""
    return [Route("/payments/{provider}/{endpoint}", receive, methods=["POST"])]


async def receive(request: Request) -> Response:
    """What the provider waits for. An unknown endpoint and a wrong signature are refused alike."""
    method = _METHODS.get(request.path_params["provider"])
    if method is None:
        return answered(Answer(401, b"", "text/plain"))
    body = await arrived(request, MOST_BYTES)
    if isinstance(body, Response):
        return body
    return answered(await receive_notice(method, request.path_params["endpoint"], Notice(body, request.headers)))
