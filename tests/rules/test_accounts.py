"""The double-entry ledger: every posting adds up, in both books, and what the sums say of an order's money."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal as D
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.accounts import (
    BETWEEN,
    MIRROR,
    Account,
    Entry,
    Excess,
    OrderPaymentStatus,
    Owed,
    Posting,
    PostingKind,
    Standing,
    is_balanced,
)
from rules.postings import credit_note_posting, invoice_posting, payment_posting, set_off_posting

IN = uuid4()
amounts = st.decimals(min_value=0, max_value=10**12, places=2)
excesses = st.sampled_from(Excess)


def sums(postings: Iterable[Posting]) -> dict[tuple[Account, PostingKind], D]:
    """What the supplier's books add up to."""
    found: dict[tuple[Account, PostingKind], D] = defaultdict(D)
    for posting in postings:
        for entry in posting:
            found[entry.account, posting.kind] += entry.amount
    return found


def standing(*postings: Posting) -> Standing:
    """What these postings say of an order."""
    return Standing.of(sums(postings))


def claimed(total: str) -> Posting:
    """An invoice without tax."""
    return invoice_posting(IN, D(total), D(0))


def paid(amount: str, surplus: str = "0") -> Posting:
    """Money for it."""
    return payment_posting({IN: D(amount)}, D(surplus))


def credited(total: str, owed: str, excess: Excess = Excess.REFUND) -> Posting:
    """A credit note on it."""
    return credit_note_posting(IN, D(total), D(0), D(owed), excess)


def refunded(amount: str) -> Posting:
    """Money that went back."""
    return Posting(PostingKind.REFUND, (Entry(Account.REFUNDS, D(amount)), Entry(Account.BANK, -D(amount))))


@given(net=amounts, tax=amounts, owed=amounts, surplus=amounts, excess=excesses)
def test_every_posting_adds_up_in_both_books(net: D, tax: D, owed: D, surplus: D, excess: Excess) -> None:
    parts: dict[UUID, D] = {IN: net, uuid4(): tax}
    for posting in (
        invoice_posting(IN, net, tax),
        credit_note_posting(IN, net, tax, owed, excess),
        payment_posting(parts, surplus),
        payment_posting(parts, surplus, Account.CASH_AT_PROVIDER),
        set_off_posting(parts),
    ):
        mirrored = posting.mirrored()
        assert is_balanced(posting)
        assert is_balanced(mirrored)
        assert {entry.account for entry in mirrored}.isdisjoint(BETWEEN)
        assert sum(abs(entry.amount) for entry in mirrored) == sum(abs(entry.amount) for entry in posting)


def test_what_a_provider_keeps_is_the_supplier_s_own_business() -> None:
    own = Posting(PostingKind.PAYMENT, (Entry(Account.FEES, D(1)), Entry(Account.CASH_AT_PROVIDER, D(-1))))
    assert own.mirrored() == ()
    kept = Posting(
        PostingKind.PAYMENT,
        (Entry(Account.BANK, D(99)), Entry(Account.FEES, D(1)), Entry(Account.RECEIVABLE, D(-100), IN)),
    )
    assert kept.mirrored() == (Entry(Account.BANK, D(-100)), Entry(Account.PAYABLE, D(100), IN))
    assert set(MIRROR) | set(MIRROR.values()) == set(Account) - {Account.COMMISSION_INCOME}


@given(amount=amounts.filter(bool), off_by=st.sampled_from(["0.01", "-0.01"]))
def test_a_posting_a_cent_off_does_not_add_up(amount: D, off_by: str) -> None:
    assert not is_balanced([Entry(Account.BANK, amount), Entry(Account.RECEIVABLE, D(off_by) - amount)])


@given(net=amounts, tax=amounts, owed=amounts, excess=excesses)
def test_a_credit_note_lowers_what_is_owed_and_no_further(net: D, tax: D, owed: D, excess: Excess) -> None:
    posting = credit_note_posting(IN, net, tax, owed, excess)
    now = standing(posting)
    assert -now.owed == min(net + tax, owed)
    assert (now.refund_due, now.credit)[excess is Excess.CREDIT_BALANCE] == net + tax + now.owed
    assert (now.credit, now.refund_due)[excess is Excess.CREDIT_BALANCE] == 0


@pytest.mark.parametrize(
    ("postings", "status", "in_hand"),
    [
        ((), OrderPaymentStatus.UNPAID, "0"),
        ((claimed("430.79"),), OrderPaymentStatus.UNPAID, "0"),
        ((claimed("430.79"), paid("0.01")), OrderPaymentStatus.PARTIALLY_PAID, "0.01"),
        ((claimed("430.79"), paid("430.78")), OrderPaymentStatus.PARTIALLY_PAID, "430.78"),
        ((claimed("430.79"), paid("430.79")), OrderPaymentStatus.PAID, "430.79"),
        ((claimed("430.79"), paid("430.79", "0.01")), OrderPaymentStatus.OVERPAID, "430.80"),
        ((claimed("1130"), credited("1130", "1130")), OrderPaymentStatus.UNPAID, "0"),
        ((claimed("1130"), paid("600"), credited("452", "530")), OrderPaymentStatus.PARTIALLY_PAID, "600"),
        ((claimed("1130"), paid("600"), credited("530", "530")), OrderPaymentStatus.PAID, "600"),
        ((claimed("1130"), paid("600"), credited("678", "530")), OrderPaymentStatus.REFUND_DUE, "600"),
        (
            (claimed("1130"), paid("600"), credited("678", "530", Excess.CREDIT_BALANCE)),
            OrderPaymentStatus.OVERPAID,
            "600",
        ),
        ((claimed("1130"), paid("600"), credited("678", "530"), refunded("148")), OrderPaymentStatus.REFUNDED, "452"),
        ((claimed("1130"), paid("600"), credited("678", "530"), refunded("147")), OrderPaymentStatus.REFUND_DUE, "453"),
    ],
)
def test_what_the_ledger_says_of_an_order_s_money(
    postings: tuple[Posting, ...], status: OrderPaymentStatus, in_hand: str
) -> None:
    now = standing(*postings)
    assert (now.status, now.paid) == (status, D(in_hand))


def test_scenario_11_in_the_ledger() -> None:
    """1130 invoiced, 600 paid; 452 credited: 78 are owed. 226 more: 148 have to go back."""
    first = (
        invoice_posting(IN, D(1000), D(130)),
        paid("600"),
        credit_note_posting(IN, D(400), D(52), D(530), Excess.REFUND),
    )
    assert (standing(*first).owed, standing(*first).refund_due) == (D(78), D(0))
    then = standing(*first, credit_note_posting(IN, D(200), D(26), D(78), Excess.REFUND))
    assert (then.owed, then.refund_due, then.invoiced, then.status) == (
        D(0),
        D(148),
        D(452),
        OrderPaymentStatus.REFUND_DUE,
    )


def test_what_was_paid_of_an_invoice_is_neither_its_claim_nor_its_credit() -> None:
    claim = [invoice_posting(IN, D(1000), D(130)), paid("600")]
    claim.append(credit_note_posting(IN, D(400), D(52), D(530), Excess.REFUND))
    back = Posting(PostingKind.REVERSAL, (Entry(Account.RECEIVABLE, D(600), IN), Entry(Account.BANK, D(-600))))
    assert Owed.of(sums(claim)) == Owed(D(78), D(600), D(452), D(1130))
    assert Owed.of(sums([*claim, back])) == Owed(D(678), D(0), D(452), D(1130))
    assert Owed.of(sums([*claim, set_off_posting({IN: D(78)})])) == Owed(D(0), D(678), D(452), D(1130))
