"""What invoices and credit notes say on paper."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

from models.base import Stored, new_id
from models.billing import Invoice
from models.crediting import CreditNote
from rules.contract import fingerprint


class BillingPaper(Stored):
    """The canonical text of an invoice or a credit note, from which alone it is printed; a trigger refuses any change of it."""

    invoice: fields.OneToOneNullableRelation[Invoice] = fields.OneToOneField(
        "models.Invoice", related_name="paper", on_delete=fields.RESTRICT, null=True
    )
    invoice_id: UUID | None
    credit_note: fields.OneToOneNullableRelation[CreditNote] = fields.OneToOneField(
        "models.CreditNote", related_name="paper", on_delete=fields.RESTRICT, null=True
    )
    credit_note_id: UUID | None
    text = fields.TextField()
    sha256 = fields.CharField(max_length=64)

    class Meta:
        table = "billing_paper"
        constraints = (
            CheckConstraint(check="(invoice_id IS NULL) <> (credit_note_id IS NULL)", name="billing_paper_document"),
        )

    @classmethod
    async def of(cls, document: Invoice | CreditNote) -> "BillingPaper | None":
        """The text of a document that was opened before; None for one from before texts were kept."""
        column: Any = _column(document)
        return await cls.filter(**{column: document.id}).first()

    @classmethod
    def holding(cls, document: Invoice | CreditNote, text: str, now: datetime) -> "BillingPaper":
        """The text of a document, to be stored; a repetition meets the unique document."""
        column: Any = _column(document)
        return cls(id=new_id(), text=text, sha256=fingerprint(text), created_at=now, **{column: document.id})


def _column(document: Invoice | CreditNote) -> str:
    return "invoice_id" if isinstance(document, Invoice) else "credit_note_id"
