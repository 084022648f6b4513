"""Days of suppliers' accounts with payment providers, compared with the providers' statements: how to find them, and what differs."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

import models
import resolvers.reconciliation_enums  # noqa: F401  # describes the enums below
from resolvers.amounts import Money
from resolvers.billing import Payment
from resolvers.companies import Company
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.ledger import NOBODY
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import One, derived, related, shows
from resolvers.words import label
from rules.billing import PaymentMethod
from rules.money import Currency
from rules.reconciliation import AlteredFact, DifferenceKind, EntryKind, ReconciliationStatus


def _yuan(amount: Decimal) -> Money:
    """What providers here collect is renminbi."""
    return Money(amount=amount, currency=Currency.CNY)


@strawberry.type(
    description="Whose statement a day is compared with: an account of its supplier, in use or replaced since."
)
@shows(models.MerchantAccount)
class ReconciledAccount:
    """An account by what its provider calls it."""

    app_id: str = strawberry.field(description="The provider's id of the supplier's app.")
    payee: str = strawberry.field(description="Whom the money went to: Alipay's PID, WeChat Pay's mchid.")
    is_sandbox: bool = strawberry.field(description="Whether it is with a simulated provider, where no money moves.")


@strawberry.type(
    description="A day of a supplier's account with a payment provider, as our ledger has it and as the provider's statement does."
)
@shows(models.Reconciliation)
class Reconciliation(Node):
    """A day compared."""

    id: strawberry.ID = derived(lambda row: encode_id("Reconciliation", row.id), description="Opaque id.")
    method: PaymentMethod = strawberry.field(description="Whose statement it is.")
    day: date = strawberry.field(description="The provider's day, in Asia/Shanghai.")
    status: ReconciliationStatus = strawberry.field(description="How far the comparison is.")
    status_label: str = derived(
        lambda row, context: label("reconciliation_status", row.status, context.locale),
        description="How far the comparison is, in words of the caller's language.",
    )
    our_paid: Money = derived(lambda row: _yuan(row.our_paid), description="What came in that day, by our ledger.")
    our_refunded: Money = derived(lambda row: _yuan(row.our_refunded), description="What went back, by our ledger.")
    our_count: int = strawberry.field(description="How many payments and refunds that are.")
    their_paid: Money = derived(lambda row: _yuan(row.their_paid), description="What came in, by the statement.")
    their_refunded: Money = derived(
        lambda row: _yuan(row.their_refunded), description="What went back, by the statement."
    )
    their_count: int = strawberry.field(description="How many entries that are.")
    balance: Money = derived(
        lambda row: _yuan(row.their_paid - row.their_refunded - row.our_paid + row.our_refunded),
        description="By how much the statement has more than our ledger; zero where both agree.",
    )
    fees: Money = derived(
        lambda row: _yuan(row.fees), description="What the provider keeps of the day's entries, by the statement."
    )
    compared_at: datetime | None = strawberry.field(
        description="When it was compared last; null until the provider has a statement of the day."
    )
    company: Company = related(One(models.Company, "company_id"), description="The supplier whose account it is.")
    account: ReconciledAccount = related(
        One(models.MerchantAccount, "account_id"), description="Which of its accounts."
    )


@strawberry.type(description="What a provider's statement and our ledger disagree about, until somebody resolves it.")
@shows(models.ReconciliationDifference)
class ReconciliationDifference(Node):
    """A disagreement."""

    id: strawberry.ID = derived(lambda row: encode_id("ReconciliationDifference", row.id), description="Opaque id.")
    kind: DifferenceKind = strawberry.field(description="How they disagree.")
    kind_label: str = derived(
        lambda row, context: label("difference_kind", row.kind, context.locale),
        description="How they disagree, in words of the caller's language.",
    )
    entry: EntryKind = strawberry.field(description="Whether it is a payment or a refund.")
    fact: AlteredFact | None = strawberry.field(description="What differs, where the kind is ALTERED.")
    number: str = strawberry.field(description="Our number of the payment with the provider, or what stands there.")
    refund_number: str | None = derived(
        lambda row: row.refund_number or None,
        description="Our number of the refund with the provider; null for a payment.",
    )
    provider_number: str | None = derived(
        lambda row: row.transaction_id, description="The provider's number of the transaction, where one is known."
    )
    our_amount: Money | None = derived(
        lambda row: None if row.our_amount is None else _yuan(row.our_amount),
        description="The amount by our ledger; null where we know nothing of it.",
    )
    their_amount: Money | None = derived(
        lambda row: None if row.their_amount is None else _yuan(row.their_amount),
        description="The amount by the statement; null where it is not there, or there more than once.",
    )
    our_fee: Money | None = derived(
        lambda row: None if row.our_fee is None else _yuan(row.our_fee), description="The fee as it is posted; or null."
    )
    their_fee: Money | None = derived(
        lambda row: None if row.their_fee is None else _yuan(row.their_fee),
        description="The fee by the statement; or null.",
    )
    times: int = strawberry.field(description="How many times the statement has it.")
    found_at: datetime = derived(lambda row: row.created_at, description="When it was found.")
    resolved_at: datetime | None = strawberry.field(description="When somebody resolved it; null while it is open.")
    resolved_by: str | None = strawberry.field(description="Who resolved it.")
    remark: str | None = strawberry.field(description="What whoever resolved it said that it was.")
    payment: Payment | None = related(
        One(models.Payment, "payment_id", visible=True), description="The payment; null where we know of none."
    )
    reconciliation: Reconciliation = related(
        One(models.Reconciliation, "reconciliation_id"), description="The day it belongs to."
    )


@strawberry.input(description="Which days; what is not said does not narrow.")
class ReconciliationFilter:
    """What narrows a look at reconciliations."""

    method: PaymentMethod | None = strawberry.field(default=None, description="Only statements of this provider.")
    status: ReconciliationStatus | None = strawberry.field(default=None, description="Only days that are so far.")
    since: date | None = strawberry.field(default=None, description="Only this day and later ones.")
    until: date | None = strawberry.field(default=None, description="Only this day and earlier ones.")
    supplier_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only this supplier's: for the platform's operators and auditors."
    )


@strawberry.input(description="Which differences; what is not said does not narrow.")
class ReconciliationDifferenceFilter:
    """What narrows a look at differences."""

    reconciliation_id: strawberry.ID | None = strawberry.field(default=None, description="Only those of this day.")
    kind: DifferenceKind | None = strawberry.field(default=None, description="Only those of this kind.")
    is_resolved: bool | None = strawberry.field(
        default=None, description="Only those that somebody resolved, or only those that are open."
    )


def _days(given: ReconciliationFilter) -> Iterator[tuple[str, Any]]:
    said = {"method": given.method, "status": given.status, "day__gte": given.since, "day__lte": given.until}
    yield from ((name, value) for name, value in said.items() if value is not None)
    if given.supplier_id is not None:
        yield "company_id", decode_id("Company", given.supplier_id) or NOBODY


def _differences(given: ReconciliationDifferenceFilter) -> Iterator[tuple[str, Any]]:
    if given.reconciliation_id is not None:
        yield "reconciliation_id", decode_id("Reconciliation", given.reconciliation_id) or NOBODY
    if given.kind is not None:
        yield "kind", given.kind
    if given.is_resolved is not None:
        yield "resolved_at__isnull", not given.is_resolved


Days = Annotated[ReconciliationFilter | None, strawberry.argument(description="Which days; all of them unless said.")]
Differences = Annotated[
    ReconciliationDifferenceFilter | None, strawberry.argument(description="Which ones; all of them unless said.")
]


@strawberry.type
class ReconciliationQuery:
    """How to find days and what differs on them."""

    @strawberry.field(
        description="The days of the company's accounts with payment providers, the newest first: for ADMIN and FINANCE, for machines with "
        "BILLING; of all suppliers for the platform's OPERATOR and AUDITOR; empty for everybody else."
    )
    async def reconciliations(
        self, info: Info[Context, None], filter: Days = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Reconciliation]:
        """One page of days."""
        found = models.Reconciliation.visible_to(info.context.actor)
        narrowed = found.filter(**dict(_days(filter))) if filter else found
        return Connection.of(await page(narrowed, ("-day", "id"), first=first, after=after))

    @strawberry.field(description="What differs on these days, for the same readers, the newest first.")
    async def reconciliation_differences(
        self, info: Info[Context, None], filter: Differences = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[ReconciliationDifference]:
        """One page of differences."""
        found = models.ReconciliationDifference.visible_to(info.context.actor)
        narrowed = found.filter(**dict(_differences(filter))) if filter else found
        return Connection.of(await page(narrowed, first=first, after=after))
