"""Certificates whose keys never were here, and what was prepared for a signature with one of them."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, optional_text
from models.company import Company, Member
from models.contract import Contract
from rules.contract import PreparationStatus, TrustLevel
from rules.lifecycle import Side
from rules.people import Actor, Role


class SigningCertificate(Stored):
    """A member's own X.509 certificate in DER; a trigger refuses any change of it but its revocation."""

    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="certificates", on_delete=fields.RESTRICT, db_index=True
    )
    member_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="certificates", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    certificate = fields.BinaryField()
    # What is between it and a trusted root, each in base64: none where nobody but the member vouches for it.
    chain: list[str] = fields.JSONField(default=list)
    sha256 = fields.CharField(max_length=64)
    subject = fields.CharField(max_length=1000)
    issuer = fields.CharField(max_length=1000)
    serial_number = fields.CharField(max_length=80)
    valid_from = fields.DatetimeField()
    valid_until = fields.DatetimeField()
    trust_level = fields.CharEnumField(TrustLevel, max_length=24)
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    revoked_by_name: str | None = optional_text(120)

    class Meta:
        table = "signing_certificate"
        unique_together = (("member", "sha256"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[SigningCertificate]":
        """One's own; for an administrator those of the company."""
        if not actor.may_read or actor.member is None:
            return cls.filter(NOTHING)
        own = Q(company_id=actor.company)
        return cls.filter(own if Role.ADMIN in actor.roles else own & Q(member_id=actor.member))

    @classmethod
    async def of(cls, member_id: UUID, sha256: str) -> "SigningCertificate | None":
        """The member's with this fingerprint; whoever asks is that member."""
        return await cls.get_or_none(member_id=member_id, sha256=sha256)

    @classmethod
    async def locked(cls, certificate_id: UUID) -> "SigningCertificate":
        """The one that was found before, locked for this transaction: nobody revokes it until the signature is written."""
        return await cls.select_for_update(no_key=True).get(id=certificate_id)


class SignaturePreparation(Stored):
    """A file with room for one signature, and what has to be signed; good once, and for some minutes."""

    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "models.Contract", related_name="preparations", on_delete=fields.RESTRICT, db_index=True
    )
    contract_id: UUID
    side = fields.CharEnumField(Side, max_length=8)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="preparations", on_delete=fields.RESTRICT, db_index=True
    )
    member_id: UUID
    certificate: fields.ForeignKeyRelation[SigningCertificate] = fields.ForeignKeyField(
        "models.SigningCertificate", related_name="preparations", on_delete=fields.RESTRICT, db_index=True
    )
    certificate_id: UUID
    status = fields.CharEnumField(PreparationStatus, max_length=12, default=PreparationStatus.OPEN)
    # The revision of the file that is signed, and what the signature adds to it, with a place for it from `start` to `end`.
    revision = fields.IntField()
    added: bytes | None = fields.BinaryField(null=True)
    start = fields.IntField()
    end = fields.IntField()
    # SHA-256 of everything but that place, and the signed attributes (RFC 5652 §5.4) that name it.
    digest = fields.BinaryField()
    to_be_signed = fields.BinaryField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "signature_preparation"
        constraints = (
            UniqueConstraint(
                fields=("contract_id", "side", "member_id"),
                name="signature_preparation_one_open",
                condition="status = 'OPEN'",
            ),
        )
        indexes = (("expires_at",),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[SignaturePreparation]":
        """One's own."""
        if not actor.may_read or actor.member is None:
            return cls.filter(NOTHING)
        return cls.filter(member_id=actor.member)

    @classmethod
    async def replace(cls, contract_id: UUID, member_id: UUID) -> None:
        """Close what the member prepared before on a contract that was opened before."""
        before = cls.filter(contract_id=contract_id, member_id=member_id, status=PreparationStatus.OPEN)
        await before.update(status=PreparationStatus.REPLACED, added=None)

    @classmethod
    async def close(cls, preparation_id: UUID) -> bool:
        """Use it up; False where somebody was faster. Until this transaction ends nobody else can."""
        still = cls.filter(id=preparation_id, status=PreparationStatus.OPEN)
        return bool(await still.update(status=PreparationStatus.COMPLETED, added=None))

    @classmethod
    async def forget(cls, before: datetime) -> None:
        """Delete what ran out before this moment."""
        await cls.filter(expires_at__lt=before).delete()
