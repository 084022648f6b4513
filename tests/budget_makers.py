"""Makes cost centres and budgets by walking the real verbs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from models import Budget, BudgetEntry, CostCentre, Order
from rules.budgets import BudgetPolicy, Holding
from rules.money import Currency
from rules.people import Actor
from services import clock
from services.cost_centres import BudgetWish, create_cost_centre, set_budget
from tests.makers import make_key


async def make_cost_centre(actor: Actor, code: str | None = None, name: str = "Workshop") -> CostCentre:
    """A cost centre of the actor's company, without a budget."""
    key = make_key()
    return await create_cost_centre(actor, code or f"CC-{key}", name, idempotency_key=key)


def make_budget_wish(amount: str = "1000.00", policy: BudgetPolicy = BudgetPolicy.BLOCK, **facts: Any) -> BudgetWish:
    """The year around today."""
    today = clock.today("Asia/Shanghai")
    said = {
        "period_start": today - timedelta(days=180),
        "period_end": today + timedelta(days=180),
        "amount": Decimal(amount),
        "currency": Currency.CNY,
        "policy": policy,
        "reason": "planned",
        **facts,
    }
    return BudgetWish(**said)


async def make_budget(
    actor: Actor, centre: CostCentre, amount: str = "1000.00", policy: BudgetPolicy = BudgetPolicy.BLOCK, **facts: Any
) -> Budget:
    """One more budget of the cost centre, or another amount of one that `budget_id` names."""
    version = (await CostCentre.get(id=centre.id)).version
    return await set_budget(actor, centre.id, version, make_budget_wish(amount, policy, **facts))


async def held(order: Order) -> Holding:
    """What the ledger says the order holds."""
    return (await BudgetEntry.held([order.id])).get(order.id, (None, Holding()))[1]


async def check_ledger(budget: Budget) -> Budget:
    """The budget as it is now: its entries are numbered without a gap and add up to its balances."""
    budget = await Budget.get(id=budget.id)
    entries = await BudgetEntry.filter(budget_id=budget.id).order_by("seq")
    assert [entry.seq for entry in entries] == list(range(1, budget.entry_count + 1))
    assert sum((entry.reserved for entry in entries), Decimal(0)) == budget.reserved
    assert sum((entry.consumed for entry in entries), Decimal(0)) == budget.consumed
    return budget
