"""Events of money that goes through a provider."""

from decimal import Decimal

import strawberry

import models
from resolvers.amounts import Money
from resolvers.billing import Payment
from resolvers.relations import derived, related, shows
from rules.money import Currency
from subscriptions.event import Named, OrderEvent, kinds_in


@strawberry.type
class _WithPayment:
    payment: Payment | None = related(Named(models.Payment, "paymentId"), description="Which payment.")


@strawberry.type
class _WithRefund(_WithPayment):
    refunded: Money = derived(
        lambda row: Money(amount=Decimal(row.body["refunded"]), currency=Currency.CNY), description="How much of it."
    )


@strawberry.type(description="The buyer started to pay online.")
@shows(models.Event)
class PaymentStarted(_WithPayment, OrderEvent):
    """A payment was started."""


@strawberry.type(description="The provider says that a payment was made; the supplier has not confirmed the money yet.")
@shows(models.Event)
class PaymentPaid(_WithPayment, OrderEvent):
    """A payment was made."""


@strawberry.type(
    description="A payment cannot be made any more: it was given up, took too long, or the provider refused it."
)
@shows(models.Event)
class PaymentClosed(_WithPayment, OrderEvent):
    """A payment was closed."""


@strawberry.type(description="Money came too late to pay anything: the supplier has to pay it back.")
@shows(models.Event)
class RefundDue(_WithPayment, OrderEvent):
    """A refund is due."""


@strawberry.type(description="The supplier asked the provider to pay money back.")
@shows(models.Event)
class RefundRequested(_WithRefund, OrderEvent):
    """A refund was asked for."""


@strawberry.type(description="The provider did not pay money back.")
@shows(models.Event)
class RefundFailed(_WithRefund, OrderEvent):
    """A refund was refused."""


@strawberry.type(description="Money went back to the payer.")
@shows(models.Event)
class PaymentRefunded(_WithRefund, OrderEvent):
    """A refund went through."""


PAYMENT_EVENT_TYPES = kinds_in(globals())
