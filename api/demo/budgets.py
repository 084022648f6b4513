"""The demo buyers' cost centres: one whose budget blocks and has plenty, one whose budget is small and only warns."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from api.demo.known import once
from models import Budget, CostCentre
from rules.budgets import BudgetPolicy
from rules.money import Currency
from rules.people import Actor
from services import clock
from services.cost_centres import BudgetWish, create_cost_centre, set_budget

# fmt: off
CENTRES = (
    # code   name       budget                    and what it does
    ("PROD", "生产车间", Decimal("5000000.00"),   BudgetPolicy.BLOCK),
    ("MRO",  "设备维修", Decimal("20000.00"),     BudgetPolicy.WARN),
)
# fmt: on


async def budget(actors: dict[str, Actor], buyer: str) -> list[UUID]:
    """A buyer's cost centres with budgets for this year and the next, made where missing."""
    finance = actors[f"fin@{buyer}.demo"]
    return [await _centre(finance, buyer, *said) for said in CENTRES]


async def _centre(finance: Actor, buyer: str, code: str, name: str, amount: Decimal, policy: BudgetPolicy) -> UUID:
    key = f"demo-cost-centre-{buyer}-{code}"
    make = partial(create_cost_centre, finance, code, name, idempotency_key=key)
    centre = await once(CostCentre, finance, key, make)
    if not await Budget.of_centres([centre.id]):
        year = clock.today("Asia/Shanghai").year
        period = date(year, 1, 1), date(year + 1, 12, 31)
        wish = BudgetWish(*period, amount, Currency.CNY, policy, reason="年度预算")
        await set_budget(finance, centre.id, centre.version, wish)
    return centre.id
