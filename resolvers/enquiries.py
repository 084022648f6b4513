"""Enquiries as the schema shows them to the buyer's own people, and how to find them."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.base import NOTHING
from models.rows import row
from resolvers.addresses import DeliveryAddress, delivered
from resolvers.amounts import Quantity
from resolvers.catalogue import Product
from resolvers.companies import Company, Member
from resolvers.comparing import EnquiryComparison, comparison_of
from resolvers.context import Context
from resolvers.cost_centres import CostCentre
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import Items, Text, check
from resolvers.node import Node
from resolvers.order_lines import SpecificationItem
from resolvers.orders import Order
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.enquiry import ACTIONS, STEPS, EnquiryStatus, enquiry_actions

described(
    EnquiryStatus,
    "EnquiryStatus",
    "Where an enquiry stands; expect new ones.",
    {
        "DRAFT": "草稿: the buyer edits; no supplier knows of it.",
        "OPEN": "询价中: each supplier has an order of its own and may make its offer.",
        "CLOSED": "已截止: the time to answer has ended; offers are compared.",
        "AWARDED": "已定标: what was asked for is awarded; the others were declined.",
        "CANCELLED": "已取消: it ended without an award.",
    },
)


def _way(action: str) -> str:
    return f"`{action}`, in status {', '.join(step.source for step in STEPS if step.action == action)}."


EnquiryAction = Enum("EnquiryAction", {action.upper(): action for action in ACTIONS}, module=__name__)  # type: ignore[misc]  # the table names its members
described(
    EnquiryAction,
    "EnquiryAction",
    "A step of an enquiry's life that a mutation of the same name takes; expect new ones.",
    {action.upper(): _way(action) for action in ACTIONS},
)


@strawberry.type(description="One thing that is asked for, in the buyer's words.")
@shows(models.EnquiryLine)
class EnquiryLine:
    """A line of an enquiry."""

    position: int = strawberry.field(description="The line's place, from 1.")
    name: str = strawberry.field(description="What is asked for.")
    sku: str | None = strawberry.field(description="The article number under which suppliers may know it.")
    specification: list[SpecificationItem] = derived(
        lambda row: [SpecificationItem(**item) for item in row.specification], description="What is specified."
    )
    quantity: Quantity = derived(
        lambda row: Quantity(value=row.quantity, unit=row.unit), description="How much is asked for."
    )
    quality_requirement: str | None = strawberry.field(description="What the goods must fulfil, if it differs.")
    requested_on: date | None = strawberry.field(description="When this line is needed, if it differs.")
    product: Product | None = related(
        One(models.Product, "product_id", visible=True),
        description="The article that was meant; null for none, or if it is no longer offered.",
    )


@strawberry.type(description="Which product of an invited supplier answers which line.")
@shows(models.EnquiryMatch)
class EnquiryMatch:
    """A line and a product."""

    position: int = strawberry.field(description="The place of the enquiry's line.")
    order_line_id: strawberry.ID | None = derived(
        lambda row: None if row.order_line_id is None else encode_id("OrderLine", row.order_line_id),
        description="The line of the supplier's order that asks for it; null before it was issued.",
    )
    product: Product | None = related(
        One(models.Product, "product_id", visible=True),
        description="The supplier's article; null if it is no longer offered.",
    )


@strawberry.type(description="A supplier that is asked; it sees its own order and nothing of this.")
@shows(models.EnquiryInvitation)
class EnquiryInvitation:
    """A supplier and its sibling order."""

    position: int = strawberry.field(description="The invitation's place, from 1.")
    created_at: datetime = strawberry.field(description="When the supplier was chosen.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was taken back; null if it was not.")
    supplier: Company = related(One(models.Company, "supplier_id"), description="Who is asked.")
    order: Order | None = related(
        One(models.Order, "order_id"), description="The order by which it is asked; null before it was issued."
    )
    matches: list[EnquiryMatch] = related(
        Many(models.EnquiryMatch, by="invitation_id", order_by=("position",)),
        description="The lines that its catalogue answers; the others are not asked of it.",
    )


@strawberry.type(description="What a buyer asks of several suppliers at once; nobody but the buyer's company sees it.")
@shows(models.Enquiry)
class Enquiry(Node):
    """An enquiry, also called request for quotation."""

    id: strawberry.ID = derived(lambda row: encode_id("Enquiry", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people, such as RQ-7F3K-9Q2M.")
    version: int = strawberry.field(
        description="Rises by one with each event: what mutations expect, and the cursor to subscribe after."
    )
    status: EnquiryStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("enquiry_status", row.status, context.locale),
        description="The status in words, in the caller's language.",
    )
    available_actions: list[EnquiryAction] = derived(
        lambda row, context: [EnquiryAction(action) for action in enquiry_actions(row) if context.actor.may(action)],
        description="What the caller may do next, by status and role.",
    )
    title: str = strawberry.field(description="What it is about, for the buyer's own people.")
    remark: str | None = strawberry.field(description="What the buyer's own people should know.")
    delivery_place: str | None = strawberry.field(description="Where the goods are to be delivered.")
    delivery_zone: str = strawberry.field(description="IANA time zone of the place; dates are dates there.")
    delivery_address: DeliveryAddress | None = derived(
        delivered, description="The place as an address, where it was taken from the buyer's book; a copy of its own."
    )
    requested_on: date | None = strawberry.field(description="When the goods are needed, as a date at the place.")
    quality_requirement: str | None = strawberry.field(description="What all goods must fulfil.")
    answer_by: datetime | None = strawberry.field(description="Until when suppliers may make their first offer.")
    is_sealed: bool = strawberry.field(
        description="Whether nobody reads a quotation before `answerBy`; what was opened stays open."
    )
    closing_note: str | None = strawberry.field(description="Why it was cancelled; null otherwise.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    issued_at: datetime | None = strawberry.field(description="When suppliers were asked; null before.")
    closed_at: datetime | None = strawberry.field(description="When the time to answer ended last; null before.")
    updated_at: datetime = strawberry.field(description="When the newest event happened.")
    cost_centre: CostCentre | None = related(
        One(models.CostCentre, "cost_centre_id", visible=True), description="Who bears the cost; null for nobody said."
    )
    requester: Member = related(One(models.Member, "requester_id"), description="Who began it.")
    lines: list[EnquiryLine] = related(
        Many(models.EnquiryLine, by="enquiry_id", order_by=("position",)), description="What is asked for."
    )
    invitations: list[EnquiryInvitation] = related(
        Many(models.EnquiryInvitation, by="enquiry_id", order_by=("position",)), description="Who is asked."
    )
    comparison: EnquiryComparison | None = related(
        comparison_of, description="The newest offers side by side; null for a draft, and while they are sealed."
    )


@strawberry.input(description="Which enquiries to list; all conditions must hold.")
class EnquiryFilter:
    """Conditions on enquiries; what is null does not narrow."""

    statuses: Annotated[list[EnquiryStatus], Items(0, len(EnquiryStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most."
    )
    number: Annotated[str, Text(0, 40)] | None = strawberry.field(
        default=None, description="The one with this number; at most 40 characters."
    )
    order_id: strawberry.ID | None = strawberry.field(
        default=None, description="The one by which this order came about."
    )


Filter = Annotated[EnquiryFilter | None, strawberry.argument(description="Which enquiries to list; all without it.")]


@strawberry.type
class EnquiryQuery:
    """How to find enquiries."""

    @strawberry.field(description="An enquiry by its id; null if there is none that the caller may see.")
    async def enquiry(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Enquiry | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Enquiry", id)
        return await row(models.Enquiry.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(description="The enquiries of the caller's company, the newest first.")
    async def enquiries(
        self, info: Info[Context, None], filter: Filter = None, first: First = None, after: After = None
    ) -> Connection[Enquiry]:
        """One page of enquiries."""
        found = models.Enquiry.visible_to(info.context.actor)
        if filter is not None:
            check(filter, "filter")
            found = _narrow(found, filter)
        return Connection.of(await page(found, ("-id",), first=first, after=after))


def _narrow(found: Any, wanted: EnquiryFilter) -> Any:
    if wanted.statuses is not None:
        found = found.filter(status__in=wanted.statuses)
    if wanted.number is not None:
        found = found.filter(number=wanted.number)
    if wanted.order_id is not None:
        key = decode_id("Order", wanted.order_id)
        found = found.filter(invitations__order_id=key) if key else found.filter(NOTHING)
    return found
