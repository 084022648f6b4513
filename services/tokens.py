"""Access tokens: who is signed in, signed with Ed25519, for a quarter of an hour at most (decision 0033)."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from rules.problems import Unauthenticated
from rules.signing_in import ACCESS_LIFE
from services import clock

OURS = {"iss": "dinghuo", "aud": "dinghuo", "typ": "access"}
"""The claims that say who issued a token, for whom, and what kind it is."""

ALGORITHM = "Ed25519"  # RFC 9864: the name "EdDSA" is deprecated, since it says neither curve nor strength
HEADER_TYPE = "at+jwt"  # RFC 9068 §2.1: no other kind of token can be taken for this one

LONGEST = 1_000
"""Characters; ours have some 460."""

CLOCKS_APART = 30
"""Seconds by which the clock of the machine that issued a token may be ahead."""

_BROKEN = (JoseError, ValueError, TypeError, KeyError, RecursionError)


@dataclass(frozen=True)
class AccessToken:
    """The token as the client carries it."""

    text: str
    expires_at: datetime


@dataclass(frozen=True)
class Claims:
    """What a believed token says."""

    member: UUID
    session: UUID
    expires_at: datetime


class Keyring:
    """Signs with the first key; believes what any of them signed, so that a key can be replaced without signing everybody out."""

    def __init__(self, *keys: OKPKey) -> None:
        if not keys or not all(key.curve_name == ALGORITHM for key in keys):
            raise ValueError("access tokens need Ed25519 keys")
        self._signing = keys[0]
        self._keys = {key.thumbprint(): key for key in keys}
        # The signature of a token does not change while it lives: checking it once for all its requests saves 0.2 ms each.
        self.signed_claims = lru_cache(4096)(self._signed_claims)

    def sign(self, claims: dict[str, Any]) -> str:
        """The claims as a token."""
        header = {"alg": ALGORITHM, "typ": HEADER_TYPE, "kid": self._signing.thumbprint()}
        return jwt.encode(header, claims, self._signing, algorithms=[ALGORITHM])

    def secret_for(self, purpose: str) -> bytes:
        """A secret that follows from the signing key and tells nothing of it, for what needs no key of its own."""
        private = self._signing.as_dict(private=True)["d"]
        return hmac.digest(str(private).encode(), purpose.encode(), "sha256")

    def _signed_claims(self, text: str) -> dict[str, Any]:
        """The claims that one of our keys signed; raises one of _BROKEN for everything else."""
        token = jwt.decode(text, lambda signed: self._keys[signed.headers()["kid"]], algorithms=[ALGORITHM])
        if token.header.get("typ") != HEADER_TYPE:
            raise ValueError("not an access token")
        return token.claims


_keyring: Keyring | None = None


def use(keyring: Keyring) -> None:
    """Sign and believe with these keys from now on; the wiring calls it before the first request."""
    global _keyring
    _keyring = keyring


def issue(member: UUID, session: UUID) -> AccessToken:
    """A token for a session of a member, from now on."""
    issued = int(clock.now().timestamp())
    expires = issued + int(ACCESS_LIFE.total_seconds())
    claims = {**OURS, "iat": issued, "exp": expires, "sub": str(member), "sid": str(session)}
    return AccessToken(_ring().sign(claims), datetime.fromtimestamp(expires, UTC))


def read(text: str) -> Claims:
    """What the token says, if one of our keys signed it, for us, and it is neither expired nor made to live too long."""
    if len(text) > LONGEST:
        raise Unauthenticated
    try:
        return _believed(_ring().signed_claims(text))
    except _BROKEN:
        raise Unauthenticated from None


def _believed(claims: dict[str, Any]) -> Claims:
    match claims:
        case {"iat": int(issued), "exp": int(expires), "sub": str(member), "sid": str(session)}:
            now = clock.now().timestamp()
            is_timely = issued - CLOCKS_APART <= now < expires <= issued + ACCESS_LIFE.total_seconds()
            if is_timely and all(claims.get(name) == value for name, value in OURS.items()):
                return Claims(UUID(member), UUID(session), datetime.fromtimestamp(expires, UTC))
    raise Unauthenticated


def secret_for(purpose: str) -> bytes:
    """See Keyring.secret_for."""
    return _ring().secret_for(purpose)


def _ring() -> Keyring:
    if _keyring is None:
        raise RuntimeError("services.tokens.use() comes first")
    return _keyring
