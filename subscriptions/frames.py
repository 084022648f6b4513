"""The messages of graphql-transport-ws: what a client may send, and what we send back."""

from dataclasses import dataclass
from typing import Any

import orjson

from resolvers.request import MalformedRequest, Request
from subscriptions.closing import Close, CloseCode


@dataclass(frozen=True)
class Init:
    """The first message: who is there."""

    payload: dict[str, Any]


@dataclass(frozen=True)
class Ping:
    """Is anybody there."""

    payload: dict[str, Any] | None


@dataclass(frozen=True)
class Pong:
    """Somebody is there."""


@dataclass(frozen=True)
class Subscribe:
    """Run an operation under this id."""

    id: str
    request: Request


@dataclass(frozen=True)
class Complete:
    """Send nothing more under this id."""

    id: str


Message = Init | Ping | Pong | Subscribe | Complete


def read(text: str) -> Message:
    """The message in a text frame; closes with 4400 for any other shape."""
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad("Not JSON") from None
    if not isinstance(given, dict):
        raise _bad("A message is an object")
    match given.get("type"):
        case "connection_init":
            return Init(_payload(given) or {})
        case "ping":
            return Ping(_payload(given))
        case "pong":
            _payload(given)
            return Pong()
        case "subscribe":
            return Subscribe(_id(given), _request(given))
        case "complete":
            return Complete(_id(given))
    raise _bad("Unknown message type")


def ack() -> str:
    """The connection may be used."""
    return '{"type":"connection_ack"}'


def ping() -> str:
    """Ours, to find peers that are gone."""
    return '{"type":"ping"}'


def pong(payload: dict[str, Any] | None) -> str:
    """The answer to a ping, with what it carried."""
    return _text({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})


def next_(id_: str, payload: str) -> str:
    """A result, already encoded: only the id differs between those who get the same."""
    return f'{{"id":{_text(id_)},"type":"next","payload":{payload}}}'


def error(id_: str, errors: list[dict[str, Any]]) -> str:
    """The operation ends with these errors."""
    return _text({"id": id_, "type": "error", "payload": errors})


def complete(id_: str) -> str:
    """The operation has ended."""
    return _text({"id": id_, "type": "complete"})


def encoded(answer: dict[str, Any]) -> str:
    """A result as the text inside `next_`. Text, since JavaScript clients do not read binary frames."""
    return _text(answer)


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _payload(given: dict[str, Any]) -> dict[str, Any] | None:
    payload = given.get("payload")
    if "payload" in given and not isinstance(payload, dict):
        raise _bad("payload must be an object")
    return payload


def _id(given: dict[str, Any]) -> str:
    if not isinstance(id_ := given.get("id"), str) or not id_:
        raise _bad("id must be a string and not empty")
    return id_


def _request(given: dict[str, Any]) -> Request:
    try:
        return Request.from_json(given.get("payload"))
    except MalformedRequest as malformed:
        raise _bad(str(malformed)) from None


def _bad(reason: str) -> Close:
    return Close(CloseCode.BAD_REQUEST, reason)
