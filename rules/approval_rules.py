"""When a company's rule asks for an approval, told condition by condition; and what an approval once given still covers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from rules.approval import Tier, tiers_as_json, tiers_from_json
from rules.budgets import BudgetUse
from rules.lifecycle import Side
from rules.terms import ApprovalStage


class ApprovalCondition(StrEnum):
    """What a condition of a rule is about."""

    AMOUNT_ABOVE = "AMOUNT_ABOVE"
    CURRENCY = "CURRENCY"
    CATEGORY = "CATEGORY"
    SUPPLIER = "SUPPLIER"
    COST_CENTRE = "COST_CENTRE"
    BUDGET_ABOVE = "BUDGET_ABOVE"
    REQUESTER = "REQUESTER"


@dataclass(frozen=True)
class Facts:
    """What conditions look at; `categories` are those of all lines, with the categories they are part of; `budget` is the cost
    centre's as the order would leave it, None where nobody set one."""

    amount: Decimal
    currency: str
    supplier: UUID
    requester: UUID
    categories: frozenset[UUID] = frozenset()
    cost_centre: UUID | None = None
    budget: BudgetUse | None = None


@dataclass(frozen=True)
class Check:
    """One condition held against the facts."""

    condition: ApprovalCondition
    holds: bool


@dataclass(frozen=True)
class Conditions:
    """What must be so for a rule to ask; what is None or empty asks nothing, and all the others have to hold."""

    amount_above: Decimal | None = None
    amount_currency: str | None = None
    currencies: tuple[str, ...] = ()
    categories: tuple[UUID, ...] = ()
    suppliers: tuple[UUID, ...] = ()
    cost_centres: tuple[UUID, ...] = ()
    requesters: tuple[UUID, ...] = ()
    budget_above: Decimal | None = None

    def checks(self, facts: Facts) -> tuple[Check, ...]:
        """Each condition that was given, and whether it holds."""
        C = ApprovalCondition
        rows = (
            (C.AMOUNT_ABOVE, self.amount_above is not None, self._is_above(facts)),
            (C.CURRENCY, self.currencies, facts.currency in self.currencies),
            (C.CATEGORY, self.categories, not facts.categories.isdisjoint(self.categories)),
            (C.SUPPLIER, self.suppliers, facts.supplier in self.suppliers),
            (C.COST_CENTRE, self.cost_centres, facts.cost_centre in self.cost_centres),
            (C.BUDGET_ABOVE, self.budget_above is not None, self._is_over_budget(facts)),
            (C.REQUESTER, self.requesters, facts.requester in self.requesters),
        )
        return tuple(Check(condition, holds) for condition, is_given, holds in rows if is_given)

    def hold(self, facts: Facts) -> bool:
        """Whether all of them do."""
        return all(check.holds for check in self.checks(facts))

    def as_json(self) -> dict[str, Any]:
        """How they are stored."""
        return {
            "amountAbove": None if self.amount_above is None else str(self.amount_above),
            "amountCurrency": self.amount_currency,
            "currencies": list(self.currencies),
            "budgetAbove": None if self.budget_above is None else str(self.budget_above),
            **{name: [str(one) for one in getattr(self, field)] for name, field in _LISTS.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Conditions":
        """The conditions as they were stored."""
        above, share = stored.get("amountAbove"), stored.get("budgetAbove")
        return cls(
            amount_above=None if above is None else Decimal(above),
            amount_currency=stored.get("amountCurrency"),
            currencies=tuple(stored.get("currencies", ())),
            budget_above=None if share is None else Decimal(share),
            **{field: tuple(UUID(one) for one in stored.get(name, ())) for name, field in _LISTS.items()},
        )

    def _is_above(self, facts: Facts) -> bool:
        # An amount in another currency always is: nobody set a limit in that.
        return facts.currency != self.amount_currency or facts.amount > (self.amount_above or 0)

    def _is_over_budget(self, facts: Facts) -> bool:
        # A cost centre without a budget always is: nobody set a limit for it. What no cost centre bears is nobody's budget.
        if facts.budget is None:
            return facts.cost_centre is not None
        return facts.budget.is_above(self.budget_above or Decimal(0))


_LISTS = {
    "categories": "categories",
    "suppliers": "suppliers",
    "costCentres": "cost_centres",
    "requesters": "requesters",
}


@dataclass(frozen=True)
class Rule:
    """A company's rule at one version of it: when it asks, and whom."""

    id: UUID
    name: str
    version: int
    stages: frozenset[ApprovalStage]
    conditions: Conditions
    tiers: tuple[Tier, ...]


def first_match(rules: Iterable[Rule], stage: ApprovalStage, facts: Facts) -> Rule | None:
    """The first rule, in the company's order, that looks at this stage and whose conditions all hold; the others are silent."""
    return next((rule for rule in rules if stage in rule.stages and rule.conditions.hold(facts)), None)


@dataclass(frozen=True)
class Snapshot:
    """What was asked when an approval was asked for, by which rule, and on what facts.

    `rule` None: only the platform asked; `barred`: who must not decide; `facts` None: they were not kept at that time.
    """

    rule: UUID | None
    name: str
    version: int
    conditions: Conditions
    tiers: tuple[Tier, ...]
    barred: frozenset[UUID]
    facts: Facts | None = None

    @classmethod
    def of(cls, rule: Rule | None, facts: Facts, barred: Iterable[UUID], *more: Tier) -> "Snapshot":
        """The rule now, its tiers followed by `more`."""
        if rule is None:
            return cls(None, "", 0, Conditions(), more, frozenset(barred), facts)
        tiers = (*rule.tiers, *more)
        return cls(rule.id, rule.name, rule.version, rule.conditions, tiers, frozenset(barred), facts)

    def covers(self, rule: Rule, facts: Facts, approved: Decimal) -> bool:
        """Whether the same people, asked by the same rule, have agreed to as much of the same before.

        What others have taken of the budget since then asks nobody again: this order held its part of it first.
        """
        asked = tuple(tier for tier in self.tiers if tier.side is Side.BUYER)
        same = self.facts is None or replace(self.facts, amount=facts.amount, budget=facts.budget) == facts
        return self.rule == rule.id and asked == rule.tiers and same and facts.amount <= approved

    def as_json(self) -> dict[str, Any]:
        """How it is stored."""
        return {
            "rule": {"id": self.rule and str(self.rule), "name": self.name, "version": self.version},
            "conditions": self.conditions.as_json(),
            "tiers": tiers_as_json(self.tiers),
            "barred": sorted(str(member) for member in self.barred),
            "facts": self.facts and _facts_as_json(self.facts),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Snapshot":
        """The snapshot as it was stored."""
        rule, facts = stored["rule"], stored.get("facts")
        return cls(
            UUID(rule["id"]) if rule["id"] else None,
            rule["name"],
            rule["version"],
            Conditions.from_json(stored["conditions"]),
            tiers_from_json(stored["tiers"]),
            frozenset(UUID(member) for member in stored["barred"]),
            facts and _facts(facts),
        )


def _facts_as_json(facts: Facts) -> dict[str, Any]:
    return {
        "amount": str(facts.amount),
        "currency": str(facts.currency),
        "supplier": str(facts.supplier),
        "requester": str(facts.requester),
        "categories": sorted(str(category) for category in facts.categories),
        "costCentre": facts.cost_centre and str(facts.cost_centre),
        "budget": facts.budget and {name: str(value) for name, value in vars(facts.budget).items()},
    }


def _facts(stored: Mapping[str, Any]) -> Facts:
    budget = stored.get("budget")
    return Facts(
        amount=Decimal(stored["amount"]),
        currency=stored["currency"],
        supplier=UUID(stored["supplier"]),
        requester=UUID(stored["requester"]),
        categories=frozenset(UUID(category) for category in stored["categories"]),
        cost_centre=UUID(stored["costCentre"]) if stored["costCentre"] else None,
        budget=BudgetUse(**{name: Decimal(value) for name, value in budget.items()}) if budget else None,
    )
