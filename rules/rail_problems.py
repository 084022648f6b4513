"""Why nothing can be paid online."""

from dataclasses import dataclass

from rules.billing import PaymentMethod
from rules.problem import Problem
from rules.problem_codes import ProblemCode


@dataclass(eq=False)
class PaymentUnavailable(Problem):
    """This invoice cannot be paid by {method}."""

    code = ProblemCode.PAYMENT_UNAVAILABLE
    method: PaymentMethod
    methods: tuple[PaymentMethod, ...] = ()
