"""Statements of account: what two companies booked with each other in a period, and what that leaves."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info
from tortoise.queryset import QuerySet

import models
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.errors import bad_input
from resolvers.ids import decode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.ledger import LazyCompany, LedgerEntry
from resolvers.pages import After, Connection, First, page
from resolvers.relations import One, related
from rules.account_statements import ACCOUNTS
from rules.accounts import PostingKind
from rules.decimals import ZERO
from rules.money import Currency
from rules.terms import start_of

if TYPE_CHECKING:
    from uuid import UUID


@strawberry.type(description="What acts of one kind added to a balance.")
class StatementTotal:
    """One line of a statement's summary."""

    kind: PostingKind = strawberry.field(description="Which kind of act.")
    amount: Money = strawberry.field(description="How much: above zero in favour of the caller's company.")


@strawberry.type(
    description="A statement of account (对账单, UBL Statement): what is owed and held between the caller's company and another one. "
    "Balances above zero are in the caller's favour; the other company's own statement shows them with the other sign."
)
class StatementOfAccount:
    """What was booked with a company from one day to another."""

    counterparty_id: strawberry.Private["UUID"]
    period_start: date = strawberry.field(description="Its first day, at the caller's company.")
    period_end: date = strawberry.field(description="Its last day.")
    opening: Money = strawberry.field(description="The balance before the first day.")
    closing: Money = strawberry.field(
        description="The balance after the last day: the opening and the totals together."
    )
    totals: list[StatementTotal] = strawberry.field(description="What was booked in between, by kind.")
    entries: Connection[LedgerEntry] = strawberry.field(description="The same entry by entry, oldest first.")
    counterparty: LazyCompany | None = related(
        One(models.Company, "counterparty_id", visible=True), description="The other company."
    )


@strawberry.type
class StatementQuery:
    """How to get a statement of account."""

    @strawberry.field(
        description="The statement of account with another company in one currency, for those who read the books (`ledgerEntries`); "
        "without entries and at zero for everybody else, and where nothing was booked."
    )
    async def statement_of_account(
        self,
        info: Info[Context, None],
        counterparty_id: Annotated[strawberry.ID, strawberry.argument(description="The other company.")],
        currency: Annotated[Currency, strawberry.argument(description="The currency of all amounts.")],
        period_start: Annotated[date, strawberry.argument(description="The first day, at the caller's company.")],
        period_end: Annotated[date, strawberry.argument(description="The last day, not before the first.")],
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> StatementOfAccount | None:
        """Never of others' books; null for whoever has no company, and for what is no id of a company."""
        actor, other = info.context.actor, decode_id("Company", counterparty_id)
        if period_end < period_start:
            raise bad_input("periodEnd", "must not be before the first day")
        if actor.company is None or other is None:
            return None
        zone = (await models.Company.named(actor.company)).delivery_zone
        start, end = start_of(period_start, zone), start_of(period_end + timedelta(days=1), zone)
        booked: QuerySet[models.LedgerEntry] = models.LedgerEntry.visible_to(actor).filter(
            company_id=actor.company, counterparty_id=other, currency=currency, account__in=ACCOUNTS
        )
        before = await models.LedgerEntry.totals(booked.filter(created_at__lt=start))
        within = booked.filter(created_at__gte=start, created_at__lt=end)
        moved = await models.LedgerEntry.totals(within)
        opening = sum(before.values(), ZERO)
        return StatementOfAccount(
            counterparty_id=other,
            period_start=period_start,
            period_end=period_end,
            opening=Money(amount=opening, currency=currency),
            closing=Money(amount=opening + sum(moved.values(), ZERO), currency=currency),
            totals=[
                StatementTotal(kind=kind, amount=Money(amount=much, currency=currency)) for kind, much in moved.items()
            ],
            entries=Connection.of(await page(within, ("id",), first=first, after=after)),
        )
