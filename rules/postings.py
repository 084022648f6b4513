"""What each business act posts to the supplier's books; every posting adds up to zero."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from rules.accounts import Account, Entry, Excess, Posting, PostingKind, Standing
from rules.decimals import ZERO

A = Account
Owing = TypeVar("Owing", bound=UUID | None)
"""An invoice of which something is owed, or none."""


def invoice_posting(invoice: UUID, net: Decimal, tax: Decimal) -> Posting:
    """An issued invoice: the buyer owes what was sold and its tax."""
    entries = (
        Entry(A.RECEIVABLE, net + tax, invoice),
        Entry(A.SALES, -net, invoice),
        Entry(A.VAT_PAYABLE, -tax, invoice),
    )
    return Posting(PostingKind.INVOICE, entries)


def credit_note_posting(invoice: UUID, net: Decimal, tax: Decimal, owed: Decimal, excess: Excess) -> Posting:
    """A credit note on an invoice of which so much is owed: what goes beyond that was paid, and is the buyer's money."""
    lowers = min(net + tax, max(owed, ZERO))
    kept = A.REFUNDS if excess is Excess.REFUND else A.CREDIT
    entries = (
        Entry(A.SALES, net, invoice),
        Entry(A.VAT_PAYABLE, tax, invoice),
        Entry(A.RECEIVABLE, -lowers, invoice),
        Entry(kept, lowers - net - tax),
    )
    return Posting(PostingKind.CREDIT_NOTE, entries)


def payment_posting(
    parts: Mapping[UUID, Decimal],
    surplus: Decimal = ZERO,
    into: Account = Account.BANK,
    *,
    advance: Decimal = ZERO,
    kept: Account = Account.CREDIT,
) -> Posting:
    """Confirmed money: what was owed of each invoice, and of the prepayment, lies in the bank, or at the provider; the surplus is kept
    for the buyer."""
    paid = tuple(Entry(A.RECEIVABLE, -amount, invoice) for invoice, amount in parts.items())
    whole = sum(parts.values(), ZERO) + advance + surplus
    entries = Entry(into, whole), *paid, Entry(A.ADVANCES, -advance), Entry(kept, -surplus)
    return Posting(PostingKind.PAYMENT, entries)


def payout_posting(amount: Decimal) -> Posting:
    """What lay at the provider lies in the bank."""
    return Posting(PostingKind.PAYMENT, (Entry(A.BANK, amount), Entry(A.CASH_AT_PROVIDER, -amount)))


def fee_posting(fee: Decimal, out_of: Account) -> Posting:
    """What a provider keeps of a payment, or below zero gives back with a refund; to the buyer it is nothing."""
    return Posting(PostingKind.FEE, (Entry(A.FEES, fee), Entry(out_of, -fee)))


def late_posting(amount: Decimal) -> Posting:
    """Money that came in at the provider and has nothing to pay: it has to go back."""
    return Posting(PostingKind.PAYMENT, (Entry(A.CASH_AT_PROVIDER, amount), Entry(A.REFUNDS, -amount)))


def payback_posting(
    amount: Decimal, now: Standing, paid: Mapping[UUID, Decimal], out_of: Account, advance: Decimal = ZERO
) -> Posting:
    """Money a provider paid back: first what was due, then what of it was paid in advance and still is, then the buyer's credit, `now`
    without what is on its way to the buyer already; what is beyond that is owed again of the invoices it paid, or of none."""
    due = min(amount, max(now.refund_due, ZERO))
    ahead = min(amount - due, advance, max(now.advance, ZERO))
    credit = min(amount - due - ahead, max(now.credit, ZERO))
    left, owed = amount - due - ahead - credit, []
    for invoice, much in paid.items():
        part = min(left, much)
        owed.append(Entry(A.RECEIVABLE, part, invoice))
        left -= part
    kept = Entry(A.REFUNDS, due), Entry(A.ADVANCES, ahead), Entry(A.CREDIT, credit)
    entries = *kept, *owed, Entry(A.RECEIVABLE, left), Entry(out_of, -amount)
    return Posting(PostingKind.REFUND, entries)


def split_posting(share: Decimal, out_of: Account) -> Posting:
    """In the supplier's books: of a payment the platform got its share, or gave so much back where that is below zero."""
    return Posting(PostingKind.SPLIT, (Entry(A.COMMISSION, share), Entry(out_of, -share)))


def income_posting(share: Decimal) -> Posting:
    """The same in the platform's books."""
    return Posting(PostingKind.SPLIT, (Entry(A.CASH_AT_PROVIDER, share), Entry(A.COMMISSION_INCOME, -share)))


def set_off_posting(parts: Mapping[Owing, Decimal], kept: Account = Account.REFUNDS) -> Posting:
    """What is to be refunded, is credit, or was paid in advance is set off against what is owed on the same order."""
    owed = tuple(Entry(A.RECEIVABLE, -amount, invoice) for invoice, amount in parts.items())
    return Posting(PostingKind.SET_OFF, (Entry(kept, sum(parts.values(), ZERO)), *owed))


def credit_moved(amount: Decimal) -> tuple[Posting, Posting]:
    """Credit that leaves one order, and comes to another of the same two companies."""
    left = Posting(PostingKind.PAYMENT, (Entry(A.CREDIT, amount), Entry(A.CLEARING, -amount)))
    return left, Posting(PostingKind.PAYMENT, (Entry(A.CLEARING, amount), Entry(A.CREDIT, -amount)))


def credit_posting(invoice: UUID, amount: Decimal) -> Posting:
    """The buyer's credit pays what is owed of an invoice of the same order."""
    return Posting(PostingKind.PAYMENT, (Entry(A.CREDIT, amount), Entry(A.RECEIVABLE, -amount, invoice)))


def owed_again_posting(missing: Mapping[Account, Decimal], parts: Mapping[UUID | None, Decimal]) -> Posting:
    """What was taken back and is missing of what is held for the buyer is owed again, of invoices or of none."""
    kept = tuple(Entry(account, -amount) for account, amount in missing.items())
    return Posting(PostingKind.SET_OFF, (*kept, *(Entry(A.RECEIVABLE, amount, one) for one, amount in parts.items())))


def refund_posting(due: Decimal, credit: Decimal = ZERO) -> Posting:
    """Money that went back: what was due, and credit that the buyer has no use for."""
    entries = Entry(A.REFUNDS, due), Entry(A.CREDIT, credit), Entry(A.BANK, -due - credit)
    return Posting(PostingKind.REFUND, entries)


def release_posting(amount: Decimal) -> Posting:
    """What was paid in advance has nothing to pay any more: it has to go back."""
    return Posting(PostingKind.RELEASE, (Entry(A.ADVANCES, amount), Entry(A.REFUNDS, -amount)))


def reversal(posting: Iterable[Entry]) -> Posting:
    """The same with all signs turned."""
    return Posting(PostingKind.REVERSAL, tuple(replace(entry, amount=-entry.amount) for entry in posting))
