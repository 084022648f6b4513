"""What goods cost the caller and why, and what the supplier's own people are told of that."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry

import models
from resolvers.amounts import Money, unit_price
from resolvers.context import Context
from resolvers.errors import bad_input
from resolvers.inputs import PIECES
from resolvers.relations import One, derived, related
from resolvers.words import spoken
from rules.money import Currency, Rounding
from rules.pricing.evaluation import cheaper_from
from rules.pricing.goods import Item, PricedLine, Step, explained
from rules.pricing.price_lists import PriceBreak
from rules.pricing.registry import policy_named, promotion_policies
from services.pricing import Market, open_market

if TYPE_CHECKING:
    from resolvers.price_lists import PriceList
    from resolvers.promotions import Promotion

LazyPriceList = Annotated["PriceList", strawberry.lazy("resolvers.price_lists")]
LazyPromotion = Annotated["Promotion", strawberry.lazy("resolvers.promotions")]

HowMany = Annotated[
    Decimal | None,
    strawberry.argument(
        description="For how many, in its unit: more than 0, at most 10¹²; the smallest order unless said."
    ),
]


@strawberry.type(
    description="One step on the way to a line's price: what the line came to before and after, as its document states prices, and why."
)
class PriceStep:
    """A step of a price."""

    step: strawberry.Private[Step]
    source: strawberry.Private[UUID | None]
    policy: str = derived(
        lambda shown: shown.step.policy, description="The code of the policy, such as PRICE_LIST; expect new ones."
    )
    label: str = derived(
        lambda shown, context: _words(shown.step, "words", context.locale),
        description="The policy in the caller's language.",
    )
    because: str = derived(
        lambda shown, context: _words(shown.step, "because", context.locale),
        description="Why, in the caller's language.",
    )
    promotion_name: str | None = derived(
        lambda shown: shown.step.name if shown.step.policy in promotion_policies() else None,
        description="What the promotion is called; null where the step is none.",
    )
    promotion: LazyPromotion | None = related(
        One(models.Promotion, "source", visible=True),
        description="The supplier's promotion it comes from; null for everybody but the supplier.",
    )
    price_list: LazyPriceList | None = related(
        One(models.PriceList, "source", visible=True),
        description="The supplier's list it comes from; null for everybody but the supplier.",
    )
    before: Decimal = derived(
        lambda shown: shown.step.before, description="What the whole line came to before, in the currency of the price."
    )
    after: Decimal = derived(lambda shown: shown.step.after, description="What it came to after.")
    unit_price: Decimal | None = derived(
        lambda shown: shown.step.unit_price and shown.step.unit_price.normalize(),
        description="The price of one from then on; null where the step did not change it.",
    )

    @classmethod
    def of(cls, steps: Iterable[Step]) -> "list[PriceStep]":
        """The steps, to be shown."""
        return [cls(step=step, source=step.source) for step in steps]


@strawberry.type(description="From how many on one costs less than so many do altogether.")
class CheaperQuantity:
    """A larger quantity that costs less."""

    minimum_quantity: Decimal = strawberry.field(description="From how many on.")
    unit_price: Money = strawberry.field(description="What one costs then, without tax.")

    @classmethod
    def of(cls, found: PriceBreak, currency: Currency) -> "CheaperQuantity":
        """A break, to be shown."""
        price = unit_price(found.unit_price, currency)
        return cls(minimum_quantity=found.minimum_quantity.normalize(), unit_price=price)


@strawberry.type(description="What so many cost, and why; a quotation may differ.")
class LinePrice:
    """A price with its reasons."""

    quantity: Decimal = strawberry.field(description="For how many.")
    unit_price: Money = strawberry.field(description="The price of one, before promotions.")
    net: Money = strawberry.field(description="What all of them cost, promotions taken off, stated as the prices are.")
    price_explanation: list[PriceStep] = strawberry.field(description="Each step from the list price to that.")

    @classmethod
    def of(cls, line: PricedLine, currency: Currency, **more: Any) -> Self:
        """A priced line, to be shown."""
        return cls(
            quantity=line.item.quantity.normalize(),
            unit_price=unit_price(line.unit_price, currency),
            net=Money(amount=line.net, currency=currency),
            price_explanation=PriceStep.of(line.steps),
            **more,
        )


@strawberry.type(
    description="What so many of a product cost the caller now, ordered alone, without tax; a quotation may differ."
)
class ProductPrice(LinePrice):
    """A price, and whether more would cost less."""

    cheaper_from: CheaperQuantity | None = strawberry.field(
        description="The smallest larger quantity that costs less altogether; null where there is none."
    )


def _words(step: Step, which: str, locale: str) -> str:
    """A text of the policy that took the step; its code where it is no longer there."""
    policy = policy_named(step.policy)
    return step.policy if policy is None else str(getattr(policy, which).told(locale, step.facts))


def quoted_steps(line: Any, context: Context) -> list[PriceStep]:
    """The steps to a quoted price: all for the supplier, for everybody else the promotions among them."""
    supplier, steps = explained(line.price_explanation)
    is_own = supplier is not None and supplier == context.actor.company
    return PriceStep.of(step for step in steps if is_own or step.policy in promotion_policies())


async def prices_of(context: Context, products: Sequence[Any], quantity: HowMany = None) -> list[ProductPrice]:
    """What so many of each product would cost the caller, ordered alone."""
    if quantity is not None and (fault := PIECES.fault(quantity)):
        raise bad_input("quantity", spoken(fault, context.locale))
    market = await open_market(context.actor.home, [product.id for product in products])
    return [_price(market, product, quantity or product.minimum_quantity) for product in products]


def _price(market: Market, product: Any, quantity: Decimal) -> ProductPrice:
    currency = Currency(product.currency)
    wanted = Item(1, product.id, quantity, product.list_price, product.tax_rate)
    [line] = market.pricing(product.supplier_id, [wanted], Rounding(currency)).lines
    lists = market.price_lists(product.supplier_id, currency)
    cheaper = cheaper_from(wanted, lists, product.quantity_step)
    return ProductPrice.of(line, currency, cheaper_from=CheaperQuantity.of(cheaper, currency) if cheaper else None)
