"""A company's rules for approvals as the schema shows them, and how to find them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
import resolvers.approval_enums  # noqa: F401  # describes the enums below
from resolvers.amounts import Money
from resolvers.catalogue import Category
from resolvers.companies import Company, Member
from resolvers.context import Context
from resolvers.cost_centres import CostCentre
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Each, derived, related, shows
from rules.approval import Asked, Quorum, Tier, tiers_from_json
from rules.approval_rules import Conditions
from rules.money import Currency
from rules.people import Role
from rules.terms import ApprovalStage


@strawberry.type(
    description="When a rule asks; what is null or empty is no condition, and all the others have to hold."
)
class ApprovalConditions:
    """Conditions of a rule."""

    amount_above: Money | None = strawberry.field(
        description="The total, tax included, has to be above it; a total in another currency always is."
    )
    currencies: list[Currency] = strawberry.field(description="The order has to be in one of these.")
    category_ids: strawberry.Private[Sequence[UUID]]
    supplier_ids: strawberry.Private[Sequence[UUID]]
    requester_ids: strawberry.Private[Sequence[UUID]]
    cost_centre_ids: strawberry.Private[Sequence[UUID]]
    budget_used_above: Decimal | None = strawberry.field(
        description="With the order more than this share of its cost centre's budget has to be held, 1 for all of it; a cost "
        "centre without a budget for the day and the currency always is above, an order without a cost centre never."
    )
    categories: list[Category] = related(
        Each(models.Category, "category_ids"),
        description="A line has to be of one of these categories, or of one beneath them.",
    )
    suppliers: list[Company] = related(
        Each(models.Company, "supplier_ids", visible=True), description="The order has to be with one of these."
    )
    cost_centres: list[CostCentre] = related(
        Each(models.CostCentre, "cost_centre_ids", visible=True), description="One of these has to bear the cost."
    )
    requesters: list[Member] = related(
        Each(models.Member, "requester_ids", visible=True), description="One of these has to have made the order."
    )

    @classmethod
    def of(cls, conditions: Conditions) -> "ApprovalConditions":
        """The conditions, to be shown."""
        return cls(
            amount_above=_limit(conditions),
            currencies=[Currency(currency) for currency in conditions.currencies],
            category_ids=conditions.categories,
            supplier_ids=conditions.suppliers,
            requester_ids=conditions.requesters,
            cost_centre_ids=conditions.cost_centres,
            budget_used_above=conditions.budget_above,
        )


def _limit(conditions: Conditions) -> Money | None:
    if conditions.amount_above is None or conditions.amount_currency is None:
        return None
    return Money(amount=conditions.amount_above, currency=Currency(conditions.amount_currency))


@strawberry.type(description="Whom a tier asks.")
class ApprovalAsked:
    """Members by name, and whoever has one of the roles."""

    roles: list[Role] = strawberry.field(description="Approvers who have one of these roles when the question is open.")
    member_ids: strawberry.Private[Sequence[UUID]]
    members: list[Member] = related(
        Each(models.Member, "member_ids", visible=True), description="Approvers who are asked by name."
    )

    @classmethod
    def of(cls, asked: Asked) -> "ApprovalAsked":
        """Whom it asks, to be shown."""
        return cls(roles=list(asked.roles), member_ids=asked.members)


@strawberry.type(description="Who is asked besides, once a tier has waited too long; one of them decides it alone.")
class ApprovalEscalation:
    """What happens when nobody answers."""

    after_hours: int = strawberry.field(description="After how many hours.")
    to: ApprovalAsked = strawberry.field(description="Who is asked then.")


@strawberry.type(description="A step of a rule: the next one is asked when it has agreed.")
class ApprovalRuleTier:
    """A tier."""

    quorum: Quorum = strawberry.field(description="How many of those it asks have to agree.")
    asks: ApprovalAsked = strawberry.field(description="Whom it asks.")
    escalation: ApprovalEscalation | None = strawberry.field(description="When others are asked besides; null: never.")

    @classmethod
    def of(cls, tier: Tier) -> "ApprovalRuleTier":
        """The tier, to be shown."""
        later = tier.escalation
        return cls(
            quorum=tier.quorum,
            asks=ApprovalAsked.of(tier.asks),
            escalation=ApprovalEscalation(after_hours=later.after_hours, to=ApprovalAsked.of(later.to))
            if later
            else None,
        )


@strawberry.type(description="When a company's orders need an approval, and whose; the supplier never meets it.")
@shows(models.ApprovalRule)
class ApprovalRule(Node):
    """A rule."""

    id: strawberry.ID = derived(lambda row: encode_id("ApprovalRule", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What the administrator calls it.")
    version: int = strawberry.field(description="Rises by one with each change: what mutations expect.")
    position: int = strawberry.field(
        description="Its place among the rules in force: the first that matches asks, and no other."
    )
    is_active: bool = strawberry.field(description="Whether it is in force.")
    stages: list[ApprovalStage] = strawberry.field(description="What it looks at.")
    conditions: ApprovalConditions = derived(
        lambda row: ApprovalConditions.of(Conditions.from_json(row.conditions)), description="When it asks."
    )
    tiers: list[ApprovalRuleTier] = derived(
        lambda row: [ApprovalRuleTier.of(tier) for tier in tiers_from_json(row.tiers)],
        description="Whom it asks, one tier after the other.",
    )


@strawberry.type
class ApprovalRuleQuery:
    """How to find rules."""

    @strawberry.field(description="The rules of the caller's company, in the order in which they are looked at.")
    async def approval_rules(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[ApprovalRule]:
        """Those in force and those that are not."""
        found: Any = models.ApprovalRule.visible_to(info.context.actor)
        return Connection.of(await page(found, ("position", "id"), first=first, after=after))
