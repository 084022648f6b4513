"""Contracts and framework agreements for download, to whoever may see them."""

from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models import Contract, FrameworkAgreement
from resolvers.contract_files import AGREEMENT_PATH, CONTRACT_PATH
from resolvers.ids import decode_id
from resolvers.words import told
from rules.people import Actor
from rules.problems import NotFound, Problem, Unauthenticated, Unavailable
from services.printing import D, pdf_of

_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "content-security-policy": "sandbox"}


class ContractFiles:
    """The routes of PDFs. What the caller may not see is not there, and answered like what never was."""

    def __init__(self, authorise: Callable[[HTTPConnection], Awaitable[Actor]]) -> None:
        self.authorise = authorise

    def routes(self) -> list[Route]:
        """Where they are fetched."""
        return [
            Route(CONTRACT_PATH, self.contract, methods=["GET"]),
            Route(AGREEMENT_PATH, self.agreement, methods=["GET"]),
        ]

    async def contract(self, request: Request) -> Response:
        """The newest revision of one contract's file."""
        return await self._pdf(request, Contract, lambda contract: f"{contract.number}-v{contract.version}.pdf")

    async def agreement(self, request: Request) -> Response:
        """The newest revision of one framework agreement's file."""
        return await self._pdf(request, FrameworkAgreement, lambda agreement: f"{agreement.number}.pdf")

    async def _pdf(self, request: Request, kind: type[D], name: Callable[[D], str]) -> Response:
        try:
            actor = await self.authorise(request)
            if not actor.is_signed_in:
                raise Unauthenticated
            key = decode_id(kind.__name__, request.path_params["id"])
            if key is None:
                raise NotFound(kind.__name__, "")
            document, file = await pdf_of(actor, kind, key)
        except Problem as problem:
            return _refused(problem)
        disposition = {"content-disposition": f'attachment; filename="{name(document)}"', "etag": f'"{file.sha256}"'}
        return Response(file.content, media_type="application/pdf", headers=_ALWAYS | disposition)


def _refused(problem: Problem) -> Response:
    """The refusal in one shape for programs: its code and its sentence."""
    status, headers = 404, dict(_ALWAYS)
    if isinstance(problem, Unauthenticated):
        status, headers["www-authenticate"] = 401, "Bearer"
    elif isinstance(problem, Unavailable):
        status, headers["retry-after"] = 503, str(problem.retry_after)
    return JSONResponse({"code": problem.code, "message": told(problem, "en")}, status, headers)
