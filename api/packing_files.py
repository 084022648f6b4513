"""Packing lists and labels for download, to whoever may see the shipment."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.attachments import saved_as
from api.door import Door
from resolvers.context import Context
from resolvers.ids import decode_id
from resolvers.printouts import LABEL_PATH, LABELS_PATH, PACKING_LIST_PATH
from rules.people import Actor
from rules.problems import NotFound
from services import packing_papers
from services.packing_papers import Printout

Printing = Callable[[Actor, UUID], Awaitable[Printout]]


def packing_file_routes(door: Door) -> list[BaseRoute]:
    """The routes."""
    printed: tuple[tuple[str, str, Printing], ...] = (
        (PACKING_LIST_PATH, "Shipment", packing_papers.packing_list),
        (LABELS_PATH, "Shipment", packing_papers.labels),
        (LABEL_PATH, "Package", packing_papers.label),
    )
    return [Route(path, door.to(partial(pdf, kind, work)), methods=["GET"]) for path, kind, work in printed]


async def pdf(kind: str, work: Printing, request: Request, context: Context) -> Response:
    """The file as it is printed now; what is missing and what is a stranger's look the same."""
    given = request.path_params["id"]
    key = decode_id(kind, given)
    if key is None:
        raise NotFound(kind, given)
    printout = await work(context.actor, key)
    headers = {**saved_as(printout.name), "etag": f'"{printout.sha256}"'}
    return Response(printout.content, media_type="application/pdf", headers=headers)
