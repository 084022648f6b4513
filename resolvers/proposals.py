"""What an order costs by the lists before anybody has quoted it: what its buyer expects, and what its supplier starts from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
from models.order import side_of
from models.rows import related_rows, row
from resolvers.amounts import Money
from resolvers.availability import QUOTING
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id
from resolvers.order_lines import OrderLine
from resolvers.prices import LinePrice
from resolvers.promotions import Promotion
from resolvers.relations import One, related
from rules.lifecycle import OrderStatus, Side
from rules.money import Currency, Rounding, TaxInclusion, totals
from rules.pricing.evaluation import Applied, Pricing
from rules.pricing.promotion import LeftOut
from services.pricing import Market, item, open_market

described(
    LeftOut,
    "PromotionLeftOut",
    "Why a promotion that is open to a buyer gives nothing on an order; expect new ones.",
    {
        "USED_UP": "It has reduced as many orders as it may, of this customer or of all.",
        "OTHER_GOODS": "It is about other goods.",
        "BELOW_MINIMUM": "Its goods come to less than it asks for.",
        "NOT_STACKABLE": "It does not stand beside one that was applied before.",
        "NOTHING_OFF": "It would take nothing off these quantities.",
    },
)


@strawberry.type(description="What one line of an order costs together with the others, and why.")
class PricedOrderLine(LinePrice):
    """A line and its price."""

    order_line: OrderLine = strawberry.field(description="What is asked for.")


async def expected_lines(context: Context, orders: Sequence[Any]) -> list[list[PricedOrderLine]]:
    """What the lines of each draft are expected to cost its buyer; nothing of any other order, and nothing for anybody else."""
    drafts = [o for o in orders if o.status == OrderStatus.DRAFT and side_of(o, context.actor) is Side.BUYER]
    lines = await _lines(drafts)
    market = await open_market(context.actor.home, [line.product_id for found in lines.values() for line in found])
    shown = {draft.id: _shown(lines[draft.id], _priced(draft, lines[draft.id], market)) for draft in drafts}
    return [shown.get(order.id, []) for order in orders]


@strawberry.type
class Expected:
    """What the buyer expects of a draft."""

    expected_lines: list[PricedOrderLine] = related(
        expected_lines,
        description="What each line of a draft is expected to cost its buyer, and why; empty once it is submitted, and for everybody else.",
    )


@strawberry.type(description="A promotion that is open to the buyer, and what it does on the order.")
class ProposedPromotion:
    """A promotion, looked at."""

    promotion_id: strawberry.Private[UUID]
    promotion: Promotion | None = related(
        One(models.Promotion, "promotion_id", visible=True), description="The promotion."
    )
    amount: Money = strawberry.field(description="What it takes off altogether, as the prices are stated.")
    left_out_because: LeftOut | None = strawberry.field(description="Why that is nothing; null where it is something.")

    @classmethod
    def of(cls, applied: Applied, currency: Currency) -> "ProposedPromotion":
        """A promotion that was looked at, to be shown."""
        amount = Money(amount=applied.amount, currency=currency)
        return cls(promotion_id=applied.promotion.id, amount=amount, left_out_because=applied.reason)


@strawberry.type(
    description="The quotation that the supplier's own lists make of an order now; what `sendQuotation` leaves out is taken from it."
)
class QuotationProposal:
    """A proposal."""

    tax_inclusion: TaxInclusion = strawberry.field(description="How its prices are stated.")
    lines: list[PricedOrderLine] = strawberry.field(description="Every line of the order.")
    promotions: list[ProposedPromotion] = strawberry.field(
        description="Every promotion that is open to the buyer, in the order in which they are applied."
    )
    net: Money = strawberry.field(description="All goods without tax.")
    tax: Money = strawberry.field(description="The tax on them, rounded on each line, half up.")
    total: Money = strawberry.field(description="What is to be paid for them; freight and terms are not proposed.")


async def _proposal(order: Any, tax_inclusion: TaxInclusion) -> QuotationProposal:
    lines = (await _lines([order]))[order.id]
    market = await open_market(order.buyer_id, [line.product_id for line in lines])
    pricing, currency = _priced(order, lines, market, tax_inclusion), Currency(order.currency)
    sums = totals(pricing.charges, pricing.rounding)
    return QuotationProposal(
        tax_inclusion=tax_inclusion,
        lines=_shown(lines, pricing),
        promotions=[ProposedPromotion.of(one, currency) for one in pricing.promotions],
        net=Money(amount=sums.net, currency=currency),
        tax=Money(amount=sums.tax, currency=currency),
        total=Money(amount=sums.gross, currency=currency),
    )


async def _lines(orders: Iterable[Any]) -> dict[UUID, list[Any]]:
    """The lines of each order, in their order."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    ids = [order.id for order in orders]
    for line in await related_rows(models.OrderLine, by="order_id", ids=ids, order_by=("position",)):
        found[line.order_id].append(line)
    return found


def _priced(
    order: Any, lines: Sequence[Any], market: Market, tax_inclusion: TaxInclusion = TaxInclusion.EXCLUSIVE
) -> Pricing:
    rounding = Rounding(Currency(order.currency), tax_inclusion=tax_inclusion)
    return market.pricing(order.supplier_id, [item(line) for line in lines], rounding)


def _shown(lines: Sequence[Any], pricing: Pricing) -> list[PricedOrderLine]:
    currency = pricing.rounding.currency
    return [
        PricedOrderLine.of(priced, currency, order_line=line) for line, priced in zip(lines, pricing.lines, strict=True)
    ]


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
        tax_inclusion: Annotated[
            TaxInclusion, strawberry.argument(description="How it is to state its prices, as `sendQuotation` will.")
        ] = TaxInclusion.EXCLUSIVE,
    ) -> QuotationProposal | None:
        """A missing, a malformed and a stranger's id look the same."""
        actor, key = info.context.actor, decode_id("Order", id)
        order = await row(models.Order.visible_to(actor).filter(id=key)) if key else None
        may = order is not None and actor.may("send_quotation") and side_of(order, actor) is Side.SUPPLIER
        return await _proposal(order, tax_inclusion) if order is not None and may and order.status in QUOTING else None
