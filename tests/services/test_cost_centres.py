"""A company keeps its cost centres and their budgets: who may, under which codes, for which days, and what nobody else learns."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import asyncpg
import pytest

from models import Budget, Company, CostCentre, Event
from models.base import new_id
from models.database import pool
from rules.budgets import BudgetPolicy
from rules.events import EventKind
from rules.money import Currency
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role
from rules.problems import Conflict, InvalidInput, NotAllowed, NotFound, Problem, StaleVersion
from services import clock
from services.cost_centres import create_cost_centre, set_budget, update_cost_centre
from tests.budget_makers import make_budget, make_budget_wish, make_cost_centre
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import make_parties, make_placed_order
from tests.races import at_once

TODAY = clock.today("Asia/Shanghai")


@pytest.fixture
async def finance(database: str) -> Actor:
    """Somebody in finance of a company that buys."""
    return await make_actor(await make_company(CompanyKind.BUYER), Role.FINANCE)


def days(first: int, last: int) -> dict[str, Any]:
    """A period, counted from today."""
    return {"period_start": TODAY + timedelta(days=first), "period_end": TODAY + timedelta(days=last)}


@pytest.mark.parametrize("role", sorted(COMPANY_ROLES))
async def test_administrators_and_finance_keep_them_and_nobody_else(database: str, role: Role) -> None:
    actor = await make_actor(await make_company(CompanyKind.BUYER), role)
    if role in (Role.ADMIN, Role.FINANCE):
        assert (await make_cost_centre(actor)).version == 1
    else:
        with pytest.raises(NotAllowed):
            await make_cost_centre(actor)


async def test_who_does_not_buy_has_none(database: str) -> None:
    with pytest.raises(NotAllowed):
        await make_cost_centre(await make_actor(await make_company(CompanyKind.SUPPLIER), Role.ADMIN))


async def test_a_code_is_one_cost_centre_s_of_a_company_and_may_be_another_company_s(finance: Actor) -> None:
    first, second = await make_cost_centre(finance, "4711"), await make_cost_centre(finance, "4712")
    with pytest.raises(Conflict):
        await make_cost_centre(finance, "4711")
    with pytest.raises(Conflict):
        await update_cost_centre(finance, second.id, second.version, "4711", "Paint shop", is_active=True)
    await update_cost_centre(finance, first.id, first.version, "4711", "Paint shop", is_active=True)
    await make_cost_centre((await make_parties()).buyer, "4711")
    assert [one.name for one in await CostCentre.filter(company_id=finance.home).order_by("code")] == [
        "Paint shop",
        "Workshop",
    ]


async def test_of_several_who_take_a_code_at_once_one_gets_it(finance: Actor) -> None:
    done, refused = await at_once(*(make_cost_centre(finance, "4711") for _ in range(4)))
    assert (len(done), {type(one) for one in refused}) == (1, {Conflict})


async def test_the_same_key_gives_the_same_cost_centre(finance: Actor) -> None:
    key = make_key()
    made = [await create_cost_centre(finance, "4711", "Workshop", idempotency_key=key) for _ in range(2)]
    assert made[0].id == made[1].id


async def test_each_change_is_told_to_the_company_alone_under_the_next_number(finance: Actor) -> None:
    centre = await make_cost_centre(finance, "4711")
    budget = await make_budget(finance, centre, "500.00", reason="plan of 2026")
    await update_cost_centre(finance, centre.id, 2, "4711", "Workshop", is_active=False)
    events = await Event.filter(stream=centre.id).order_by("seq")
    assert [(one.seq, one.kind, one.body["action"], one.readers) for one in events] == [
        (number, EventKind.COST_CENTRE_CHANGED, action, [finance.home])
        for number, action in enumerate(("create_cost_centre", "set_budget", "update_cost_centre"), 1)
    ]
    told = {"budgetId": str(budget.id), "amount": "500.00", "currency": "CNY", "reason": "plan of 2026"}
    assert events[1].body == {"action": "set_budget", **told}


async def test_who_has_read_an_older_version_is_refused(finance: Actor) -> None:
    centre = await make_cost_centre(finance)
    await make_budget(finance, centre)
    with pytest.raises(StaleVersion) as refused:
        await set_budget(finance, centre.id, 1, make_budget_wish(**days(200, 300)))
    assert refused.value.current_version == 2
    with pytest.raises(StaleVersion):
        await update_cost_centre(finance, centre.id, 1, centre.code, "other", is_active=True)


async def test_a_stranger_s_cost_centre_and_budget_look_like_missing_ones(finance: Actor) -> None:
    other = (await make_parties()).buyer
    theirs = await make_cost_centre(other)
    budget = await make_budget(other, theirs)
    own = await make_cost_centre(finance)
    for id_ in (theirs.id, new_id()):
        with pytest.raises(NotFound):
            await set_budget(finance, id_, 2, make_budget_wish())
        with pytest.raises(NotFound):
            await update_cost_centre(finance, id_, 2, "1", "x", is_active=True)
    for id_ in (budget.id, new_id()):
        with pytest.raises(NotFound):
            await make_budget(finance, own, budget_id=id_)


@pytest.mark.parametrize(("facts", "refusal"), [
    (days(11, 20),                                 None),
    (days(-20, -1),                                None),
    (days(10, 20),                                 Conflict),
    (days(-20, 0),                                 Conflict),
    (days(3, 4),                                   Conflict),
    (days(-20, 20),                                Conflict),
    ({**days(3, 4), "currency": Currency.USD},     None),
    (days(20, 19),                                 InvalidInput),
    ({**days(20, 20), "amount": D("-0.01")},       InvalidInput),
    ({**days(20, 20), "amount": D("0.001")},       InvalidInput),
    ({**days(20, 20), "amount": D(10) ** 14},      InvalidInput),
    ({**days(20, 20), "amount": D(0)},             None),
])  # fmt: skip
async def test_the_periods_of_one_currency_are_apart_and_amounts_are_sums_of_money(
    finance: Actor, facts: dict[str, Any], refusal: type[Problem] | None
) -> None:
    centre = await make_cost_centre(finance)
    await make_budget(finance, centre, **days(0, 10))
    version = (await CostCentre.get(id=centre.id)).version
    wish = make_budget_wish(**facts)
    if refusal is None:
        await set_budget(finance, centre.id, version, wish)
        return
    with pytest.raises(refusal):
        await set_budget(finance, centre.id, version, wish)
    assert await Budget.filter(cost_centre_id=centre.id).count() == 1


async def test_a_budget_may_be_changed_in_everything_but_its_currency(finance: Actor) -> None:
    centre = await make_cost_centre(finance)
    budget = await make_budget(finance, centre, **days(0, 10))
    longer = await make_budget(finance, centre, "1.00", BudgetPolicy.WARN, budget_id=budget.id, **days(0, 12))
    assert (longer.id, longer.amount, longer.policy) == (budget.id, D("1.00"), BudgetPolicy.WARN)
    with pytest.raises(InvalidInput):
        await make_budget(finance, centre, budget_id=budget.id, currency=Currency.USD)


async def test_the_database_itself_keeps_periods_apart_and_codes_once(finance: Actor) -> None:
    centre = await make_cost_centre(finance, "4711")
    await make_budget(finance, centre, **days(0, 10))
    copy = (
        "INSERT INTO budget (id, created_at, company_id, cost_centre_id, period_start, period_end, currency, amount, policy, "
        "reserved, consumed, entry_count) SELECT $1, created_at, company_id, cost_centre_id, "
        "period_start + 10, period_end + 10, currency, amount, policy, 0, 0, 0 FROM budget"
    )
    with pytest.raises(asyncpg.ExclusionViolationError):
        await pool().execute(copy, new_id())
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool().execute(
            "INSERT INTO cost_centre SELECT $1, created_at, code, name, is_active, version, company_id FROM cost_centre",
            new_id(),
        )


async def test_the_database_itself_lets_no_blocking_budget_be_overdrawn(database: str) -> None:
    parties = await make_parties()
    centre = await make_cost_centre(parties.buyer)
    budget = await make_budget(parties.buyer, centre, "500.00")
    await make_placed_order(parties, cost_centre_id=centre.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await pool().execute("UPDATE budget SET reserved = 500.01 WHERE id = $1", budget.id)
    await pool().execute("UPDATE budget SET reserved = 500.00 WHERE id = $1", budget.id)
    await make_budget(parties.buyer, centre, "1.00", budget_id=budget.id)
    await pool().execute("UPDATE budget SET reserved = 499.00 WHERE id = $1", budget.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await pool().execute("UPDATE budget SET reserved = 499.01 WHERE id = $1", budget.id)


async def test_nobody_but_the_company_sees_a_cost_centre_or_a_budget(finance: Actor) -> None:
    centre = await make_cost_centre(finance)
    await make_budget(finance, centre)
    company = await Company.get(id=finance.home)
    viewer, rival = await make_actor(company, Role.VIEWER), (await make_parties()).supplier
    for actor, sees in ((viewer, 1), (rival, 0), (Actor.anonymous(), 0)):
        assert await CostCentre.visible_to(actor).count() == sees
        assert await Budget.visible_to(actor).count() == sees
