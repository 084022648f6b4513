"""What the two sides of a credit line are told of it."""

import strawberry

import models
from resolvers.credit_lines import CreditLine
from resolvers.orders import Order
from resolvers.relations import One, derived, related, shows
from subscriptions.event import Event, Named, kinds_in


@strawberry.interface(
    description="Something happened to a credit line, which its supplier and its buyer alone may know."
)
class CreditLineEvent(Event):
    """An event of a line's stream."""

    credit_line: CreditLine | None = related(
        One(models.CreditLine, "stream", visible=True), description="The credit line as it is now."
    )


@strawberry.type(description="The supplier set a credit line, blocked it, or opened it again.")
@shows(models.Event)
class CreditLineChanged(CreditLineEvent):
    """A line was changed."""

    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `set_credit_line`."
    )


@strawberry.type(description="With a contract that took effect at least nine tenths of the limit are taken.")
@shows(models.Event)
class CreditLineExhausted(CreditLineEvent):
    """A line is nearly used up."""

    order: Order | None = related(
        Named(models.Order, "orderId", visible=True), description="The order whose contract took effect."
    )


CREDIT_EVENT_TYPES = kinds_in(globals())
