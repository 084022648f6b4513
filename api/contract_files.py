"""Contracts for download, to whoever may see them."""

from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from resolvers.contract_files import PDF_PATH
from resolvers.ids import decode_id
from resolvers.words import told
from rules.people import Actor
from rules.problems import NotFound, Problem, Unauthenticated, Unavailable
from services.printing import contract_pdf

_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "content-security-policy": "sandbox"}


class ContractFiles:
    """The route of a contract's PDF. What the caller may not see is not there, and answered like what never was."""

    def __init__(self, authorise: Callable[[HTTPConnection], Awaitable[Actor]]) -> None:
        self.authorise = authorise

    def routes(self) -> list[Route]:
        """Where they are fetched."""
        return [Route(PDF_PATH, self.pdf, methods=["GET"])]

    async def pdf(self, request: Request) -> Response:
        """The newest revision of one contract's file."""
        try:
            actor = await self.authorise(request)
            if not actor.is_signed_in:
                raise Unauthenticated
            contract_id = decode_id("Contract", request.path_params["id"])
            if contract_id is None:
                raise NotFound("Contract", "")
            contract, file = await contract_pdf(actor, contract_id)
        except Problem as problem:
            return _refused(problem)
        name = f"{contract.number}-v{contract.version}.pdf"
        disposition = {"content-disposition": f'attachment; filename="{name}"', "etag": f'"{file.sha256}"'}
        return Response(file.content, media_type="application/pdf", headers=_ALWAYS | disposition)


def _refused(problem: Problem) -> Response:
    """The refusal in one shape for programs: its code and its sentence."""
    status, headers = 404, dict(_ALWAYS)
    if isinstance(problem, Unauthenticated):
        status, headers["www-authenticate"] = 401, "Bearer"
    elif isinstance(problem, Unavailable):
        status, headers["retry-after"] = 503, str(problem.retry_after)
    return JSONResponse({"code": problem.code, "message": told(problem, "en")}, status, headers)
