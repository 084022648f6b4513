"""How a supplier collects its money, as its administrators say."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.companies import Company
from resolvers.context import Context
from resolvers.inputs import Number, check
from resolvers.problems import InvalidInputProblem, NotAllowedProblem, StaleVersionProblem, answers
from resolvers.steps import shown
from services import collecting

MOST_DAYS = 365
Days = Annotated[int, Number(least=0, most=MOST_DAYS)]
DaysAfter = Annotated[int, Number(least=1, most=MOST_DAYS)]


@strawberry.input(description="How the company collects as a supplier.")
class SetCollectionPolicyInput:
    """A policy; what is not said is as at the beginning."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    prepayment_days: Days = strawberry.field(
        default=0,
        description=f"Within how many days after a contract binds its prepayment is due, 0 to {MOST_DAYS}: at the earliest on the next "
        "working day. For contracts from now on.",
    )
    despatch_after_prepayment: bool = strawberry.field(
        default=False,
        description="Whether goods are refused to be despatched while something of the prepayment is open.",
    )
    confirm_funds_after_days: DaysAfter | None = strawberry.field(
        default=None,
        description="After how many days money that a provider says was paid counts as confirmed by itself, 1 to "
        f"{MOST_DAYS}; null: only when the supplier says so. For payments from now on.",
    )


@strawberry.type(description="The company collects like this.")
class SetCollectionPolicySuccess:
    """The policy."""

    company: Company = strawberry.field(description="The company as it is now.")


@strawberry.type
class CollectingMutation:
    """The supplier's word on how it is paid."""

    @strawberry.mutation(
        graphql_type=answers(SetCollectionPolicySuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Say when prepayments are due, whether goods wait for them, and whether online payments are confirmed by themselves; "
        "for an ADMIN.",
    )
    async def set_collection_policy(
        self, info: Info[Context, None], input: SetCollectionPolicyInput
    ) -> SetCollectionPolicySuccess:
        """A policy."""
        check(input)
        policy = collecting.CollectionPolicy(
            input.prepayment_days, input.despatch_after_prepayment, input.confirm_funds_after_days
        )
        company = await collecting.set_collection_policy(info.context.actor, input.expected_version, policy)
        return SetCollectionPolicySuccess(company=shown(company))
