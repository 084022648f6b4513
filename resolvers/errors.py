"""The top-level errors of a GraphQL answer: stable codes, no inside knowledge."""

from enum import StrEnum
from typing import Any

import structlog
from graphql import GraphQLError, ValueNode
from strawberry.exceptions import StrawberryInputCoercionError

from resolvers.words import spoken, told
from rules.problems import InvalidInput, Problem, Unavailable

log = structlog.get_logger(__name__)


class Code(StrEnum):
    """What went wrong with a whole request, for programs."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN_ORIGIN = "FORBIDDEN_ORIGIN"
    MALFORMED_REQUEST = "MALFORMED_REQUEST"
    SYNTAX_ERROR = "SYNTAX_ERROR"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    INVALID_INPUT = "INVALID_INPUT"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


def refusal(code: Code, message: str, *, node: Any = None, **facts: object) -> GraphQLError:
    """An error with its code, and the facts beside it."""
    return GraphQLError(message, node, extensions={"code": code.value, **facts})


def bad_input(field: str, fault: str, *, node: Any = None) -> GraphQLError:
    """The refusal of one value that the client sent; `field` is its path, such as `input.lines[0].quantity`."""
    return refusal(Code.INVALID_INPUT, f"{field} {fault}", node=node, field=field)


def over_limit(limit: str, allowed: int, found: int) -> GraphQLError:
    """The refusal of a request that asks for too much at once."""
    return refusal(
        Code.LIMIT_EXCEEDED, f"{limit}: {found} found, {allowed} allowed", limit=limit, allowed=allowed, found=found
    )


class Refused(Exception):
    """A whole request that is refused, with what is wrong with it."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(*(error.message for error in errors))
        self.errors = errors


def shown(error: GraphQLError, trace_id: str, locale: str = "en") -> dict[str, Any]:
    """The error as the client may see it; a bug of ours is written to the log and shown as INTERNAL with the trace id."""
    cause = root_cause(error)
    if isinstance(cause, Problem):
        message, extensions = told(cause, locale), problem_facts(cause, locale)
    elif error.extensions and "code" in error.extensions:
        message, extensions = error.message, error.extensions
    elif isinstance(cause, StrawberryInputCoercionError) or _is_argument_error(cause):
        message, extensions = error.message, {"code": Code.INVALID_INPUT.value}
    else:
        message, extensions = _masked(cause, error, trace_id)
    answer = error.formatted
    return {**answer, "message": message, "extensions": extensions}


def problem_facts(problem: Problem, locale: str = "en") -> dict[str, Any]:
    """Code and facts of a refusal that the field has no union member for."""
    facts: dict[str, Any] = {"code": problem.code.value}
    if isinstance(problem, InvalidInput):
        facts["field"] = problem.faults[0].path
        facts["faults"] = [
            {"field": wrong.path, "fault": spoken(wrong.fault, locale), "suggestion": wrong.suggestion}
            for wrong in problem.faults
        ]
    if isinstance(problem, Unavailable):
        facts["retryAfter"] = problem.retry_after
    return facts


def _is_argument_error(cause: Exception) -> bool:
    """Whether graphql-core found an argument wrong only when it ran: a null variable where null may not be."""
    nodes = cause.nodes if isinstance(cause, GraphQLError) else None
    return nodes is not None and any(isinstance(node, ValueNode) for node in nodes[:1])


def root_cause(error: Exception) -> Exception:
    """The exception that the resolver raised, beneath the wrappings of graphql-core."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _masked(cause: Exception, error: GraphQLError, trace_id: str) -> tuple[str, dict[str, Any]]:
    log.error("resolver crashed", trace_id=trace_id, path=error.path, exc_info=cause)
    return "Something went wrong on our side; tell us the trace id.", {"code": Code.INTERNAL.value, "traceId": trace_id}
