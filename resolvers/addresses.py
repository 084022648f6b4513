"""Addresses as the schema shows them: a company's book, and the copies that orders keep."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.order import side_of
from models.rows import related_rows, row
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import derived, shows
from rules.addresses import Destination
from rules.lifecycle import Side

REGION = "The code of GB/T 2260 for an address in China; null elsewhere."
LOCALITY = "Town, and state or province, for an address outside China."


@strawberry.type(description="Where goods are to be delivered, as it was when the order took it from the buyer's book.")
class DeliveryAddress:
    """A copy, which no later change of the book reaches."""

    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code, such as `CN`.")
    region_code: str | None = strawberry.field(description=REGION)
    province: str | None = strawberry.field(description="Province or municipality, for an address in China.")
    city: str | None = strawberry.field(description="City or prefecture; null where the district has none above it.")
    district: str | None = strawberry.field(description="District or county; null for a city that has none.")
    locality: str | None = strawberry.field(description=LOCALITY)
    street: str = strawberry.field(description="Street and house, and what else leads there.")
    postal_code: str | None = strawberry.field(description="The postal code, where it is known.")
    recipient: str | None = strawberry.field(
        description="Who takes the goods over; for everybody but the buyer null until the contract is in force."
    )
    phone: str | None = strawberry.field(
        description="How to reach them; for everybody but the buyer null until the contract is in force."
    )


def delivered(thing: Any, context: Context) -> DeliveryAddress | None:
    """The copy on an order or an enquiry. A person's name and number are told to whoever has to deliver, not to all who are asked."""
    return _shown(thing.delivery_address, thing, context)


async def delivered_lines(context: Context, lines: Sequence[Any]) -> list[DeliveryAddress | None]:
    """The copy on each line of orders that the viewer sees, by the same rule."""
    apart = {line.order_id for line in lines if line.delivery_address is not None}
    orders = {order.id: order for order in await related_rows(models.Order, by="id", ids=list(apart))}
    return [
        _shown(line.delivery_address, orders[line.order_id], context) if line.order_id in orders else None
        for line in lines
    ]


def _shown(address: dict[str, Any] | None, order: Any, context: Context) -> DeliveryAddress | None:
    if address is None:
        return None
    said = Destination(**address)
    told = side_of(order, context.actor) is Side.BUYER or order.contracted_at is not None
    return DeliveryAddress(
        country=said.country,
        region_code=said.region_code,
        province=said.province,
        city=said.city,
        district=said.district,
        locality=said.locality,
        street=said.street,
        postal_code=said.postal_code,
        recipient=said.recipient if told else None,
        phone=said.phone if told else None,
    )


def _of(read: Callable[[Destination], str]) -> Callable[[Any], str]:
    """Something that follows from a row's columns."""

    def fact(row: Any) -> str:
        return read(Destination(**{name: getattr(row, name) for name in Destination.__dataclass_fields__}))

    return fact


@strawberry.type(description="An entry of the caller's company's address book.")
@shows(models.Address)
class Address(Node):
    """An address; only the company's own people read it."""

    id: strawberry.ID = derived(lambda row: encode_id("Address", row.id), description="Opaque id.")
    label: str = strawberry.field(description="What the company's own people call it.")
    recipient: str = strawberry.field(description="Who takes the goods over.")
    phone: str = strawberry.field(description="How to reach them.")
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code, such as `CN`.")
    region_code: str | None = strawberry.field(description=REGION)
    province: str | None = strawberry.field(description="Province or municipality, for an address in China.")
    city: str | None = strawberry.field(description="City or prefecture; null where the district has none above it.")
    district: str | None = strawberry.field(description="District or county; null for a city that has none.")
    locality: str | None = strawberry.field(description=LOCALITY)
    street: str = strawberry.field(description="Street and house, and what else leads there.")
    postal_code: str | None = strawberry.field(description="The postal code, where it is known.")
    line: str = derived(_of(lambda place: place.line), description="The place in one line, as orders show it.")
    zone: str = strawberry.field(description="IANA time zone of the place.")
    is_default: bool = strawberry.field(description="Whether new orders are delivered there unless they say otherwise.")
    version: int = strawberry.field(description="Rises by one with each change: what mutations expect.")
    created_at: datetime = strawberry.field(description="When it was written down.")


@strawberry.type
class AddressQuery:
    """How to find addresses."""

    @strawberry.field(description="An address by its id; null if there is none in the caller's company's book.")
    async def address(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Address | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Address", id)
        return await row(models.Address.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(description="The address book of the caller's company, the newest first.")
    async def addresses(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Address]:
        """One page of addresses."""
        found = models.Address.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))
