"""Why a rate of tax is not taken."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.problem import Problem
from rules.problem_codes import ProblemCode


@dataclass(eq=False)
class UnknownTaxRate(Problem):
    """{rate} is no rate of VAT in {country} on {day}: see {path}."""

    code = ProblemCode.UNKNOWN_TAX_RATE
    path: str
    """Where the rate is said, such as `input.lines[0].taxRate`."""
    rate: Decimal
    country: str
    day: date
    rates: tuple[Decimal, ...]
    """Those that are valid then, the highest first."""
