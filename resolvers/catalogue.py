"""What suppliers offer, as the schema shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
import resolvers.stock_enums  # noqa: F401  # describes the enums below
from models.rows import Row
from resolvers.amounts import Money, Quantity, measured, unit_price
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.names import localized
from resolvers.node import Node
from resolvers.prices import ProductPrice, prices_of
from resolvers.relations import Many, One, Visible, derived, related, shows
from resolvers.units import UNITS, Unit
from rules.availability import Availability, availability, available

if TYPE_CHECKING:
    from resolvers.companies import Company
    from resolvers.stock import StockLevel

LazyStockLevel = Annotated["StockLevel", strawberry.lazy("resolvers.stock")]
LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
MOST_CHILDREN = 200


@strawberry.type(description="A group of goods, kept by the operator and the same for everybody.")
@shows(models.Category)
class Category(Node):
    """A category."""

    id: strawberry.ID = derived(lambda row: encode_id("Category", row.id), description="Opaque id.")
    code: str = strawberry.field(description="Its short name for programs, such as `bolts`; never changes.")
    name: str = related(localized, description="The name in one language.")
    name_zh: str = strawberry.field(description="The name in Chinese.")
    name_en: str = strawberry.field(description="The name in English.")
    parent: "Category | None" = related(
        One(models.Category, "parent_id"), description="The category it is part of; null at the top."
    )
    children: list["Category"] = related(
        Many(models.Category, by="parent_id", order_by=("code",), limit=MOST_CHILDREN),
        description=f"Its parts by their code, at most {MOST_CHILDREN}.",
    )


@strawberry.type(description="One line of a specification.")
class ProductProperty:
    """A name and a value."""

    name: str = strawberry.field(description="What is specified, such as `材质`.")
    value: str = strawberry.field(description="How it is, such as `304 不锈钢`.")


def _is_own(product: Any, context: Visible) -> bool:
    return bool(product.supplier_id == context.actor.company)


def _own_stock(figure: Callable[[Any], Decimal | None]) -> Callable[[Any, Context], Quantity | None]:
    """A figure of the shelf, for the supplier itself: others could tell from it what it sells, and to whom it cannot deliver."""

    def shown(product: Any, context: Context) -> Quantity | None:
        kept = _is_own(product, context) and product.stock_on_hand is not None
        value = figure(product) if kept else None
        return None if value is None else measured(value, product.unit)

    return shown


def _quantity(name: str) -> Callable[[Any], Quantity]:
    return lambda product: measured(getattr(product, name), product.unit)


ONLY_OWN = "null for everybody but its supplier, and when it is made to order."


@dataclass(frozen=True)
class OwnLevels(Many):
    """What lies where of the caller's own products; nobody else's are even looked for."""

    @property
    def reads(self) -> frozenset[str]:
        """What it needs of a product."""
        return frozenset({"id", "supplier_id"})

    async def rows(self, context: Visible, parents: Sequence[Any]) -> list[Row]:
        """The levels of those of the products that are the caller's own."""
        return await super().rows(context, [one for one in parents if _is_own(one, context)])


@strawberry.type(description="An article of one supplier, with the terms it is usually sold on.")
@shows(models.Product)
class Product(Node):
    """A product."""

    id: strawberry.ID = derived(lambda row: encode_id("Product", row.id), description="Opaque id.")
    sku: str = strawberry.field(
        description="The supplier's own number for it; no other product of the supplier has it."
    )
    name: str = related(localized, description="The name in one language.")
    name_zh: str = strawberry.field(description="The name in Chinese.")
    name_en: str = strawberry.field(description="The name in English.")
    specification: list[ProductProperty] = derived(
        lambda row: [ProductProperty(name=line["name"], value=line["value"]) for line in row.specification],
        description="What it is made of and how, line by line.",
    )
    unit: Unit = derived(lambda row: UNITS[row.unit], description="What its quantities count.")
    list_price: Money = derived(
        lambda row: unit_price(row.list_price, row.currency),
        description="The usual price of one unit without tax, with up to 6 decimals; a quotation may differ.",
    )
    price_for: ProductPrice = related(
        prices_of, description="What so many would cost the caller now, ordered alone, and why."
    )
    tax_rate: Decimal = derived(
        lambda row: row.tax_rate.normalize(), description="VAT on top of the price: 0.13 is 13 %."
    )
    minimum_quantity: Quantity = derived(
        _quantity("minimum_quantity"), description="The smallest quantity of an order."
    )
    quantity_step: Quantity = derived(
        _quantity("quantity_step"), description="What every ordered quantity is a multiple of."
    )
    lead_time_days: int = strawberry.field(description="Days from contract to despatch, usually.")
    availability: Availability = derived(
        lambda row: availability(row.stock_on_hand, row.stock_reserved, row.minimum_quantity),
        description="Whether an order could leave at once.",
    )
    available_quantity: Quantity | None = derived(
        _own_stock(lambda row: available(row.stock_on_hand, row.stock_reserved)),
        description=f"What is in stock and not reserved; {ONLY_OWN}",
    )
    stock_on_hand: Quantity | None = derived(
        _own_stock(lambda row: row.stock_on_hand), description=f"What is in stock; {ONLY_OWN}"
    )
    stock_reserved: Quantity | None = derived(
        _own_stock(lambda row: row.stock_reserved), description=f"What is kept for orders; {ONLY_OWN}"
    )
    stock_levels: list[LazyStockLevel] = related(
        OwnLevels(models.StockLevel, by="product_id", order_by=("id",), visible=True),
        description="The same by warehouse; empty for everybody but its supplier, and where nothing ever lay in any.",
    )
    is_active: bool = strawberry.field(
        description="Whether it is offered now; what is not, only its supplier can find."
    )
    version: int | None = derived(
        lambda row, context: row.version if _is_own(row, context) else None,
        description="Rises with each change: what mutations expect. Null for everybody but its supplier.",
    )
    created_at: datetime = strawberry.field(description="Since when it is in the catalogue.")
    supplier: LazyCompany = related(One(models.Company, "supplier_id"), description="Who sells it.")
    category: Category = related(One(models.Category, "category_id"), description="The group of goods it belongs to.")
