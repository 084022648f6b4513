"""Links that a browser can follow without a token: good for one thing, one session and five minutes.

A link is a bearer's, so it opens nothing by itself: whoever stands behind its session is looked up again when it is used, and has
to be able to see the thing then.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

from rules.people import Actor
from rules.problems import Unauthenticated
from services import clock, tokens
from services.callers import of_session

LIFE = timedelta(minutes=5)
_PURPOSE = "download tickets"
_HEAD, _SEAL = 24, 32
"""Eight bytes of expiry and sixteen of session, then the seal over them and the thing."""


def issue(actor: Actor, thing: str) -> str | None:
    """A ticket for `thing`, such as an opaque id; None for whoever has no session: machines and strangers."""
    if actor.session is None:
        return None
    expires = int((clock.now() + LIFE).timestamp())
    head = expires.to_bytes(8, "big") + actor.session.bytes
    return urlsafe_b64encode(head + _seal(head, thing)).decode()


async def redeem(ticket: str, thing: str) -> Actor:
    """Who was given the ticket for this thing, as of now; Unauthenticated when it is forged, another's, or too old."""
    try:
        raw = urlsafe_b64decode(ticket.encode("ascii"))
    except ValueError:
        raise Unauthenticated from None
    head, seal = raw[:_HEAD], raw[_HEAD:]
    if len(raw) != _HEAD + _SEAL or not hmac.compare_digest(seal, _seal(head, thing)):
        raise Unauthenticated
    if int.from_bytes(head[:8], "big") <= clock.now().timestamp():
        raise Unauthenticated
    return await of_session(UUID(bytes=head[8:]))


def _seal(head: bytes, thing: str) -> bytes:
    return hmac.digest(_secret(), head + thing.encode(), "sha256")


def _secret() -> bytes:
    return tokens.secret_for(_PURPOSE)
