"""Requests beside GraphQL, for what it cannot carry: files in, files out. Who may come in, and how a refusal is said, is the same."""

from collections.abc import Awaitable, Callable, Collection

from graphql import GraphQLError
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from api.logs import bind_request
from resolvers.context import Context
from resolvers.errors import Code, refusal, shown
from rules import problems
from rules.people import Actor
from services import tickets
from subscriptions.origins import is_allowed_origin

Answer = Callable[[Request, Context], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]

TICKET = "ticket"
"""The query parameter of a link that opens one thing without a token."""

SECURED = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",  # the address may hold a ticket
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_STATUSES: tuple[tuple[type[problems.Problem], int], ...] = (
    (problems.Unauthenticated, 401),
    (problems.NotAllowed, 403),
    (problems.NotFound, 404),
    (problems.InvalidInput, 400),
    (problems.Unavailable, 503),
    (problems.Problem, 409),
)


class TurnedAway(Exception):
    """A request refused before anybody looked at what it wants."""

    def __init__(self, status: int, code: Code, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = refusal(code, message)


class Door:
    """Lets requests in: from a page that may ask, with a token, or with a ticket for the one thing the path names."""

    def __init__(
        self,
        authorise: Callable[[HTTPConnection], Awaitable[Actor]],
        make_context: Callable[[HTTPConnection, Actor], Context],
        allowed_origins: Collection[str] = (),
    ) -> None:
        self._authorise = authorise
        self._make_context = make_context
        self._allowed_origins = frozenset(origin.lower() for origin in allowed_origins)

    def to(self, answer: Answer) -> Endpoint:
        """An endpoint that answers whoever has signed in; a path's `id` is what a ticket has to be for."""

        async def endpoint(request: Request) -> Response:
            context = self._make_context(request, Actor.anonymous())
            try:
                self._check_origin(request)
                actor = await self._whoever_asks(request)
                context = self._make_context(request, actor)
                bind_request(trace_id=context.trace_id, company=actor.company)
                response = await answer(request, context)
            except ClientDisconnect:
                return Response(status_code=400)  # nobody reads it
            except Exception as error:
                response = refused(error, context)
            response.headers.update({**SECURED, **self._cors(request)})
            return response

        return endpoint

    def preflight(self) -> Endpoint:
        """What a browser asks first, before its page may send something from another origin."""

        async def endpoint(request: Request) -> Response:
            return Response(status_code=204, headers=self._cors(request))

        return endpoint

    def _check_origin(self, request: Request) -> None:
        headers = request.headers
        if not is_allowed_origin(headers.getlist("origin"), headers.get("host"), self._allowed_origins):
            raise TurnedAway(403, Code.FORBIDDEN_ORIGIN, "Pages of this origin may not ask here.")

    async def _whoever_asks(self, request: Request) -> Actor:
        ticket, thing = request.query_params.get(TICKET), request.path_params.get("id")
        if ticket is not None and thing is not None:
            return await tickets.redeem(ticket, thing)
        actor = await self._authorise(request)
        if not actor.is_signed_in:
            raise problems.Unauthenticated
        return actor

    def _cors(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin", "").lower()
        if origin not in self._allowed_origins:
            return {}
        return {
            "access-control-allow-origin": request.headers["origin"],
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": "authorization, content-type, content-disposition, idempotency-key, accept-language",
            "access-control-max-age": "600",
            "cross-origin-resource-policy": "cross-origin",
            "vary": "origin",
        }


def refused(error: Exception, context: Context) -> Response:
    """The refusal in the form of a GraphQL error, so that clients read one kind; bugs are logged and masked."""
    if isinstance(error, TurnedAway):
        return JSONResponse({"errors": [shown(error.error, context.trace_id)]}, error.status)
    located = GraphQLError(str(error), original_error=error)
    answer = {"errors": [shown(located, context.trace_id, context.locale)]}
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    if isinstance(error, problems.Unavailable):
        headers["retry-after"] = str(error.retry_after)
    return JSONResponse(answer, status, headers)
