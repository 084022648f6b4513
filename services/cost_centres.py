"""A company's cost centres and their budgets, as its administrators and its finance keep them, one after the other."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models import Budget, CostCentre
from models.base import new_id
from rules.budgets import BudgetPolicy
from rules.events import EventKind
from rules.money import Currency, check_amount
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import Conflict, NotAllowed, NotFound, StaleVersion, invalid
from services import clock
from services.register import open_own_company
from services.streams import note_apart
from services.verb import creating, verb

MOST = 10**13
"""Of any currency: more is a slip of the pen."""


@dataclass(frozen=True)
class BudgetWish:
    """A budget as it is to be: both days of the period count; `budget_id` None: another one."""

    period_start: date
    period_end: date
    amount: Decimal
    currency: Currency
    policy: BudgetPolicy
    reason: str
    budget_id: UUID | None = None


@creating(CostCentre)
async def create_cost_centre(actor: Actor, code: str, name: str, *, idempotency_key: str) -> CostCentre:
    """One more cost centre, without a budget yet; Conflict where the company has another of this code."""
    company = await open_own_company(actor)
    if not company.is_buying:
        raise NotAllowed("create_cost_centre")
    centre = CostCentre(id=new_id(), company_id=company.id, code=code, name=name, created_at=clock.now())
    if await CostCentre.has_code(company.id, code, but=centre.id):
        raise Conflict("code")
    await centre.save()
    await _note(centre, actor, "create_cost_centre")
    return centre


@verb
async def update_cost_centre(
    actor: Actor, cost_centre_id: UUID, expected_version: int, code: str, name: str, *, is_active: bool
) -> CostCentre:
    """The cost centre with everything replaced; out of use it is chosen for nothing any more, and what it bears goes on."""
    company = await open_own_company(actor)
    centre = await _opened(actor, cost_centre_id, expected_version)
    if await CostCentre.has_code(company.id, code, but=centre.id):
        raise Conflict("code")
    centre.code, centre.name, centre.is_active = code, name, is_active
    await _note(centre, actor, "update_cost_centre")
    return centre


@verb
async def set_budget(actor: Actor, cost_centre_id: UUID, expected_version: int, wish: BudgetWish) -> Budget:
    """A budget of the cost centre, new or changed, which holds for what is submitted from now on.

    Cut below what orders hold it lets no more in; nobody loses what they hold.
    """
    await open_own_company(actor)
    centre = await _opened(actor, cost_centre_id, expected_version)
    if wish.period_end < wish.period_start:
        raise invalid("input.periodEnd", "must not be before the first day")
    if not 0 <= wish.amount <= MOST:
        raise invalid("input.amount.amount", Phrase("must be from 0 to {most}", most=MOST))
    check_amount("input.amount.amount", wish.amount, wish.currency)
    budget = await _budget(centre, wish)
    start, end = wish.period_start, wish.period_end
    if await Budget.overlapping(centre.id, budget.currency, start, end, but=wish.budget_id):
        raise Conflict("periodStart")
    budget.period_start, budget.period_end = start, end
    budget.amount, budget.policy = wish.amount, wish.policy
    await budget.save()
    await budget.refresh_from_db(["amount"])  # with as many decimals as are kept
    told = {"budgetId": str(budget.id), "amount": str(wish.amount), "currency": budget.currency, "reason": wish.reason}
    await _note(centre, actor, "set_budget", told)
    return budget


async def _budget(centre: CostCentre, wish: BudgetWish) -> Budget:
    if wish.budget_id is None:
        return Budget(
            id=new_id(),
            company_id=centre.company_id,
            cost_centre_id=centre.id,
            currency=wish.currency,
            created_at=clock.now(),
        )
    found = {budget.id: budget for budget in await Budget.of_centres([centre.id])}
    if wish.budget_id not in found:
        raise NotFound("Budget", wish.budget_id)
    if found[wish.budget_id].currency != wish.currency:
        raise invalid("input.amount.currency", "a budget keeps its currency; set another one")
    return found[wish.budget_id]


async def _opened(actor: Actor, cost_centre_id: UUID, expected_version: int) -> CostCentre:
    if not await CostCentre.visible_to(actor).filter(id=cost_centre_id).exists():
        raise NotFound("CostCentre", cost_centre_id)
    centre = await CostCentre.locked(cost_centre_id)
    if centre.version != expected_version:
        raise StaleVersion(centre.version)
    return centre


async def _note(centre: CostCentre, actor: Actor, action: str, told: dict[str, str] | None = None) -> None:
    """Save the cost centre and its event under the next number, for the company alone."""
    centre.version += 1
    await centre.save()
    body = {"action": action, **(told or {})}
    await note_apart(centre, centre.version, EventKind.COST_CENTRE_CHANGED, actor, [centre.company_id], body)
