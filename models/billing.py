"""Invoices and payments; the ledger they post to is in `ledger`, what is taken back of them in `crediting`."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.attachment import Attachment
from models.base import Stored, money, optional_text, quantity, rate, unit_price
from models.company import Company
from models.order import Order, OrderLine, parties
from rules.billing import MISSED, UNCONFIRMED, BillingDocument, InvoiceStatus, PaymentMethod, PaymentStatus
from rules.money import Currency, Rounding, RoundingMode, TaxInclusion, TaxLevel
from rules.people import Actor
from rules.rails import COVERS_FOR


def _on_its_way(now: datetime, path: str = "") -> Q:
    """Payments that were reported and neither confirmed nor missed, or started and still covering, as `rules.rails.is_covering` has it."""
    reported: dict[str, Any] = {f"{path}status": PaymentStatus.PROOF_SUBMITTED}
    started: dict[str, Any] = {f"{path}status": PaymentStatus.AWAITING_CHANNEL}
    started[f"{path}online__expires_at__gt"] = now - COVERS_FOR
    return Q(**reported) | Q(**started)


class InvoiceSeries(Stored):
    """The newest ordinal a supplier used in a year for one kind of document; its row lock makes numbers gapless, as the law wants."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="invoice_series", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    year = fields.IntField()
    document = fields.CharEnumField(BillingDocument, max_length=12, default=BillingDocument.INVOICE)
    ordinal = fields.IntField(default=0)

    class Meta:
        table = "invoice_series"
        unique_together = (("supplier", "year", "document"),)

    @classmethod
    def of(cls, supplier_id: UUID, year: int, document: BillingDocument) -> "QuerySet[InvoiceSeries]":
        """The one series of a supplier's year for this kind."""
        return cls.filter(supplier_id=supplier_id, year=year, document=document)


class Invoice(Stored):
    """A claim for accepted goods; never edited, never deleted."""

    number = fields.CharField(max_length=16)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="invoices", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="invoices", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    status = fields.CharEnumField(InvoiceStatus, max_length=16, default=InvoiceStatus.ISSUED)
    version = fields.IntField(default=0)
    currency = fields.CharEnumField(Currency, max_length=3)
    # How the prices of its lines are stated, as the contract says.
    tax_inclusion = fields.CharEnumField(TaxInclusion, max_length=16, default=TaxInclusion.EXCLUSIVE)
    # How it was added up, as the quotation said that its contract stood on; credit notes on it follow it.
    rounding_mode = fields.CharEnumField(RoundingMode, max_length=16, default=RoundingMode.HALF_UP)
    tax_level = fields.CharEnumField(TaxLevel, max_length=16, default=TaxLevel.LINE)
    net = money()
    tax = money()
    total = money()
    issued_on = fields.DateField()
    due_on = fields.DateField()
    dispute_reason: str | None = optional_text(1000)

    lines: fields.ReverseRelation["InvoiceLine"]

    class Meta:
        table = "invoice"
        unique_together = (("supplier", "number"),)
        indexes = (("status", "id"),)
        constraints = (CheckConstraint(check="total = net + tax", name="invoice_total"),)

    @property
    def rounding(self) -> Rounding:
        """How it was added up, and whatever is taken back of it is."""
        return Rounding(self.currency, self.rounding_mode, self.tax_level, self.tax_inclusion)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Invoice]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def named(cls, invoice_id: UUID) -> "Invoice":
        """The invoice that a row which was opened before refers to."""
        return await cls.get(id=invoice_id)

    @classmethod
    def of(cls, order_id: UUID) -> "QuerySet[Invoice]":
        """The invoices of an order that was opened before."""
        return cls.filter(order_id=order_id)

    @classmethod
    async def exists_for(cls, order_id: UUID) -> bool:
        """Whether an order that was opened before was invoiced already."""
        return await cls.of(order_id).exists()

    @classmethod
    async def is_disputed(cls, order_id: UUID) -> bool:
        """Whether the buyer disputes an invoice of the order."""
        return await cls.filter(order_id=order_id, status=InvoiceStatus.DISPUTED).exists()


class InvoiceLine(Stored):
    """Accepted goods at the contract's price; freight, allowances and charges where there is no order line."""

    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    invoice_id: UUID
    order_line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="invoice_lines", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    order_line_id: UUID | None
    position = fields.IntField()
    quantity = quantity()
    unit_price = unit_price()
    tax_rate = rate()
    net = money()
    tax = money()
    # The reason of an allowance or charge; None for goods and freight.
    allowance: str | None = optional_text(200)

    class Meta:
        table = "invoice_line"
        unique_together = (("invoice", "position"),)

    @classmethod
    async def of(cls, invoice_id: UUID) -> "list[InvoiceLine]":
        """The lines of an invoice that was opened before, in their order."""
        return await cls.filter(invoice_id=invoice_id).order_by("position")

    @classmethod
    async def first_of(cls, invoice_id: UUID) -> "InvoiceLine":
        """The first line of an invoice that was opened before."""
        return await cls.get(invoice_id=invoice_id, position=1)


