"""The double-entry ledger as the schema shows it: each company its own books, the platform's auditors all of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info
from tortoise.queryset import QuerySet

import models
from resolvers.amounts import Money, amount_of
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id, split_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import One, derived, related, shows
from resolvers.vouchers import NAMES, LedgerDocument, documents_of
from rules.accounts import Account, PostingKind

if TYPE_CHECKING:
    from resolvers.billing import Invoice
    from resolvers.companies import Company
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("resolvers.billing")]
LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]

described(
    Account,
    "Account",
    "An account of a company's books; debit is positive. Expect new ones.",
    {
        "RECEIVABLE": "应收账款: what buyers owe of invoices.",
        "SALES": "主营业务收入: what was sold, without tax; a credit balance is below zero.",
        "VAT_PAYABLE": "应交增值税 (销项): the tax on it.",
        "CREDIT": "预收账款: buyers' credit, which may pay other invoices.",
        "ADVANCES": "合同负债 (预收账款): what was prepaid of an order, which its own invoices use up.",
        "REFUNDS": "应付退款: what has to be paid back to buyers.",
        "CASH_AT_PROVIDER": "其他货币资金: money that a payment provider holds.",
        "FEES": "手续费: what payment providers keep.",
        "COMMISSION": "平台佣金: what the platform keeps.",
        "BANK": "银行存款: money in the bank, of either side.",
        "CLEARING": "往来清算: credit on its way from one order to another; over all orders always zero.",
        "PAYABLE": "应付账款: what is owed to suppliers of invoices.",
        "PURCHASES": "采购: what was bought, without tax.",
        "VAT_RECEIVABLE": "应交增值税 (进项): the tax on it.",
        "PREPAID": "预付账款: credit with suppliers, which may pay other invoices.",
        "ADVANCES_PAID": "预付账款: what was prepaid of an order, which its own invoices use up.",
        "REFUNDS_DUE": "应收退款: what suppliers have to pay back.",
        "COMMISSION_INCOME": "平台佣金收入: what the platform keeps of suppliers' payments; a credit balance is below zero.",
    },
)
described(
    PostingKind,
    "PostingKind",
    "Which business act a posting records; expect new ones.",
    {
        "INVOICE": "Accepted goods were claimed.",
        "CREDIT_NOTE": "An invoice was taken back, or a part of it.",
        "PAYMENT": "Money came, or credit was used.",
        "REFUND": "Money went back.",
        "SET_OFF": "What was prepaid, or was to be paid back, has paid what was owed on the same order.",
        "RELEASE": "What was prepaid has no invoice to pay any more, and has to be paid back.",
        "SPLIT": "The platform got its share of a payment, or gave a part of it back.",
        "FEE": "A payment provider kept its fee, or gave some of one back with a refund.",
        "REVERSAL": "A posting was taken back, such as that of a cheque that bounced.",
    },
)


@strawberry.type(
    description="One side of a posting in a company's books; entries are added, never changed. Those of a posting add up to zero."
)
@shows(models.LedgerEntry)
class LedgerEntry(Node):
    """A debit or a credit."""

    id: strawberry.ID = derived(lambda row: encode_id("LedgerEntry", row.id), description="Opaque id.")
    posting: strawberry.ID = derived(
        lambda row: encode_id("Posting", row.posting), description="What the entries of one posting have in common."
    )
    reverses: strawberry.ID | None = derived(
        lambda row: row.reverses and encode_id("Posting", row.reverses),
        description="The posting that this one takes back; null for all others.",
    )
    kind: PostingKind = strawberry.field(description="Which business act it records.")
    account: Account = strawberry.field(description="Which account it is written to.")
    amount: Money = amount_of("amount", "How much: a debit above zero, a credit below.")
    booked_at: datetime = derived(lambda row: row.created_at, description="When it was written.")
    company: LazyCompany = related(One(models.Company, "company_id"), description="Whose books these are.")
    counterparty: LazyCompany = related(
        One(models.Company, "counterparty_id"), description="The other party of the order."
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")
    invoice: LazyInvoice | None = related(
        One(models.Invoice, "invoice_id"), description="The invoice it belongs to; null where it is of none."
    )
    document: LedgerDocument | None = related(
        documents_of, description="The document it was booked by; null for whoever may not see that."
    )


@strawberry.type(description="What an account adds up to in one currency.")
class AccountBalance:
    """The sum of an account's entries."""

    account: Account = strawberry.field(description="Which account.")
    balance: Money = strawberry.field(description="Debits less credits: below zero where there are more credits.")


@strawberry.input(description="Which entries; what is not said does not narrow.")
class LedgerFilter:
    """What narrows a look into the ledger."""

    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose books; for the platform's auditors, who read all of them otherwise."
    )
    counterparty_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only what was booked with this company."
    )
    order_id: strawberry.ID | None = strawberry.field(default=None, description="Only what belongs to this order.")
    invoice_id: strawberry.ID | None = strawberry.field(default=None, description="Only what belongs to this invoice.")
    document_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only what was booked by this document."
    )
    account: Account | None = strawberry.field(default=None, description="Only this account.")
    kind: PostingKind | None = strawberry.field(default=None, description="Only what records such acts.")
    since: datetime | None = strawberry.field(default=None, description="Only what was booked at this time or later.")
    before: datetime | None = strawberry.field(default=None, description="Only what was booked before this time.")


NOBODY = UUID(int=0)
"""What a malformed id names."""

Narrowed = Annotated[LedgerFilter | None, strawberry.argument(description="Which entries; all of them unless said.")]


def _conditions(given: LedgerFilter) -> Iterator[tuple[str, Any]]:
    for name, kind in (("company", "Company"), ("counterparty", "Company"), ("order", "Order"), ("invoice", "Invoice")):
        named = getattr(given, f"{name}_id")
        if named is not None:
            yield f"{name}_id", decode_id(kind, named) or NOBODY
    if given.document_id is not None:
        kind, key = split_id(given.document_id) or ("", NOBODY)
        yield "document_id", key if kind in NAMES else NOBODY
    for name, condition in (
        ("account", "account"),
        ("kind", "kind"),
        ("since", "created_at__gte"),
        ("before", "created_at__lt"),
    ):
        said = getattr(given, name)
        if said is not None:
            yield condition, said


def _entries(context: Context, given: LedgerFilter | None) -> QuerySet[models.LedgerEntry]:
    found = models.LedgerEntry.visible_to(context.actor)
    return found.filter(**dict(_conditions(given))) if given else found


@strawberry.type
class LedgerQuery:
    """How to read the books."""

    @strawberry.field(
        description="The entries of the caller's own books, newest first: for ADMIN and FINANCE, for machines with BILLING; of all books "
        "for the platform's AUDITOR; empty for everybody else."
    )
    async def ledger_entries(
        self,
        info: Info[Context, None],
        filter: Narrowed = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[LedgerEntry]:
        """Never a stranger's."""
        return Connection.of(await page(_entries(info.context, filter), ("-id",), first=first, after=after))

    @strawberry.field(
        description="What these entries add up to, by account and currency; of one company's books, and of all together, it is zero in sum."
    )
    async def account_balances(
        self,
        info: Info[Context, None],
        filter: Narrowed = None,
    ) -> list[AccountBalance]:
        """Derived from the entries, as everything is that is said of money."""
        sums = await models.LedgerEntry.balances(_entries(info.context, filter))
        return [
            AccountBalance(account=account, balance=Money(amount=total, currency=currency))
            for account, currency, total in sums
        ]
