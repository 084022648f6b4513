"""Invoices, credit notes and payments: what they go through."""

from decimal import Decimal
from enum import StrEnum

from rules.accounts import Account as Account


class BillingDocument(StrEnum):
    """What a supplier issues under gapless numbers, each kind under its own (UNTDID 1001: 380, 381)."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"


class InvoiceStatus(StrEnum):
    """What the buyer said to an invoice, and whether anything of it is left; it is never edited or deleted."""

    ISSUED = "ISSUED"
    ACCEPTED = "ACCEPTED"
    DISPUTED = "DISPUTED"
    CREDITED = "CREDITED"


class PaymentMethod(StrEnum):
    """How money travels."""

    BANK_TRANSFER = "BANK_TRANSFER"
    CHEQUE = "CHEQUE"
    CREDIT_BALANCE = "CREDIT_BALANCE"
    ALIPAY = "ALIPAY"
    WECHAT_PAY = "WECHAT_PAY"


class PaymentStatus(StrEnum):
    """Where one transfer stands."""

    PROOF_SUBMITTED = "PROOF_SUBMITTED"
    AWAITING_CHANNEL = "AWAITING_CHANNEL"
    CHANNEL_CONFIRMED = "CHANNEL_CONFIRMED"
    FUNDS_CONFIRMED = "FUNDS_CONFIRMED"
    FAILED = "FAILED"
    BOUNCED = "BOUNCED"
    CLOSED = "CLOSED"
    REFUNDED = "REFUNDED"


# Of which the supplier still has something to say, whatever its time.
UNCONFIRMED = (PaymentStatus.PROOF_SUBMITTED, PaymentStatus.CHANNEL_CONFIRMED)
# Whose money did not come, or was taken back by the bank: it may come later, under the same reference.
MISSED = (PaymentStatus.FAILED, PaymentStatus.BOUNCED)
# Whose money the supplier can look for.
CONFIRMABLE = (PaymentStatus.PROOF_SUBMITTED, PaymentStatus.CHANNEL_CONFIRMED)


class RefundStatus(StrEnum):
    """Where money stands that goes back to the buyer."""

    SENT = "SENT"
    RECEIVED = "RECEIVED"
    MISSED = "MISSED"


class FulfilmentStatus(StrEnum):
    """What the quantity ledger says about an order's goods."""

    NOT_SHIPPED = "NOT_SHIPPED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    RECEIVED = "RECEIVED"


def fulfilment_status(
    ordered: Decimal, despatched: Decimal, received: Decimal, open_quantity: Decimal
) -> FulfilmentStatus:
    """How far the goods of an order are, from sums over its lines (received counts accepted, rejected and short)."""
    if despatched <= 0:
        return FulfilmentStatus.NOT_SHIPPED
    if open_quantity <= 0 and received >= despatched:
        return FulfilmentStatus.RECEIVED
    if received > 0:
        return FulfilmentStatus.PARTIALLY_RECEIVED
    return FulfilmentStatus.SHIPPED if despatched >= ordered else FulfilmentStatus.PARTIALLY_SHIPPED