class Payment(Stored):
    """One transfer of money for an order, with what was shown as proof of it."""

    number = fields.CharField(max_length=16, unique=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="payments", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    method = fields.CharEnumField(PaymentMethod, max_length=16)
    status = fields.CharEnumField(PaymentStatus, max_length=20)
    version = fields.IntField(default=0)
    currency = fields.CharEnumField(Currency, max_length=3)
    amount = money()
    paid_on = fields.DateField()
    bank_reference = fields.CharField(max_length=64)
    proof_sha256: str | None = optional_text(64)
    # The bank's slip itself, where it was uploaded.
    proof: fields.ForeignKeyNullableRelation[Attachment] = fields.ForeignKeyField(
        "models.Attachment", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    proof_id: UUID | None
    remark: str | None = optional_text(1000)
    # Why it failed or bounced.
    failure_reason: str | None = optional_text(1000)
    confirmed_at: datetime | None = fields.DatetimeField(null=True)
    # What the supplier confirmed, which may differ from what was reported.
    received: Decimal | None = money(null=True)
    bounced_at: datetime | None = fields.DatetimeField(null=True)
    # How much of it is meant for its order's prepayment; once it is booked, how much went there.
    advance = money(default=Decimal("0.00"))
    # Whether nobody but the clock said that the money came.
    confirmed_by_clock = fields.BooleanField(default=False)
    # Whether it goes to a simulated provider, where no money moves.
    is_sandbox = fields.BooleanField(default=False)

    class Meta:
        table = "payment"
        # Money that did not come may come later, and a cheque that bounced be presented again, under the same reference.
        constraints = (
            UniqueConstraint(
                fields=("order_id", "bank_reference"),
                name="payment_reference_once",
                condition="status <> 'FAILED' AND status <> 'BOUNCED'",
            ),
            CheckConstraint(check="amount > 0", name="payment_amount"),
            CheckConstraint(check="received > 0", name="payment_received"),
            CheckConstraint(check="advance >= 0", name="payment_advance"),
        )
        indexes = (("proof_id",), ("status", "id"))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Payment]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def has_reference(cls, order_ids: Iterable[UUID], bank_reference: str) -> bool:
        """Whether this transfer was reported on one of the orders before, or for an invoice of one, and neither rejected nor bounced."""
        orders, reported = list(order_ids), cls.filter(bank_reference=bank_reference)
        stands = reported.exclude(status__in=MISSED)
        if await stands.filter(order_id__in=orders).exists():
            return True
        return await stands.filter(allocations__invoice__order_id__in=orders).exists()

    @classmethod
    async def is_waiting(cls, order_id: UUID, now: datetime) -> bool:
        """Whether the supplier still has to look for money that is for the order, or for it among others, or a provider has to say so."""
        waiting = cls.filter(_on_its_way(now) | Q(status__in=UNCONFIRMED))
        return await waiting.filter(Q(order_id=order_id) | Q(allocations__invoice__order_id=order_id)).exists()

    @classmethod
    async def advances_reported(cls, order_id: UUID, now: datetime) -> Decimal:
        """What of an order's prepayment is on its way: reported, and neither confirmed nor missed."""
        ahead = cls.filter(_on_its_way(now), order_id=order_id).annotate(total=Sum("advance"))
        return sum([total for (total,) in await ahead.group_by("order_id").values_list("total")], Decimal(0))

    async def orders(self) -> set[UUID]:
        """The orders whose invoices it is for, and its own."""
        paid = await PaymentAllocation.of(self.id)
        return {self.order_id, *(one.invoice.order_id for one in paid)}


class PaymentAllocation(Stored):
    """How much of a payment goes to which invoice."""

    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="allocations", on_delete=fields.RESTRICT, db_index=True
    )
    payment_id: UUID
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", related_name="allocations", on_delete=fields.RESTRICT, db_index=True
    )
    invoice_id: UUID
    # Which is paid first.
    position = fields.IntField(default=1)
    amount = money()

    class Meta:
        table = "payment_allocation"
        unique_together = (("payment", "invoice"),)
        constraints = (CheckConstraint(check="amount >= 0", name="payment_allocation_amount"),)

    @classmethod
    async def reported(cls, invoices: Iterable[UUID], now: datetime) -> dict[UUID, Decimal]:
        """What of each invoice is on its way: reported, and neither confirmed nor missed."""
        wanted = list(invoices)
        parts = cls.filter(_on_its_way(now, "payment__"), invoice_id__in=wanted)
        rows = await parts.annotate(total=Sum("amount")).group_by("invoice_id").values_list("invoice_id", "total")
        return dict.fromkeys(wanted, Decimal("0.00")) | dict(rows)

    @classmethod
    async def of(cls, payment_id: UUID) -> "list[PaymentAllocation]":
        """What a payment that was opened before is meant for, in the order in which it pays."""
        return await cls.filter(payment_id=payment_id).order_by("position").select_related("invoice")

    async def become(self, amount: Decimal) -> None:
        """Let so much go there in fact; it may be nothing, where nothing was owed any more."""
        if amount != self.amount:
            self.amount = amount
            await self.save(update_fields=["amount"])
