"""Price lists and the grades of customers as the schema shows them to the supplier's own people, and how to find them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
from resolvers.catalogue import Product
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import One, derived, related, shows
from rules.money import Currency, TaxInclusion
from rules.pricing.price_lists import Audience

if TYPE_CHECKING:
    from resolvers.companies import Company

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]

described(
    Audience,
    "PriceAudience",
    "Whom a price list or a promotion is for; a narrower list counts before a wider one.",
    {
        "CUSTOMER": "One customer.",
        "GRADE": "All customers at one of the supplier's grades.",
        "EVERYONE": "Whoever buys from the supplier.",
    },
)


@strawberry.type(description="A level at which a supplier keeps some of its customers; they never learn of it.")
@shows(models.CustomerGrade)
class CustomerGrade(Node):
    """A grade."""

    id: strawberry.ID = derived(lambda row: encode_id("CustomerGrade", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What the supplier calls it.")
    version: int = strawberry.field(
        description="Rises by one with each change of it or of who is at it: what mutations expect."
    )


@strawberry.type(description="A customer that is kept at a grade.")
@shows(models.GradedCustomer)
class GradedCustomer:
    """A customer and its grade."""

    customer: LazyCompany | None = related(
        One(models.Company, "customer_id", visible=True), description="The customer."
    )
    grade: CustomerGrade = related(One(models.CustomerGrade, "grade_id"), description="Its grade.")
    since: datetime = derived(lambda row: row.created_at, description="Since when.")


@strawberry.type(
    description="What a supplier asks of a customer, of a grade or of everyone (UBL PriceList); a buyer only meets the price that applies."
)
@shows(models.PriceList)
class PriceList(Node):
    """A price list."""

    id: strawberry.ID = derived(lambda row: encode_id("PriceList", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What the supplier calls it; no buyer reads it.")
    currency: Currency = strawberry.field(description="The currency of all its prices.")
    tax_inclusion: TaxInclusion = strawberry.field(description="How all its prices are stated.")
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
    valid_to: date | None = strawberry.field(description="The last day; null: until it is archived.")
    archived_at: datetime | None = strawberry.field(description="When it was put away for good; null before.")
    version: int = strawberry.field(description="Rises by one with each change of it or of its prices.")


@strawberry.type(description="What one unit of a product costs on a list, from a quantity on.")
@shows(models.PriceListItem)
class PriceListItem:
    """A price on a list."""

    product: Product = related(One(models.Product, "product_id"), description="The article.")
    minimum_quantity: Decimal = derived(
        lambda row: row.minimum_quantity.normalize(), description="From how many on, in the product's unit."
    )
    unit_price: Decimal = derived(
        lambda row: row.unit_price.normalize(),
        description="The price of one, in the list's currency and stated as its prices are.",
    )


ListId = Annotated[strawberry.ID, strawberry.argument(description="The price list's opaque id.")]


@strawberry.type
class PriceListQuery:
    """How to find price lists and grades."""

    @strawberry.field(description="The price lists of the caller's company, newest first.")
    async def price_lists(
        self,
        info: Info[Context, None],
        archived: Annotated[
            bool | None, strawberry.argument(description="Only those that were put away, or only the others.")
        ] = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[PriceList]:
        """One page of price lists."""
        found = models.PriceList.visible_to(info.context.actor)
        if archived is not None:
            found = found.filter(archived_at__isnull=not archived)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(
        description="All prices on a list, product by product; null if there is no such list of the caller's company."
    )
    async def price_list_items(
        self, info: Info[Context, None], id: ListId, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[PriceListItem] | None:
        """One page of prices; a missing, a malformed and a stranger's id look the same."""
        actor, key = info.context.actor, decode_id("PriceList", id)
        items = models.PriceListItem.visible_to(actor).filter(price_list_id=key)
        found = await page(items, ("product_id", "minimum_quantity", "id"), first=first, after=after)
        known = key is not None and await models.PriceList.visible_to(actor).filter(id=key).exists()
        return Connection.of(found) if known else None

    @strawberry.field(description="The grades at which the caller's company keeps its customers, by name.")
    async def customer_grades(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[CustomerGrade]:
        """One page of grades."""
        found = models.CustomerGrade.visible_to(info.context.actor)
        return Connection.of(await page(found, ("name", "id"), first=first, after=after))

    @strawberry.field(description="The customers that the caller's company keeps at a grade, the latest first.")
    async def graded_customers(
        self,
        info: Info[Context, None],
        grade_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Those at this grade; at all without it.")
        ] = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[GradedCustomer]:
        """One page of customers."""
        found = models.GradedCustomer.visible_to(info.context.actor)
        if grade_id is not None:
            found = found.filter(grade_id=decode_id("CustomerGrade", grade_id))
        return Connection.of(await page(found, first=first, after=after))
