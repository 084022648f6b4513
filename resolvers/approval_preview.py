"""The preview of an approval as the schema shows it: which rule would ask whom, and why."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
from models.rows import related_rows
from resolvers.amounts import Money
from resolvers.approval_rules import ApprovalRule, ApprovalRuleTier
from resolvers.companies import Member
from resolvers.context import Context
from resolvers.cost_centres import Budget, CostCentre
from resolvers.ids import decode_id
from resolvers.relations import Each, One, related
from rules.approval import Flow
from rules.approval_rules import ApprovalCondition, Conditions, Facts
from rules.lifecycle import Side
from rules.money import Currency
from rules.quantity import plain
from rules.terms import ApprovalStage
from services.budgets import BudgetLook
from services.previewing import Preview, RuleLook, approval_preview

C = ApprovalCondition


@strawberry.type(description="One condition of a rule, held against the order.")
class ApprovalConditionCheck:
    """Why a rule would ask or not."""

    condition: ApprovalCondition = strawberry.field(description="What it is about.")
    holds: bool = strawberry.field(description="Whether it holds.")
    wanted: list[str] = strawberry.field(description="What the rule wants, in words.")
    found: list[str] = strawberry.field(description="What the order has, in words.")


@strawberry.type(
    description="One of the company's rules, and why it would ask or not; they are looked at in this order."
)
class ApprovalRuleCheck:
    """A rule, looked at."""

    rule: ApprovalRule = strawberry.field(description="The rule.")
    is_at_stage: bool = strawberry.field(description="Whether it looks at this stage at all.")
    conditions: list[ApprovalConditionCheck] = strawberry.field(description="Each of its conditions.")
    asks: bool = strawberry.field(description="Whether it is the one that would ask.")


@strawberry.type(description="Somebody who would be asked, and who might answer for them.")
class ApprovalPersonAsked:
    """Somebody who would be asked."""

    member_id: strawberry.Private[UUID]
    deputy_ids: strawberry.Private[Sequence[UUID]]
    member: Member | None = related(
        One(models.Member, "member_id", visible=True), description="Who; null for the platform's operator."
    )
    deputies: list[Member] = related(
        Each(models.Member, "deputy_ids", visible=True), description="To whom the right is lent today."
    )


@strawberry.type(description="A tier that would be asked.")
class ApprovalTierPreview:
    """A tier."""

    number: int = strawberry.field(description="Its place, from 1.")
    side: Side = strawberry.field(description="Whose people it asks: the buyer's, or the platform's.")
    rule: ApprovalRuleTier = strawberry.field(description="What the rule says.")
    people: list[ApprovalPersonAsked] = strawberry.field(
        description="Who would be asked today; nobody: the approval would be refused with APPROVER_MISSING."
    )


@strawberry.type(description="What the order would do to the budget of its cost centre.")
class ApprovalBudget:
    """A budget, looked at."""

    cost_centre_id: strawberry.Private[UUID]
    budget_id: strawberry.Private[UUID | None]
    cost_centre: CostCentre | None = related(
        One(models.CostCentre, "cost_centre_id", visible=True), description="Who bears the cost."
    )
    budget: Budget | None = related(
        One(models.Budget, "budget_id", visible=True),
        description="Its budget as it is now; null where there is none for today in the order's currency: nothing is held then.",
    )
    others: Money | None = strawberry.field(description="What other orders hold of it; null without a budget.")
    wanted: Money = strawberry.field(description="What this order would hold.")
    available: Money | None = strawberry.field(
        description="What would be left; less than zero where it would be exceeded, null without a budget."
    )
    is_exceeded: bool = strawberry.field(description="Whether it would not be enough.")
    is_blocked: bool = strawberry.field(description="Whether the step would therefore be refused with BUDGET_EXCEEDED.")

    @classmethod
    def of(cls, look: BudgetLook, facts: Facts) -> "ApprovalBudget":
        """What was found, to be shown."""
        currency, use = Currency(facts.currency), look.use
        return cls(
            cost_centre_id=look.cost_centre.id,
            budget_id=look.budget.id if look.budget else None,
            others=Money(amount=use.others, currency=currency) if use else None,
            wanted=Money(amount=facts.amount, currency=currency),
            available=Money(amount=use.available, currency=currency) if use else None,
            is_exceeded=use is not None and use.is_exceeded,
            is_blocked=look.is_blocked,
        )


@strawberry.type(description="What submitting an order, or accepting its quotation, would ask of whom.")
class ApprovalPreview:
    """A preview."""

    stage: ApprovalStage = strawberry.field(description="What would be approved.")
    amount: Money = strawberry.field(description="The total that would be looked at.")
    is_needed: bool = strawberry.field(description="Whether anybody would be asked.")
    is_covered: bool = strawberry.field(
        description="Whether those who would be asked have agreed to as much of the same before."
    )
    budget: ApprovalBudget | None = strawberry.field(
        description="What the order would do to its budget; null where no cost centre bears it."
    )
    rules: list[ApprovalRuleCheck] = strawberry.field(description="The rules in force, as they are looked at.")
    tiers: list[ApprovalTierPreview] = strawberry.field(description="Who would be asked, one tier after the other.")


Words = dict[UUID, str]


async def _words(context: Context, looks: Iterable[RuleLook], facts: Facts) -> Words:
    """The names of everything that the conditions and the facts mention, in four statements at most."""
    stated = [Conditions.from_json(look.rule.conditions) for look in looks]
    categories = {*facts.categories, *(one for given in stated for one in given.categories)}
    suppliers = {facts.supplier, *(one for given in stated for one in given.suppliers)}
    requesters = {facts.requester, *(one for given in stated for one in given.requesters)}
    centres = {*filter(None, [facts.cost_centre]), *(one for given in stated for one in given.cost_centres)}
    name = "name_zh" if context.locale == "zh-CN" else "name_en"
    found: Words = {}
    for model, ids, shown in (
        (models.Category, categories, name),
        (models.Company, suppliers, "legal_name"),
        (models.Member, requesters, "display_name"),
        (models.CostCentre, centres, "code"),
    ):
        for row in await related_rows(model, by="id", ids=list(ids)):
            found[row.id] = getattr(row, shown)
    return found


def _rule(look: RuleLook, facts: Facts, words: Words) -> ApprovalRuleCheck:
    given = Conditions.from_json(look.rule.conditions)
    shown: Any = look.rule
    return ApprovalRuleCheck(
        rule=shown,
        is_at_stage=look.is_at_stage,
        asks=look.asks,
        conditions=[
            ApprovalConditionCheck(
                condition=check.condition,
                holds=check.holds,
                wanted=_wanted(check.condition, given, words),
                found=_found(check.condition, facts, words),
            )
            for check in look.checks
        ],
    )


def _wanted(condition: ApprovalCondition, given: Conditions, words: Words) -> list[str]:
    named = {
        C.CATEGORY: given.categories,
        C.SUPPLIER: given.suppliers,
        C.REQUESTER: given.requesters,
        C.COST_CENTRE: given.cost_centres,
    }
    if condition is C.BUDGET_ABOVE:
        return [f"> {plain((given.budget_above or Decimal(0)) * 100)} %"]
    if condition is C.AMOUNT_ABOVE:
        return [f"> {_money(given.amount_above or Decimal(0), given.amount_currency)}"]
    if condition is C.CURRENCY:
        return list(given.currencies)
    return _named(named.get(condition, ()), words)


def _found(condition: ApprovalCondition, facts: Facts, words: Words) -> list[str]:
    named = {
        C.CATEGORY: facts.categories,
        C.SUPPLIER: (facts.supplier,),
        C.REQUESTER: (facts.requester,),
        C.COST_CENTRE: tuple(filter(None, [facts.cost_centre])),
    }
    if condition is C.BUDGET_ABOVE:
        return _budget(facts)
    if condition is C.AMOUNT_ABOVE:
        return [_money(facts.amount, facts.currency)]
    if condition is C.CURRENCY:
        return [facts.currency]
    return _named(named.get(condition, ()), words)


def _budget(facts: Facts) -> list[str]:
    """What would be held of what there is; nothing without a budget."""
    use = facts.budget
    return [f"{plain(use.committed)} / {plain(use.amount)} {facts.currency}"] if use else []


def _named(ids: Iterable[UUID], words: Words) -> list[str]:
    return sorted(words[one] for one in ids if one in words)


def _money(amount: Decimal, currency: str | None) -> str:
    return f"{plain(amount)} {currency}"


def _tiers(flow: Flow | None) -> list[ApprovalTierPreview]:
    if flow is None:
        return []
    return [
        ApprovalTierPreview(
            number=number,
            side=tier.side,
            rule=ApprovalRuleTier.of(tier),
            people=[ApprovalPersonAsked(member_id=seat, deputy_ids=flow.deputies(seat)) for seat in flow.seats(number)],
        )
        for number, tier in enumerate(flow.tiers, 1)
    ]


async def _shown(context: Context, preview: Preview) -> ApprovalPreview:
    facts = preview.asked.facts
    words = await _words(context, preview.looks, facts)
    return ApprovalPreview(
        stage=preview.asked.stage,
        amount=Money(amount=facts.amount, currency=Currency(facts.currency)),
        is_needed=preview.flow is not None,
        is_covered=preview.is_covered,
        budget=ApprovalBudget.of(preview.look, facts) if preview.look else None,
        rules=[_rule(look, facts, words) for look in preview.looks],
        tiers=_tiers(preview.flow),
    )


@strawberry.type
class ApprovalPreviewQuery:
    """How to look ahead."""

    @strawberry.field(
        description="Who would be asked to approve an order that is submitted, or a quotation that is accepted, and why; "
        "null if there is no such order of the caller's company."
    )
    async def approval_preview(
        self,
        info: Info[Context, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="The order's opaque id.")],
        quotation_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="One of its quotations; the open one, or the estimate, unless said."),
        ] = None,
    ) -> ApprovalPreview | None:
        """A missing, a malformed and a stranger's id look the same."""
        order = decode_id("Order", id)
        quotation = decode_id("Quotation", quotation_id) if quotation_id else None
        if order is None or (quotation_id and quotation is None):
            return None
        preview = await approval_preview(info.context.actor, order, quotation)
        return await _shown(info.context, preview) if preview else None
