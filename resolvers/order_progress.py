"""What of an order is derived: from its ledgers, and from the catalogue while it is a draft."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from resolvers.obligations import Dues
from resolvers.relations import related
from rules.accounts import OrderPaymentStatus, Standing
from rules.billing import FulfilmentStatus, fulfilment_status
from rules.decimals import ZERO
from rules.hints import Hint
from rules.lifecycle import OrderStatus, Side
from rules.obligations import Obligation
from rules.quantity import LineQuantities
from services import budgets, clock
from services.drafting import draft_hints
from services.pricing import open_market


@strawberry.type(description="How far the goods of an order are that are measured in one unit, summed over its lines.")
class GoodsProgress:
    """Sums of quantities in one unit."""

    unit: str = strawberry.field(description="The unit's UN/ECE Recommendation 20 code, such as `H87` for a piece.")
    agreed: Decimal = strawberry.field(
        description="Owed by the contract in force, without what replaces returned goods."
    )
    to_despatch: Decimal = strawberry.field(description="Still due to the buyer.")
    despatched: Decimal = strawberry.field(description="Left the supplier: under way or arrived.")
    under_way: Decimal = strawberry.field(description="Despatched, in shipments that have not arrived.")
    arrived: Decimal = strawberry.field(description="Despatched, in shipments that have arrived, inspected or not.")
    accepted: Decimal = strawberry.field(description="Accepted by the buyer.")
    rejected: Decimal = strawberry.field(description="Arrived and was not accepted.")
    short: Decimal = strawberry.field(description="Was despatched and did not arrive.")


async def goods_of(context: Context, progresses: Sequence["OrderProgress"]) -> list[list[GoodsProgress]]:
    """The quantities of each order, by unit in the order of its lines."""
    lines = await _lines([progress.order_id for progress in progresses])
    named = [line.id for found in lines.values() for line in found]
    sums, arrived = await models.QuantityEntry.sums(named), await models.ShipmentLine.arrived(named)
    return [_by_unit(lines[progress.order_id], sums, arrived) for progress in progresses]


def _by_unit(
    lines: Sequence[Any], sums: Mapping[UUID, LineQuantities], arrived: Mapping[UUID, Decimal]
) -> list[GoodsProgress]:
    found: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        found[line.unit].append(line)
    return [_goods_in(unit, alike, sums, arrived) for unit, alike in found.items()]


def _goods_in(
    unit: str, lines: Sequence[Any], sums: Mapping[UUID, LineQuantities], arrived: Mapping[UUID, Decimal]
) -> GoodsProgress:
    there = sum((arrived.get(line.id, ZERO) for line in lines), ZERO)
    added = {
        name: sum((getattr(sums[line.id], name) for line in lines), ZERO)
        for name in ("agreed", "to_despatch", "despatched", "accepted", "rejected", "short")
    }
    return GoodsProgress(unit=unit, arrived=there, under_way=added["despatched"] - there, **added)


async def due_of(context: Context, progresses: Sequence["OrderProgress"]) -> list[date | None]:
    """When the first of what is open of each order is due; asked of the database only by those who ask."""
    return [min((due.due_on for due in await one.open_dues()), default=None) for one in progresses]


async def overdue_of(context: Context, progresses: Sequence["OrderProgress"]) -> list[bool]:
    """Whether that day is over at the supplier."""
    now = clock.now()
    return [any(due.is_overdue(now) for due in await one.open_dues()) for one in progresses]


async def awaited_of(context: Context, progresses: Sequence["OrderProgress"]) -> list[Money | None]:
    """What of each order's prepayment has not come."""
    awaited = [[due for due in await one.open_dues() if due.invoice is None] for one in progresses]
    return [Money(amount=due[0].open, currency=due[0].currency) if due else None for due in awaited]


@strawberry.type(description="How far an order's goods and money are, derived from its ledgers.")
class OrderProgress:
    """Derived statuses of an order."""

    order_id: strawberry.Private[UUID]
    dues: strawberry.Private[Dues]
    goods: list[GoodsProgress] = related(
        goods_of, description="How much was despatched, is under way, has arrived and was accepted, unit by unit."
    )
    fulfilment_status: FulfilmentStatus = strawberry.field(description="How far the goods are.")
    payment_status: OrderPaymentStatus = strawberry.field(description="How far the money is.")
    invoiced: Money = strawberry.field(description="What was claimed so far, less what was credited.")
    paid: Money = strawberry.field(
        description="What came in for it, and was neither paid back nor used for another order."
    )
    outstanding: Money = strawberry.field(description="What the buyer still owes of invoices.")
    credit: Money = strawberry.field(description="What was paid beyond it and is the buyer's credit.")
    prepaid: Money = strawberry.field(description="What of it was prepaid, and no invoice has used yet.")
    refund_due: Money = strawberry.field(description="What the supplier has to pay back.")
    due_on: date | None = related(
        due_of,
        description="The first day on which something of an invoice or of the prepayment is or was due and is open, as a date at the "
        "supplier; null where nothing is.",
    )
    is_overdue: bool = related(overdue_of, description="Whether that day is over.")
    prepayment_awaited: Money | None = related(
        awaited_of,
        description="What of the prepayment has not come; goods should not leave before. Null where nothing of it is open. Whether "
        "`despatchShipment` is refused meanwhile, the supplier says (`setCollectionPolicy`).",
    )

    async def open_dues(self) -> list[Obligation]:
        """What the buyer has still to pay; all orders of one answer are asked once."""
        return [due for due in (await self.dues.found())[self.order_id] if due.open > 0]


async def quantities_of(context: Context, lines: Sequence[Any]) -> list[LineQuantities]:
    """The ledger's sums for each line."""
    sums = await models.QuantityEntry.sums(line.id for line in lines)
    return [sums[line.id] for line in lines]


async def progress_of(context: Context, orders: Sequence[Any]) -> list[OrderProgress]:
    """How far goods and money of each order are."""
    goods = await _line_sums([order.id for order in orders])
    ids = [order.id for order in orders]
    standings = await models.LedgerEntry.standings(ids)
    dues = Dues.of(context, orders)
    return [
        OrderProgress(order_id=one.id, dues=dues, **_goods(goods[one.id]), **_money(one, standings[one.id]))
        for one in orders
    ]


async def hints_of(context: Context, orders: Sequence[Any]) -> list[list[Hint]]:
    """What each draft's buyer should look at."""
    drafts = [o for o in orders if o.status == OrderStatus.DRAFT and side_of(o, context.actor) is Side.BUYER]
    lines = await _lines([draft.id for draft in drafts])
    products = await models.Product.named({line.product_id for found in lines.values() for line in found})
    market = await open_market(context.actor.home, products)
    looks = await budgets.looks({draft.id: draft.estimated_total for draft in drafts}, drafts)
    hints = {draft.id: draft_hints(draft, lines[draft.id], products, market, looks.get(draft.id)) for draft in drafts}
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
        "prepaid": now.advance,
        "refund_due": now.refund_due,
    }
    shown = {name: Money(amount=amount, currency=order.currency) for name, amount in amounts.items()}
    # What was prepaid and not invoiced is all of it where everything is to be prepaid.
    is_whole = now.advance > 0 and now.invoiced + now.advance >= (order.agreed_total or 0)
    is_paid = is_whole and now.status is OrderPaymentStatus.PARTIALLY_PAID and now.owed == 0
    return {"payment_status": OrderPaymentStatus.PAID if is_paid else now.status, **shown}
