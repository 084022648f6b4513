"""The quotation that a supplier starts from, as its lists have it; and why the lines of one that was sent cost what they cost."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.order import side_of
from models.rows import related_rows, row
from resolvers.amounts import Money
from resolvers.availability import QUOTING
from resolvers.context import Context
from resolvers.ids import decode_id
from resolvers.order_lines import OrderLine
from resolvers.prices import LinePrice, PriceStep
from rules.lifecycle import Side
from rules.money import Currency, Rounding, totals
from rules.pricing.goods import Step
from rules.pricing.registry import promotion_policies
from services.pricing import item, open_market


@strawberry.type(description="What one line of an order would be quoted at.")
class ProposedLine(LinePrice):
    """A line of a proposal."""

    order_line: OrderLine = strawberry.field(description="What is asked for.")


@strawberry.type(
    description="The quotation that the supplier's own lists make of an order now; what `sendQuotation` leaves out is taken from it."
)
class QuotationProposal:
    """A proposal."""

    lines: list[ProposedLine] = strawberry.field(description="Every line of the order.")
    net: Money = strawberry.field(description="All goods without tax.")
    tax: Money = strawberry.field(description="The tax on them, rounded on each line, half up.")
    total: Money = strawberry.field(description="What is to be paid for them; freight and terms are not proposed.")


async def _proposal(order: Any) -> QuotationProposal:
    lines = await related_rows(models.OrderLine, by="order_id", ids=[order.id], order_by=("position",))
    market = await open_market(order.buyer_id, [line.product_id for line in lines])
    currency = Currency(order.currency)
    pricing = market.pricing(order.supplier_id, [item(line) for line in lines], Rounding(currency))
    sums = totals(pricing.charges, Rounding(currency))
    return QuotationProposal(
        lines=[
            ProposedLine.of(priced, currency, order_line=line)
            for line, priced in zip(lines, pricing.lines, strict=True)
        ],
        net=Money(amount=sums.net, currency=currency),
        tax=Money(amount=sums.tax, currency=currency),
        total=Money(amount=sums.gross, currency=currency),
    )


async def explained(context: Context, lines: Sequence[Any]) -> list[list[PriceStep]]:
    """The steps to each quoted price, as they were frozen: all for the supplier, for everybody else the promotions among them."""
    quotations = await related_rows(models.Quotation, by="id", ids=list({line.quotation_id for line in lines}))
    orders = await related_rows(models.Order, by="id", ids=list({one.order_id for one in quotations}))
    own = {order.id for order in orders if side_of(order, context.actor) is Side.SUPPLIER}
    sent = {one.id: (one.order_id in own, Currency(one.currency)) for one in quotations}
    return [_steps(line, *sent[line.quotation_id]) for line in lines]


def _steps(line: Any, is_own: bool, currency: Currency) -> list[PriceStep]:
    steps = [Step.from_json(stored) for stored in line.price_explanation or ()]
    return PriceStep.of([step for step in steps if is_own or step.policy in promotion_policies()], currency)


@strawberry.type
class ProposalQuery:
    """What a supplier starts from."""

    @strawberry.field(
        description="The quotation that the caller's own price lists make of an order which waits for one; null for everybody but the "
        "supplier's salespeople, and where nothing is to be quoted."
    )
    async def quotation_proposal(
        self,
        info: Info[Context, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="The order's opaque id.")],
    ) -> QuotationProposal | None:
        """A missing, a malformed and a stranger's id look the same."""
        actor, key = info.context.actor, decode_id("Order", id)
        order = await row(models.Order.visible_to(actor).filter(id=key)) if key else None
        may = order is not None and actor.may("send_quotation") and side_of(order, actor) is Side.SUPPLIER
        return await _proposal(order) if order is not None and may and order.status in QUOTING else None
