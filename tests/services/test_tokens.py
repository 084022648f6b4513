"""Only what our key signed for us, in time, and for no longer than a quarter of an hour is believed."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from rules.problems import Unauthenticated
from services import clock, tokens

MEMBER, SESSION = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
KEY = OKPKey.generate_key("Ed25519")
KID = KEY.thumbprint()
HEADER = {"alg": "Ed25519", "typ": "at+jwt", "kid": KID}


@pytest.fixture(autouse=True)
def our_key() -> Iterator[None]:
    """KEY is ours, and it is NOW."""
    before = tokens._keyring
    tokens.use(tokens.Keyring(KEY))
    with clock.held_at(NOW):
        yield
    tokens._keyring = before


def claims(**changes: Any) -> dict[str, Any]:
    """What a good token says; a change to None leaves the claim out."""
    issued = int(NOW.timestamp())
    good = {"iss": "dinghuo", "aud": "dinghuo", "typ": "access", "iat": issued, "exp": issued + 900}
    good |= {"sub": str(MEMBER), "sid": str(SESSION), **changes}
    return {name: value for name, value in good.items() if value is not None}


def signed(said: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    """A token of any kind, with the joserfc of the attacker."""
    whole = {name: value for name, value in {**HEADER, **header}.items() if value is not None}
    return jwt.encode(whole, said, key, algorithms=[whole["alg"]])


def b64(value: bytes | dict[str, Any]) -> str:
    """base64url as JOSE has it."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).decode().rstrip("=")


def unsigned(alg: str, signature: str = "") -> str:
    """A token that claims an algorithm and carries some text for a signature."""
    return f"{b64({**HEADER, 'alg': alg})}.{b64(claims())}.{signature}"


def tampered(part: int, place: int) -> str:
    """A good token with one bit of one part changed."""
    parts = signed(claims()).split(".")
    raw = bytearray(urlsafe_b64decode(parts[part] + "=="))
    raw[place] ^= 1
    parts[part] = b64(bytes(raw))
    return ".".join(parts)


def with_public_key_as_hmac_secret() -> str:
    """The classic: a verifier that lets the token choose would take the public key for an HMAC secret."""
    said = f"{b64({**HEADER, 'alg': 'HS256'})}.{b64(claims())}"
    return f"{said}.{b64(hmac.digest(KEY.as_pem(private=False), said.encode(), 'sha256'))}"


NOW_S = int(NOW.timestamp())
FORGERIES: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "blank": lambda: " ",
    "one part": lambda: "abc",
    "two parts": lambda: "abc.def",
    "four parts": lambda: signed(claims()) + ".x",
    "three empty parts": lambda: "..",
    "not base64": lambda: "!.!.!",
    "not JSON": lambda: f"{b64(b'x')}.{b64(b'x')}.{b64(b'x')}",
    "not ASCII": lambda: "é" + signed(claims()),
    "NUL": lambda: signed(claims()) + "\x00",
    "header is a list": lambda: f"{b64(b'[]')}.{b64(claims())}.x",
    "header is deep": lambda: f"{b64(b'[' * 300)}.{b64(claims())}.x",
    "too long": lambda: signed(claims(more="x" * 2_000)),
    "alg none": lambda: unsigned("none"),
    "alg None": lambda: unsigned("None"),
    "alg nOnE with a signature": lambda: unsigned("nOnE", "AAAA"),
    "alg empty": lambda: unsigned(""),
    "alg of a number": lambda: f"{b64({**HEADER, 'alg': 1})}.{b64(claims())}.AAAA",
    "alg missing": lambda: f"{b64({'typ': 'at+jwt', 'kid': KID})}.{b64(claims())}.AAAA",
    "alg EdDSA, our key": lambda: signed(claims(), alg="EdDSA"),
    "alg HS256, public key as secret": with_public_key_as_hmac_secret,
    "alg HS256, empty secret": lambda: signed(claims(), OctKey.import_key("x" * 32), alg="HS256"),
    "alg RS256": lambda: signed(claims(), RSAKey.generate_key(2048), alg="RS256"),
    "alg ES256": lambda: signed(claims(), ECKey.generate_key("P-256"), alg="ES256"),
    "somebody's Ed25519 key under our kid": lambda: signed(claims(), OKPKey.generate_key("Ed25519")),
    "kid missing": lambda: signed(claims(), kid=None),
    "kid unknown": lambda: signed(claims(), kid="other"),
    "kid of a path": lambda: signed(claims(), kid="../../dev/null"),
    "kid of SQL": lambda: signed(claims(), kid="' OR 1=1 --"),
    "own key in the header": lambda: _with_own_key(),
    "jku": lambda: signed(claims(), OKPKey.generate_key("Ed25519"), jku="https://evil.example/keys"),
    "crit of the unknown": lambda: f"{b64({**HEADER, 'crit': ['x'], 'x': 1})}.{b64(claims())}.AAAA",
    "typ JWT": lambda: signed(claims(), typ="JWT"),
    "signature empty": lambda: signed(claims()).rsplit(".", 1)[0] + ".",
    "signature of zeros": lambda: signed(claims()).rsplit(".", 1)[0] + "." + b64(bytes(64)),
    "signature cut": lambda: signed(claims())[:-4],
    "signature of another token": lambda: _with_signature_of_another(),
    "header bit": lambda: tampered(0, 3),
    "claims bit": lambda: tampered(1, 30),
    "signature bit": lambda: tampered(2, 0),
    "claims are a list": lambda: jws.serialize_compact(HEADER, b"[]", KEY, algorithms=["Ed25519"]),
    "iss missing": lambda: signed(claims(iss=None)),
    "iss of another": lambda: signed(claims(iss="evil")),
    "iss a list": lambda: signed(claims(iss=["dinghuo"])),
    "aud missing": lambda: signed(claims(aud=None)),
    "aud of another": lambda: signed(claims(aud="shop")),
    "aud a list with us": lambda: signed(claims(aud=["dinghuo", "shop"])),
    "typ missing": lambda: signed(claims(typ=None)),
    "typ refresh": lambda: signed(claims(typ="refresh")),
    "sub missing": lambda: signed(claims(sub=None)),
    "sub no id": lambda: signed(claims(sub="admin")),
    "sub a number": lambda: signed(claims(sub=1)),
    "sid missing": lambda: signed(claims(sid=None)),
    "exp missing": lambda: signed(claims(exp=None)),
    "exp now": lambda: signed(claims(iat=NOW_S - 900, exp=NOW_S)),
    "exp past": lambda: signed(claims(iat=NOW_S - 1_800, exp=NOW_S - 900)),
    "exp far": lambda: signed(claims(exp=10**18)),
    "exp a second too far": lambda: signed(claims(exp=NOW_S + 901)),
    "exp a string": lambda: signed(claims(exp=str(NOW_S + 900))),
    "exp true": lambda: signed(claims(exp=True)),
    "exp NaN": lambda: signed(claims(exp=float("nan"))),
    "exp infinite": lambda: signed(claims(exp=float("inf"))),
    "exp negative": lambda: signed(claims(exp=-1)),
    "iat missing": lambda: signed(claims(iat=None)),
    "iat in the future": lambda: signed(claims(iat=NOW_S + 60, exp=NOW_S + 300)),
    "iat long ago": lambda: signed(claims(iat=NOW_S - 86_400)),
    "iat a string": lambda: signed(claims(iat="0")),
}


