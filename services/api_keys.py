"""Keys for machines: shown once, stored as a hash, good for their scopes until they expire or are revoked."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from models import ApiKey
from models.base import new_id
from rules.people import Actor, Scope
from rules.problems import NotFound, invalid
from services import clock
from services.callers import KEY_PREFIX
from services.register import note_change, open_own_company
from services.secret import Secret
from services.verb import creating, verb


async def create_api_key(
    actor: Actor, name: str, scopes: frozenset[Scope], expires_at: datetime | None, *, idempotency_key: str
) -> tuple[ApiKey, str | None]:
    """A key, and the text `dk_<id>_<secret>` to act with: told once, so None where the same request is repeated."""
    secret = secrets.token_urlsafe(32)
    sha256 = hashlib.sha256(secret.encode()).hexdigest()
    key = await _create_api_key(actor, name, scopes, expires_at, Secret(sha256), idempotency_key=idempotency_key)
    return key, f"{KEY_PREFIX}{key.id.hex}_{secret}" if key.sha256 == sha256 else None


@creating(ApiKey)
async def _create_api_key(
    actor: Actor,
    name: str,
    scopes: frozenset[Scope],
    expires_at: datetime | None,
    sha256: Secret,
    *,
    idempotency_key: str,
) -> ApiKey:
    if not scopes:
        raise invalid("input.scopes", "a key needs at least one scope")
    if expires_at is not None and expires_at <= clock.now():
        raise invalid("input.expiresAt", "must be in the future")
    company = await open_own_company(actor)
    key = await ApiKey.create(
        id=new_id(),
        company_id=company.id,
        created_by_id=actor.member,
        name=name.strip(),
        sha256=sha256.reveal(),
        scopes=sorted(scopes),
        expires_at=expires_at,
        created_at=clock.now(),
    )
    await note_change(company, actor, "create_api_key", key=str(key.id), scopes=key.scopes)
    return key


@verb
async def revoke_api_key(actor: Actor, key_id: UUID) -> ApiKey:
    """The key, believed no longer; revoking it again changes nothing."""
    company = await open_own_company(actor)
    key = await ApiKey.visible_to(actor).get_or_none(id=key_id)
    if key is None:
        raise NotFound("ApiKey", key_id)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        await key.save(update_fields=["revoked_at"])
        await note_change(company, actor, "revoke_api_key", key=str(key.id))
    return key
