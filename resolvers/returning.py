"""Goods go back, and something comes of it: both sides' steps, and the operator's."""

from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import check
from resolvers.problems import CHANGING, CREATING, MOVING, answers, known
from resolvers.return_inputs import (
    ArbitrateReturnInput,
    RequestReturnInput,
    ResolveReturnInput,
    ReturnLineInput,
    ReturnReasonInput,
    ReturnStepInput,
    ShipBackReturnInput,
    TakeBackReturnInput,
)
from resolvers.returns import ReturnRequest
from resolvers.steps import shown
from rules.problems import invalid
from services import returning, taking_back


@strawberry.type(description="The return is asked for; its goods count as returned already.")
class RequestReturnSuccess:
    """The return as it was asked for."""

    return_request: ReturnRequest = strawberry.field(description="The new return.")


@strawberry.type(description="The return is cancelled.")
class CancelReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The operator decides.")
class DisputeReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The goods are on their way back.")
class ShipBackReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The buyer may ship the goods back.")
class ApproveReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The return is rejected.")
class RejectReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The dispute is decided.")
class ArbitrateReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The supplier has looked at the goods.")
class TakeBackReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


@strawberry.type(description="The return is resolved.")
class ResolveReturnSuccess:
    """The return after the step."""

    return_request: ReturnRequest = strawberry.field(description="The return as it is now.")


def _wish(given: ReturnLineInput) -> returning.ReturnWish:
    line = known("OrderLine", given.order_line_id)
    return returning.ReturnWish(line, given.quantity, given.fault, given.origin, given.remark)


def _found(given: TakeBackReturnInput) -> dict[UUID, taking_back.Finding]:
    found: dict[UUID, taking_back.Finding] = {}
    for place, line in enumerate(given.lines):
        key = known("ReturnLine", line.return_line_id)
        if key in found:
            raise invalid(f"input.lines[{place}].returnLineId", "names a line twice")
        found[key] = taking_back.Finding(line.confirmed, line.remark, line.restocked)
    return found


@strawberry.type
class ReturningMutation:
    """What the two sides do about goods that go back."""

    @strawberry.mutation(
        graphql_type=answers(RequestReturnSuccess, *CREATING, *CHANGING, *MOVING),
        description="Ask to give goods back or to have them exchanged: never more than came, within a year after completion.",
    )
    async def request_return(self, info: Info[Context, None], input: RequestReturnInput) -> RequestReturnSuccess:
        """The return, for the supplier to answer."""
        check(input)
        request = await returning.request_return(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            tuple(_wish(line) for line in input.lines),
            input.reason,
            input.wanted,
            idempotency_key=input.idempotency_key,
        )
        return RequestReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(CancelReturnSuccess, *CHANGING),
        description="Keep the goods after all, before they are shipped back; their quantity may be returned another time.",
    )
    async def cancel_return(self, info: Info[Context, None], input: ReturnStepInput) -> CancelReturnSuccess:
        """The return after the step."""
        check(input)
        request = await returning.cancel_return(info.context.actor, *_named(input))
        return CancelReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(DisputeReturnSuccess, *CHANGING, *MOVING),
        description="Ask the operator to decide about a return that the supplier rejected.",
    )
    async def dispute_return(self, info: Info[Context, None], input: ReturnReasonInput) -> DisputeReturnSuccess:
        """The return after the step."""
        check(input)
        request = await returning.dispute_return(info.context.actor, *_named(input), input.reason)
        return DisputeReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(ShipBackReturnSuccess, *CHANGING), description="Say that the goods are on their way back."
    )
    async def ship_back_return(self, info: Info[Context, None], input: ShipBackReturnInput) -> ShipBackReturnSuccess:
        """The return after the step."""
        check(input)
        request = await returning.ship_back_return(info.context.actor, *_named(input), input.carrier, input.waybill)
        return ShipBackReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(ApproveReturnSuccess, *CHANGING), description="Let the buyer ship the goods back."
    )
    async def approve_return(self, info: Info[Context, None], input: ReturnStepInput) -> ApproveReturnSuccess:
        """The return after the step."""
        check(input)
        request = await taking_back.approve_return(info.context.actor, *_named(input))
        return ApproveReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(RejectReturnSuccess, *CHANGING),
        description="Do not take the goods back; the buyer may ask the operator.",
    )
    async def reject_return(self, info: Info[Context, None], input: ReturnReasonInput) -> RejectReturnSuccess:
        """The return after the step."""
        check(input)
        request = await taking_back.reject_return(info.context.actor, *_named(input), input.reason)
        return RejectReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(ArbitrateReturnSuccess, *CHANGING),
        description="Decide about a disputed return, for the operator; it is the last word.",
    )
    async def arbitrate_return(self, info: Info[Context, None], input: ArbitrateReturnInput) -> ArbitrateReturnSuccess:
        """The return after the step."""
        check(input)
        request = await taking_back.arbitrate_return(info.context.actor, *_named(input), input.decision, input.note)
        return ArbitrateReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(TakeBackReturnSuccess, *CHANGING),
        description="Say how the goods came back; what is not confirmed is the buyer's again.",
    )
    async def take_back_return(self, info: Info[Context, None], input: TakeBackReturnInput) -> TakeBackReturnSuccess:
        """The return after the step."""
        check(input)
        warehouse = None if input.warehouse_id is None else known("Warehouse", input.warehouse_id)
        request = await taking_back.take_back_return(info.context.actor, *_named(input), _found(input), warehouse)
        return TakeBackReturnSuccess(return_request=shown(request))

    @strawberry.mutation(
        graphql_type=answers(ResolveReturnSuccess, *CHANGING), description="Say what comes of the goods."
    )
    async def resolve_return(self, info: Info[Context, None], input: ResolveReturnInput) -> ResolveReturnSuccess:
        """The return after the step."""
        check(input)
        request = await taking_back.resolve_return(info.context.actor, *_named(input), input.resolution)
        return ResolveReturnSuccess(return_request=shown(request))


def _named(given: ReturnStepInput) -> tuple[UUID, int]:
    return known("ReturnRequest", given.return_id), given.expected_version
