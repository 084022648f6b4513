"""What a refusal says of money that has not come."""

from datetime import date
from decimal import Decimal

import strawberry

from resolvers.problem import Problem


@strawberry.type(
    description="The goods have to wait: the prepayment has not come, and the supplier lets none leave before."
)
class PrepaymentProblem(Problem):
    """Too little was prepaid."""

    open: Decimal = strawberry.field(description="What of the prepayment has not come.")
    currency: str = strawberry.field(description="ISO 4217 code of it.")
    due_on: date = strawberry.field(description="By which day it is to be paid, at the supplier.")
