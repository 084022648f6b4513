"""What contracts and framework agreements have in common: they are printed once, and each side signs the file."""

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from tortoise import fields
from tortoise.queryset import QuerySet

from models.base import Stored
from models.company import Company, Member
from rules.contract import TrustLevel
from rules.lifecycle import Side


class SignatureOver(Stored):
    """One side's signature: a record of what stands in the document's file, with the certificate (X.509, DER) it was made with."""

    DOCUMENT: ClassVar[str]
    """The column that names the document."""

    side = fields.CharEnumField(Side, max_length=8)
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    member_id: UUID
    signatory_name = fields.CharField(max_length=120)
    trust_level = fields.CharEnumField(TrustLevel, max_length=24)
    # The revision of the file that this signature made.
    revision = fields.IntField()
    certificate = fields.BinaryField()
    certificate_subject = fields.CharField(max_length=1000)
    time_stamp_authority = fields.CharField(max_length=200)
    time_stamped_at = fields.DatetimeField()

    class Meta:
        abstract = True

    @classmethod
    def of(cls, document_id: UUID) -> "QuerySet[Self]":
        """The signatures on a document that was opened before."""
        return cls.filter(**{cls.DOCUMENT: document_id}).order_by("id")

    @classmethod
    async def on(cls, document_id: UUID, **facts: Any) -> Self:
        """A signature on a document that was opened before, written down."""
        return await cls.create(**{cls.DOCUMENT: document_id, **facts})


class PaperFile(Stored):
    """A document on paper: revision 0 waits for signatures, and every signature adds a revision; a trigger refuses any change of it."""

    DOCUMENT: ClassVar[str]
    """The column that names the document."""

    revision = fields.IntField()
    content = fields.BinaryField()
    sha256 = fields.CharField(max_length=64)
    size = fields.IntField()

    class Meta:
        abstract = True

    @classmethod
    def holding(cls, document_id: UUID, revision: int, content: bytes, moment: datetime) -> Self:
        """The file as a row that is yet to be written."""
        digest = hashlib.sha256(content).hexdigest()
        facts = {"content": content, "sha256": digest, "size": len(content), "created_at": moment}
        return cls(**{cls.DOCUMENT: document_id}, revision=revision, **facts)

    @classmethod
    async def newest(cls, document_id: UUID) -> Self | None:
        """The newest revision of a document that was opened before."""
        return await cls.filter(**{cls.DOCUMENT: document_id}).order_by("-revision").first()

    @classmethod
    async def newest_revision(cls, document_id: UUID) -> int:
        """Which that is; -1 where nothing was printed yet."""
        revisions = cls.filter(**{cls.DOCUMENT: document_id}).order_by("-revision").limit(1)
        found = await revisions.values_list("revision")
        return found[0][0] if found else -1
