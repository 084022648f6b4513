"""What administrators and finance do about cost centres and budgets."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.amounts import MoneyInput
from resolvers.context import Context
from resolvers.cost_centres import Budget, CostCentre
from resolvers.inputs import Text, check
from resolvers.problems import ALWAYS, CREATING, ConflictProblem, StaleVersionProblem, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from rules.budgets import BudgetPolicy
from services import cost_centres

Code = Annotated[str, Text(1, 40)]
Name = Annotated[str, Text(1, 120)]


@strawberry.input(description="A new cost centre of the caller's company.")
class CreateCostCentreInput:
    """A new cost centre."""

    code: Code = strawberry.field(
        description="What the company's books call it: 1 to 40 characters, once in the company."
    )
    name: Name = strawberry.field(description="What it is: 1 to 120 characters.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A cost centre as it was read, and as it is to be: everything is replaced.")
class UpdateCostCentreInput:
    """A changed cost centre."""

    cost_centre_id: strawberry.ID = strawberry.field(description="The cost centre.")
    expected_version: int = strawberry.field(description="The version that was read.")
    code: Code = strawberry.field(
        description="What the company's books call it: 1 to 40 characters, once in the company."
    )
    name: Name = strawberry.field(description="What it is: 1 to 120 characters.")
    is_active: bool = strawberry.field(
        default=True, description="Whether orders may choose it; false takes it out of use, and what it bears goes on."
    )


@strawberry.input(description="A budget as it is to be; its period has no day in common with another in its currency.")
class SetBudgetInput:
    """A new or a changed budget."""

    cost_centre_id: strawberry.ID = strawberry.field(description="The cost centre.")
    expected_version: int = strawberry.field(description="The version of the cost centre that was read.")
    budget_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which of its budgets is changed; null for a new one."
    )
    period_start: date = strawberry.field(description="The first day on which orders that are submitted count.")
    period_end: date = strawberry.field(description="The last day on which orders that are submitted count.")
    amount: MoneyInput = strawberry.field(
        description="What there is, tax included, not less than zero; a budget keeps its currency."
    )
    policy: BudgetPolicy = strawberry.field(description="What happens where it would be exceeded.")
    reason: Reason = strawberry.field(
        description="Why it is set so, for the company's own people: 1 to 1000 characters."
    )


@strawberry.type
class CostCentreNow:
    """What a step on a cost centre answers with."""

    cost_centre: CostCentre = strawberry.field(description="The cost centre as it is now.")


@strawberry.type(description="Orders may choose the cost centre.")
class CreateCostCentreSuccess(CostCentreNow):
    """A cost centre was made."""


@strawberry.type(description="The cost centre is changed; what it bears goes on.")
class UpdateCostCentreSuccess(CostCentreNow):
    """A cost centre was changed."""


@strawberry.type(description="The budget holds for what is submitted from now on.")
class SetBudgetSuccess:
    """A budget was set."""

    budget: Budget = strawberry.field(description="The budget as it is now.")


def _wish(given: SetBudgetInput) -> cost_centres.BudgetWish:
    return cost_centres.BudgetWish(
        period_start=given.period_start,
        period_end=given.period_end,
        amount=given.amount.amount,
        currency=given.amount.currency,
        policy=given.policy,
        reason=given.reason,
        budget_id=known("Budget", given.budget_id) if given.budget_id else None,
    )


@strawberry.type
class BudgetingMutation:
    """What administrators and finance do about cost centres and budgets."""

    @strawberry.mutation(
        graphql_type=answers(CreateCostCentreSuccess, *CREATING),
        description="Make a cost centre; for ADMIN and FINANCE of a company that buys.",
    )
    async def create_cost_centre(
        self, info: Info[Context, None], input: CreateCostCentreInput
    ) -> CreateCostCentreSuccess:
        """A cost centre, made."""
        check(input)
        centre = await cost_centres.create_cost_centre(
            info.context.actor, input.code, input.name, idempotency_key=input.idempotency_key
        )
        return CreateCostCentreSuccess(cost_centre=shown(centre))

    @strawberry.mutation(
        graphql_type=answers(UpdateCostCentreSuccess, *ALWAYS, StaleVersionProblem, ConflictProblem),
        description="Change a cost centre, or take it out of use; for ADMIN and FINANCE.",
    )
    async def update_cost_centre(
        self, info: Info[Context, None], input: UpdateCostCentreInput
    ) -> UpdateCostCentreSuccess:
        """A cost centre, changed."""
        check(input)
        centre = await cost_centres.update_cost_centre(
            info.context.actor,
            known("CostCentre", input.cost_centre_id),
            input.expected_version,
            input.code,
            input.name,
            is_active=input.is_active,
        )
        return UpdateCostCentreSuccess(cost_centre=shown(centre))

    @strawberry.mutation(
        graphql_type=answers(SetBudgetSuccess, *ALWAYS, StaleVersionProblem, ConflictProblem),
        description="Give a cost centre a budget, or change one; for ADMIN and FINANCE.",
    )
    async def set_budget(self, info: Info[Context, None], input: SetBudgetInput) -> SetBudgetSuccess:
        """A budget, set."""
        check(input)
        centre = known("CostCentre", input.cost_centre_id)
        budget = await cost_centres.set_budget(info.context.actor, centre, input.expected_version, _wish(input))
        return SetBudgetSuccess(budget=shown(budget))
