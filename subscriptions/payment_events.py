"""Events of money that goes through a provider."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

import models
from resolvers.amounts import Money
from resolvers.billing import Payment
from resolvers.ids import encode_id
from resolvers.relations import derived, related, shows
from rules.money import Currency
from rules.obligations import ObligationKind
from subscriptions.event import MaySettle, Named, OrderEvent, kinds_in


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


@strawberry.type(
    description="What a payment is paid by has come: its provider had not answered while it was started, and it can be paid now."
)
@shows(models.Event)
class PaymentReady(_WithPayment, OrderEvent):
    """A payment can be made."""


@strawberry.type(description="The provider says that a payment was made; the supplier has not confirmed the money yet.")
@shows(models.Event)
class PaymentPaid(_WithPayment, MaySettle, OrderEvent):
    """A payment was made."""


@strawberry.type(
    description="A payment cannot be made any more: it was given up, took too long, or the provider refused it."
)
@shows(models.Event)
class PaymentClosed(_WithPayment, MaySettle, OrderEvent):
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
class RefundFailed(_WithRefund, MaySettle, OrderEvent):
    """A refund was refused."""


@strawberry.type(description="Money went back to the payer.")
@shows(models.Event)
class PaymentRefunded(_WithRefund, MaySettle, OrderEvent):
    """A refund went through."""


@strawberry.type
class _WithObligation:
    obligation: ObligationKind = derived(lambda row: row.body["obligationKind"], description="What has to be paid for.")
    due_on: date = derived(
        lambda row: date.fromisoformat(row.body["dueOn"]), description="By which day, at the supplier."
    )
    open: Money = derived(
        lambda row: Money(amount=Decimal(row.body["open"]), currency=Currency(row.body["currency"])),
        description="What of it was open then.",
    )
    invoice_id: strawberry.ID | None = derived(
        lambda row: row.body["invoiceId"] and encode_id("Invoice", UUID(row.body["invoiceId"])),
        description="The invoice; null for a prepayment.",
    )


@strawberry.type(description="In a few days something is due that is not paid.")
@shows(models.Event)
class PaymentDueSoon(_WithObligation, OrderEvent):
    """A reminder."""


@strawberry.type(description="Something was not paid when it was due; told once for each due date.")
@shows(models.Event)
class PaymentOverdue(_WithObligation, OrderEvent):
    """An obligation is overdue."""


PAYMENT_EVENT_TYPES = kinds_in(globals())
