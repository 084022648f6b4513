"""Paths that a browser can follow without a token: each with a ticket for the one thing it leads to."""

from uuid import UUID

from resolvers.context import Context
from resolvers.ids import encode_id
from services import tickets


def link(context: Context, path: str, kind: str, key: UUID) -> str | None:
    """The path with the thing's opaque id in it and a ticket behind it; None for whoever has no session."""
    id_ = encode_id(kind, key)
    ticket = tickets.issue(context.actor, id_)
    return ticket and f"{path.format(id=id_)}?ticket={ticket}"
