"""Why goods have to wait for money."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.problem import Problem
from rules.problem_codes import ProblemCode


@dataclass(eq=False)
class PrepaymentAwaited(Problem):
    """{open} {currency} of the prepayment, due on {due_on}, have not come; the supplier lets no goods leave before."""

    code = ProblemCode.PREPAYMENT_AWAITED
    open: Decimal
    currency: str
    due_on: date
