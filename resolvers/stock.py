"""Warehouses and what lies in them, as the schema shows them to the supplier's own people, and how to find them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
import resolvers.stock_enums  # noqa: F401  # describes the enums below
from resolvers.catalogue import Product
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.order_lines import OrderLine
from resolvers.pages import After, Connection, First, page
from resolvers.relations import One, derived, related, shows
from rules.availability import available
from rules.stock import StockMovement, StockPolicy

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
ById = Annotated[strawberry.ID | None, strawberry.argument(description="Only those of the thing with this opaque id.")]


@strawberry.type(description="A place where a supplier keeps goods; no other company ever meets it.")
@shows(models.Warehouse)
class Warehouse(Node):
    """A warehouse."""

    id: strawberry.ID = derived(lambda row: encode_id("Warehouse", row.id), description="Opaque id.")
    code: str = strawberry.field(description="What the company's books call it; no other of its warehouses has it.")
    name: str = strawberry.field(description="What people call it.")
    address: str | None = strawberry.field(description="Where it is; null where nobody said.")
    is_default: bool = strawberry.field(description="Whether goods are kept there and leave from there unless said.")
    stock_policy: StockPolicy | None = strawberry.field(
        description="How what lies there is kept for orders; null: as the company says."
    )
    version: int = strawberry.field(description="Rises by one with each change of it: what mutations expect.")
    archived_at: datetime | None = strawberry.field(description="Since when it is out of use; null while it is in use.")
    created_at: datetime = strawberry.field(description="When it was made.")


@strawberry.type(description="How much of a product there is in one warehouse, in the product's unit.")
@shows(models.StockLevel)
class StockLevel(Node):
    """What the entries of a product in a warehouse add up to."""

    id: strawberry.ID = derived(lambda row: encode_id("StockLevel", row.id), description="Opaque id.")
    on_hand: Decimal = strawberry.field(description="What lies there.")
    reserved: Decimal = strawberry.field(
        description="What is kept for orders; more than what lies there where they wait for the next delivery."
    )
    available: Decimal = derived(
        lambda row: available(row.on_hand, row.reserved), description="What is kept for nobody; never less than zero."
    )
    product: Product = related(One(models.Product, "product_id"), description="What it is.")
    warehouse: Warehouse = related(One(models.Warehouse, "warehouse_id"), description="Where it is.")


@strawberry.type(description="What happened to a product in one warehouse; entries are added, never changed.")
@shows(models.StockEntry)
class StockEntry(Node):
    """An entry of the stock ledger."""

    id: strawberry.ID = derived(lambda row: encode_id("StockEntry", row.id), description="Opaque id.")
    movement: StockMovement = strawberry.field(description="What happened.")
    on_hand: Decimal = strawberry.field(
        description="How much more lies there, in the product's unit; below zero for less."
    )
    reserved: Decimal = strawberry.field(description="How much more of it is kept for orders; below zero for less.")
    at: datetime = derived(lambda row: row.created_at, description="When it was written.")
    booked_by: str = strawberry.field(description="Whose step it follows from: a person, a key, or `clock`.")
    remark: str | None = strawberry.field(description="What whoever counted or moved it added; null where nothing.")
    product: Product = related(One(models.Product, "product_id"), description="What it is.")
    warehouse: Warehouse = related(One(models.Warehouse, "warehouse_id"), description="Where.")
    order: LazyOrder | None = related(
        One(models.Order, "order_id", visible=True), description="For which order; null where for none."
    )
    order_line: OrderLine | None = related(
        One(models.OrderLine, "order_line_id"), description="For which line of it; null where for none."
    )


def _named(kind: str, id_: strawberry.ID) -> UUID:
    """The row's id; that of no row where it is malformed."""
    return decode_id(kind, id_) or UUID(int=0)


@strawberry.type
class StockQuery:
    """How to find warehouses and what happened in them."""

    @strawberry.field(description="The warehouses of the caller's company, by code.")
    async def warehouses(
        self,
        info: Info[Context, None],
        in_use: Annotated[
            bool | None, strawberry.argument(description="Only those in use, or only the archived ones.")
        ] = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[Warehouse]:
        """One page of warehouses."""
        found = models.Warehouse.visible_to(info.context.actor)
        if in_use is not None:
            found = found.filter(archived_at__isnull=in_use)
        return Connection.of(await page(found, ("code", "id"), first=first, after=after))

    @strawberry.field(description="What lies in the warehouses of the caller's company, or in one of them.")
    async def stock_levels(
        self,
        info: Info[Context, None],
        warehouse_id: ById = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[StockLevel]:
        """One page of levels."""
        found = models.StockLevel.visible_to(info.context.actor)
        if warehouse_id is not None:
            found = found.filter(warehouse_id=_named("Warehouse", warehouse_id))
        return Connection.of(await page(found, ("id",), first=first, after=after))

    @strawberry.field(description="What happened to the stock of the caller's company, newest first.")
    async def stock_entries(
        self,
        info: Info[Context, None],
        product_id: ById = None,
        warehouse_id: ById = None,
        order_id: ById = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[StockEntry]:
        """One page of entries."""
        found = models.StockEntry.visible_to(info.context.actor)
        said = {"Product": product_id, "Warehouse": warehouse_id, "Order": order_id}
        named = {f"{kind.lower()}_id": _named(kind, id_) for kind, id_ in said.items() if id_ is not None}
        return Connection.of(await page(found.filter(**named), ("-id",), first=first, after=after))
