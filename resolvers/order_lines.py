"""What an order consists of: its lines, what was said on it, and the hints for its draft."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

import models
import resolvers.order_enums  # noqa: F401  # describes the enums below
from resolvers.addresses import DeliveryAddress, delivered_lines
from resolvers.amounts import Quantity
from resolvers.ids import encode_id
from resolvers.node import Node
from resolvers.order_progress import quantities_of
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import spoken
from rules.conversation import MessageKind, TalkChannel
from rules.hints import HintCode

if TYPE_CHECKING:
    from resolvers.addresses import Address
    from resolvers.attachments import Attachment
    from resolvers.catalogue import Product
    from resolvers.companies import Company

LazyAddress = Annotated["Address", strawberry.lazy("resolvers.addresses")]
LazyAttachment = Annotated["Attachment", strawberry.lazy("resolvers.attachments")]
LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyProduct = Annotated["Product", strawberry.lazy("resolvers.catalogue")]


@strawberry.type(description="One attribute of an article, such as material: A2-70.")
class SpecificationItem:
    """A name and its value."""

    name: str = strawberry.field(description="What is specified.")
    value: str = strawberry.field(description="How it is specified.")


@strawberry.type(description="The sums of a line's quantity ledger, in the line's unit.")
class LineQuantities:
    """What was ordered and what became of it."""

    ordered: Decimal = strawberry.field(
        description="Agreed in all versions of the contract; zero before it takes effect."
    )
    cancelled: Decimal = strawberry.field(description="Taken back by later versions, or when the order was terminated.")
    despatched: Decimal = strawberry.field(description="Left the supplier.")
    accepted: Decimal = strawberry.field(description="Accepted by the buyer.")
    rejected: Decimal = strawberry.field(description="Arrived and was not accepted.")
    short: Decimal = strawberry.field(description="Was despatched and did not arrive.")
    invoiced: Decimal = strawberry.field(description="Claimed in invoices.")
    returned: Decimal = strawberry.field(description="Accepted goods that went back to the supplier, or are to.")
    returned_rejected: Decimal = strawberry.field(
        description="Rejected goods that went back to the supplier, or are to."
    )
    replaced: Decimal = strawberry.field(description="Owed once more in place of returned goods.")
    under_way: Decimal = strawberry.field(description="Despatched and not yet inspected.")
    to_despatch: Decimal = strawberry.field(description="Still due to the buyer.")
    to_invoice: Decimal = strawberry.field(
        description="Accepted, kept and not yet invoiced; below zero where what was invoiced went back."
    )


@strawberry.type(description="One article of an order, as the catalogue described it when it was added.")
@shows(models.OrderLine)
class OrderLine:
    """A line of an order."""

    id: strawberry.ID = derived(lambda row: encode_id("OrderLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The line's place on the order, from 1.")
    sku: str = strawberry.field(description="The supplier's article number.")
    name: str = derived(
        lambda row, context: row.name_zh if context.locale == "zh-CN" else row.name_en,
        description="The article's name in the caller's language.",
    )
    specification: list[SpecificationItem] = derived(
        lambda row: [SpecificationItem(**item) for item in row.specification], description="What is specified."
    )
    quantity: Quantity = derived(
        lambda row: Quantity(value=row.quantity, unit=row.unit), description="How much the buyer asked for."
    )
    list_price: Decimal = strawberry.field(
        description="The catalogue's price for one unit when the line was added, in the order's currency."
    )
    quality_requirement: str | None = strawberry.field(description="What the goods must fulfil, if it differs.")
    requested_on: date | None = strawberry.field(description="When this line is needed, if it differs.")
    delivery_place: str | None = strawberry.field(
        description="Where this line goes, if not where the order goes; a change of the contract may move it."
    )
    delivery_zone: str | None = strawberry.field(description="IANA time zone of that place; null where it has none.")
    delivery_address: DeliveryAddress | None = related(
        delivered_lines, description="That place as an address: a copy of its own."
    )
    delivery_entry: LazyAddress | None = related(
        One(models.Address, "delivery_entry_id", visible=True),
        description="The entry of the book it was copied from; null for everybody but the buyer, and once it was removed.",
    )
    product: LazyProduct | None = related(
        One(models.Product, "product_id", visible=True),
        description="The article in the catalogue; null if it is no longer offered to the caller.",
    )
    attachments: list[LazyAttachment] = related(
        Many(models.Attachment, by="order_line_id", order_by=("id",), visible=True),
        description="Specification sheets, drawings and other files on this line, oldest first.",
    )
    quantities: LineQuantities = related(quantities_of, description="What became of the line so far.")


@strawberry.type(description="Something that was said on an order, which both sides can read.")
@shows(models.Message)
class Message(Node):
    """A chat message, a question, an answer, or the record of a talk."""

    id: strawberry.ID = derived(lambda row: encode_id("Message", row.id), description="Opaque id.")
    kind: MessageKind = strawberry.field(description="What kind of saying it is.")
    text: str = strawberry.field(description="What was said.")
    author_name: str = strawberry.field(description="Who wrote it down.")
    created_at: datetime = strawberry.field(description="When it was written down.")
    channel: TalkChannel | None = strawberry.field(description="Where a talk took place; null for what was said here.")
    talked_at: datetime | None = strawberry.field(description="When a talk took place; null for what was said here.")
    company: LazyCompany = related(One(models.Company, "company_id"), description="The company of who wrote it.")
    attachments: list[LazyAttachment] = related(
        Many(models.Attachment, by="message_id", order_by=("id",), visible=True), description="The files it came with."
    )


@strawberry.type(description="One thing to look at before an order is submitted.")
class DraftHint:
    """A hint about a field of the draft."""

    code: HintCode = strawberry.field(description="What it is about, for programs.")
    field: str = strawberry.field(description="The field's path, such as `lines[0].quantity`.")
    problem: str = derived(
        lambda hint, context: spoken(hint.problem, context.locale), description="What is wrong or worth knowing."
    )
    suggestion: str | None = strawberry.field(description="A value that would be right, where one is known.")
    is_blocking: bool = strawberry.field(description="Whether it has to be mended before the order can be submitted.")
