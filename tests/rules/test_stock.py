"""Stock policies: when goods are kept, where, and when nobody can promise them."""

from decimal import Decimal as D
from uuid import UUID

import pytest

from rules.stock import DEFAULT_POLICY, Place, ReserveAt, StockCount, StockMovement, StockPolicy, allot, may_leave

FIRST, SECOND = UUID(int=1), UUID(int=2)
P, At = StockPolicy, ReserveAt


def place(policy: StockPolicy, on_hand: str, reserved: str = "0", warehouse: UUID = FIRST) -> Place:
    """A product in a warehouse."""
    return Place(warehouse, D(on_hand), D(reserved), policy)


def test_a_policy_is_its_code_and_today_s_is_the_default() -> None:
    assert all(policy == policy.name == StockPolicy[policy.name] for policy in StockPolicy)
    assert (DEFAULT_POLICY.reserve_at, DEFAULT_POLICY.allows_backorder) == (At.SIGNATURE, True)
    assert all(policy.meaning.endswith(".") for policy in StockPolicy)
    assert set(StockCount) <= set(StockMovement)


@pytest.mark.parametrize(
    ("policy", "at", "free", "kept", "short"),
    [
        (P.RESERVE_AT_ACCEPTANCE, At.ACCEPTANCE, "10", "8", "0"),
        (P.RESERVE_AT_ACCEPTANCE, At.ACCEPTANCE, "3", "8", "0"),
        (P.RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY, At.ACCEPTANCE, "8", "8", "0"),
        (P.RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY, At.ACCEPTANCE, "3", "3", "5"),
        (P.RESERVE_AT_SIGNATURE, At.ACCEPTANCE, "3", "0", "0"),
        (P.RESERVE_AT_SIGNATURE, At.SIGNATURE, "3", "8", "0"),
        (P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, At.ACCEPTANCE, "3", "0", "0"),
        (P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, At.SIGNATURE, "3", "3", "5"),
        (P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, At.SIGNATURE, "8", "8", "0"),
        (P.RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY, At.SIGNATURE, "3", "3", "5"),
        (P.RESERVE_AT_DESPATCH, At.SIGNATURE, "0", "0", "0"),
    ],
)
def test_eight_are_kept_at_a_step_as_the_policy_says(
    policy: StockPolicy, at: ReserveAt, free: str, kept: str, short: str
) -> None:
    found, missing = allot(D(8), [place(policy, free)], at)
    assert (sum(found.values()), missing) == (D(kept), D(short))


def test_the_first_warehouse_gives_first_and_promises_what_nobody_has() -> None:
    both = [place(P.RESERVE_AT_SIGNATURE, "5", "2"), place(P.RESERVE_AT_SIGNATURE, "4", warehouse=SECOND)]
    assert allot(D(6), both, At.SIGNATURE) == ({FIRST: D(3), SECOND: D(3)}, D(0))
    assert allot(D(9), both, At.SIGNATURE) == ({FIRST: D(5), SECOND: D(4)}, D(0))


def test_only_a_warehouse_that_may_promises_more_than_it_has() -> None:
    strict = place(P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, "5")
    both = [strict, place(P.RESERVE_AT_SIGNATURE, "4", warehouse=SECOND)]
    assert allot(D(12), both, At.SIGNATURE) == ({FIRST: D(5), SECOND: D(7)}, D(0))


def test_nothing_is_short_while_a_warehouse_may_still_have_it_later() -> None:
    strict = place(P.RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY, "5")
    for later in (P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, P.RESERVE_AT_DESPATCH):
        both = [strict, place(later, "0", warehouse=SECOND)]
        assert allot(D(6), both, At.ACCEPTANCE) == ({FIRST: D(5)}, D(0))
    both = [strict, place(P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY, "0", warehouse=SECOND)]
    assert allot(D(6), both, At.SIGNATURE) == ({FIRST: D(5)}, D(1))


def test_more_is_kept_than_there_is_only_until_it_comes() -> None:
    assert place(P.RESERVE_AT_SIGNATURE, "3", "8").free == 0


def test_what_is_kept_for_others_leaves_only_where_more_is_promised_than_there_is() -> None:
    assert may_leave(place(P.RESERVE_AT_SIGNATURE, "10", "8"), D(1)) == 10
    strict = P.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY
    assert may_leave(place(strict, "10", "8"), D(1)) == 3
    assert may_leave(place(strict, "10", "8")) == 2
    # Something broke: what is left goes to whoever comes, of those for whom it was kept.
    assert may_leave(place(strict, "8", "10"), D(5)) == 5
    assert may_leave(place(strict, "3", "10"), D(5)) == 3
