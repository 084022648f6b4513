"""What clients say when the law has changed a rate of tax."""

from collections.abc import Iterable
from typing import Annotated

import strawberry

from resolvers.inputs import Items
from resolvers.offer_inputs import Rate
from rules.tax import RateChange


@strawberry.input(
    description="A rate of VAT that the law has changed: goods, freight, allowances and charges at the one are at the other."
)
class TaxRateChangeInput:
    """A rate instead of another."""

    before: Rate = strawberry.field(description="The rate in the contract, as a share such as 0.16.")
    after: Rate = strawberry.field(description="The rate instead, which is valid today.")


TaxRateChanges = Annotated[list[TaxRateChangeInput], Items(0, 10)]


def rate_changes(given: Iterable[TaxRateChangeInput]) -> tuple[RateChange, ...]:
    """The rates as the verbs take them."""
    return tuple(RateChange(one.before, one.after) for one in given)
