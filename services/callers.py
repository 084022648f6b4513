"""From the text after "Bearer" to the actor: asked again for each request, and every few seconds while a websocket stays open."""

import hashlib
import hmac
import re
from datetime import timedelta
from uuid import UUID

from models import ApiKey
from models.caller import machine_behind, person_behind
from rules.admission import SIGNING_IN
from rules.people import Actor, CompanyKind, CompanyStatus, Role, Scope
from rules.problems import Unauthenticated
from services import clock, tokens

KEY_PREFIX = "dk_"
USE_NOTED_EVERY = timedelta(minutes=1)
"""`lastUsedAt` of a key is this exact, and a busy key costs one write in this time."""

_KEY = re.compile(rf"{KEY_PREFIX}([0-9a-f]{{32}})_([A-Za-z0-9_-]{{43}})")


async def recognise(credential: str) -> Actor:
    """Who acts with this access token or API key, as of now.

    Unauthenticated when it is expired, revoked or forged, the member was deactivated, or the company is shut out. Roles, status and
    scopes are read from the database each time: what an administrator changes counts at once.
    """
    if credential.startswith(KEY_PREFIX):
        return await _machine(credential)
    return await _person(credential)


async def _person(token: str) -> Actor:
    claims = tokens.read(token)
    person = await of_session(claims.session)
    if person.member != claims.member:
        raise Unauthenticated
    return person


async def of_session(session: UUID) -> Actor:
    """Who is signed in with this session, as of now; Unauthenticated when nobody is any more."""
    person = await person_behind(session, clock.now(), SIGNING_IN)
    if person is None:
        raise Unauthenticated
    is_admitted = person.status == CompanyStatus.APPROVED
    return Actor(
        company=person.company_id,
        member=person.id,
        kind=CompanyKind(person.kind),
        # Without a role nothing may be done or read but oneself: all that an applicant needs while the operator decides.
        roles=frozenset(map(Role, person.roles)) if is_admitted else frozenset(),
        name=person.display_name,
        locale=person.locale,
        session=session,
    )


async def _machine(text: str) -> Actor:
    parts = _KEY.fullmatch(text)
    if parts is None:
        raise Unauthenticated
    moment = clock.now()
    key = await machine_behind(UUID(parts[1]), moment, [CompanyStatus.APPROVED])
    if key is None or not hmac.compare_digest(key.sha256, hashlib.sha256(parts[2].encode()).hexdigest()):
        raise Unauthenticated
    if key.last_used_at is None or key.last_used_at < moment - USE_NOTED_EVERY:
        await ApiKey.used(key.id, moment, at_most_every=USE_NOTED_EVERY)
    scopes = frozenset(map(Scope, key.scopes))
    return Actor(
        company=key.company_id, kind=CompanyKind(key.kind), scopes=scopes, name=key.name, sponsor=key.created_by_id
    )
