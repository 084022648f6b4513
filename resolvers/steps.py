"""What steps on an order have in common: which order they take, and that they answer with it."""

from typing import Annotated, Any

import strawberry

from resolvers.inputs import Text
from resolvers.orders import Order

# How a client names a request, so that a repetition of it has no second effect.
Key = Annotated[str, Text(8, 64)]
KEY = "8 to 64 characters of your choice; the same key gives the same answer and has one effect."
Reason = Annotated[str, Text(1, 1000)]


@strawberry.input(description="An order, as it was read.")
class OrderStepInput:
    """Which order takes the step."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="An order, as it was read, and why.")
class OrderReasonInput(OrderStepInput):
    """Which order takes the step, for which reason."""

    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.type
class OrderNow:
    """What every step on an order answers with."""

    order: Order = strawberry.field(description="The order as it is now.")


def shown(row: object) -> Any:
    """A stored row where the schema has a type: the executor reads its attributes under that type's names."""
    return row
