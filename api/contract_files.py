"""Contracts and framework agreements for download, to whoever may see them."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.attachments import saved_as
from api.door import Door
from models import Contract, FrameworkAgreement
from resolvers.context import Context
from resolvers.contract_files import AGREEMENT_PATH, CONTRACT_PATH
from resolvers.ids import decode_id
from rules.problems import NotFound
from services.printing import D, pdf_of


def contract_file_routes(door: Door) -> list[BaseRoute]:
    """The routes."""
    contract = partial(pdf, Contract, lambda contract: f"{contract.number}-v{contract.version}.pdf")
    agreement = partial(pdf, FrameworkAgreement, lambda agreement: f"{agreement.number}.pdf")
    return [
        Route(CONTRACT_PATH, door.to(contract), methods=["GET"]),
        Route(AGREEMENT_PATH, door.to(agreement), methods=["GET"]),
    ]


async def pdf(kind: type[D], name: Callable[[D], str], request: Request, context: Context) -> Response:
    """The newest revision of one document's file; what is missing and what is a stranger's look the same."""
    given = request.path_params["id"]
    key = decode_id(kind.__name__, given)
    if key is None:
        raise NotFound(kind.__name__, given)
    document, file = await pdf_of(context.actor, kind, key)
    headers = {**saved_as(name(document)), "etag": f'"{file.sha256}"'}
    return Response(file.content, media_type="application/pdf", headers=headers)
