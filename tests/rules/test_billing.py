"""The two-sided ledger, and what it says about an order's money and goods."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.billing import (
    Account,
    Entry,
    FulfilmentStatus,
    OrderPaymentStatus,
    fulfilment_status,
    invoice_posting,
    is_balanced,
    payment_posting,
    payment_status,
)

amounts = st.decimals(min_value=0, max_value=10**12, places=2)


@given(invoices=st.lists(st.tuples(amounts, amounts)), payments=st.lists(amounts))
def test_every_posting_adds_up_and_so_does_all_of_them(invoices: list[tuple[D, D]], payments: list[D]) -> None:
    postings = [invoice_posting(*invoice) for invoice in invoices] + [payment_posting(payment) for payment in payments]
    assert all(is_balanced(posting) for posting in postings)
    entries = [entry for posting in postings for entry in posting]
    assert is_balanced(entries)
    owed = sum((entry.amount for entry in entries if entry.account is Account.RECEIVABLE), D(0))
    assert owed == sum((net + tax for net, tax in invoices), D(0)) - sum(payments, D(0))


@given(amount=amounts.filter(bool), off_by=st.sampled_from(["0.01", "-0.01"]))
def test_a_posting_a_cent_off_does_not_add_up(amount: D, off_by: str) -> None:
    assert not is_balanced([Entry(Account.BANK, amount), Entry(Account.RECEIVABLE, D(off_by) - amount)])


@pytest.mark.parametrize(
    ("invoiced", "paid", "status"),
    [
        ("0", "0", OrderPaymentStatus.UNPAID),
        ("430.79", "0", OrderPaymentStatus.UNPAID),
        ("430.79", "0.01", OrderPaymentStatus.PARTIALLY_PAID),
        ("430.79", "430.78", OrderPaymentStatus.PARTIALLY_PAID),
        ("430.79", "430.79", OrderPaymentStatus.PAID),
        ("430.79", "430.80", OrderPaymentStatus.OVERPAID),
    ],
)
def test_what_was_paid_of_what_was_invoiced(invoiced: str, paid: str, status: OrderPaymentStatus) -> None:
    assert payment_status(D(invoiced), D(paid)) is status


@pytest.mark.parametrize(
    ("ordered", "despatched", "received", "still_open", "status"),
    [
        (100, 0, 0, 100, FulfilmentStatus.NOT_SHIPPED),
        (100, 60, 0, 40, FulfilmentStatus.PARTIALLY_SHIPPED),
        (100, 100, 0, 0, FulfilmentStatus.SHIPPED),
        (100, 60, 60, 42, FulfilmentStatus.PARTIALLY_RECEIVED),
        (100, 100, 60, 0, FulfilmentStatus.PARTIALLY_RECEIVED),
        (100, 100, 100, 0, FulfilmentStatus.RECEIVED),
        (100, 100, 100, 2, FulfilmentStatus.PARTIALLY_RECEIVED),
        (100, 102, 102, 0, FulfilmentStatus.RECEIVED),
    ],
)
def test_how_far_the_goods_are(
    ordered: int, despatched: int, received: int, still_open: int, status: FulfilmentStatus
) -> None:
    assert fulfilment_status(D(ordered), D(despatched), D(received), D(still_open)) is status
