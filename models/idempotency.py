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
