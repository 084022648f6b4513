"""From headers to a context: who, in which language, from where."""

from collections.abc import Mapping

import pytest
from starlette.requests import HTTPConnection

from api.authentication import address_of, authorise, make_context
from models import Member
from rules.people import Actor
from rules.problems import Unauthenticated
from services import passwords
from services.sessions import sign_in
from subscriptions.caller import with_token
from tests.makers import HOME, PASSWORD, make_company


def connection(headers: Mapping[str, str] | None = None, host: str | None = "192.0.2.1") -> HTTPConnection:
    """A connection with these headers."""
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return HTTPConnection({"type": "http", "headers": raw, "client": None if host is None else (host, 4711)})


@pytest.fixture
async def token(database: str) -> str:
    """An administrator's access token."""
    member = await Member.first_of((await make_company()).id)
    with passwords.cheaply():
        return (await sign_in(member.sign_in_name, PASSWORD, HOME)).access_token.text


async def test_without_a_token_one_is_anonymous() -> None:
    assert await authorise(connection()) == Actor.anonymous()


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
async def test_a_bearer_token_says_who_asks(token: str, scheme: str) -> None:
    assert (await authorise(connection({"Authorization": scheme + token}))).is_signed_in


async def test_the_token_of_connection_init_is_as_good_as_a_header(token: str) -> None:
    for payload in ({"Authorization": f"Bearer {token}"}, {"token": token}):
        assert (await authorise(with_token(connection(), payload))).is_signed_in


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer a b", "Bearer x", "Bearer é", "Token x"]
)
async def test_a_bad_token_is_not_taken_for_none(header: str) -> None:
    with pytest.raises(Unauthenticated):
        await authorise(connection({"Authorization": header}))


async def test_two_tokens_are_none(token: str) -> None:
    raw = [(b"authorization", f"Bearer {token}".encode())] * 2
    with pytest.raises(Unauthenticated):
        await authorise(HTTPConnection({"type": "http", "headers": raw}))


@pytest.mark.parametrize(
    ("header", "own", "locale"),
    [(None, "zh-CN", "zh-CN"), (None, "en", "en"), ("en-GB,en;q=0.9", "zh-CN", "en"), ("fr", "zh-CN", "zh-CN")],
)
def test_the_header_says_the_language_and_else_the_member(header: str | None, own: str, locale: str) -> None:
    headers = {} if header is None else {"Accept-Language": header}
    assert make_context(connection(headers), Actor(locale=own)).locale == locale


def test_the_callers_trace_goes_on_and_a_malformed_one_does_not() -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    good = make_context(connection({"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}), Actor())
    assert good.trace_id == trace
    for bad in ("", "x", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{trace}-00f067aa0ba902b7-01\n", "00-" + "G" * 32):
        fresh = make_context(connection({"traceparent": bad}), Actor()).trace_id
        assert len(fresh) == 32
        assert fresh != trace


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", ""),
        (None, ""),
    ],
)
def test_tries_are_counted_by_whoever_owns_the_address(host: str | None, address: str) -> None:
    assert address_of(connection(host=host)) == address
