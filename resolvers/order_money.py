"""What is to be paid for an order by when, and what money goes back of it."""

from typing import TYPE_CHECKING, Annotated

import strawberry

import models
from resolvers.obligations import PaymentObligation, obligations_of
from resolvers.relations import Many, related

if TYPE_CHECKING:
    from resolvers.credit_notes import CreditNote
    from resolvers.refunds import Refund

LazyCreditNote = Annotated["CreditNote", strawberry.lazy("resolvers.credit_notes")]
LazyRefund = Annotated["Refund", strawberry.lazy("resolvers.refunds")]


@strawberry.type
class Repaid:
    """Obligations, credit notes and refunds."""

    payment_obligations: list[PaymentObligation] = related(
        obligations_of,
        description="What the buyer has to pay by when: the prepayment first, then invoice by invoice as they were issued. Empty before a "
        "contract binds.",
    )

    credit_notes: list[LazyCreditNote] = related(
        Many(models.CreditNote, by="order_id", order_by=("id",)),
        description="What was taken back of its invoices, oldest first.",
    )
    refunds: list[LazyRefund] = related(
        Many(models.Refund, by="order_id", order_by=("id",)), description="What went back to the buyer, oldest first."
    )
