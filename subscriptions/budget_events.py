"""What a buyer's own people are told of its cost centres and budgets; no supplier ever is."""

from decimal import Decimal
from typing import Any

import strawberry

import models
from resolvers.amounts import Money
from resolvers.cost_centres import Budget, CostCentre
from resolvers.orders import Order
from resolvers.relations import One, derived, related, shows
from rules.money import Currency
from subscriptions.event import Event, Named, kinds_in


@strawberry.type(description="A cost centre was made or changed, or one of its budgets set.")
@shows(models.Event)
class CostCentreChanged(Event):
    """A cost centre was changed."""

    cost_centre: CostCentre | None = related(
        One(models.CostCentre, "stream", visible=True), description="The cost centre as it is now."
    )
    action: str = derived(lambda row: row.body["action"], description="The step that changed it, such as `set_budget`.")
    budget: Budget | None = related(
        Named(models.Budget, "budgetId", visible=True), description="The budget that was set, as it is now; or null."
    )
    amount: Money | None = derived(
        lambda row: _money(row) if "amount" in row.body else None, description="What the budget was set to; or null."
    )
    reason: str | None = derived(lambda row: row.body.get("reason"), description="Why the budget was set; or null.")


def _money(row: Any) -> Money:
    return Money(amount=Decimal(row.body["amount"]), currency=Currency(row.body["currency"]))


@strawberry.interface(
    description="An order took something of a budget or gave it back, which the buyer's company alone may know."
)
class BudgetEvent(Event):
    """An event of a budget's stream."""

    budget: Budget | None = related(One(models.Budget, "stream", visible=True), description="The budget as it is now.")
    order: Order | None = related(Named(models.Order, "orderId", visible=True), description="The order as it is now.")
    amount: Money = derived(_money, description="How much it took, gave back, or spent of what it had reserved.")


@strawberry.type(description="An order reserved something of a budget.")
@shows(models.Event)
class BudgetReserved(BudgetEvent):
    """Something was reserved."""


@strawberry.type(description="An order reserved more of a budget than there was; its policy lets that through.")
@shows(models.Event)
class BudgetExceeded(BudgetEvent):
    """A budget is exceeded."""


@strawberry.type(description="An order gave something back.")
@shows(models.Event)
class BudgetReleased(BudgetEvent):
    """Something was given back."""


@strawberry.type(description="The goods are there: what an order had reserved is spent.")
@shows(models.Event)
class BudgetConsumed(BudgetEvent):
    """Something was spent."""


BUDGET_EVENT_TYPES = kinds_in(globals())
