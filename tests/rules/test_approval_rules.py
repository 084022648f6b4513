"""When a rule asks, which of several does, and what an approval once given still covers."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from rules.approval import Asked, Quorum, Tier
from rules.approval_rules import ApprovalCondition, Conditions, Facts, Rule, Snapshot, first_match
from rules.budgets import BudgetUse
from rules.lifecycle import Side
from rules.people import Role
from rules.terms import ApprovalStage

BOLTS, STEEL, ACME, OTHER, REQ, CENTRE = [UUID(int=number) for number in range(1, 7)]
BUDGET = BudgetUse(Decimal(20_000), Decimal(6_000), Decimal(12_000))
"""Ninety per cent of it would be held."""
FACTS = Facts(Decimal(12_000), "CNY", ACME, REQ, frozenset({BOLTS, STEEL}), CENTRE, BUDGET)
TIERS = (Tier(Quorum.ANY, Asked(roles=(Role.APPROVER,))),)
BOTH = frozenset(ApprovalStage)


def rule(number: int = 1, stages: frozenset[ApprovalStage] = BOTH, **conditions: Any) -> Rule:
    """A rule with these conditions."""
    return Rule(UUID(int=100 + number), f"rule {number}", 1, stages, Conditions(**conditions), TIERS)


@pytest.mark.parametrize(("conditions", "holds"), [
    ({},                                                                 True),
    ({"amount_above": Decimal(10_000), "amount_currency": "CNY"},        True),
    ({"amount_above": Decimal(12_000), "amount_currency": "CNY"},        False),
    ({"amount_above": Decimal("11999.99"), "amount_currency": "CNY"},    True),
    ({"amount_above": Decimal(99_999), "amount_currency": "USD"},        True),
    ({"currencies": ("USD", "CNY")},                                     True),
    ({"currencies": ("USD",)},                                           False),
    ({"categories": (STEEL,)},                                           True),
    ({"categories": (OTHER,)},                                           False),
    ({"suppliers": (ACME, OTHER)},                                       True),
    ({"suppliers": (OTHER,)},                                            False),
    ({"cost_centres": (CENTRE,)},                                        True),
    ({"cost_centres": (OTHER,)},                                         False),
    ({"budget_above": Decimal("0.8")},                                   True),
    ({"budget_above": Decimal("0.9")},                                   False),
    ({"requesters": (REQ,)},                                             True),
    ({"requesters": (OTHER,)},                                           False),
    ({"suppliers": (ACME,), "categories": (OTHER,)},                     False),
    ({"suppliers": (ACME,), "categories": (BOLTS,)},                     True),
])  # fmt: skip
def test_a_rule_asks_when_all_of_its_conditions_hold(conditions: dict[str, Any], holds: bool) -> None:
    given = Conditions(**conditions)
    assert given.hold(FACTS) is holds
    assert Conditions.from_json(given.as_json()) == given


def test_each_condition_tells_whether_it_holds() -> None:
    checks = Conditions(Decimal(1), "CNY", ("USD",), (BOLTS,), (OTHER,), (CENTRE,), (REQ,), Decimal(1)).checks(FACTS)
    assert [check.condition for check in checks] == list(ApprovalCondition)
    assert [check.holds for check in checks] == [True, False, True, False, True, False, True]


def test_an_order_without_a_cost_centre_is_of_none() -> None:
    assert not Conditions(cost_centres=(CENTRE,)).hold(replace(FACTS, cost_centre=None))


def test_a_cost_centre_without_a_budget_is_always_over_it_and_what_none_bears_never() -> None:
    over = Conditions(budget_above=Decimal(100))
    assert over.hold(replace(FACTS, budget=None))
    assert not over.hold(replace(FACTS, budget=None, cost_centre=None))


def test_the_first_rule_that_looks_at_the_stage_and_matches_asks_and_no_other() -> None:
    award = rule(1, frozenset({ApprovalStage.AWARD}))
    elsewhere = rule(2, suppliers=(OTHER,))
    matching, later = rule(3, suppliers=(ACME,)), rule(4)
    rules = [award, elsewhere, matching, later]
    assert first_match(rules, ApprovalStage.SUBMISSION, FACTS) == matching
    assert first_match(rules, ApprovalStage.AWARD, FACTS) == award
    assert first_match([elsewhere], ApprovalStage.AWARD, FACTS) is None


APPROVED = Decimal(12_000)


@pytest.mark.parametrize(("changes", "of_rule", "covered"), [
    ({},                                {},                     True),
    ({"amount": Decimal(11_000)},       {},                     True),
    ({"amount": Decimal("12000.01")},   {},                     False),
    ({"supplier": OTHER},               {},                     False),
    ({"cost_centre": None},             {},                     False),
    ({"categories": frozenset()},       {},                     False),
    ({"budget": BudgetUse(Decimal(1), Decimal(0), APPROVED)}, {}, True),
    ({"currency": "USD"},               {},                     False),
    ({},                                {"id": OTHER},          False),
    ({},                                {"name": "renamed", "version": 2}, True),
    ({},                                {"tiers": TIERS * 2},   False),
])  # fmt: skip
def test_what_the_same_people_agreed_to_covers_as_much_of_the_same(
    changes: dict[str, Any], of_rule: dict[str, Any], covered: bool
) -> None:
    review = Tier(Quorum.ANY, Asked(roles=(Role.OPERATOR,)), side=Side.PLATFORM)
    snapshot = Snapshot.of(rule(), FACTS, [REQ], review)
    now = replace(FACTS, **changes)
    assert Snapshot.from_json(snapshot.as_json()) == snapshot
    assert snapshot.covers(replace(rule(), **of_rule), now, APPROVED) is covered


def test_what_was_asked_before_facts_were_kept_covers_by_its_amount() -> None:
    old = replace(Snapshot.of(rule(), FACTS, [REQ]), facts=None)
    assert Snapshot.from_json(old.as_json()) == old
    assert old.covers(rule(), FACTS, APPROVED)
    assert not old.covers(rule(), replace(FACTS, amount=Decimal(12_001)), APPROVED)


def test_what_only_the_platform_asked_covers_nothing_of_the_company_s() -> None:
    only = Snapshot.of(None, FACTS, [REQ], Tier(Quorum.ANY, Asked(), side=Side.PLATFORM))
    assert Snapshot.from_json(only.as_json()) == only
    assert not only.covers(rule(), FACTS, APPROVED)
