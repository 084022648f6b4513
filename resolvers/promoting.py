"""What suppliers do about promotions."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Items, Number, Pieces, Text, check
from resolvers.listing_prices import FROM, audience_of
from resolvers.offer_inputs import Amount
from resolvers.problems import ALWAYS, CREATING, StaleVersionProblem, answers, known
from resolvers.promotions import Promotion
from resolvers.steps import KEY, Key, shown
from rules.money import Currency
from rules.pricing.promotion import Stacking
from services import promotions

MOST_TERMS, MOST_PRODUCTS = 10, 200
Uses = Annotated[int, Number(least=1, most=10**9)]


@strawberry.input(description="A number that a promotion gives to its policy.")
class PromotionTermInput:
    """A name and its value."""

    name: Annotated[str, Text(1, 40)] = strawberry.field(
        description="What it is called, as `promotionPolicies` has it: 1 to 40 characters."
    )
    value: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How much: more than 0, a share at most 1."
    )


@strawberry.input(description="A product that a promotion is about.")
class PromotionProductInput:
    """A product, and how many belong together."""

    product_id: strawberry.ID = strawberry.field(description="The product, of the caller's company.")
    quantity: Pieces = strawberry.field(
        default=Decimal(1), description="How many of it belong together with the others, in a bundle; more than 0."
    )


@strawberry.input(description="A new promotion; it is never changed, only ended.")
class CreatePromotionInput:
    """A new promotion."""

    name: Annotated[str, Text(1, 120)] = strawberry.field(
        description="What it is called: buyers read it on what it reduces. 1 to 120 characters."
    )
    currency: Currency = strawberry.field(description="It reduces orders in this currency.")
    policy: Annotated[str, Text(1, 40)] = strawberry.field(
        description="The code of one of `promotionPolicies`, such as PERCENTAGE: 1 to 40 characters."
    )
    terms: Annotated[list[PromotionTermInput], Items(0, MOST_TERMS)] = strawberry.field(
        description="The numbers that the policy asks for, each once: at most 10."
    )
    products: Annotated[list[PromotionProductInput], Items(0, MOST_PRODUCTS)] = strawberry.field(
        default_factory=list, description="What it is about, each product once: at most 200; all goods without any."
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The one customer it is for; or else a grade, or everyone."
    )
    grade_id: strawberry.ID | None = strawberry.field(
        default=None, description="The grade of customers it is for; or else a customer, or everyone."
    )
    valid_from: date = strawberry.field(description=FROM)
    valid_to: date | None = strawberry.field(
        default=None, description="The last day it is valid; null: until it is ended."
    )
    stacking: Stacking = strawberry.field(
        default=Stacking.COMBINABLE, description="Whether others may be applied beside it."
    )
    priority: Annotated[int, Number(least=0, most=1000)] = strawberry.field(
        default=100, description="The smaller number is applied first: 0 to 1000."
    )
    minimum_amount: Amount = strawberry.field(
        default=Decimal(0),
        description="What its goods have to come to, as the quotation states prices and before any promotion.",
    )
    max_uses: Uses | None = strawberry.field(
        default=None, description="How many orders it may reduce: at least 1; null: any number."
    )
    max_uses_per_customer: Uses | None = strawberry.field(
        default=None, description="How many orders of one customer it may reduce: at least 1; null: any number."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A promotion, as it was read.")
class EndPromotionInput:
    """Which promotion ends."""

    promotion_id: strawberry.ID = strawberry.field(description="The promotion, of the caller's company.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.type
class PromotionNow:
    """What a step on a promotion answers with."""

    promotion: Promotion = strawberry.field(description="The promotion as it is now.")


@strawberry.type(description="What is priced from its first day on is reduced by it.")
class CreatePromotionSuccess(PromotionNow):
    """A promotion was made."""


@strawberry.type(description="It reduces nothing any more; offers that are open, and contracts, keep what it took off.")
class EndPromotionSuccess(PromotionNow):
    """A promotion was ended."""


def _wish(given: CreatePromotionInput) -> promotions.PromotionWish:
    return promotions.PromotionWish(
        name=given.name,
        currency=given.currency,
        policy=given.policy,
        terms=tuple((term.name, term.value) for term in given.terms),
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        to=audience_of(given),
        products=tuple(
            promotions.PromotedProduct(known("Product", one.product_id), one.quantity) for one in given.products
        ),
        stacking=given.stacking,
        priority=given.priority,
        minimum_amount=given.minimum_amount,
        max_uses=given.max_uses,
        max_uses_per_customer=given.max_uses_per_customer,
    )


@strawberry.type
class PromotingMutation:
    """What suppliers do about promotions."""

    @strawberry.mutation(
        graphql_type=answers(CreatePromotionSuccess, *CREATING),
        description="Make a promotion for a customer, a grade or everyone; for ADMIN and SALES of a company that supplies.",
    )
    async def create_promotion(self, info: Info[Context, None], input: CreatePromotionInput) -> CreatePromotionSuccess:
        """A promotion, made."""
        check(input)
        made = await promotions.create_promotion(
            info.context.actor, _wish(input), idempotency_key=input.idempotency_key
        )
        return CreatePromotionSuccess(promotion=shown(made))

    @strawberry.mutation(
        graphql_type=answers(EndPromotionSuccess, *ALWAYS, StaleVersionProblem),
        description="End a promotion for good; for ADMIN and SALES.",
    )
    async def end_promotion(self, info: Info[Context, None], input: EndPromotionInput) -> EndPromotionSuccess:
        """A promotion, ended."""
        check(input)
        ended = await promotions.end_promotion(
            info.context.actor, known("Promotion", input.promotion_id), input.expected_version
        )
        return EndPromotionSuccess(promotion=shown(ended))
