"""The double-entry ledger: its accounts, what a posting is, and what their sums say of an order's money."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rules.decimals import NOTHING, ZERO


class Account(StrEnum):
    """Debit is positive. A supplier's come first; from PAYABLE on it is how a buyer's books show the same money, and the last is the
    platform's."""

    RECEIVABLE = "RECEIVABLE"
    SALES = "SALES"
    VAT_PAYABLE = "VAT_PAYABLE"
    CREDIT = "CREDIT"
    ADVANCES = "ADVANCES"
    REFUNDS = "REFUNDS"
    CASH_AT_PROVIDER = "CASH_AT_PROVIDER"
    FEES = "FEES"
    COMMISSION = "COMMISSION"
    BANK = "BANK"
    CLEARING = "CLEARING"
    PAYABLE = "PAYABLE"
    PURCHASES = "PURCHASES"
    VAT_RECEIVABLE = "VAT_RECEIVABLE"
    PREPAID = "PREPAID"
    ADVANCES_PAID = "ADVANCES_PAID"
    REFUNDS_DUE = "REFUNDS_DUE"
    COMMISSION_INCOME = "COMMISSION_INCOME"


class PostingKind(StrEnum):
    """Which business act a posting records."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"
    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    SET_OFF = "SET_OFF"
    RELEASE = "RELEASE"
    REVERSAL = "REVERSAL"
    SPLIT = "SPLIT"
    FEE = "FEE"


class Excess(StrEnum):
    """What becomes of money that was paid for what is credited."""

    REFUND = "REFUND"
    CREDIT_BALANCE = "CREDIT_BALANCE"


A = Account
# What stands across the table; what a provider or the platform keeps of it is the supplier's own business, to the buyer it is all paid.
MIRROR = {
    A.RECEIVABLE: A.PAYABLE,
    A.SALES: A.PURCHASES,
    A.VAT_PAYABLE: A.VAT_RECEIVABLE,
    A.CREDIT: A.PREPAID,
    A.ADVANCES: A.ADVANCES_PAID,
    A.REFUNDS: A.REFUNDS_DUE,
    A.CLEARING: A.CLEARING,
    A.BANK: A.BANK,
    A.CASH_AT_PROVIDER: A.BANK,
    A.FEES: A.BANK,
    A.COMMISSION: A.BANK,
}
# A posting that touches none of these is no business between the two.
BETWEEN = frozenset({A.RECEIVABLE, A.CREDIT, A.ADVANCES, A.REFUNDS})
# What the supplier holds of the buyer's money.
KEPT = (A.REFUNDS, A.CREDIT, A.ADVANCES)
CLAIMS = frozenset({PostingKind.INVOICE, PostingKind.CREDIT_NOTE})


@dataclass(frozen=True)
class Entry:
    """One side of a posting: debit positive, credit negative; of which invoice, where it is of one."""

    account: Account
    amount: Decimal
    invoice: UUID | None = None


@dataclass(frozen=True)
class Posting:
    """What one business act writes into the supplier's books; its entries add up to zero."""

    kind: PostingKind
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def mirrored(self) -> tuple[Entry, ...]:
        """The same in the buyer's books; nothing where it is no business between the two."""
        if not any(entry.account in BETWEEN for entry in self):
            return ()
        sums: dict[tuple[Account, UUID | None], Decimal] = {}
        for entry in self:
            place = MIRROR[entry.account], entry.invoice
            sums[place] = sums.get(place, ZERO) - entry.amount
        return tuple(Entry(account, amount, invoice) for (account, invoice), amount in sums.items())


def is_balanced(entries: Iterable[Entry]) -> bool:
    """Whether a posting adds up to zero, as every posting must."""
    return sum((entry.amount for entry in entries), ZERO) == 0


class OrderPaymentStatus(StrEnum):
    """What the ledger says about an order's money."""

    UNPAID = "UNPAID"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    OVERPAID = "OVERPAID"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True)
class Owed:
    """What of an invoice is still owed, what money or a set-off has paid of it, what credit notes took back, and what it claimed."""

    now: Decimal = NOTHING
    paid: Decimal = NOTHING
    credited: Decimal = NOTHING
    claimed: Decimal = NOTHING

    @classmethod
    def of(cls, sums: Mapping[tuple[Account, PostingKind], Decimal]) -> "Owed":
        """From the sums of the ledger that are of this invoice, in its supplier's books."""
        now = paid = credited = claimed = NOTHING
        for (account, kind), amount in sums.items():
            if account is A.RECEIVABLE:
                now += amount
                paid -= NOTHING if kind in CLAIMS else amount
            elif account in (A.SALES, A.VAT_PAYABLE) and kind is PostingKind.CREDIT_NOTE:
                credited += amount
            elif account in (A.SALES, A.VAT_PAYABLE):
                claimed -= amount
        return cls(now, paid, credited, claimed)

    @property
    def settled(self) -> Decimal:
        """What stands of it and is owed no more; below zero where more is owed than stands."""
        return self.claimed - self.credited - self.now


@dataclass(frozen=True)
class Standing:
    """An order's money as the supplier's books have it, in the order's currency."""

    invoiced: Decimal = ZERO
    """Claimed, less what was credited."""
    owed: Decimal = ZERO
    """Of invoices; or of none, where money was taken back that had been paid back or used otherwise."""
    credit: Decimal = ZERO
    """The buyer's money that may pay other invoices."""
    advance: Decimal = ZERO
    """What was prepaid of this order's contract and no invoice has used."""
    refund_due: Decimal = ZERO
    refunded: Decimal = ZERO

    @classmethod
    def of(cls, sums: Mapping[tuple[Account, PostingKind], Decimal]) -> "Standing":
        """From the sums of the ledger."""
        by_account: dict[Account, Decimal] = {}
        for (account, _kind), amount in sums.items():
            by_account[account] = by_account.get(account, ZERO) + amount
        return cls(
            invoiced=-by_account.get(A.SALES, ZERO) - by_account.get(A.VAT_PAYABLE, ZERO),
            owed=by_account.get(A.RECEIVABLE, ZERO),
            credit=-by_account.get(A.CREDIT, ZERO),
            advance=-by_account.get(A.ADVANCES, ZERO),
            refund_due=-by_account.get(A.REFUNDS, ZERO),
            refunded=sum((sums.get((kept, PostingKind.REFUND), ZERO) for kept in KEPT), ZERO),
        )

    @property
    def paid(self) -> Decimal:
        """What came in for the order and was neither refunded nor used for another one."""
        return self.invoiced - self.owed + self.credit + self.advance + self.refund_due

    @property
    def is_even(self) -> bool:
        """Whether neither side has to move money; credit may lie where it is."""
        return self.owed == 0 and self.refund_due == 0 and self.advance == 0 and self.credit >= 0

    @property
    def status(self) -> OrderPaymentStatus:
        """The same in one word; what has to be done comes first. What was prepaid and not invoiced is a part of what is to be paid."""
        if self.refund_due > 0:
            return OrderPaymentStatus.REFUND_DUE
        if self.owed > 0:
            return OrderPaymentStatus.PARTIALLY_PAID if self.paid > 0 else OrderPaymentStatus.UNPAID
        if self.credit > 0:
            return OrderPaymentStatus.OVERPAID
        if self.advance > 0:
            return OrderPaymentStatus.PARTIALLY_PAID
        if self.refunded > 0:
            return OrderPaymentStatus.REFUNDED
        return OrderPaymentStatus.PAID if self.paid > 0 else OrderPaymentStatus.UNPAID
