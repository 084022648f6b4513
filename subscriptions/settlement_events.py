"""What a supplier's finance and the platform are told of the split of payments; no buyer ever is."""

from decimal import Decimal

import strawberry

import models
from resolvers.amounts import Money
from resolvers.relations import One, derived, related, shows
from resolvers.settlements import Settlement
from rules.money import Currency
from rules.settlement import SettlementStatus
from subscriptions.event import Event, OrderEvent, kinds_in


@strawberry.interface(description="Something that happened to the split of a payment.")
class SettlementEvent(Event):
    """An event of a split's own stream."""

    settlement_status: SettlementStatus = derived(
        lambda row: row.body["settlementStatus"], description="Where the split stood right after it."
    )
    settlement: Settlement | None = related(
        One(models.Settlement, "stream", visible=True), description="The split as it is now."
    )


@strawberry.type(description="The goods of a payment are accepted: it is split once its days are over.")
@shows(models.Event)
class SettlementDue(SettlementEvent):
    """A split is due."""


@strawberry.type(description="The platform has its share of a payment, and the rest is free for the supplier.")
@shows(models.Event)
class SettlementSettled(SettlementEvent):
    """A payment was split."""


@strawberry.type(description="The provider refused to split a payment.")
@shows(models.Event)
class SettlementFailed(SettlementEvent):
    """A split was refused."""

    reason: str = derived(lambda row: row.body["reason"], description="What the provider said.")


@strawberry.type(description="The provider has let the supplier have all of a payment before it was split.")
@shows(models.Event)
class SettlementLapsed(SettlementEvent):
    """It is too late for a split."""

    reason: str = derived(
        lambda row: row.body["reason"], description="What the provider said last, or why it was never asked."
    )
    lost: Money = derived(
        lambda row: Money(amount=Decimal(row.body["lost"]), currency=Currency.CNY),
        description="The commission that the platform and the supplier have to settle otherwise.",
    )


@strawberry.type(description="A part of the platform's share has to come back before a refund, or did not come.")
@shows(models.Event)
class SettlementReversing(SettlementEvent):
    """A share is on its way back."""

    reason: str | None = derived(
        lambda row: row.body.get("reason"), description="Why it did not come: an alert. Null while nothing is wrong."
    )


@strawberry.type(description="A part of the platform's share came back, or it is too late for that.")
@shows(models.Event)
class SettlementReversed(SettlementEvent):
    """A share came back."""

    returned: Money = derived(
        lambda row: Money(amount=Decimal(row.body.get("returned", "0.00")), currency=Currency.CNY),
        description="How much; nothing where all was refunded before it was split.",
    )


@strawberry.type(
    description="Nothing of an order is open any more: what was still to be done was the supplier's own affair."
)
@shows(models.Event)
class OrderSettled(OrderEvent):
    """An order was settled."""

    settled: bool = derived(lambda row: row.body["settled"], description="Whether the order is done with now.")


SETTLEMENT_EVENT_TYPES = kinds_in(globals())
