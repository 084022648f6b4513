"""What administrators do about the rules for approvals."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.admissions import CompanyNow
from resolvers.amounts import MoneyInput
from resolvers.approval_rules import ApprovalRule
from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import (
    ALWAYS,
    CREATING,
    InvalidInputProblem,
    NotAllowedProblem,
    StaleVersionProblem,
    answers,
    known,
)
from resolvers.steps import KEY, Key, shown
from rules.approval import MOST_TIERS, Asked, Escalation, Quorum, Tier
from rules.approval_rules import Conditions
from rules.money import Currency
from rules.people import Role
from rules.terms import ApprovalStage
from services import approval_rules, platform_review
from services.approval_rules import LONGEST_WAIT, RuleWish
from services.companies import Limit

MOST_NAMED = 100
MOST_RULES = 200
Ids = Annotated[list[strawberry.ID], Items(0, MOST_NAMED)]
Roles = Annotated[list[Role], Items(0, len(Role))]


@strawberry.input(description="When a rule asks; what is left out is no condition, and all the others have to hold.")
class ApprovalConditionsInput:
    """Conditions."""

    amount_above: MoneyInput | None = strawberry.field(
        default=None, description="The total, tax included, above which it asks; in another currency it always asks."
    )
    currencies: Annotated[list[Currency], Items(0, len(Currency))] = strawberry.field(
        default_factory=list, description="Only orders in one of these."
    )
    category_ids: Ids = strawberry.field(
        default_factory=list,
        description="Only orders with a line of one of these, or of a category beneath: at most 100.",
    )
    supplier_ids: Ids = strawberry.field(
        default_factory=list, description="Only orders with one of these: at most 100."
    )
    requester_ids: Ids = strawberry.field(
        default_factory=list, description="Only orders that one of these members made: at most 100."
    )
    cost_centre_ids: Ids = strawberry.field(
        default_factory=list, description="Only orders whose cost one of these bears: at most 100."
    )
    budget_used_above: Annotated[Decimal, Number(least=0, most=100, places=4)] | None = strawberry.field(
        default=None,
        description="The share of the cost centre's budget above which it asks, from 0 to 100 with at most 4 decimals: 0.8 for "
        "80 %, 1 for what is over budget. A cost centre without a budget is always above it.",
    )


@strawberry.input(description="Who is asked besides, once a tier has waited too long; one of them decides it alone.")
class ApprovalEscalationInput:
    """What happens when nobody answers."""

    after_hours: Annotated[int, Number(least=1, most=LONGEST_WAIT)] = strawberry.field(
        description=f"After how many hours: 1 to {LONGEST_WAIT}."
    )
    member_ids: Ids = strawberry.field(default_factory=list, description="Approvers by name: at most 100.")
    roles: Roles = strawberry.field(default_factory=list, description="Approvers who have one of these roles.")


@strawberry.input(description="A tier: whom it asks, and how many of them have to agree.")
class ApprovalTierInput:
    """A tier."""

    quorum: Quorum = strawberry.field(description="How many of them have to agree.")
    member_ids: Ids = strawberry.field(default_factory=list, description="Approvers by name: at most 100.")
    roles: Roles = strawberry.field(default_factory=list, description="Approvers who have one of these roles.")
    escalation: ApprovalEscalationInput | None = strawberry.field(
        default=None, description="When others are asked besides; null: never."
    )


@strawberry.input(description="A rule as it is to be.")
class _RuleInput:
    """All of a rule."""

    name: Annotated[str, Text(1, 120)] = strawberry.field(description="What to call it, at most 120 characters.")
    stages: Annotated[list[ApprovalStage], Items(1, len(ApprovalStage))] = strawberry.field(
        description="What it looks at: at least one stage."
    )
    conditions: ApprovalConditionsInput = strawberry.field(description="When it asks.")
    tiers: Annotated[list[ApprovalTierInput], Items(1, MOST_TIERS)] = strawberry.field(
        description=f"Whom it asks, one after the other: 1 to {MOST_TIERS} tiers."
    )


@strawberry.input(description="A new rule; it is looked at after those there are.")
class CreateApprovalRuleInput(_RuleInput):
    """A new rule."""

    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A rule as it was read, and as it is to be: everything is replaced, and it is in force.")
class UpdateApprovalRuleInput(_RuleInput):
    """A changed rule."""

    approval_rule_id: strawberry.ID = strawberry.field(description="The rule.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="A rule as it was read.")
class ApprovalRuleStepInput:
    """Which rule."""

    approval_rule_id: strawberry.ID = strawberry.field(description="The rule.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="All rules in force, in the order in which they are to be looked at.")
class ReorderApprovalRulesInput:
    """An order."""

    rules: Annotated[list[ApprovalRuleStepInput], Items(1, MOST_RULES)] = strawberry.field(
        description=f"Each rule in force once: 1 to {MOST_RULES}."
    )


@strawberry.type
class ApprovalRuleNow:
    """What a step on a rule answers with."""

    approval_rule: ApprovalRule = strawberry.field(description="The rule as it is now.")


@strawberry.type(description="The rule is in force, for what is submitted or accepted from now on.")
class CreateApprovalRuleSuccess(ApprovalRuleNow):
    """A rule was made."""


@strawberry.type(description="The rule is changed, for what is submitted or accepted from now on.")
class UpdateApprovalRuleSuccess(ApprovalRuleNow):
    """A rule was changed."""


@strawberry.type(description="The rule asks nobody any more; what it asked before goes on.")
class DeactivateApprovalRuleSuccess(ApprovalRuleNow):
    """A rule is out of force."""


@strawberry.type(description="The rules are looked at in this order from now on.")
class ReorderApprovalRulesSuccess:
    """The rules in their order."""

    approval_rules: list[ApprovalRule] = strawberry.field(description="The rules in force, in their order.")


@strawberry.input(description="Whether the operator decides on orders before they go out, and on which.")
class SetPlatformReviewInput:
    """A review."""

    expected_version: int = strawberry.field(description="The version of the platform's company that was read.")
    is_on: bool = strawberry.field(description="Whether there is a review.")
    amount_above: MoneyInput | None = strawberry.field(
        default=None, description="Only of orders above it, or in another currency; null: of every order."
    )


@strawberry.type(description="The review holds for orders submitted from now on.")
class SetPlatformReviewSuccess(CompanyNow):
    """The review is set."""


def _ids(kind: str, given: list[strawberry.ID]) -> tuple[UUID, ...]:
    return tuple(known(kind, text) for text in given)


def _conditions(given: ApprovalConditionsInput) -> Conditions:
    above = given.amount_above
    return Conditions(
        amount_above=above.amount if above else None,
        amount_currency=above.currency if above else None,
        currencies=tuple(given.currencies),
        categories=_ids("Category", given.category_ids),
        suppliers=_ids("Company", given.supplier_ids),
        requesters=_ids("Member", given.requester_ids),
        cost_centres=_ids("CostCentre", given.cost_centre_ids),
        budget_above=given.budget_used_above,
    )


def _asked(given: ApprovalTierInput | ApprovalEscalationInput) -> Asked:
    return Asked(_ids("Member", given.member_ids), tuple(given.roles))


def _tier(given: ApprovalTierInput) -> Tier:
    later = given.escalation
    return Tier(given.quorum, _asked(given), Escalation(later.after_hours, _asked(later)) if later else None)


def _wish(given: _RuleInput) -> RuleWish:
    tiers = tuple(_tier(tier) for tier in given.tiers)
    return RuleWish(given.name, frozenset(given.stages), _conditions(given.conditions), tiers)


@strawberry.type
class RulingMutation:
    """What administrators do about rules."""

    @strawberry.mutation(
        graphql_type=answers(SetPlatformReviewSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Say whether an operator decides on orders, after the buyer's own approvers; for the operator.",
    )
    async def set_platform_review(
        self, info: Info[Context, None], input: SetPlatformReviewInput
    ) -> SetPlatformReviewSuccess:
        """A review, set."""
        check(input)
        above = input.amount_above
        limit = Limit(above.amount, above.currency) if above else None
        company = await platform_review.set_platform_review(
            info.context.actor, input.expected_version, is_on=input.is_on, amount_above=limit
        )
        return SetPlatformReviewSuccess(company=shown(company))

    @strawberry.mutation(
        graphql_type=answers(CreateApprovalRuleSuccess, *CREATING),
        description="Make a rule for approvals; for an ADMIN.",
    )
    async def create_approval_rule(
        self, info: Info[Context, None], input: CreateApprovalRuleInput
    ) -> CreateApprovalRuleSuccess:
        """A rule, made."""
        check(input)
        rule = await approval_rules.create_approval_rule(
            info.context.actor, _wish(input), idempotency_key=input.idempotency_key
        )
        return CreateApprovalRuleSuccess(approval_rule=shown(rule))

    @strawberry.mutation(
        graphql_type=answers(UpdateApprovalRuleSuccess, *ALWAYS, StaleVersionProblem),
        description="Change a rule for approvals, or put it in force again; for an ADMIN.",
    )
    async def update_approval_rule(
        self, info: Info[Context, None], input: UpdateApprovalRuleInput
    ) -> UpdateApprovalRuleSuccess:
        """A rule, changed."""
        check(input)
        rule_id = known("ApprovalRule", input.approval_rule_id)
        rule = await approval_rules.update_approval_rule(
            info.context.actor, rule_id, input.expected_version, _wish(input)
        )
        return UpdateApprovalRuleSuccess(approval_rule=shown(rule))

    @strawberry.mutation(
        graphql_type=answers(DeactivateApprovalRuleSuccess, *ALWAYS, StaleVersionProblem),
        description="Take a rule for approvals out of force; for an ADMIN.",
    )
    async def deactivate_approval_rule(
        self, info: Info[Context, None], input: ApprovalRuleStepInput
    ) -> DeactivateApprovalRuleSuccess:
        """A rule, out of force."""
        rule_id = known("ApprovalRule", input.approval_rule_id)
        rule = await approval_rules.deactivate_approval_rule(info.context.actor, rule_id, input.expected_version)
        return DeactivateApprovalRuleSuccess(approval_rule=shown(rule))

    @strawberry.mutation(
        graphql_type=answers(ReorderApprovalRulesSuccess, *ALWAYS, StaleVersionProblem),
        description="Say in which order rules are looked at: the first that matches asks; for an ADMIN.",
    )
    async def reorder_approval_rules(
        self, info: Info[Context, None], input: ReorderApprovalRulesInput
    ) -> ReorderApprovalRulesSuccess:
        """The rules in another order."""
        check(input)
        order = [(known("ApprovalRule", rule.approval_rule_id), rule.expected_version) for rule in input.rules]
        rules: Any = await approval_rules.reorder_approval_rules(info.context.actor, order)
        return ReorderApprovalRulesSuccess(approval_rules=rules)
