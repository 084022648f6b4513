"""From the buyer's draft to the supplier's desk, by way of the buyer's own approvers."""

from uuid import UUID

from models import Order, OrderLine, Product
from rules.events import EventKind
from rules.hints import Hint, HintCode
from rules.lifecycle import OrderStatus
from rules.people import Actor
from rules.problems import InvalidInput
from rules.terms import ApprovalStage, ApprovalStatus
from services import approvals, asking, budgets, clock
from services.desk import move, note, open_order
from services.drafting import draft_hints
from services.pricing import open_market
from services.verb import verb


@verb
async def submit_order(actor: Actor, order_id: UUID, expected_version: int) -> Order:
    """Send the draft to the company's approvers where one of its rules matches, else straight to the supplier."""
    order = await open_order(actor, "submit_order", order_id, expected_version)
    await submit(order, actor)
    return order


async def submit(order: Order, actor: Actor) -> None:
    """Let an open draft go where the company's rule says; InvalidInput names everything that is missing, BudgetExceeded what is short."""
    # What a budget refuses, it refuses with its figures.
    blocking = [
        hint for hint in await hints_for(order) if hint.is_blocking and hint.code is not HintCode.BUDGET_EXCEEDED
    ]
    if blocking:
        raise InvalidInput(tuple(hint.fault for hint in blocking))
    await budgets.reserve_estimate(order, actor)
    asked = await asking.question(order, ApprovalStage.SUBMISSION, order.estimated_total)
    if asked is None:
        await place(order, "submit_order", actor)
        return
    move(order, "submit_order", to=OrderStatus.PENDING_APPROVAL)
    await approvals.request(order, actor, asked)
    await note(order, EventKind.ORDER_SUBMITTED, actor)


@verb
async def withdraw_order(actor: Actor, order_id: UUID, expected_version: int, reason: str | None = None) -> Order:
    """Take the order back from the approvers, to edit it again."""
    order = await open_order(actor, "withdraw_order", order_id, expected_version)
    await approvals.close(order, actor, ApprovalStatus.WITHDRAWN, reason)
    move(order, "withdraw_order")
    await note(order, EventKind.ORDER_WITHDRAWN, actor)
    return order


async def hints_for(order: Order) -> list[Hint]:
    """What the buyer should look at, read afresh."""
    lines = await OrderLine.of(order.id)
    products = await Product.named(line.product_id for line in lines)
    market = await open_market(order.buyer_id, products)
    return draft_hints(order, lines, products, market, await budgets.look(order, order.estimated_total))


async def place(order: Order, action: str, placed_by: Actor) -> None:
    """Put the order on the supplier's desk. What came before stays uncounted for the supplier, and so does who approved it."""
    move(order, action, to=OrderStatus.PENDING_SUPPLIER)
    order.hidden_versions = order.version
    order.placed_at = clock.now()
    await note(order, EventKind.ORDER_PLACED, placed_by)
