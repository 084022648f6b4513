"""Events of what is taken back of invoices, and of money that goes another way than from buyer to supplier."""

from decimal import Decimal

import strawberry

import models
from resolvers.billing import Invoice, Payment
from resolvers.credit_notes import CreditNote
from resolvers.refunds import Refund
from resolvers.relations import derived, related, shows
from subscriptions.event import MaySettle, Named, OrderEvent, kinds_in


@strawberry.type(description="The supplier took back an invoice, or a part of it.")
@shows(models.Event)
class CreditNoteIssued(MaySettle, OrderEvent):
    """A credit note was issued."""

    credit_note: CreditNote | None = related(Named(models.CreditNote, "creditNoteId"), description="Which credit note.")
    invoice: Invoice | None = related(Named(models.Invoice, "invoiceId"), description="The invoice, as it is now.")


@strawberry.type
class _WithPayment:
    payment: Payment | None = related(Named(models.Payment, "paymentId"), description="Which payment.")
    amount: Decimal = derived(
        lambda row: Decimal(row.body["amount"]), description="How much of it is of this order, in the order's currency."
    )


@strawberry.type
class _WithRefund:
    refund: Refund | None = related(Named(models.Refund, "refundId"), description="Which refund, as it is now.")


@strawberry.type(description="The bank did not honour a cheque after all: what it paid is owed again.")
@shows(models.Event)
class ChequeBounced(_WithPayment, MaySettle, OrderEvent):
    """A cheque bounced."""

    reason: str = derived(lambda row: row.body["reason"], description="What the bank says.")


@strawberry.type(description="Credit of the buyer has paid what was owed of this order.")
@shows(models.Event)
class CreditApplied(_WithPayment, MaySettle, OrderEvent):
    """Credit was used for this order."""


@strawberry.type(description="Credit that lay in this order has paid another one of the same two companies.")
@shows(models.Event)
class CreditUsed(_WithPayment, OrderEvent):
    """Credit of this order was used."""


@strawberry.type(description="The supplier sent money back to the buyer.")
@shows(models.Event)
class RefundSent(_WithRefund, OrderEvent):
    """A refund is on its way."""


@strawberry.type(description="The buyer has the money back; the order may be settled with it.")
@shows(models.Event)
class RefundReceived(_WithRefund, OrderEvent):
    """A refund arrived."""

    settled: bool = derived(lambda row: row.body["settled"], description="Whether the order is done with now.")


@strawberry.type(description="The buyer did not find the refund.")
@shows(models.Event)
class RefundMissed(_WithRefund, MaySettle, OrderEvent):
    """A refund did not arrive."""

    reason: str = derived(lambda row: row.body["reason"], description="Why.")


BILLING_EVENT_TYPES = kinds_in(globals())
