"""Remembered requests: the same key gets the same answer."""

from uuid import UUID

from tortoise import fields

from models.base import Stored


class IdempotencyKey(Stored):
    """A key one caller used, what it asked for, and the id of what came out."""

    caller = fields.UUIDField()
    key = fields.CharField(max_length=64)
    fingerprint = fields.CharField(max_length=64)
    result_id: UUID | None = fields.UUIDField(null=True)

    class Meta:
        table = "idempotency_key"
        unique_together = (("caller", "key"),)
        indexes = (("created_at",),)

    @classmethod
    async def of(cls, caller: UUID, key: str) -> "IdempotencyKey":
        """The row of a caller's key."""
        return await cls.get(caller=caller, key=key)

    @classmethod
    async def result_of(cls, caller: UUID, key: str) -> UUID | None:
        """What came out of the request that this caller made with this key; None where there was none yet."""
        found = await cls.get_or_none(caller=caller, key=key)
        return found.result_id if found else None
