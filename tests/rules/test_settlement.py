"""Commission: which rule a payment bears, what is kept of it to the hundredth, and what comes back before a refund."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.billing import PaymentMethod
from rules.rails import ONLINE
from rules.settlement import (
    HIGHEST_RATE,
    LIMITS,
    LONGEST_HOLD,
    WARNED_BEFORE,
    Part,
    Rule,
    Terms,
    best,
    due_at,
    may_return,
    split_by,
    terms,
)

SUPPLIER, OTHER = uuid4(), uuid4()
BOLTS, STEEL, METAL = uuid4(), uuid4(), uuid4()
CHAIN = (BOLTS, STEEL, METAL)
"""A category and those above it, the nearest first."""

DAY_LONG = timedelta(days=1)
BOUND = datetime(2026, 12, 10, 3, tzinfo=UTC)
DAY = date(2026, 12, 10)
fen = st.decimals(min_value=0, max_value=10**9, places=2)
rates = st.decimals(min_value=0, max_value=HIGHEST_RATE, places=6)


def rule(rate: str = "0.05", supplier: UUID | None = None, category: UUID | None = None, **facts: Any) -> Rule:
    """A rule that was made long ago, unless said."""
    said = {"valid_from": date(2026, 1, 1), "valid_to": None, "made_at": datetime(2026, 1, 1, tzinfo=UTC), **facts}
    return Rule(uuid4(), D(rate), 0, supplier, category, **said)


def chosen(*rules: Rule) -> Rule | None:
    """Which of them goods among bolts of this supplier bear."""
    return best(rules, SUPPLIER, CHAIN, BOUND, DAY)


def at(rate: str) -> Terms:
    """All goods under one rate."""
    return Terms((Part(D("1.00"), uuid4(), D(rate)),))


def test_five_per_cent_of_600_are_30_and_570_remain() -> None:
    """Scenario 12."""
    assert at("0.05").commission(D("600.00")) == D("30.00")


def test_a_refund_of_148_takes_7_40_back_first() -> None:
    kept = at("0.05").commission(D("600.00"))
    assert at("0.05").to_return(kept, D("600.00") - D("148.00")) == D("7.40")


def test_what_is_less_than_a_hundredth_is_the_supplier_s() -> None:
    assert at("0.05").commission(D("0.19")) == D("0.00")
    assert at("0.05").commission(D("0.39")) == D("0.01")
    assert at("0.3").commission(D("99999999999.99")) == D("29999999999.99")


@given(rates, fen, st.lists(st.integers(0, 10**6), max_size=12))
def test_many_partial_refunds_never_drift(rate: D, paid: D, parts: list[int]) -> None:
    """After each of them the platform has what it would have had of what is left; the last takes all back."""
    bears = at(str(rate))
    kept, left = bears.commission(paid), paid
    for part in [*parts, 10**14]:
        left = max(left - D(part) / 100, D("0.00"))
        back = bears.to_return(kept, left)
        assert back >= 0
        kept -= back
        assert kept == bears.commission(left)
    assert kept == 0


def test_a_refund_that_failed_after_its_share_came_back_asks_for_nothing_twice() -> None:
    kept = at("0.05").commission(D("600.00")) - D("7.40")
    assert at("0.05").to_return(kept, D("452.00")) == 0


def test_the_most_specific_rule_wins() -> None:
    everyone, bolts = rule(), rule(category=BOLTS)
    own, both = rule(supplier=SUPPLIER), rule(supplier=SUPPLIER, category=METAL)
    assert chosen(everyone) is everyone
    assert chosen(everyone, bolts) is bolts
    assert chosen(everyone, bolts, own) is own
    assert chosen(everyone, both, bolts, own) is both


def test_the_nearest_category_counts_and_others_never_do() -> None:
    steel, metal = rule(category=STEEL), rule(category=METAL)
    assert chosen(metal, steel) is steel
    assert chosen(rule(category=uuid4()), rule(supplier=OTHER), rule(supplier=OTHER, category=BOLTS)) is None


def test_of_equal_rules_the_later_one_counts() -> None:
    old, new = rule(), rule(valid_from=date(2026, 12, 1))
    again = rule(made_at=datetime(2026, 6, 1, tzinfo=UTC))
    assert chosen(old, new, again) is new
    assert chosen(again, old) is again


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_from": DAY + timedelta(days=1)},
        {"valid_to": DAY - timedelta(days=1)},
        {"made_at": BOUND + timedelta(microseconds=1)},
        {"ended_at": BOUND},
    ],
)
def test_a_rule_that_was_not_in_force_when_the_contract_bound_counts_never(facts: dict[str, Any]) -> None:
    assert chosen(rule(**facts)) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_from": DAY, "valid_to": DAY},
        {"made_at": BOUND},
        {"ended_at": BOUND + timedelta(microseconds=1)},
    ],
)
def test_one_that_was_counts_for_good(facts: dict[str, Any]) -> None:
    assert chosen(rule(**facts)) is not None


def test_several_categories_are_weighted_by_what_they_cost_exactly() -> None:
    """Two thirds at 5 %, one third at nothing: 3.33… of 100, and no cent lost over three payments that make up 300."""
    found = terms([rule(category=BOLTS)], SUPPLIER, {CHAIN: D("200.00"), (uuid4(),): D("100.00")}, BOUND, DAY)
    assert found.commission(D("300.00")) == D("10.00")
    assert found.commission(D("100.00")) == D("3.33")


def test_goods_under_one_rule_are_one_part_and_the_longest_hold_counts() -> None:
    rules = [rule("0.05", supplier=SUPPLIER), rule("0.10", supplier=SUPPLIER, category=BOLTS)]
    goods = {CHAIN: D("1.00"), (STEEL, METAL): D("2.00"), (METAL,): D("3.00")}
    found = terms(rules, SUPPLIER, goods, BOUND, DAY)
    assert {(part.rate, part.gross) for part in found.parts} == {(D("0.10"), D("1.00")), (D("0.05"), D("5.00"))}
    assert Terms((Part(D(1), hold_days=3), Part(D(1), hold_days=7))).hold_days == 7


def test_freight_alone_bears_the_supplier_s_or_the_platform_s_own_rule() -> None:
    assert terms([rule(), rule("0.10", category=BOLTS)], SUPPLIER, {}, BOUND, DAY).commission(D(100)) == D("5.00")
    assert terms([], SUPPLIER, {}, BOUND, DAY).rate == 0
    assert Terms().commission(D(100)) == 0


def test_terms_are_read_as_they_were_kept() -> None:
    found = terms([rule("0.123456", supplier=SUPPLIER)], SUPPLIER, {CHAIN: D("200.00")}, BOUND, DAY)
    assert Terms.read(found.facts()) == found
    free = terms([], SUPPLIER, {CHAIN: D("200.00")}, BOUND, DAY)
    assert Terms.read(free.facts()) == free


def test_hold_days_count_from_the_acceptance() -> None:
    assert due_at(BOUND, 7) == datetime(2026, 12, 17, 3, tzinfo=UTC)


def test_each_provider_s_limits_are_known_and_none_is_exceeded() -> None:
    assert LIMITS.keys() == ONLINE
    for limits in LIMITS.values():
        assert (limits.highest_share, limits.unfreezes_after) == (D("0.30"), timedelta(days=30))
        assert limits.highest_share >= HIGHEST_RATE
        assert limits.unfreezes_after >= LONGEST_HOLD * DAY_LONG > WARNED_BEFORE


def test_what_is_held_is_split_within_30_days_of_the_payment_whenever_the_goods_were_accepted() -> None:
    for method in ONLINE:
        assert split_by(method, BOUND) == datetime(2027, 1, 9, 3, tzinfo=UTC)


def test_a_share_can_be_taken_back_within_180_days() -> None:
    last = BOUND + timedelta(days=180)
    assert may_return(PaymentMethod.WECHAT_PAY, BOUND, last - timedelta(seconds=1))
    assert not may_return(PaymentMethod.WECHAT_PAY, BOUND, last)
    assert may_return(PaymentMethod.ALIPAY, BOUND, last)
