"""What a company's rules, and the platform's, ask before an order goes out or a quotation is accepted."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models import Approval, ApprovalRule, Category, Order, OrderLine, Product
from rules.approval import Tier, tiers_from_json
from rules.approval_rules import Conditions, Facts, Rule, Snapshot, first_match
from rules.terms import ApprovalStage
from services import budgets


@dataclass(frozen=True)
class Question:
    """What would be asked: by which rule of the buyer, if any, then by which of the platform, on what facts."""

    stage: ApprovalStage
    facts: Facts
    rule: Rule | None
    review: Rule | None = None

    @property
    def name(self) -> str:
        """What asks."""
        return next((rule.name for rule in (self.rule, self.review) if rule is not None), "")

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked at all."""
        return self.rule is not None or self.review is not None

    def snapshot(self, order: Order, *askers: Any) -> Snapshot:
        """What was asked, to be kept: neither whoever made the order nor whoever asks may decide."""
        barred = [member for member in (order.requester_id, *askers) if member is not None]
        return Snapshot.of(self.rule, self.facts, barred, *self._review_tiers)

    @property
    def _review_tiers(self) -> tuple[Tier, ...]:
        return self.review.tiers if self.review else ()


async def question(order: Order, stage: ApprovalStage, amount: Decimal) -> Question | None:
    """What is asked at this stage about this amount; None where no rule matches."""
    rows = await ApprovalRule.asking(order.buyer_id)
    if not rows:
        return None
    asked = matching(order, stage, await facts_of(order, amount), rows)
    return asked if asked.is_asked else None


def matching(order: Order, stage: ApprovalStage, facts: Facts, rows: Iterable[ApprovalRule]) -> Question:
    """The first rule of the buyer that matches, and after it the platform's."""
    own = [as_rule(row) for row in rows if row.company_id == order.buyer_id]
    platform = [as_rule(row) for row in rows if row.company_id != order.buyer_id]
    return Question(stage, facts, first_match(own, stage, facts), first_match(platform, stage, facts))


async def award_rule(order: Order, total: Decimal) -> Question | None:
    """What is asked before this total is accepted, unless the same people agreed to as much of the same before."""
    asked = await question(order, ApprovalStage.AWARD, total)
    return None if asked is None or await is_covered(order, asked) else asked


async def is_covered(order: Order, asked: Question) -> bool:
    """Whether those whom the rule asks have agreed to as much of the same on this order before."""
    rule = asked.rule
    return rule is not None and any(
        Snapshot.from_json(one.snapshot).covers(rule, asked.facts, one.amount)
        for one in await Approval.approved(order.id)
    )


async def facts_of(order: Order, amount: Decimal) -> Facts:
    """What conditions look at, read afresh."""
    products = await Product.named(line.product_id for line in await OrderLine.of(order.id))
    look = await budgets.look(order, amount)
    return Facts(
        amount=amount,
        currency=order.currency,
        supplier=order.supplier_id,
        requester=order.requester_id,
        categories=await Category.above({product.category_id for product in products.values()}),
        cost_centre=order.cost_centre_id,
        budget=look.use if look else None,
    )


def as_rule(row: Any) -> Rule:
    """A stored rule as the rules know it."""
    return Rule(
        row.id,
        row.name,
        row.version,
        frozenset(ApprovalStage(stage) for stage in row.stages),
        Conditions.from_json(row.conditions),
        tiers_from_json(row.tiers),
    )
