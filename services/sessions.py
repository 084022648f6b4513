"""Signing in, staying signed in, signing out (decisions 0032 to 0034)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Company, Member, RefreshToken, Session
from models.base import new_id
from rules.admission import SIGNING_IN
from rules.people import Actor
from rules.problems import NotAllowed, Unauthenticated
from rules.signing_in import SESSION_LIFE, normal_name
from services import attempts, clock, passwords, tokens
from services.verb import committed

PREFIX = "dr_"
"""Refresh tokens begin with it, so that scanners for leaked secrets know them."""


@dataclass(frozen=True)
class SignedIn:
    """What the client goes on with: the access token for requests, the refresh token for the next access token, once."""

    access_token: tokens.AccessToken
    refresh_token: str
    member: Member


async def sign_in(sign_in_name: str, password: str, address: str) -> SignedIn:
    """A new session; SignInFailed, after the same work and with the same words, whatever was wrong."""
    name = normal_name(sign_in_name)
    await attempts.must_be_open(name, address)
    member = await Member.signing_in(name, SIGNING_IN)
    fit = await passwords.fits(password, member.password_hash if member else None)

    async def begin() -> SignedIn:
        if member is None:
            raise ValueError("nobody's password was right")
        if fit.rehashed is not None:
            await Member.rehash(member.id, member.password_hash, fit.rehashed)
        return await begin_session(member)

    return await attempts.judge(name, address, fit.is_right, begin)


async def begin_session(member: Member) -> SignedIn:
    """A new session of somebody whose password, or whatever stands for it, was right and counted."""
    moment = clock.now()
    session = Session(id=new_id(), member_id=member.id, expires_at=moment + SESSION_LIFE, created_at=moment)
    await session.save()
    return await _tokens(session.id, member)


async def refresh_session(refresh_token: str) -> SignedIn:
    """The next tokens of the session; a token that was used before ends the session for whoever holds it, and Unauthenticated."""
    renewed = await committed(lambda: _renew(_digest(refresh_token)))
    if renewed is None:
        raise Unauthenticated
    return renewed


async def sign_out(actor: Actor) -> datetime:
    """The moment at which the caller's session ended. Machines have none to end: NotAllowed."""
    if actor.session is None:
        raise NotAllowed("sign_out") if actor.is_signed_in else Unauthenticated
    moment = clock.now()
    await Session.revoke(actor.session, moment)
    return moment


async def _renew(sha256: str) -> SignedIn | None:
    """None, and never an exception, where it is refused: raising would undo the revocation."""
    token = await RefreshToken.locked(sha256)
    if token is None:
        return None
    moment = clock.now()
    if token.used_at is not None:
        # Two holders of one token: a thief and the owner, and nobody can tell who is who.
        await Session.revoke(token.session_id, moment)
        return None
    member = await _owner(token.session_id)
    if member is None:
        return None
    token.used_at = moment
    await token.save(update_fields=["used_at"])
    return await _tokens(token.session_id, member)


async def _owner(session_id: UUID) -> Member | None:
    """The member of the session, if both and the company are still let in."""
    session = await Session.live(session_id, clock.now())
    if session is None:
        return None
    member = await Member.named(session.member_id)
    company = await Company.named(member.company_id)
    return member if member.is_active and company.status in SIGNING_IN else None


async def _tokens(session_id: UUID, member: Member) -> SignedIn:
    refresh_token = PREFIX + secrets.token_urlsafe(32)
    await RefreshToken.create(id=new_id(), session_id=session_id, sha256=_digest(refresh_token), created_at=clock.now())
    return SignedIn(tokens.issue(member.id, session_id), refresh_token, member)


def _digest(refresh_token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(refresh_token.encode()).hexdigest()
