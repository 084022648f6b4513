"""Money that goes back: as the schema shows it, and each side's steps on it."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.amounts import Money, amount_of
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import Number, Text
from resolvers.node import Node
from resolvers.relations import One, derived, related, shows
from resolvers.words import label
from rules.billing import RefundStatus

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
Amount = Annotated[Decimal, Number(above=0, most=10**12, places=2)]
Reference = Annotated[str, Text(1, 64)]
Remark = Annotated[str, Text(1, 1000)]

described(
    RefundStatus,
    "RefundStatus",
    "Where money stands that goes back to the buyer; expect new ones.",
    {
        "SENT": "The supplier sent it; the buyer has not seen it yet.",
        "RECEIVED": "The buyer has the money.",
        "MISSED": "The money did not come; it is due as before.",
    },
)


@strawberry.type(description="One transfer from the supplier back to the buyer.")
@shows(models.Refund)
class Refund(Node):
    """Money that goes back: of what is due, and of credit the buyer has no use for."""

    id: strawberry.ID = derived(lambda row: encode_id("Refund", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people.")
    version: int = strawberry.field(description="Rises by one with each step: what mutations expect.")
    status: RefundStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("refund_status", row.status, context.locale),
        description="Where it stands, in words of the caller's language.",
    )
    amount: Money = amount_of("amount", "How much.")
    credit: Money = amount_of("credit", "How much of it is the buyer's credit; the rest was due.")
    paid_on: date = strawberry.field(description="The day on the bank's slip.")
    bank_reference: str = strawberry.field(description="The bank's number for the transfer.")
    remark: str | None = strawberry.field(description="What the supplier added.")
    missed_reason: str | None = strawberry.field(description="Why the buyer says that it did not come.")
    created_at: datetime = strawberry.field(description="When the supplier recorded it.")
    confirmed_at: datetime | None = strawberry.field(description="When the buyer confirmed the money; null before.")
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")


@strawberry.type
class RefundQuery:
    """How to find a refund."""

    @strawberry.field(description="A refund by its id; null if there is none that the caller may see.")
    async def refund(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Refund | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Refund", id)
        return await row(models.Refund.visible_to(info.context.actor).filter(id=key)) if key else None
