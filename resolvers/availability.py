"""What a supplier looks at before it promises anything, and what it is warned of once it has; nobody else is shown either."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

import models
import resolvers.quotation_enums  # noqa: F401  # describes the enums below
from models.order import side_of
from models.price_history import last_quoted
from models.rows import related_rows
from resolvers.amounts import Money, unit_price
from resolvers.context import Context
from resolvers.enums import described
from resolvers.order_lines import OrderLine
from resolvers.words import label
from rules.availability import QuotationWarning, Shelf, shelf, warnings
from rules.lifecycle import OrderStatus, Side
from rules.money import TaxInclusion
from rules.terms import QuotationStatus, local_date
from services import clock

QUOTING = (OrderStatus.PENDING_SUPPLIER, OrderStatus.NEGOTIATING, OrderStatus.PENDING_BUYER)
"""While there is something to promise; afterwards the order's own goods are among those that are kept."""

described(
    QuotationWarning,
    "QuotationWarningCode",
    "What a supplier should look at in its own quotation; expect new ones.",
    {
        "MORE_THAN_AVAILABLE": "More than is on the shelf and kept for nobody.",
        "PROMISED_TOO_EARLY": "Promised for a day before the goods can be had.",
    },
)


@strawberry.type(description="What was asked of the same buyer for the same article before.")
class PriceBefore:
    """A price from the two parties' own history."""

    unit_price: Money = strawberry.field(description="The price of one unit without tax.")
    quantity: Decimal = strawberry.field(description="For how many.")
    quoted_at: datetime = strawberry.field(description="When it was quoted.")
    status: QuotationStatus = strawberry.field(description="What became of that quotation.")


@strawberry.type(description="What the supplier has, and what it would take, for one line of an order.")
class LineAvailability:
    """Stock, time and prices."""

    order_line: OrderLine = strawberry.field(description="What is asked for.")
    on_hand: Decimal | None = strawberry.field(description="What lies on the shelf; null: made to order.")
    reserved: Decimal = strawberry.field(description="What of it is kept for signed orders.")
    available: Decimal | None = strawberry.field(description="What is kept for nobody; null: made to order.")
    shortage: Decimal = strawberry.field(
        description="What is missing of what is asked for; 0 where it is made to order."
    )
    lead_time_days: int = strawberry.field(description="How many days it takes when it is not on the shelf.")
    earliest_on: date = strawberry.field(description="The first day it could be had, as a date at the delivery place.")
    minimum_quantity: Decimal = strawberry.field(description="The smallest quantity that the catalogue sells.")
    list_price: Money = strawberry.field(description="The catalogue's price of one unit now, without tax.")
    last_quoted: PriceBefore | None = strawberry.field(
        description="What was last asked of this buyer for it on another order; null when never."
    )


@strawberry.type(description="Something to look at in one's own quotation; it was sent all the same.")
class QuotationHint:
    """A warning about one line."""

    code: QuotationWarning = strawberry.field(description="What it is about, for programs.")
    warning: str = strawberry.field(description="What it is about, in the caller's language.")
    order_line: OrderLine = strawberry.field(description="Which line.")


async def availability_of(context: Context, orders: Sequence[Any]) -> list[list[LineAvailability] | None]:
    """The check of each order that waits for the caller's company to promise something; None for all others."""
    shown = {order.id: order for order in orders if order.status in QUOTING and _may_look(context, order)}
    lines = await _ordered(shown)
    products = await _products(line for found in lines.values() for line in found)
    before = await last_quoted(shown) if shown else {}
    checks = {
        order.id: [
            _checked(order, line, products[line.product_id], before.get((order.id, line.product_id)))
            for line in lines[order.id]
        ]
        for order in shown.values()
    }
    return [checks.get(order.id) for order in orders]


async def warnings_of(context: Context, quotations: Sequence[Any]) -> list[list[QuotationHint]]:
    """What the supplier should look at in each of its open quotations; nothing for everybody else."""
    orders = {
        order.id: order
        for order in await related_rows(models.Order, by="id", ids=list({one.order_id for one in quotations}))
        if _may_look(context, order)
    }
    ordered = {line.id: line for found in (await _ordered(orders)).values() for line in found}
    products = await _products(ordered.values())
    open_ones = [one for one in quotations if one.order_id in orders and one.status == QuotationStatus.SENT]
    quoted: dict[Any, list[Any]] = defaultdict(list)
    for line in await related_rows(
        models.QuotationLine, by="quotation_id", ids=[one.id for one in open_ones], order_by=("position",)
    ):
        quoted[line.quotation_id].append(line)
    return [
        [
            hint
            for line in quoted[one.id]
            for hint in _hints(context, orders[one.order_id], one, line, ordered[line.order_line_id], products)
        ]
        for one in quotations
    ]


def _may_look(context: Context, order: Any) -> bool:
    actor = context.actor
    may = actor.may("send_quotation") or actor.may("despatch_shipment")
    return may and side_of(order, actor) is Side.SUPPLIER


def _checked(order: Any, line: Any, product: Any, before: Any) -> LineAvailability:
    found = _shelf(product, line.quantity, clock.today(order.delivery_zone))
    return LineAvailability(
        order_line=line,
        on_hand=product.stock_on_hand,
        reserved=product.stock_reserved,
        lead_time_days=product.lead_time_days,
        minimum_quantity=product.minimum_quantity,
        list_price=unit_price(product.list_price, product.currency),
        last_quoted=before
        and PriceBefore(
            unit_price=unit_price(_net_price(before), before.currency),
            quantity=before.quantity,
            quoted_at=before.created_at,
            status=before.status,
        ),
        **vars(found),
    )


def _net_price(before: Any) -> Decimal:
    """Without tax, whichever way the quotation stated it."""
    stated = TaxInclusion(before.tax_inclusion)
    price: Decimal = stated.restated(before.unit_price, before.tax_rate, TaxInclusion.EXCLUSIVE)
    return price


def _hints(context: Context, order: Any, quotation: Any, line: Any, ordered: Any, products: Any) -> list[QuotationHint]:
    sent_on = local_date(quotation.created_at, order.delivery_zone)
    found = _shelf(products[ordered.product_id], line.quantity, sent_on)
    return [
        QuotationHint(code=code, warning=label("quotation_warning", code, context.locale), order_line=ordered)
        for code in warnings(found, line.promised_on)
    ]


def _shelf(product: Any, wanted: Decimal, today: date) -> Shelf:
    return shelf(wanted, product.stock_on_hand, product.stock_reserved, product.lead_time_days, today)


async def _ordered(orders: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for line in await related_rows(models.OrderLine, by="order_id", ids=list(orders), order_by=("position",)):
        found[line.order_id].append(line)
    return found


async def _products(lines: Iterable[Any]) -> dict[Any, Any]:
    ids = {line.product_id for line in lines}
    return {row.id: row for row in await related_rows(models.Product, by="id", ids=list(ids))}