def _with_own_key() -> str:
    attacker = OKPKey.generate_key("Ed25519")
    return signed(claims(), attacker, jwk=attacker.as_dict(private=False))


def _with_signature_of_another() -> str:
    other = signed(claims(sub=str(UUID(int=9))))
    return signed(claims()).rsplit(".", 1)[0] + "." + other.rsplit(".", 1)[1]


def test_what_we_issue_we_believe_for_a_quarter_of_an_hour() -> None:
    token = tokens.issue(MEMBER, SESSION)
    assert token.expires_at == NOW + timedelta(minutes=15)
    assert tokens.read(token.text) == tokens.Claims(MEMBER, SESSION, token.expires_at)
    with clock.held_at(NOW + timedelta(minutes=14, seconds=59)):
        tokens.read(token.text)
    with clock.held_at(NOW + timedelta(minutes=15)), pytest.raises(Unauthenticated):
        tokens.read(token.text)


def test_the_good_token_that_the_forgeries_start_from_is_good() -> None:
    assert tokens.read(signed(claims())).member == MEMBER


@pytest.mark.parametrize("name", FORGERIES)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_forgery_is_refused(name: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.read(FORGERIES[name]())


def test_there_are_as_many_forgeries_as_promised() -> None:
    assert len(FORGERIES) >= 46


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_a_token_and_none_makes_the_reader_stumble(text: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.read(text)


def test_a_new_key_signs_and_the_old_one_is_still_believed() -> None:
    old_token = tokens.issue(MEMBER, SESSION)
    new = OKPKey.generate_key("Ed25519")
    tokens.use(tokens.Keyring(new, KEY))
    new_token = tokens.issue(MEMBER, SESSION)
    assert tokens.read(old_token.text) == tokens.read(new_token.text)
    tokens.use(tokens.Keyring(new))
    tokens.read(new_token.text)
    with pytest.raises(Unauthenticated):
        tokens.read(old_token.text)


def test_a_clock_half_a_minute_ahead_does_no_harm() -> None:
    with clock.held_at(NOW + timedelta(seconds=30)):
        token = tokens.issue(MEMBER, SESSION)
    tokens.read(token.text)


@pytest.mark.parametrize("keys", [(), (OKPKey.generate_key("X25519"),), (OKPKey.generate_key("Ed448"),)])
def test_a_keyring_without_an_ed25519_key_is_refused(keys: tuple[OKPKey, ...]) -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        tokens.Keyring(*keys)
