"""Why a rate of tax is not taken, as the schema shows it."""

from datetime import date
from decimal import Decimal

import strawberry

from resolvers.problem import Problem


@strawberry.type(description="The law of the supplier's country has no such rate of VAT then.")
class TaxRateProblem(Problem):
    """Another rate has to be said; what is said nowhere here, such as a contract's, has to be changed first."""

    path: str = strawberry.field(description="Where the rate is said, such as `input.lines[0].taxRate`.")
    rate: Decimal = strawberry.field(description="The rate as a share, such as 0.16.")
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code of the country whose law it is.")
    day: date = strawberry.field(description="The day, in the supplier's calendar.")
    rates: list[Decimal] = strawberry.field(description="The rates that are valid then, the highest first.")
