"""What a member proves with that it is they: the secret shared with an authenticator app."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Stored
from models.company import Member


class Authenticator(Stored):
    """A member's authenticator app (RFC 6238). Secrets are encrypted; `pending` waits for its first code."""

    member: fields.OneToOneRelation[Member] = fields.OneToOneField(
        "models.Member", related_name="authenticator", on_delete=fields.CASCADE
    )
    member_id: UUID
    secret: bytes | None = fields.BinaryField(null=True)
    pending: bytes | None = fields.BinaryField(null=True)
    # The newest time step whose code was accepted: none is good twice, and none before it any more.
    last_step: int | None = fields.BigIntField(null=True)
    confirmed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "authenticator"

    @classmethod
    async def of(cls, member_id: UUID) -> "Authenticator | None":
        """The member's, if there is one; whoever asks is that member."""
        return await cls.get_or_none(member_id=member_id)

    @classmethod
    async def locked(cls, member_id: UUID) -> "Authenticator | None":
        """The same, locked until the transaction ends: of two who offer one code, the second finds it used."""
        return await cls.select_for_update(no_key=True).get_or_none(member_id=member_id)
