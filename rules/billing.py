"""Invoices, payments and the two-sided ledger beneath them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class InvoiceStatus(StrEnum):
    """What the buyer said to an invoice; it is never edited or deleted."""

    ISSUED = "ISSUED"
    ACCEPTED = "ACCEPTED"
    DISPUTED = "DISPUTED"


class PaymentMethod(StrEnum):
    """How money travels."""

    BANK_TRANSFER = "BANK_TRANSFER"
    ALIPAY = "ALIPAY"
    WECHAT_PAY = "WECHAT_PAY"


class PaymentStatus(StrEnum):
    """Where one transfer stands."""

    PROOF_SUBMITTED = "PROOF_SUBMITTED"
    AWAITING_CHANNEL = "AWAITING_CHANNEL"
    CHANNEL_CONFIRMED = "CHANNEL_CONFIRMED"
    FUNDS_CONFIRMED = "FUNDS_CONFIRMED"
    FAILED = "FAILED"
    CLOSED = "CLOSED"
    REFUNDED = "REFUNDED"


UNPAID = (PaymentStatus.FAILED, PaymentStatus.CLOSED, PaymentStatus.REFUNDED)
"""Payments that cover nothing of an invoice (any more)."""

PENDING = (PaymentStatus.PROOF_SUBMITTED, PaymentStatus.AWAITING_CHANNEL)
"""Payments whose money nobody has seen yet."""


class OrderPaymentStatus(StrEnum):
    """What the ledger says about an order's money."""

    UNPAID = "UNPAID"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    OVERPAID = "OVERPAID"


class FulfilmentStatus(StrEnum):
    """What the quantity ledger says about an order's goods."""

    NOT_SHIPPED = "NOT_SHIPPED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    RECEIVED = "RECEIVED"


class Account(StrEnum):
    """The supplier's accounts an order posts to; debit is positive."""

    RECEIVABLE = "RECEIVABLE"
    SALES = "SALES"
    VAT_PAYABLE = "VAT_PAYABLE"
    BANK = "BANK"


@dataclass(frozen=True)
class Entry:
    """One side of a posting: debit positive, credit negative."""

    account: Account
    amount: Decimal


def invoice_posting(net: Decimal, tax: Decimal) -> tuple[Entry, ...]:
    """An issued invoice: the buyer owes what was sold and its tax."""
    return Entry(Account.RECEIVABLE, net + tax), Entry(Account.SALES, -net), Entry(Account.VAT_PAYABLE, -tax)


def payment_posting(amount: Decimal) -> tuple[Entry, ...]:
    """Confirmed funds: what was owed lies in the bank."""
    return Entry(Account.BANK, amount), Entry(Account.RECEIVABLE, -amount)


def is_balanced(entries: Iterable[Entry]) -> bool:
    """Whether a posting adds up to zero, as every posting must."""
    return sum((entry.amount for entry in entries), ZERO) == 0


def payment_status(invoiced: Decimal, paid: Decimal) -> OrderPaymentStatus:
    """What has been paid of what was invoiced."""
    if paid <= 0:
        return OrderPaymentStatus.UNPAID
    if paid < invoiced:
        return OrderPaymentStatus.PARTIALLY_PAID
    return OrderPaymentStatus.PAID if paid == invoiced else OrderPaymentStatus.OVERPAID


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
