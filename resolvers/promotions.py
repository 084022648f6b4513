"""Promotions as the schema shows them to the supplier's own people, how to find them, and which policies they may follow."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
from resolvers.amounts import Money
from resolvers.catalogue import Product
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.price_lists import CustomerGrade
from resolvers.relations import Many, One, derived, related, shows
from rules.money import Currency
from rules.pricing.policy import PromotionPolicy as Followed
from rules.pricing.policy import Term, TermKind
from rules.pricing.price_lists import Audience
from rules.pricing.promotion import Stacking
from rules.pricing.registry import promotion_policies

if TYPE_CHECKING:
    from resolvers.companies import Company

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]

described(
    TermKind,
    "PromotionTermKind",
    "What a term of a promotion is measured in.",
    {
        "SHARE": "A share: 0.1 is 10 %.",
        "AMOUNT": "Money, in the promotion's currency.",
        "QUANTITY": "A number of units.",
    },
)
described(
    Stacking,
    "PromotionStacking",
    "Whether others may be applied beside a promotion.",
    {
        "COMBINABLE": "Others may, too, each off what is left.",
        "EXCLUSIVE": "It is applied alone or, after another one, not at all.",
    },
)


@strawberry.type(description="One number that a promotion gives to its policy.")
class PromotionTerm:
    """A term of a policy."""

    term: strawberry.Private[Term]
    name: str = derived(lambda shown: shown.term.name, description="What it is called.")
    kind: TermKind = derived(lambda shown: shown.term.kind, description="What it is measured in.")
    description: str = derived(
        lambda shown, context: shown.term.words.told(context.locale),
        description="What it says, in the caller's language.",
    )


@strawberry.type(description="What promotions may follow; expect new ones.")
class PromotionPolicy:
    """A policy."""

    policy: strawberry.Private[Followed]
    code: str = derived(lambda shown: shown.policy.code, description="The code that a promotion names.")
    label: str = derived(
        lambda shown, context: shown.policy.words.told(context.locale), description="Its name in the caller's language."
    )
    needs_products: bool = derived(
        lambda shown: shown.policy.needs_products, description="Whether a promotion has to name its products."
    )
    terms: list[PromotionTerm] = derived(
        lambda shown: [PromotionTerm(term=term) for term in shown.policy.terms],
        description="The numbers it asks for, each once, greater than zero.",
    )


@strawberry.type(description="A number that a promotion gives to its policy.")
class PromotionTermValue:
    """A name and its value."""

    name: str = strawberry.field(description="What it is called, as `promotionPolicies` has it.")
    value: Decimal = strawberry.field(description="How much.")


@strawberry.type(description="A product that a promotion is about.")
@shows(models.PromotionProduct)
class PromotionProduct:
    """A product, and how many belong together."""

    product: Product = related(One(models.Product, "product_id"), description="The article.")
    quantity: Decimal = derived(
        lambda row: row.quantity.normalize(), description="How many of it belong together with the others, in a bundle."
    )


def _terms(row: Any) -> list[PromotionTermValue]:
    return [PromotionTermValue(name=name, value=Decimal(value)) for name, value in sorted(row.terms.items())]


@strawberry.type(
    description="What a supplier takes off for a customer, a grade or everyone; made once and ended, never changed. "
    "Buyers meet its name on what it reduces, nothing else."
)
@shows(models.Promotion)
class Promotion(Node):
    """A promotion."""

    id: strawberry.ID = derived(lambda row: encode_id("Promotion", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What it is called; buyers read it on what it reduces.")
    currency: Currency = strawberry.field(description="It reduces orders in this currency.")
    policy: str = strawberry.field(description="The code of the policy it follows.")
    terms: list[PromotionTermValue] = derived(_terms, description="The numbers it gives to the policy.")
    products: list[PromotionProduct] = related(
        Many(models.PromotionProduct, by="promotion_id", order_by=("id",)),
        description="What it is about; all goods where none is named.",
    )
    audience: Audience = strawberry.field(description="Whom it is for.")
    customer: LazyCompany | None = related(
        One(models.Company, "customer_id", visible=True),
        description="The customer it is for; null unless it is for one.",
    )
    grade: CustomerGrade | None = related(
        One(models.CustomerGrade, "grade_id", visible=True),
        description="The grade it is for; null unless it is for one.",
    )
    valid_from: date = strawberry.field(
        description="The first day it is valid, in the calendar of the supplier's place."
    )
    valid_to: date | None = strawberry.field(description="The last day; null: until it is ended.")
    stacking: Stacking = strawberry.field(description="Whether others may be applied beside it.")
    priority: int = strawberry.field(description="The smaller number is applied first.")
    minimum_amount: Money = derived(
        lambda row: Money(amount=row.minimum_amount, currency=Currency(row.currency)),
        description="What its goods have to come to on an order, as the quotation states prices and before any promotion.",
    )
    max_uses: int | None = strawberry.field(description="How many orders it may reduce; null: any number.")
    max_uses_per_customer: int | None = strawberry.field(
        description="How many orders of one customer it may reduce; null: any number."
    )
    used: int = strawberry.field(description="How many orders hold it: offers that are open, and contracts.")
    ended_at: datetime | None = strawberry.field(description="When it was ended for good; null before.")
    version: int = strawberry.field(description="What `endPromotion` expects.")


@strawberry.type
class PromotionQuery:
    """How to find promotions and what they may follow."""

    @strawberry.field(description="The policies that promotions may follow, by their code.")
    async def promotion_policies(self) -> list[PromotionPolicy]:
        """The same for everybody."""
        return [PromotionPolicy(policy=policy) for policy in promotion_policies().values()]

    @strawberry.field(description="The promotions of the caller's company, newest first.")
    async def promotions(
        self,
        info: Info[Context, None],
        ended: Annotated[
            bool | None, strawberry.argument(description="Only those that were ended, or only the others.")
        ] = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[Promotion]:
        """One page of promotions."""
        found = models.Promotion.visible_to(info.context.actor)
        if ended is not None:
            found = found.filter(ended_at__isnull=not ended)
        return Connection.of(await page(found, first=first, after=after))
