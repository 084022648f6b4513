"""Who asks, in which language, from where: from a connection's headers to an actor and a context (decision 0034).

A websocket's `connection_init` arrives here as the same headers, since browsers cannot set them on a websocket.
"""

import re
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import uuid4

from starlette.requests import HTTPConnection

from resolvers.context import Context
from resolvers.words import best_locale
from rules.people import Actor
from rules.problems import Unauthenticated
from services.callers import recognise

# RFC 9110 §11.4: the scheme in any case, then the credential, which has no blanks in it.
_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]+) *")
# https://www.w3.org/TR/trace-context/#traceparent-header
_TRACE_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_HOUSEHOLD = 64
"""Bits of an IPv6 address that say whose it is: the rest its owner chooses at will."""


async def authorise(connection: HTTPConnection) -> Actor:
    """Who asks: anonymous without an Authorization header, Unauthenticated for any other than a good bearer token."""
    given = connection.headers.getlist("authorization")
    if not given:
        return Actor.anonymous()
    bearer = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    if bearer is None:
        raise Unauthenticated
    return await recognise(bearer[1])


def make_context(connection: HTTPConnection, actor: Actor) -> Context:
    """A fresh context: in the language the headers ask for, else the member's, under the caller's trace id if there is one."""
    return Context(
        actor=actor,
        locale=best_locale(connection.headers.get("accept-language"), actor.locale),
        trace_id=_trace_id(connection),
        address=address_of(connection),
    )


def address_of(connection: HTTPConnection) -> str:
    """What tries are counted by: the client's IPv4 address, or the /64 network of its IPv6 one; empty if it has none.

    Behind a proxy it is right only if the server was told which proxy to believe (uvicorn's `--forwarded-allow-ips`).
    """
    if connection.client is None:
        return ""
    try:
        address = ip_address(connection.client.host)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _HOUSEHOLD), strict=False))


def _trace_id(connection: HTTPConnection) -> str:
    parent = _TRACE_PARENT.fullmatch(connection.headers.get("traceparent", ""))
    return parent[1] if parent else uuid4().hex
