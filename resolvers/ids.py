"""Opaque ids of the schema: base64url of the type's name and the row's UUID, with exactly one spelling each."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

_LONGEST = 120  # characters; beyond any id we give out


class Malformed(UUID):
    """What no id of ours was read as: a UUID that no row has, so that the text is refused where and when a missing id is."""

    __slots__ = ("text",)
    text: str

    def __init__(self, text: str) -> None:
        super().__init__(int=0)
        object.__setattr__(self, "text", text)


def encode_id(kind: str, row: UUID) -> str:
    """The id clients see for the row of that type, such as encode_id("Order", order.id)."""
    return urlsafe_b64encode(kind.encode() + b":" + row.bytes).decode().rstrip("=")


def decode_id(kind: str, text: str) -> UUID | None:
    """The row's UUID; None for anything that is not exactly an id of that type. Never raises."""
    found = split_id(text)
    return found[1] if found is not None and found[0] == kind else None


def split_id(text: str) -> tuple[str, UUID] | None:
    """The type's name and the row's UUID of any id we gave out, or None. Never raises."""
    if len(text) > _LONGEST:
        return None
    try:
        kind, _, row = urlsafe_b64decode(text + "=" * (-len(text) % 4)).partition(b":")
        name, uuid = kind.decode("ascii"), UUID(bytes=row)
    except (Error, ValueError):
        return None
    # Base64 decoders skip foreign characters and stray bits; a second spelling would slip past caches and comparisons.
    return (name, uuid) if encode_id(name, uuid) == text else None
