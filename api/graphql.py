"""POST /graphql: one GraphQL request in, one answer out. Which status means what is in docs/decisions/0016."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
import structlog
from graphql import GraphQLError
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from api.logs import bind_request
from api.negotiation import LEGACY, MODERN, answer_type, is_json
from api.operations import Answer, Context, Operations
from resolvers.errors import Code, Refused, refusal, shown
from resolvers.request import MalformedRequest, Request
from rules.people import Actor
from rules.problems import Problem, Unauthenticated
from subscriptions.origins import is_allowed_origin

log = structlog.get_logger(__name__)

Authorise = Callable[[HTTPConnection], Awaitable[Actor]]
MakeContext = Callable[[HTTPConnection, Actor], Context]
Observe = Callable[[str | None, str, float], None]
"""Told of each answer: the operation's name, `ok` or the first error's code, and how many seconds it took."""
BODY_SECONDS = 10.0
"""How long a client may take to send its body."""


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP."""

    status: int
    answer: Answer | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class HTTPRefusal(Exception):
    """A request refused before GraphQL saw it."""

    def __init__(self, status: int, code: Code, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.reply = Reply(status, {"errors": [_formatted(refusal(code, message))]}, headers or {})


class GraphQL:
    """The ASGI application behind the route.

    `authorise` tells who asks: Actor.anonymous() without a token; it raises Unauthenticated for a bad one. `make_context`
    makes the fresh context of one operation. Browsers on other hosts are refused unless their origin is allowed here, in
    the form `https://shop.example`.
    """

    def __init__(
        self,
        operations: Operations,
        authorise: Authorise,
        make_context: MakeContext,
        *,
        allowed_origins: Collection[str] = (),
        observe: Observe = lambda operation, outcome, seconds: None,
    ) -> None:
        self.operations = operations
        self.observe = observe
        self.authorise = authorise
        self.make_context = make_context
        self.allowed_origins = frozenset(origin.lower() for origin in allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        connection = HTTPConnection(scope)
        media = answer_type(connection.headers.get("accept")) or LEGACY
        try:
            reply = await self._reply(connection, receive, media)
        except HTTPRefusal as refused:
            reply = refused.reply
        except MalformedRequest as malformed:
            reply = HTTPRefusal(400, Code.MALFORMED_REQUEST, str(malformed)).reply
        try:
            body = b"" if reply.answer is None else orjson.dumps(reply.answer)
        except TypeError as error:  # a value that JSON has no form for
            reply = _reply_to_crash(error, uuid4().hex)
            body = orjson.dumps(reply.answer)
        headers = {"content-type": f"{media}; charset=utf-8", **self._cors(connection), **reply.headers}
        await _send(send, reply.status, headers, body)

    async def _reply(self, connection: HTTPConnection, receive: Receive, media: str) -> Reply:
        if not is_allowed_origin(
            connection.headers.getlist("origin"), connection.headers.get("host"), self.allowed_origins
        ):
            raise HTTPRefusal(403, Code.FORBIDDEN_ORIGIN, "Pages of this origin may not ask here.")
        if connection.scope["method"] == "OPTIONS":
            return Reply(204, headers={"allow": "POST, OPTIONS"})
        _check_headers(connection, self.operations.limits.body_bytes)
        request = Request.from_json(_decoded(await self._body(receive)))
        started = time.perf_counter()
        reply = await self._answered(connection, request, media)
        self.observe(request.operation_name, _outcome(reply), time.perf_counter() - started)
        return reply

    async def _answered(self, connection: HTTPConnection, request: Request, media: str) -> Reply:
        trace_id = uuid4().hex
        try:
            prepared = self.operations.prepare(request)
            if prepared.is_subscription:
                raise Refused(refusal(Code.MALFORMED_REQUEST, "Subscriptions need a websocket: graphql-transport-ws."))
            actor = await self.authorise(connection)
            context = self.make_context(connection, actor)
            trace_id = context.trace_id
            bind_request(trace_id=trace_id, company=actor.company)
            answer = await prepared.answer(context)
        except Refused as refused:
            errors = [shown(error, trace_id) for error in refused.errors]
            return _reply_to_refused({"errors": errors}, media)
        except Exception as error:
            return _reply_to_crash(error, trace_id)
        return _with_retry(Reply(200, answer))

    async def _body(self, receive: Receive) -> bytes:
        limit, body = self.operations.limits.body_bytes, bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                more = True
                while more:
                    message = await receive()
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > limit:
                        raise _too_large(limit)
        except TimeoutError:
            raise HTTPRefusal(
                408, Code.MALFORMED_REQUEST, "The body did not arrive in time.", {"connection": "close"}
            ) from None
        return bytes(body)

    def _cors(self, connection: HTTPConnection) -> dict[str, str]:
        origin = connection.headers.get("origin", "").lower()
        if origin not in self.allowed_origins:
            return {}
        return {
            "access-control-allow-origin": connection.headers["origin"],
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "authorization, content-type, accept-language",
            "access-control-max-age": "600",
            "vary": "origin",
        }


def _check_headers(connection: HTTPConnection, limit: int) -> None:
    headers = connection.headers
    if connection.scope["method"] != "POST":
        raise HTTPRefusal(405, Code.MALFORMED_REQUEST, "Ask with POST.", {"allow": "POST, OPTIONS"})
    if answer_type(headers.get("accept")) is None:
        raise HTTPRefusal(406, Code.MALFORMED_REQUEST, f"We answer in {MODERN} or {LEGACY}.")
    if len(headers.getlist("content-type")) != 1 or not is_json(headers["content-type"]):
        raise HTTPRefusal(415, Code.MALFORMED_REQUEST, f"The body must be {LEGACY}.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPRefusal(415, Code.MALFORMED_REQUEST, "The body must not be compressed.")
    if headers.get("content-length", "0").isdecimal() and int(headers.get("content-length", "0")[:20]) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> HTTPRefusal:
    return HTTPRefusal(413, Code.LIMIT_EXCEEDED, f"The body is larger than {limit} bytes.", {"connection": "close"})


def _decoded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedRequest("the body is not JSON") from None


def _reply_to_refused(answer: Answer, media: str) -> Reply:
    """A request error: the older media type says 200 to whatever was a GraphQL request, the newer one does not."""
    timed_out = any(error["extensions"]["code"] == Code.TIMEOUT for error in answer["errors"])
    return _with_retry(Reply(200 if media == LEGACY else 503 if timed_out else 400, answer))


def _reply_to_crash(error: Exception, trace_id: str) -> Reply:
    """No context, so nothing ran: the caller has no valid token, the database is away, or there is a bug."""
    located = GraphQLError(str(error), original_error=error)
    answer = {"errors": [shown(located, trace_id)]}
    if isinstance(error, Unauthenticated):
        return Reply(401, answer, {"www-authenticate": "Bearer"})
    return _with_retry(Reply(400 if isinstance(error, Problem) else 500, answer))


def _with_retry(reply: Reply) -> Reply:
    """The reply; where something was unavailable, as 503 and with the time after which to ask again."""
    for error in (reply.answer or {}).get("errors", ()):
        if error["extensions"]["code"] == Code.UNAVAILABLE:
            return Reply(503, reply.answer, {"retry-after": str(error["extensions"].get("retryAfter", 1))})
    return reply


def _outcome(reply: Reply) -> str:
    errors = (reply.answer or {}).get("errors")
    return str(errors[0]["extensions"]["code"]) if errors else "ok"


def _formatted(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message, "extensions": error.extensions}


async def _send(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    always = {"content-length": str(len(body)), "cache-control": "no-store", "x-content-type-options": "nosniff"}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in {**always, **headers}.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
