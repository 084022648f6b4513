"""Why there is no statement of a day to compare with."""

from dataclasses import dataclass
from datetime import date

from rules.billing import PaymentMethod
from rules.problem import Problem
from rules.problem_codes import ProblemCode


@dataclass(eq=False)
class StatementUnavailable(Problem):
    """There is no statement of {method} for {day}; those from {first_day} to {last_day} can be asked for."""

    code = ProblemCode.STATEMENT_UNAVAILABLE
    method: PaymentMethod
    day: date
    first_day: date
    last_day: date


@dataclass(eq=False)
class MerchantAccountMissing(Problem):
    """There is no account with {method}, and so no statement; an administrator sets one."""

    code = ProblemCode.MERCHANT_ACCOUNT_MISSING
    method: PaymentMethod
