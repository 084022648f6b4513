"""The four members of a GraphQL request, checked before anything believes them."""

from dataclasses import dataclass
from typing import Any


class MalformedRequest(Exception):
    """What arrived is not a GraphQL request; the text says why."""


@dataclass(frozen=True)
class Request:
    """A document, which of its operations to run, and the variables it runs with."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]

    @classmethod
    def from_json(cls, given: object) -> "Request":
        """The request in decoded JSON; MalformedRequest for any other shape, a batch included."""
        if not isinstance(given, dict):
            raise MalformedRequest("a request is one JSON object")
        query, name = given.get("query"), given.get("operationName")
        variables = given.get("variables")
        if not isinstance(query, str):
            raise MalformedRequest("`query` must be a string")
        if name is not None and not isinstance(name, str):
            raise MalformedRequest("`operationName` must be a string or null")
        for member in ("variables", "extensions"):
            if given.get(member) is not None and not isinstance(given[member], dict):
                raise MalformedRequest(f"`{member}` must be an object or null")
        return cls(query, name, variables or {})
