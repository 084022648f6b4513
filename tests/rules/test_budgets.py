"""How much of a budget an order may hold where it stands, what an entry is called, and when there is too little."""

from dataclasses import dataclass
from decimal import Decimal as D

import pytest

from rules.budgets import BudgetEntryKind, BudgetUse, Holding, held_at_most, most
from rules.lifecycle import OrderStatus

S = OrderStatus


@dataclass
class Stands:
    """An order of an estimate of 100."""

    status: OrderStatus
    agreed_total: D | None = None
    estimated_total: D = D(100)


@pytest.mark.parametrize(("status", "alone", "asked", "sibling"), [
    # what it may hold: as it stands, after the buyer said yes to 120 that is not agreed yet, as one of an enquiry's
    (S.DRAFT,             0,   0,   0),
    (S.PENDING_APPROVAL,  100, 120, 0),
    (S.PENDING_SUPPLIER,  100, 120, 0),
    (S.PENDING_BUYER,     100, 120, 0),
    (S.NEGOTIATING,       100, 120, 0),
    (S.PENDING_SIGNATURE, 90,  120, 90),
    (S.CONTRACTED,        90,  120, 90),
    (S.COMPLETED,         90,  120, 90),
    (S.REJECTED,          0,   0,   0),
    (S.DECLINED,          0,   0,   0),
    (S.EXPIRED,           0,   0,   0),
    (S.CANCELLED,         0,   0,   0),
    (S.TERMINATED,        0,   0,   0),
])  # fmt: skip
def test_what_an_order_may_hold_follows_from_where_it_stands(
    status: OrderStatus, alone: int, asked: int, sibling: int
) -> None:
    order = Stands(status, D(90))

    assert (most(order), most(order, asked=D(120)), most(order, is_sibling=True)) == (D(alone), D(asked), D(sibling))


def test_every_status_has_a_row() -> None:
    assert all(most(Stands(status, D(90)), asked=D(7)) >= 0 for status in OrderStatus)


@pytest.mark.parametrize(("reserved", "consumed", "kind"), [
    ("5", "0", BudgetEntryKind.RESERVED),
    ("-5", "0", BudgetEntryKind.RELEASED),
    ("-5", "5", BudgetEntryKind.CONSUMED),
    ("-5", "3", BudgetEntryKind.CONSUMED),
    ("0", "-2", BudgetEntryKind.RELEASED),
])  # fmt: skip
def test_an_entry_is_called_by_what_it_does(reserved: str, consumed: str, kind: BudgetEntryKind) -> None:
    assert Holding(D(reserved), D(consumed)).kind is kind


@pytest.mark.parametrize(("held", "limit", "status", "left"), [
    (Holding(D(100)),       "100", S.PENDING_SUPPLIER, Holding(D(100))),
    (Holding(D(100)),       "90",  S.CONTRACTED,       Holding(D(90))),
    (Holding(D(90)),        "100", S.CONTRACTED,       Holding(D(90))),
    (Holding(D(90)),        "90",  S.COMPLETED,        Holding(D(0), D(90))),
    (Holding(D(0), D(90)),  "80",  S.COMPLETED,        Holding(D(0), D(80))),
    (Holding(D(90)),        "0",   S.TERMINATED,       Holding()),
])  # fmt: skip
def test_a_holding_never_grows_by_following(held: Holding, limit: str, status: OrderStatus, left: Holding) -> None:
    assert held_at_most(held, D(limit), status) == left


@pytest.mark.parametrize(("wanted", "available", "exceeded"), [("60", "0", False), ("60.01", "-0.01", True)])
def test_a_budget_is_exceeded_by_the_first_cent(wanted: str, available: str, exceeded: bool) -> None:
    use = BudgetUse(D(100), D(40), D(wanted))

    assert (use.available, use.is_exceeded, use.is_above(D(1))) == (D(available), exceeded, exceeded)
    assert use.is_above(D("0.9"))
