"""What submitting an order, or accepting its quotation, would ask of whom: told before anybody is asked."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import ApprovalRule, Order, Quotation
from rules.approval import Flow
from rules.approval_rules import Check
from rules.lifecycle import OrderStatus, Side
from rules.people import Actor
from rules.terms import ApprovalStage
from services import budgets
from services.approval_flows import beginning
from services.asking import Question, as_rule, facts_of, is_covered, matching
from services.budgets import BudgetLook


@dataclass(frozen=True)
class RuleLook:
    """One of the company's rules, and why it would ask or not."""

    rule: ApprovalRule
    is_at_stage: bool
    checks: tuple[Check, ...]
    asks: bool


@dataclass(frozen=True)
class Preview:
    """What would be asked, and what the order would do to its budget; `flow` None: nobody, `look` None: no cost centre bears it."""

    order: Order
    asked: Question
    looks: tuple[RuleLook, ...]
    is_covered: bool
    flow: Flow | None
    look: BudgetLook | None = None


async def approval_preview(actor: Actor, order_id: UUID, quotation_id: UUID | None = None) -> Preview | None:
    """The preview for the buyer's own people; None for everybody else, and for an order or a quotation they cannot see."""
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    if order is None or order.side_of(actor) is not Side.BUYER:
        return None
    amount = await _amount(actor, order, quotation_id)
    if amount is None:
        return None
    is_draft = order.status in (OrderStatus.DRAFT, OrderStatus.PENDING_APPROVAL) and quotation_id is None
    return await _preview(actor, order, ApprovalStage.SUBMISSION if is_draft else ApprovalStage.AWARD, amount)


async def _preview(actor: Actor, order: Order, stage: ApprovalStage, amount: Decimal) -> Preview:
    rows = await ApprovalRule.asking(order.buyer_id)
    asked = matching(order, stage, await facts_of(order, amount), rows)
    covered = stage is ApprovalStage.AWARD and await is_covered(order, asked)
    snapshot = asked.snapshot(order, actor.responsible)
    flow = None if covered or not asked.is_asked else await beginning(order.buyer_id, snapshot)
    looks = tuple(_look(row, asked) for row in rows if row.company_id == order.buyer_id)
    look = await budgets.look(order, amount)
    return Preview(order, asked, looks, covered, flow, look)


async def _amount(actor: Actor, order: Order, quotation_id: UUID | None) -> Decimal | None:
    """The quotation's total; without one that of the open quotation, if the caller may read it, or the estimate."""
    estimate: Decimal = order.estimated_total
    quotations = Quotation.visible_to(actor).filter(order_id=order.id)
    if quotation_id is not None:
        quoted = await quotations.get_or_none(id=quotation_id)
    elif order.status is OrderStatus.PENDING_BUYER:
        quoted = await quotations.order_by("-revision").first()
    else:
        return estimate
    if quoted is None:
        return None if quotation_id else estimate
    return Decimal(quoted.total)


def _look(row: ApprovalRule, asked: Question) -> RuleLook:
    rule = as_rule(row)
    asks = asked.rule is not None and asked.rule.id == rule.id
    return RuleLook(row, asked.stage in rule.stages, rule.conditions.checks(asked.facts), asks)
