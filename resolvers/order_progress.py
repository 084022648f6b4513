"""What of an order is derived: from its ledgers, and from the catalogue while it is a draft."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

import models
from models.order import side_of
from models.reading import unread_counts
from models.rows import related_rows
from resolvers.amounts import Money
from resolvers.context import Context
from rules.accounts import OrderPaymentStatus, Standing
from rules.billing import FulfilmentStatus, fulfilment_status
from rules.hints import Hint
from rules.lifecycle import OrderStatus, Side
from rules.quantity import LineQuantities
from services import budgets, clock
from services.drafting import draft_hints

ZERO = Decimal(0)


@strawberry.type(description="How far an order's goods and money are, derived from its ledgers.")
class OrderProgress:
    """Derived statuses of an order."""

    fulfilment_status: FulfilmentStatus = strawberry.field(description="How far the goods are.")
    payment_status: OrderPaymentStatus = strawberry.field(description="How far the money is.")
    invoiced: Money = strawberry.field(description="What was claimed so far, less what was credited.")
    paid: Money = strawberry.field(
        description="What came in for it, and was neither paid back nor used for another order."
    )
    outstanding: Money = strawberry.field(description="What the buyer still owes.")
    credit: Money = strawberry.field(description="What was paid beyond it and is the buyer's credit.")
    refund_due: Money = strawberry.field(description="What the supplier has to pay back.")
    due_on: date | None = strawberry.field(
        description="The first day on which something outstanding is or was due, as a date at the supplier; null where nothing is."
    )
    is_overdue: bool = strawberry.field(description="Whether that day is over.")


async def quantities_of(context: Context, lines: Sequence[Any]) -> list[LineQuantities]:
    """The ledger's sums for each line."""
    sums = await models.QuantityEntry.sums(line.id for line in lines)
    return [sums[line.id] for line in lines]


async def progress_of(context: Context, orders: Sequence[Any]) -> list[OrderProgress]:
    """How far goods and money of each order are."""
    goods = await _line_sums([order.id for order in orders])
    ids = [order.id for order in orders]
    standings, due = await models.LedgerEntry.standings(ids), await models.LedgerEntry.due(ids)
    return [
        OrderProgress(**_goods(goods[one.id]), **_money(one, standings[one.id]), **_due(due.get(one.id)))
        for one in orders
    ]


async def hints_of(context: Context, orders: Sequence[Any]) -> list[list[Hint]]:
    """What each draft's buyer should look at."""
    drafts = [o for o in orders if o.status == OrderStatus.DRAFT and side_of(o, context.actor) is Side.BUYER]
    lines = await _lines([draft.id for draft in drafts])
    products = await models.Product.named({line.product_id for found in lines.values() for line in found})
    looks = await budgets.looks({draft.id: draft.estimated_total for draft in drafts}, drafts)
    hints = {draft.id: draft_hints(draft, lines[draft.id], products, looks.get(draft.id)) for draft in drafts}
    return [hints.get(order.id, []) for order in orders]


async def unread_of(context: Context, orders: Sequence[Any]) -> list[int]:
    """What the caller has not read of each order; nothing for whoever is no party to it."""
    own = [order.id for order in orders if side_of(order, context.actor) in (Side.BUYER, Side.SUPPLIER)]
    counts = await unread_counts(context.actor, own)
    return [counts.get(order.id, 0) for order in orders]


async def _lines(orders: list[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for line in await related_rows(models.OrderLine, by="order_id", ids=orders, order_by=("position",)):
        found[line.order_id].append(line)
    return found


async def _line_sums(orders: list[UUID]) -> dict[UUID, list[LineQuantities]]:
    lines = await _lines(orders)
    sums = await models.QuantityEntry.sums(line.id for found in lines.values() for line in found)
    return {order: [sums[line.id] for line in lines[order]] for order in orders}


def _goods(lines: list[LineQuantities]) -> dict[str, Any]:
    despatched = sum((line.despatched for line in lines), ZERO)
    received = sum((line.accepted + line.rejected + line.short for line in lines), ZERO)
    still_open = sum((line.to_despatch for line in lines), ZERO)
    agreed = sum((line.agreed for line in lines), ZERO)
    return {"fulfilment_status": fulfilment_status(agreed, despatched, received, still_open)}


def _money(order: Any, now: Standing) -> dict[str, Any]:
    amounts = {
        "invoiced": now.invoiced,
        "paid": now.paid,
        "outstanding": now.owed,
        "credit": now.credit,
        "refund_due": now.refund_due,
    }
    shown = {name: Money(amount=amount, currency=order.currency) for name, amount in amounts.items()}
    return {"payment_status": now.status, **shown}


def _due(due: Any) -> dict[str, Any]:
    return {
        "due_on": due and due.due_on,
        "is_overdue": due is not None and due.due_on < clock.today(due.delivery_zone),
    }
