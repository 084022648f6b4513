"""Refusals of comparing a day with a provider's statement."""

from datetime import date

import strawberry

from resolvers.problem import Problem
from rules.billing import PaymentMethod


@strawberry.type(description="There is no statement of that day: it is not over, or the provider keeps it no more.")
class StatementUnavailableProblem(Problem):
    """Too early, or too late."""

    method: PaymentMethod = strawberry.field(description="Whose statement.")
    day: date = strawberry.field(description="The day that was asked for.")
    first_day: date = strawberry.field(description="The first day of which there may be a statement.")
    last_day: date = strawberry.field(description="The last day of which there may be one.")


@strawberry.type(description="The supplier has no account with this provider; an administrator sets one.")
class MerchantAccountMissingProblem(Problem):
    """No account."""

    method: PaymentMethod = strawberry.field(description="The provider.")
