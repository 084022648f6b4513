"""What does not fit under a limit: a buyer's own budget, or what its supplier lends it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.problem import Problem
from rules.problem_codes import ProblemCode


class CreditBlock(StrEnum):
    """Why no new contract binds on credit, whatever is left of it."""

    SUSPENDED = "SUSPENDED"
    OVERDUE = "OVERDUE"


@dataclass(eq=False)
class BudgetExceeded(Problem):
    """The budget of {cost_centre} from {period_start} to {period_end} is {amount} {currency}; {committed} of it is taken, and
    {wanted} more is {short_by} too much."""

    code = ProblemCode.BUDGET_EXCEEDED
    cost_centre: str
    period_start: date
    period_end: date
    currency: str
    amount: Decimal
    committed: Decimal
    wanted: Decimal
    short_by: Decimal


@dataclass(eq=False)
class CreditLimitExceeded(Problem):
    """{available} {currency} of the buyer's credit with the supplier is left; {needed} more is {short_by} too much."""

    code = ProblemCode.CREDIT_LIMIT_EXCEEDED
    currency: str
    available: Decimal
    needed: Decimal
    short_by: Decimal


@dataclass(eq=False)
class CreditBlocked(Problem):
    """The supplier lends the buyer nothing more in {currency} at the moment: {block}."""

    code = ProblemCode.CREDIT_BLOCKED
    currency: str
    block: CreditBlock
