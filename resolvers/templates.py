"""Templates of orders as the schema shows them, and how to find them."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.addresses import Address
from resolvers.amounts import Quantity
from resolvers.catalogue import Product
from resolvers.companies import Company
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Many, One, derived, related, shows


@strawberry.type(description="One article of a template.")
@shows(models.OrderTemplateLine)
class OrderTemplateLine:
    """A line of a template."""

    position: int = strawberry.field(description="The line's place, from 1.")
    sku: str = strawberry.field(description="The supplier's article number.")
    name: str = derived(
        lambda row, context: row.name_zh if context.locale == "zh-CN" else row.name_en,
        description="The article's name in the caller's language, as it was when the line was added.",
    )
    quantity: Quantity = derived(
        lambda row: Quantity(value=row.quantity, unit=row.unit), description="How much is usually ordered."
    )
    quality_requirement: str | None = strawberry.field(description="What the goods must fulfil, if it differs.")
    delivery_entry: Address | None = related(
        One(models.Address, "delivery_entry_id", visible=True),
        description="Where this line goes, if not where the order goes; null once the entry was removed.",
    )
    product: Product | None = related(
        One(models.Product, "product_id", visible=True),
        description="The article in the catalogue; null if it is no longer offered to the caller.",
    )


@strawberry.type(description="What the caller's company orders again and again of one supplier, who never hears of it.")
@shows(models.OrderTemplate)
class OrderTemplate(Node):
    """A template; only the company's own people read it."""

    id: strawberry.ID = derived(lambda row: encode_id("OrderTemplate", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What the company's own people call it.")
    version: int = strawberry.field(description="Rises by one with each change: what mutations expect.")
    supplier: Company = related(One(models.Company, "supplier_id"), description="Who is to deliver.")
    lines: list[OrderTemplateLine] = related(
        Many(models.OrderTemplateLine, by="template_id", order_by=("position",)), description="What is ordered."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was changed last.")


@strawberry.type
class TemplateQuery:
    """How to find templates."""

    @strawberry.field(description="A template by its id; null if the caller's company has none of that id.")
    async def order_template(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> OrderTemplate | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("OrderTemplate", id)
        return await row(models.OrderTemplate.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(description="The templates of the caller's company, the newest first.")
    async def order_templates(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[OrderTemplate]:
        """One page of templates."""
        found = models.OrderTemplate.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))
