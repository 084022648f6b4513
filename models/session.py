"""What people stay signed in with, and the tries that failed."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q

from models.base import Stored, new_id
from models.company import Member
from models.rows import fetch


class Session(Stored):
    """One sign-in: the family of refresh tokens that descend from it."""

    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="sessions", on_delete=fields.CASCADE, db_index=True
    )
    member_id: UUID
    expires_at = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "session"

    @classmethod
    async def revoke(cls, session_id: UUID, moment: datetime) -> None:
        """End a session; its access tokens are believed no longer."""
        await cls.filter(id=session_id, revoked_at__isnull=True).update(revoked_at=moment)

    @classmethod
    async def revoke_of(cls, member_id: UUID, moment: datetime, *, but: UUID | None = None) -> None:
        """End all sessions of a member, `but` one."""
        others = Q(member_id=member_id, revoked_at__isnull=True)
        await cls.filter(others if but is None else others & ~Q(id=but)).update(revoked_at=moment)

    @classmethod
    async def live(cls, session_id: UUID, moment: datetime) -> "Session | None":
        """The session if it was neither revoked nor is past its end."""
        return await cls.get_or_none(id=session_id, revoked_at__isnull=True, expires_at__gt=moment)


class RefreshToken(Stored):
    """A refresh token, good once: using it twice revokes its whole session (RFC 9700 §4.14.2)."""

    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name="tokens", on_delete=fields.CASCADE, db_index=True
    )
    session_id: UUID
    sha256 = fields.CharField(max_length=64, unique=True)
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_token"

    @classmethod
    async def locked(cls, sha256: str) -> "RefreshToken | None":
        """The token, locked until the transaction ends: of two that offer it at once, the second finds it used."""
        return await cls.select_for_update().get_or_none(sha256=sha256)


# The moment of the limit-th newest failure of the name, and of the address; each reads at most `limit` entries of one index.
# An empty text stands for "not known" and counts for nothing.
_OLDEST_THAT_COUNTS = """
SELECT max(created_at) AS oldest FROM (
    (SELECT created_at FROM sign_in_failure WHERE name_sha256 = $1 AND $1 <> '' AND created_at > $3
     ORDER BY created_at DESC OFFSET $4 LIMIT 1)
    UNION ALL
    (SELECT created_at FROM sign_in_failure WHERE address = $2 AND $2 <> '' AND created_at > $3
     ORDER BY created_at DESC OFFSET $4 LIMIT 1)
) AS counted
"""
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('sign in name ' || $1, 0)),
       pg_advisory_xact_lock(hashtextextended('sign in address ' || $2, 0))
"""
# Each failure sweeps away a few forgotten ones, so that the table stays as small as the last quarter of an hour was busy.
_SWEEP = """
DELETE FROM sign_in_failure WHERE id IN (
    SELECT id FROM sign_in_failure ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED
) AND created_at <= $1
"""


class SignInFailure(Stored):
    """A wrong try. Of the name only the SHA-256 is kept: people type passwords into the wrong field."""

    name_sha256 = fields.CharField(max_length=64)
    address = fields.CharField(max_length=64)

    class Meta:
        table = "sign_in_failure"
        indexes = (("name_sha256", "created_at"), ("address", "created_at"))

    @classmethod
    async def lock(cls, name_sha256: str, address: str) -> None:
        """Let nobody else decide on this name or this address until the transaction ends: always the name first."""
        await fetch(cls, _LOCK, name_sha256, address)

    @classmethod
    async def paused_until(
        cls, name_sha256: str, address: str, moment: datetime, *, limit: int, window: timedelta
    ) -> datetime | None:
        """When another try counts again, where the name or the address used up its `limit` within the `window`; one statement."""
        [found] = await fetch(cls, _OLDEST_THAT_COUNTS, name_sha256, address, moment - window, limit - 1)
        return None if found.oldest is None else found.oldest + window

    @classmethod
    async def record(cls, name_sha256: str, address: str, moment: datetime, *, window: timedelta) -> None:
        """Count a wrong try, and forget some that no longer count."""
        await cls.create(id=new_id(), name_sha256=name_sha256, address=address, created_at=moment)
        await fetch(cls, _SWEEP, moment - window)
