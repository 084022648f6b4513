"""How old what is owed is (账龄), as the schema shows it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.ageing import Ageing as Looked
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.cursors import decode_cursor
from resolvers.enums import described
from resolvers.errors import bad_input
from resolvers.inputs import PAGE_DEFAULT, page_size
from resolvers.pages import After, Connection, First, Page
from resolvers.relations import One, derived, related
from rules.account_statements import days_overdue
from rules.accounts import Account
from rules.ageing import Age, age_of
from rules.money import Currency
from rules.terms import start_of

if TYPE_CHECKING:
    from resolvers.billing import Invoice
    from resolvers.companies import Company

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("resolvers.billing")]
MOST_INVOICES = 50
On = Annotated[date, strawberry.argument(description="When this day ends, at the caller's company.")]
InCurrency = Annotated[Currency, strawberry.argument(description="The currency of all amounts.")]

described(
    Age,
    "Age",
    "For how many days an invoice has been due, or what is owed on an order of none, which is due with its prepayment.",
    {
        "NOT_DUE": "It is due on that day or later.",
        "DAYS_1_TO_30": "1 to 30.",
        "DAYS_31_TO_60": "31 to 60.",
        "DAYS_61_TO_90": "61 to 90.",
        "OVER_90_DAYS": "More than 90.",
    },
)


@strawberry.type(description="What is owed of one invoice, and for how long it has been due.")
class OpenInvoice:
    """An open invoice."""

    row: strawberry.Private[Any]
    looked: strawberry.Private[Looked]
    invoice_id: strawberry.Private[Any]
    due_on: date = derived(lambda shown: shown.row.due_on, description="The day by which it is to be paid.")
    days_overdue: int = derived(
        lambda shown: days_overdue(shown.row.due_on, shown.looked.on),
        description="Days since then; 0 before it is overdue.",
    )
    age: Age = derived(lambda shown: age_of(shown.row.due_on, shown.looked.on), description="The same in one word.")
    owed: Money = derived(
        lambda shown: Money(amount=shown.row.owed, currency=shown.looked.currency),
        description="What is still owed of it; below zero where more was paid than was owed in the end.",
    )
    invoice: LazyInvoice = related(One(models.Invoice, "invoice_id"), description="The invoice.")


def _of(age: str) -> Any:
    return lambda shown: Money(amount=shown.row[age.lower()], currency=shown.looked.currency)


@strawberry.type
class AgedAmounts:
    """Amounts by age."""

    row: strawberry.Private[Any]
    looked: strawberry.Private[Looked]
    total: Money = derived(_of("total"), description="What is owed: of all invoices, and on orders of none.")
    not_due: Money = derived(_of(Age.NOT_DUE), description="What of it is due on that day or later.")
    days_1_to_30: Money = derived(_of(Age.DAYS_1_TO_30), description="What of it has been due for 1 to 30 days.")
    days_31_to_60: Money = derived(_of(Age.DAYS_31_TO_60), description="What of it has been due for 31 to 60 days.")
    days_61_to_90: Money = derived(_of(Age.DAYS_61_TO_90), description="What of it has been due for 61 to 90 days.")
    over_90_days: Money = derived(_of(Age.OVER_90_DAYS), description="What of it has been due for more than 90 days.")
    oldest_due_on: date | None = derived(
        lambda shown: shown.row.due_on,
        description="The first day on which any of it is or was due; null where nothing is owed.",
    )
    open_invoice_count: int = derived(
        lambda shown: shown.row.invoices, description="Of how many invoices something is owed."
    )


@strawberry.type(description="What is open between the caller's company and all others, by age.")
class AgeingTotal(AgedAmounts):
    """All of it."""


async def _invoices(context: Context, parents: Sequence[Any]) -> list[list[OpenInvoice]]:
    looked: dict[Looked, list[Any]] = {}
    for parent in parents:
        looked.setdefault(parent.looked, []).append(parent.row.id)
    found: dict[tuple[Looked, Any], list[OpenInvoice]] = {}
    for one, counterparties in looked.items():  # as many as there are aliases of the query
        for row in await one.invoices(counterparties, MOST_INVOICES):
            shown = OpenInvoice(row=row, looked=one, invoice_id=row.id)
            found.setdefault((one, row.counterparty_id), []).append(shown)
    return [found.get((parent.looked, parent.row.id), []) for parent in parents]


@strawberry.type(description="What is open between the caller's company and another one, by age.")
class AgeingEntry(AgedAmounts):
    """One counterparty's part."""

    id: strawberry.Private[Any]
    due_on: strawberry.Private[date]
    counterparty: LazyCompany = related(One(models.Company, "id"), description="The other company.")
    open_invoices: list[OpenInvoice] = related(
        _invoices, description=f"The open invoices, those due first before the others: {MOST_INVOICES} at most."
    )


@strawberry.type(
    description="An ageing report (账龄): what was open when a day ended, of invoices, and on orders of none, since money was taken back "
    "after it had been paid back or used; by how long it had been due, as the books have it."
)
class Ageing:
    """What was open when a day ended."""

    on: date = strawberry.field(description="The day.")
    currency: Currency = strawberry.field(description="The currency of all amounts.")
    total: AgeingTotal = strawberry.field(description="All counterparties together.")
    counterparties: Connection[AgeingEntry] = strawberry.field(
        description="Each counterparty with whom something is open, the one with the oldest first."
    )


async def _ageing(
    context: Context, account: Account, on: date, currency: Currency, first: int | None, after: str | None
) -> Ageing | None:
    actor, size, order = context.actor, page_size(first), Looked.order()
    place = None if after is None else decode_cursor(order, after)
    if place is None and after is not None:
        raise bad_input("after", "is not a cursor of this list in this sort")
    if actor.company is None:
        return None
    zone = (await models.Company.named(actor.company)).delivery_zone
    looked = Looked(actor, account, currency, on, start_of(on + timedelta(days=1), zone))
    found = [
        AgeingEntry(row=row, looked=looked, id=row.id, due_on=row.due_on)
        for row in await looked.counterparties(place, size + 1)
    ]
    shown: list[Any] = found[:size]
    page = Page(shown, order, has_next=len(found) > size, has_previous=after is not None)
    total = AgeingTotal(row=await looked.totals(), looked=looked)
    return Ageing(on=on, currency=currency, total=total, counterparties=Connection.of(page))


@strawberry.type
class AgeingQuery:
    """How to see how old what is owed is."""

    @strawberry.field(
        description="What buyers owed the caller's company when a day ended, by age; for those who read its books, at zero for everybody "
        "else. The total is the balance of RECEIVABLE."
    )
    async def receivables_ageing(
        self, info: Info[Context, None], on: On, currency: InCurrency, first: First = PAGE_DEFAULT, after: After = None
    ) -> Ageing | None:
        """Never of others' books; null for whoever has no company."""
        return await _ageing(info.context, Account.RECEIVABLE, on, currency, first, after)

    @strawberry.field(
        description="What the caller's company owed suppliers when a day ended, by age; for those who read its books, at zero for "
        "everybody else. The total is the balance of PAYABLE, which is a credit."
    )
    async def payables_ageing(
        self, info: Info[Context, None], on: On, currency: InCurrency, first: First = PAGE_DEFAULT, after: After = None
    ) -> Ageing | None:
        """Never of others' books; null for whoever has no company."""
        return await _ageing(info.context, Account.PAYABLE, on, currency, first, after)
