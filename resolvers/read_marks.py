"""How far what was said on an order has been read."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
from resolvers.context import Context
from resolvers.order_lines import Message
from resolvers.problems import ALWAYS, answers, known
from resolvers.relations import One, related, shows
from resolvers.steps import shown
from rules.lifecycle import Side
from services import reading

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]


@strawberry.type(
    description="How far one side has read what was said on an order, whoever of the company read it first."
)
@shows(models.ReadState)
class ReadState:
    """Everything up to a message."""

    side: Side = strawberry.field(description="Which side has read.")
    read_at: datetime = strawberry.field(description="When the company had read so far.")
    message: Message = related(One(models.Message, "message_id"), description="The newest message that was read.")
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it was said on.")


@strawberry.input(description="Up to where the caller has read.")
class MarkReadInput:
    """A message."""

    message_id: strawberry.ID = strawberry.field(
        description="The newest message that was read: all before it were, too."
    )


@strawberry.type(description="It counts as read, and the other side sees so.")
class MarkReadSuccess:
    """How far the company has read."""

    read_state: ReadState = strawberry.field(description="How far the caller's company has read.")


@strawberry.type
class ReadingMutation:
    """Having read."""

    @strawberry.mutation(
        graphql_type=answers(MarkReadSuccess, *ALWAYS), description="Say up to which message one has read."
    )
    async def mark_read(self, info: Info[Context, None], input: MarkReadInput) -> MarkReadSuccess:
        """How far the company has read now."""
        state = await reading.mark_read(info.context.actor, known("Message", input.message_id))
        return MarkReadSuccess(read_state=shown(state))
