"""Credit notes: what of an invoice is taken back, by a document of its own."""

from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, quantity
from models.billing import Invoice, InvoiceLine
from models.company import Company
from models.order import Order, parties
from models.returning import ReturnRequest
from rules.accounts import Excess
from rules.crediting import Left
from rules.decimals import ZERO
from rules.money import Currency
from rules.people import Actor


class CreditNote(Stored):
    """What a supplier takes back of one of its invoices (UBL CreditNote, UNTDID 1001: 381); never edited, never deleted."""

    number = fields.CharField(max_length=16)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="credit_notes", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", related_name="credit_notes", on_delete=fields.RESTRICT, db_index=True
    )
    invoice_id: UUID
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="credit_notes", on_delete=fields.RESTRICT
    )
    supplier_id: UUID
    # The return it is the result of.
    return_request: fields.ForeignKeyNullableRelation[ReturnRequest] = fields.ForeignKeyField(
        "models.ReturnRequest", related_name="credit_notes", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    return_request_id: UUID | None
    currency = fields.CharEnumField(Currency, max_length=3)
    net = money()
    tax = money()
    total = money()
    issued_on = fields.DateField()
    reason = fields.CharField(max_length=1000)
    excess = fields.CharEnumField(Excess, max_length=16)

    lines: fields.ReverseRelation["CreditNoteLine"]

    class Meta:
        table = "credit_note"
        unique_together = (("supplier", "number"),)
        constraints = (CheckConstraint(check="total = net + tax AND total >= 0", name="credit_note_total"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CreditNote]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))


class CreditNoteLine(Stored):
    """How much of an invoice line; no quantity where only its amount becomes less."""

    credit_note: fields.ForeignKeyRelation[CreditNote] = fields.ForeignKeyField(
        "models.CreditNote", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    credit_note_id: UUID
    invoice_line: fields.ForeignKeyRelation[InvoiceLine] = fields.ForeignKeyField(
        "models.InvoiceLine", related_name="credit_note_lines", on_delete=fields.RESTRICT, db_index=True
    )
    invoice_line_id: UUID
    position = fields.IntField()
    quantity = quantity()
    net = money()
    tax = money()

    class Meta:
        table = "credit_note_line"
        unique_together = (("credit_note", "position"),)

    @classmethod
    async def of(cls, credit_note_id: UUID) -> "list[CreditNoteLine]":
        """The lines of a credit note that was opened before, in their order."""
        return await cls.filter(credit_note_id=credit_note_id).order_by("position")


async def left_of(invoices: Iterable[UUID]) -> dict[UUID, dict[UUID, Left]]:
    """What of each invoice, opened before, is not credited yet, by line in their order."""
    wanted = list(invoices)
    lines = await InvoiceLine.filter(invoice_id__in=wanted).order_by("invoice_id", "position")
    taken = CreditNoteLine.filter(credit_note__invoice_id__in=wanted).annotate(
        less=Sum("quantity"), less_net=Sum("net"), less_tax=Sum("tax")
    )
    rows = await taken.group_by("invoice_line_id").values_list("invoice_line_id", "less", "less_net", "less_tax")
    credited = {line: sums for line, *sums in rows}
    found: dict[UUID, dict[UUID, Left]] = {invoice: {} for invoice in wanted}
    for line in lines:
        quantity, net, tax = credited.get(line.id, (ZERO, ZERO, ZERO))
        found[line.invoice_id][line.id] = Left(
            line.id,
            line.position,
            line.quantity - quantity,
            line.net - net,
            line.tax - tax,
            line.unit_price,
            line.tax_rate,
            line.order_line_id,
            line.allowance is not None,
        )
    return found
