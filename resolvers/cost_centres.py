"""Cost centres and budgets as the schema shows them to the company's own people, and how to find them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Many, One, derived, related, shows
from rules.budgets import BudgetEntryKind, BudgetPolicy, Holding
from rules.money import Currency

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
NEWEST = 50
"""How many entries a budget shows by itself; `budgetEntries` pages through all."""

described(
    BudgetPolicy,
    "BudgetPolicy",
    "What happens to a step that would take more than a budget has; expect new ones.",
    {
        "BLOCK": "It is refused with BUDGET_EXCEEDED.",
        "WARN": "It goes through; hints and the preview warn of it, and BudgetExceeded tells of it.",
    },
)
described(
    BudgetEntryKind,
    "BudgetEntryKind",
    "What an order did to a budget; expect new ones.",
    {
        "RESERVED": "It holds more: it was submitted, awarded or changed.",
        "RELEASED": "It holds less: it became smaller, or ended without goods.",
        "CONSUMED": "What it holds is spent: its goods are there.",
    },
)


def _money(row: Any, amount: Decimal) -> Money:
    return Money(amount=amount, currency=Currency(row.currency))


@strawberry.type(description="What an order took of a budget, or gave back; entries are added, never changed.")
@shows(models.BudgetEntry)
class BudgetEntry(Node):
    """An entry of a budget's ledger."""

    id: strawberry.ID = derived(lambda row: encode_id("BudgetEntry", row.id), description="Opaque id.")
    seq: int = strawberry.field(description="Its number in the budget, from 1, and that of the event that told of it.")
    kind: BudgetEntryKind = derived(
        lambda row: Holding(row.reserved, row.consumed).kind, description="What the order did."
    )
    reserved: Money = derived(
        lambda row: _money(row, row.reserved), description="How much more is reserved; less than zero for less."
    )
    consumed: Money = derived(
        lambda row: _money(row, row.consumed), description="How much more is spent; less than zero for less."
    )
    at: datetime = derived(lambda row: row.created_at, description="When it was written.")
    order: LazyOrder | None = related(One(models.Order, "order_id", visible=True), description="The order.")


@strawberry.type(description="What a cost centre may spend from one day to another in one currency.")
@shows(models.Budget)
class Budget(Node):
    """A budget."""

    id: strawberry.ID = derived(lambda row: encode_id("Budget", row.id), description="Opaque id.")
    period_start: date = strawberry.field(
        description="The first day on which orders that are submitted count, at their delivery place."
    )
    period_end: date = strawberry.field(
        description="The last day on which orders that are submitted count, at their delivery place."
    )
    policy: BudgetPolicy = strawberry.field(description="What happens where it would be exceeded.")
    amount: Money = derived(lambda row: _money(row, row.amount), description="What there is, tax included.")
    reserved: Money = derived(
        lambda row: _money(row, row.reserved), description="What orders hold of it that are not completed yet."
    )
    consumed: Money = derived(lambda row: _money(row, row.consumed), description="What completed orders have spent.")
    committed: Money = derived(
        lambda row: _money(row, row.reserved + row.consumed), description="What is reserved and spent together."
    )
    available: Money = derived(
        lambda row: _money(row, row.amount - row.reserved - row.consumed),
        description="What is left; less than zero where it is exceeded.",
    )
    is_exceeded: bool = derived(
        lambda row: row.reserved + row.consumed > row.amount, description="Whether orders hold more than there is."
    )
    entry_count: int = strawberry.field(
        description="How many entries it has: the number of the newest, and the cursor to subscribe after."
    )
    entries: list[BudgetEntry] = related(
        Many(models.BudgetEntry, by="budget_id", order_by=("-seq",), limit=NEWEST),
        description=f"Its newest {NEWEST} entries, newest first; `budgetEntries` gives all.",
    )


@strawberry.type(description="Who bears the cost of orders inside a company; no supplier ever meets it.")
@shows(models.CostCentre)
class CostCentre(Node):
    """A cost centre."""

    id: strawberry.ID = derived(lambda row: encode_id("CostCentre", row.id), description="Opaque id.")
    code: str = strawberry.field(description="What the company's books call it; no other of its cost centres does.")
    name: str = strawberry.field(description="What it is.")
    is_active: bool = strawberry.field(description="Whether orders may choose it.")
    version: int = strawberry.field(
        description="Rises by one with each change of it or of one of its budgets: what mutations expect."
    )
    budgets: list[Budget] = related(
        Many(models.Budget, by="cost_centre_id", order_by=("-period_start", "currency")),
        description="Its budgets, the latest period first.",
    )


@strawberry.type
class CostCentreQuery:
    """How to find cost centres."""

    @strawberry.field(description="The cost centres of the caller's company, by code.")
    async def cost_centres(
        self,
        info: Info[Context, None],
        active: Annotated[
            bool | None, strawberry.argument(description="Only those that orders may choose, or only the others.")
        ] = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[CostCentre]:
        """One page of cost centres."""
        found = models.CostCentre.visible_to(info.context.actor)
        if active is not None:
            found = found.filter(is_active=active)
        return Connection.of(await page(found, ("code", "id"), first=first, after=after))

    @strawberry.field(
        description="All that orders took of a budget or gave back, newest first; null if there is no such budget of the caller's company."
    )
    async def budget_entries(
        self,
        info: Info[Context, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="The budget's opaque id.")],
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[BudgetEntry] | None:
        """One page of entries; a missing, a malformed and a stranger's id look the same."""
        actor, key = info.context.actor, decode_id("Budget", id)
        entries = models.BudgetEntry.visible_to(actor).filter(budget_id=key)
        found = await page(entries, ("-seq", "-id"), first=first, after=after)
        known = key is not None and await models.Budget.visible_to(actor).filter(id=key).exists()
        return Connection.of(found) if known else None
