"""Money and quantities as the schema shows and takes them."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from resolvers.enums import described
from resolvers.inputs import Number, Text
from resolvers.relations import derived
from rules.money import Currency, minor_unit

CurrencyCode = described(
    Currency,
    "CurrencyCode",
    "An ISO 4217 currency that orders may be made in; expect new ones.",
    {
        "CNY": "Chinese yuan renminbi.",
        "USD": "United States dollar.",
        "EUR": "Euro.",
        "HKD": "Hong Kong dollar.",
        "JPY": "Japanese yen, which has no smaller unit.",
        "GBP": "Pound sterling.",
        "SGD": "Singapore dollar.",
    },
)


@strawberry.type(description="An exact amount of money.")
class Money:
    """An amount and its currency."""

    amount: Decimal = strawberry.field(description="The amount in the currency's main unit.")
    currency: Currency = strawberry.field(description="The currency of the amount.")


def amount_of(field: str, description: str) -> Any:
    """An amount of the row, in the row's currency."""
    return derived(
        lambda row: Money(amount=getattr(row, field), currency=row.currency),
        description=description,
    )


def unit_price(amount: Decimal, currency: str) -> Money:
    """A price for one unit with as many decimals as it needs, and at least those of the currency."""
    needed, least = amount.normalize(), minor_unit(Currency(currency))
    shown = needed if needed.as_tuple().exponent < least.as_tuple().exponent else needed.quantize(least)  # type: ignore[operator]
    return Money(amount=shown, currency=Currency(currency))


@strawberry.input(description="An exact amount of money.")
class MoneyInput:
    """An amount and its currency, from a client."""

    amount: Annotated[Decimal, Number(places=6)] = strawberry.field(
        description="The amount in the currency's main unit, with at most 6 decimals."
    )
    currency: Currency = strawberry.field(description="The currency of the amount.")


@strawberry.type(description="How much of something, in a unit of measure.")
class Quantity:
    """A number and its unit."""

    value: Decimal = strawberry.field(description="How many units.")
    unit: str = strawberry.field(description="The unit's UN/ECE Recommendation 20 code, such as `H87` for a piece.")


def measured(value: Decimal, unit: str) -> Quantity:
    """A quantity with as many decimals as it needs."""
    return Quantity(value=value.normalize(), unit=unit)


@strawberry.input(description="How much of something, in a unit of measure.")
class QuantityInput:
    """A number and its unit, from a client."""

    value: Annotated[Decimal, Number(places=6)] = strawberry.field(
        description="How many units, with at most 6 decimals."
    )
    unit: Annotated[str, Text(1, 3)] = strawberry.field(
        description="The unit's UN/ECE Recommendation 20 code, such as `H87` for a piece; at most 3 characters."
    )
