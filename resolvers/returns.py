"""Returns as the schema shows them, and how to find one."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
import resolvers.return_enums  # noqa: F401  # describes the enums below
from models.rows import row
from resolvers.context import Context
from resolvers.credit_notes import CreditNote
from resolvers.ids import decode_id, encode_id
from resolvers.node import Node
from resolvers.order_lines import OrderLine
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.acceptance import GoodsFault
from rules.returns import Resolution, ReturnedFrom, ReturnStatus

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]


@strawberry.type(description="How much of an order line goes back, and how the supplier found it.")
@shows(models.ReturnLine)
class ReturnLine:
    """A line of a return, in the order line's unit."""

    id: strawberry.ID = derived(lambda row: encode_id("ReturnLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The line's place on the return, from 1.")
    origin: ReturnedFrom = strawberry.field(description="Whether it was accepted before, or rejected.")
    quantity: Decimal = strawberry.field(description="How much is to go back.")
    fault: GoodsFault = strawberry.field(description="What is wrong with it.")
    remark: str | None = strawberry.field(description="The same in the buyer's words.")
    confirmed: Decimal | None = strawberry.field(
        description="How much came back and is as claimed; null before the supplier took it back. The rest is the buyer's again."
    )
    finding: str | None = strawberry.field(description="What the supplier says to it.")
    order_line: OrderLine = related(One(models.OrderLine, "order_line_id"), description="What of the order it is.")


@strawberry.type(description="Goods that the buyer wants to give back, or to have exchanged.")
@shows(models.ReturnRequest)
class ReturnRequest(Node):
    """A return or an exchange."""

    id: strawberry.ID = derived(lambda row: encode_id("ReturnRequest", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people.")
    version: int = strawberry.field(description="Rises by one with each step: what mutations expect.")
    status: ReturnStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("return_status", row.status, context.locale),
        description="Where it stands, in words of the caller's language.",
    )
    wanted: Resolution | None = strawberry.field(description="What the buyer would like to come of it.")
    reason: str = strawberry.field(description="Why the goods go back.")
    rejection_reason: str | None = strawberry.field(description="Why the supplier did not allow it.")
    dispute_reason: str | None = strawberry.field(description="Why the buyer disputes that.")
    arbitration_note: str | None = strawberry.field(description="What the operator said; null if it was not asked.")
    carrier: str | None = strawberry.field(description="Who carries the goods back; null before.")
    waybill: str | None = strawberry.field(description="The carrier's number for it.")
    shipped_back_at: datetime | None = strawberry.field(description="When the goods left the buyer; null before.")
    taken_back_at: datetime | None = strawberry.field(description="When the supplier looked at them; null before.")
    resolution: Resolution | None = strawberry.field(description="What came of it; null before.")
    resolved_at: datetime | None = strawberry.field(description="When that was settled; null before.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    lines: list[ReturnLine] = related(
        Many(models.ReturnLine, by="request_id", order_by=("position",)), description="What goes back."
    )
    credit_notes: list[CreditNote] = related(
        Many(models.CreditNote, by="return_request_id", order_by=("id",)),
        description="What was taken back of invoices for it, oldest first.",
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order whose goods they are.")


@strawberry.type
class ReturnQuery:
    """How to find a return."""

    @strawberry.field(description="A return by its id; null if there is none that the caller may see.")
    async def return_request(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> ReturnRequest | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("ReturnRequest", id)
        return await row(models.ReturnRequest.visible_to(info.context.actor).filter(id=key)) if key else None
