"""What clients say of products and categories."""

from decimal import Decimal
from typing import Annotated

import strawberry

import resolvers.stock_enums  # noqa: F401  # describes the enum below
from resolvers.amounts import MoneyInput
from resolvers.inputs import Items, Number, Text
from resolvers.problems import known
from resolvers.steps import KEY, Key
from rules.stock import StockCount
from rules.units import unit
from services import catalogue

# What the services promise to hold; see services.catalogue.MOST_STOCK.
MOST = Decimal(10**12)
MOST_PROPERTIES = 50

Name = Annotated[str, Text(1, 200)]
Amount = Annotated[Decimal, Number(above=0, most=MOST, places=6)]
Days = Annotated[int, Number(least=0, most=3650)]
Rate = Annotated[Decimal, Number(least=0, most=Decimal("0.999999"), places=6)]

RATE = "VAT on top of the price: 0.13 is 13 %; at least 0 and less than 1."
DAYS = "Days from contract to despatch, usually: 0 to 3650."
STEP = "What every ordered quantity, the smallest too, is a multiple of; more than 0, at most 10¹²."


@strawberry.input(description="One line of a specification.")
class ProductPropertyInput:
    """A name and a value."""

    name: Annotated[str, Text(1, 60)] = strawberry.field(description="What is specified, in 1 to 60 characters.")
    value: Annotated[str, Text(1, 200)] = strawberry.field(description="How it is, in 1 to 200 characters.")


Specification = Annotated[list[ProductPropertyInput], Items(0, MOST_PROPERTIES)]


@strawberry.input(description="A new category.")
class CreateCategoryInput:
    """What a category is."""

    code: Annotated[str, Text(1, 40, "[a-z0-9]+(-[a-z0-9]+)*")] = strawberry.field(
        description="Its short name for programs: small letters, digits and single dashes, at most 40; never changes."
    )
    name_zh: Annotated[str, Text(1, 120)] = strawberry.field(description="The name in Chinese, at most 120 characters.")
    name_en: Annotated[str, Text(1, 120)] = strawberry.field(description="The name in English, at most 120 characters.")
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="The category it is part of.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A new product of the caller's company.")
class CreateProductInput:
    """What a product is."""

    category_id: strawberry.ID = strawberry.field(description="The group of goods it belongs to.")
    sku: Annotated[str, Text(1, 64)] = strawberry.field(
        description="The company's own number for it, at most 64 characters; never changes."
    )
    name_zh: Name = strawberry.field(description="The name in Chinese, at most 200 characters.")
    name_en: Name = strawberry.field(description="The name in English, at most 200 characters.")
    specification: Specification = strawberry.field(
        default_factory=list, description="What it is made of and how: at most 50 lines, each name once."
    )
    unit: Annotated[str, Text(1, 3)] = strawberry.field(
        description="What its quantities count: a code of `units`, such as `H87`, at most 3 characters; never changes."
    )
    list_price: MoneyInput = strawberry.field(description="The usual price of one unit without tax.")
    tax_rate: Rate = strawberry.field(description=RATE)
    minimum_quantity: Amount = strawberry.field(
        default=Decimal(1), description="The smallest quantity of an order; more than 0, at most 10¹²."
    )
    quantity_step: Amount = strawberry.field(default=Decimal(1), description=STEP)
    lead_time_days: Days = strawberry.field(description=DAYS)
    stock_on_hand: Annotated[Decimal, Number(least=0, most=MOST, places=6)] | None = strawberry.field(
        default=None, description="What is in stock, at most 10¹²; null when it is made to order."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="Which product changes, as it was read.")
class ProductStepInput:
    """Which product."""

    product_id: strawberry.ID = strawberry.field(description="The product, of the caller's company.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="What of a product changes; what is null stays. Orders keep what they were made with.")
class UpdateProductInput(ProductStepInput):
    """What changes."""

    category_id: strawberry.ID | None = strawberry.field(default=None, description="The group of goods it belongs to.")
    name_zh: Name | None = strawberry.field(default=None, description="The name in Chinese, at most 200 characters.")
    name_en: Name | None = strawberry.field(default=None, description="The name in English, at most 200 characters.")
    specification: Specification | None = strawberry.field(
        default=None, description="All of the specification anew: at most 50 lines, each name once."
    )
    list_price: MoneyInput | None = strawberry.field(
        default=None, description="The usual price of one unit without tax."
    )
    tax_rate: Rate | None = strawberry.field(default=None, description=RATE)
    minimum_quantity: Amount | None = strawberry.field(
        default=None, description="The smallest quantity of an order; more than 0, at most 10¹²."
    )
    quantity_step: Amount | None = strawberry.field(default=None, description=STEP)
    lead_time_days: Days | None = strawberry.field(default=None, description=DAYS)
    is_active: bool | None = strawberry.field(default=None, description="Whether it is offered.")
    made_to_order: bool | None = strawberry.field(
        default=None, description="True takes the stock away with all that is in it; false begins with an empty one."
    )


@strawberry.input(description="What came into a product's stock, or went out of it other than by an order.")
class AdjustStockInput(ProductStepInput):
    """What changes."""

    change: Annotated[Decimal, Number(least=-MOST, most=MOST, places=6)] = strawberry.field(
        description="How many of its unit came, or went if it is negative; the stock stays between 0 and 10¹²."
    )
    warehouse_id: strawberry.ID | None = strawberry.field(
        default=None, description="In which warehouse of the company; in the default one unless said."
    )
    count: StockCount = strawberry.field(default=StockCount.ADJUSTED, description="Why it changes.")
    remark: Annotated[str, Text(1, 200)] | None = strawberry.field(
        default=None, description="What to add, at most 200 characters."
    )


def article(given: CreateProductInput) -> catalogue.Article:
    """What the input says of a new product; NotFound for a malformed category, InvalidInput for a unit that is none."""
    return catalogue.Article(
        category_id=known("Category", given.category_id),
        sku=given.sku,
        name_zh=given.name_zh,
        name_en=given.name_en,
        specification=_properties(given.specification),
        unit=unit(given.unit, "input.unit"),
        list_price=given.list_price.amount,
        currency=given.list_price.currency,
        tax_rate=given.tax_rate,
        minimum_quantity=given.minimum_quantity,
        quantity_step=given.quantity_step,
        lead_time_days=given.lead_time_days,
        stock_on_hand=given.stock_on_hand,
    )


def revision(given: UpdateProductInput) -> catalogue.Revision:
    """What the input says anew."""
    price = given.list_price
    return catalogue.Revision(
        category_id=None if given.category_id is None else known("Category", given.category_id),
        name_zh=given.name_zh,
        name_en=given.name_en,
        specification=None if given.specification is None else _properties(given.specification),
        list_price=None if price is None else price.amount,
        currency=None if price is None else price.currency,
        tax_rate=given.tax_rate,
        minimum_quantity=given.minimum_quantity,
        quantity_step=given.quantity_step,
        lead_time_days=given.lead_time_days,
        is_active=given.is_active,
    )


def _properties(given: list[ProductPropertyInput]) -> tuple[catalogue.Property, ...]:
    return tuple(catalogue.Property(line.name, line.value) for line in given)
