"""The double-entry ledger: each company's books, to which entries are added and in which none is changed."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money
from models.billing import Invoice
from models.company import Company
from models.order import Order
from rules.account_statements import ACCOUNTS
from rules.accounts import Account, Owed, PostingKind, Standing
from rules.money import Currency
from rules.people import Actor


class LedgerEntry(Stored):
    """One side of a posting, debit positive; a deferred trigger refuses a posting that does not add up to zero."""

    posting = fields.UUIDField(db_index=True)
    kind = fields.CharEnumField(PostingKind, max_length=12, description="which act, see rules/accounts.py")
    # Whose books these are, and who stands across the table.
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="ledger_entries", on_delete=fields.RESTRICT
    )
    company_id: UUID
    counterparty: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name=False, on_delete=fields.RESTRICT
    )
    counterparty_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="ledger_entries", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", related_name="ledger_entries", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    invoice_id: UUID | None
    account = fields.CharEnumField(Account, max_length=20, description="see rules/accounts.py")
    currency = fields.CharEnumField(Currency, max_length=3)
    amount = money()
    # The invoice, credit note, payment or refund that is the voucher of it, and the posting that it takes back.
    document_id = fields.UUIDField(db_index=True)
    reverses: UUID | None = fields.UUIDField(null=True)

    class Meta:
        table = "ledger_entry"
        indexes = (
            ("company_id", "id"),
            ("counterparty_id", "company_id", "account"),
            ("company_id", "counterparty_id", "created_at", "id"),
        )
        # A provider's fee of a payment, or of a refund, is posted once.
        constraints = (
            UniqueConstraint(
                fields=("document_id",), name="ledger_fee_once", condition="kind = 'FEE' AND account = 'FEES'"
            ),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[LedgerEntry]":
        """Their own company's books for its finance and administrators; all of them for the platform's auditors."""
        if not actor.may_read_books:
            return cls.filter(NOTHING)
        return cls.all() if actor.is_operator else cls.filter(company_id=actor.company)

    @classmethod
    def between(cls, company_id: UUID, counterparty_id: UUID, currency: Currency) -> "QuerySet[LedgerEntry]":
        """What one company's books say of what it and another owe each other; whoever asks reads them."""
        return cls.filter(
            company_id=company_id, counterparty_id=counterparty_id, currency=currency, account__in=list(ACCOUNTS)
        )

    @classmethod
    async def balances(cls, entries: "QuerySet[LedgerEntry]") -> list[tuple[Account, Currency, Decimal]]:
        """What these entries add up to, by account and currency."""
        sums = entries.order_by("account", "currency").annotate(total=Sum("amount")).group_by("account", "currency")
        rows = await sums.values_list("account", "currency", "total")
        return [(Account(account), Currency(currency), total) for account, currency, total in rows]

    @classmethod
    async def totals(cls, entries: "QuerySet[LedgerEntry]") -> dict[PostingKind, Decimal]:
        """What these entries add up to, by the kind of act, where it is anything."""
        sums = entries.order_by("kind").annotate(total=Sum("amount")).group_by("kind")
        return {PostingKind(kind): total for kind, total in await sums.values_list("kind", "total") if total}

    @classmethod
    async def standings(cls, orders: Iterable[UUID]) -> dict[UUID, Standing]:
        """What the suppliers' books say of the money of each order."""
        wanted = list(orders)
        found: dict[UUID, dict[tuple[Account, PostingKind], Decimal]] = {order: {} for order in wanted}
        entries = cls.filter(order_id__in=wanted).annotate(total=Sum("amount"))
        for order, account, kind, total in await entries.group_by("order_id", "account", "kind").values_list(
            "order_id", "account", "kind", "total"
        ):
            found[order][Account(account), PostingKind(kind)] = total
        return {order: Standing.of(sums) for order, sums in found.items()}

    @classmethod
    async def owed(cls, invoices: Iterable[UUID]) -> dict[UUID, Owed]:
        """What is still owed of each invoice, what was paid of it, and what was taken back."""
        wanted = list(invoices)
        found: dict[UUID, dict[tuple[Account, PostingKind], Decimal]] = {invoice: {} for invoice in wanted}
        entries = cls.filter(invoice_id__in=wanted).annotate(total=Sum("amount"))
        rows: list[Any] = await entries.group_by("invoice_id", "account", "kind").values_list(
            "invoice_id", "account", "kind", "total"
        )
        for invoice, account, kind, total in rows:
            found[invoice][Account(account), PostingKind(kind)] = total
        return {invoice: Owed.of(sums) for invoice, sums in found.items()}

    @classmethod
    async def receivables(cls, invoices: Iterable[UUID]) -> dict[UUID, Decimal]:
        """What is still owed of each invoice, in the order they are named."""
        return {invoice: owed.now for invoice, owed in (await cls.owed(invoices)).items()}

    @classmethod
    async def owed_of_none(cls, order_id: UUID) -> Decimal:
        """What is owed on an order of no invoice: money that was taken back after it had been paid back or used otherwise."""
        entries = cls.filter(order_id=order_id, account=Account.RECEIVABLE, invoice_id=None)
        [(total,)] = await entries.annotate(total=Sum("amount")).values_list("total")
        return Decimal("0.00") if total is None else total

    @classmethod
    async def orders_with_credit(cls, supplier_id: UUID, buyer_id: UUID, currency: str) -> list[UUID]:
        """The orders between these two in which credit of the buyer lies."""
        entries = cls.filter(
            company_id=supplier_id, counterparty_id=buyer_id, account=Account.CREDIT, currency=currency
        ).annotate(total=Sum("amount"))
        rows = await entries.group_by("order_id").values_list("order_id", "total")
        return [order for order, total in rows if total < 0]

    @classmethod
    async def held(cls, company_id: UUID, documents: Iterable[UUID]) -> Decimal:
        """What providers hold for a company of a payment that was opened before: of what it and its refunds have posted."""
        entries = cls.filter(company_id=company_id, document_id__in=list(documents), account=Account.CASH_AT_PROVIDER)
        [(total,)] = await entries.annotate(total=Sum("amount")).values_list("total")
        return Decimal("0.00") if total is None else total

    @classmethod
    async def charged(cls, documents: Iterable[UUID]) -> set[UUID]:
        """Those of these payments and refunds whose fee is posted."""
        fees = cls.filter(document_id__in=list(documents), account=Account.FEES, kind=PostingKind.FEE)
        return {document for (document,) in await fees.values_list("document_id")}

    @classmethod
    async def of_document(cls, document_id: UUID) -> "list[LedgerEntry]":
        """What a document that was opened before posted, to both books."""
        return await cls.filter(document_id=document_id).order_by("id")
