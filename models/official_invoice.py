"""Official invoices (发票): issued at the tax authority, recorded here for an invoice or a credit note."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.attachment import Attachment
from models.base import Stored, money, optional_text
from models.billing import Invoice
from models.company import Company
from models.crediting import CreditNote
from models.order import Order, parties
from models.rows import Row, fetch
from rules.fapiao import FapiaoStatus, FapiaoType, Sums
from rules.people import Actor

COUNTED = FapiaoStatus.RECORDED


class OfficialInvoice(Stored):
    """An official invoice as its supplier recorded it; a wrong record is voided and made anew, never changed."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name=False, on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="official_invoices", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", related_name="official_invoices", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    invoice_id: UUID | None
    # A red one (红字发票).
    credit_note: fields.ForeignKeyNullableRelation[CreditNote] = fields.ForeignKeyField(
        "models.CreditNote", related_name="official_invoices", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    credit_note_id: UUID | None
    type = fields.CharEnumField(FapiaoType, max_length=24)
    status = fields.CharEnumField(FapiaoStatus, max_length=12, default=FapiaoStatus.RECORDED)
    # Empty for a fully digitalised one: NULL would be unique to itself.
    code = fields.CharField(max_length=12, default="")
    number = fields.CharField(max_length=20)
    issued_on = fields.DateField()
    net = money()
    tax = money()
    total = money()
    # By rate, where that was said: rate, net, tax as texts.
    rates: list[dict[str, str]] = fields.JSONField(default=list)
    attachment: fields.ForeignKeyNullableRelation[Attachment] = fields.ForeignKeyField(
        "models.Attachment", related_name=False, on_delete=fields.RESTRICT, null=True, db_index=True
    )
    attachment_id: UUID | None
    # The wrong record that it takes the place of.
    replaces: fields.ForeignKeyNullableRelation["OfficialInvoice"] = fields.ForeignKeyField(
        "models.OfficialInvoice", related_name=False, on_delete=fields.RESTRICT, null=True, db_index=True
    )
    replaces_id: UUID | None
    void_reason: str | None = optional_text(1000)
    voided_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "official_invoice"
        # Per supplier: that a number is taken must tell nobody what a rival recorded.
        constraints = (
            UniqueConstraint(
                fields=("supplier_id", "code", "number"), name="official_invoice_once", condition="status = 'RECORDED'"
            ),
            CheckConstraint(
                check="total = net + tax AND net >= 0 AND tax >= 0 AND total > 0", name="official_invoice_total"
            ),
            CheckConstraint(check="(invoice_id IS NULL) <> (credit_note_id IS NULL)", name="official_invoice_document"),
            CheckConstraint(check="(status = 'VOIDED') = (voided_at IS NOT NULL)", name="official_invoice_voided"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[OfficialInvoice]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    def of(cls, order_id: UUID) -> "QuerySet[OfficialInvoice]":
        """What was recorded for an order that was opened before."""
        return cls.filter(order_id=order_id)

    @property
    def sums(self) -> Sums:
        """Its figures."""
        return Sums(self.net, self.tax, self.total)

    @classmethod
    async def counted(cls, document: Invoice | CreditNote) -> list[Sums]:
        """What is recorded for a document that was opened before, and not void."""
        column = {"invoice_id" if isinstance(document, Invoice) else "credit_note_id": document.id}
        return [one.sums for one in await cls.filter(status=COUNTED).filter(**column)]


# What is recorded for each credit note and counts, all that was recorded, and how many lines it has.
RED: Final = """
SELECT d.id, coalesce(sum(f.net) FILTER (WHERE f.status = 'RECORDED'), 0) AS net,
    coalesce(sum(f.tax) FILTER (WHERE f.status = 'RECORDED'), 0) AS tax,
    coalesce(sum(f.total) FILTER (WHERE f.status = 'RECORDED'), 0) AS total,
    coalesce(array_agg(f.id ORDER BY f.id) FILTER (WHERE f.id IS NOT NULL), '{}') AS ids,
    (SELECT count(*) FROM credit_note_line l WHERE l.credit_note_id = d.id) AS line_count
FROM credit_note d LEFT JOIN official_invoice f ON f.credit_note_id = d.id
WHERE d.id = ANY($1) GROUP BY d.id
"""


async def red_of(credit_notes: Iterable[UUID]) -> dict[UUID, Row]:
    """By credit note: the `net`, `tax` and `total` of red ones that count, the `ids` of all, and the note's own `line_count`."""
    return {row["id"]: row for row in await fetch(CreditNote, RED, list(credit_notes))}
