"""How to find what suppliers offer."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
from models.product_search import ProductSearch
from models.rows import row
from resolvers.amounts import MoneyInput
from resolvers.catalogue import Category, Product
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id
from resolvers.inputs import PAGE_DEFAULT, Text, check
from resolvers.pages import After, Connection, First, page
from rules.money import Currency
from rules.problems import invalid
from rules.search import wanted

NOBODY = UUID(int=0)
"""No row has this id: what a malformed one stands for, since it finds as little as a missing one."""


class ProductSort(StrEnum):
    """How a list of products is sorted."""

    NEWEST = "NEWEST"
    NAME = "NAME"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"


described(
    ProductSort,
    "ProductSort",
    "How a list of products is sorted.",
    {
        "NEWEST": "What came into the catalogue last, first.",
        "NAME": "By the Chinese name, in the order of Unicode's characters.",
        "PRICE_ASC": "By the list price, cheapest first; a price bound in the filter keeps currencies apart.",
        "PRICE_DESC": "By the list price, dearest first; a price bound in the filter keeps currencies apart.",
    },
)
_SORTS = {
    ProductSort.NEWEST: ("-id",),
    ProductSort.NAME: ("name_zh", "id"),
    ProductSort.PRICE_ASC: ("list_price", "id"),
    ProductSort.PRICE_DESC: ("-list_price", "-id"),
}


@strawberry.input(description="Which products to list; all conditions must hold, and what is null does not narrow.")
class ProductFilter:
    """Conditions on products."""

    text: Annotated[str | None, Text(0, 200)] = strawberry.field(
        default=None,
        description="Words of the name, SKU or specification, all of which must occur: Chinese from one character on, "
        "others by their beginning; at most 200 characters.",
    )
    supplier_id: strawberry.ID | None = strawberry.field(default=None, description="Those of this supplier.")
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those in this category or in one beneath it."
    )
    price_from: MoneyInput | None = strawberry.field(
        default=None, description="Those with a list price of at least this, in its currency."
    )
    price_to: MoneyInput | None = strawberry.field(
        default=None, description="Those with a list price of at most this, in its currency."
    )
    in_stock: bool = strawberry.field(
        default=False, description="Only those of which the smallest order could leave at once."
    )


Filter = Annotated[ProductFilter | None, strawberry.argument(description="Which products to list; all without it.")]
Sort = Annotated[ProductSort, strawberry.argument(description="In which order.")]
Key = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]


@strawberry.type
class CatalogueQuery:
    """How to find products and categories."""

    @strawberry.field(description="A product by its id; null if there is none that the caller may see.")
    async def product(self, info: Info[Context, None], id: Key) -> Product | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Product", id) or NOBODY
        return await row(models.Product.visible_to(info.context.actor).filter(id=key))

    @strawberry.field(description="What admitted suppliers offer, and all products of the caller's own company.")
    async def products(
        self,
        info: Info[Context, None],
        filter: Filter = None,
        sort: Sort = ProductSort.NEWEST,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[Product]:
        """One page of products."""
        visible = models.Product.visible_to(info.context.actor)
        search = await _search(filter or ProductFilter())
        return Connection.of(await page(search.among(visible), _SORTS[sort], first=first, after=after))

    @strawberry.field(description="All categories by their code.")
    async def categories(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Category]:
        """One page of categories."""
        visible = models.Category.visible_to(info.context.actor)
        return Connection.of(await page(visible, ("code", "id"), first=first, after=after))


async def _search(filter: ProductFilter) -> ProductSearch:
    check(filter, "filter")
    return ProductSearch(
        words=_words(filter.text),
        supplier=_row("Company", filter.supplier_id),
        categories=await _beneath(filter.category_id),
        currency=_currency(filter.price_from, filter.price_to),
        price_from=_amount(filter.price_from),
        price_to=_amount(filter.price_to),
        in_stock=filter.in_stock,
    )


def _words(text: str | None) -> list[str] | None:
    # The empty word is never stored, so that signs without any word find nothing, as they are nowhere.
    return wanted(text) or [""] if text and text.strip() else None


def _row(kind: str, id: str | None) -> UUID | None:
    return None if id is None else decode_id(kind, id) or NOBODY


async def _beneath(category: str | None) -> list[UUID] | None:
    key = _row("Category", category)
    return None if key is None else await models.Category.beneath(key) or [NOBODY]


def _amount(bound: MoneyInput | None) -> Decimal | None:
    return None if bound is None else bound.amount


def _currency(*bounds: MoneyInput | None) -> Currency | None:
    currencies = {bound.currency for bound in bounds if bound is not None}
    if len(currencies) > 1:
        raise invalid("filter.priceTo.currency", "is not the currency of priceFrom")
    return currencies.pop() if currencies else None
