"""Goods are inspected at the place; what was said of them is taken back, or disputed, while that is possible."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import CHANGING, MOVING, answers, known
from resolvers.shipments import Shipment
from resolvers.steps import Reason, shown
from rules.acceptance import GoodsFault
from rules.line_sheets import MOST_LINES
from rules.quantity import Inspection, each_once
from services import objecting, receiving

MOST_PHOTOS = 10
Found = Annotated[Decimal, Number(least=0, most=10**12, places=6)]


@strawberry.input(
    description="How one line of a shipment was found; accepted + rejected + short is what was despatched."
)
class InspectionInput:
    """What became of a line at the place."""

    order_line_id: strawberry.ID = strawberry.field(description="What was inspected.")
    accepted: Found = strawberry.field(description="How much is accepted, in the line's unit.")
    rejected: Found = strawberry.field(default=Decimal(0), description="How much arrived and is refused.")
    short: Found = strawberry.field(default=Decimal(0), description="How much did not arrive.")
    reason: Annotated[str, Text(1, 1000)] | None = strawberry.field(
        default=None, description="Why not all is accepted, at most 1000 characters; needed then, or else a fault."
    )
    fault: GoodsFault | None = strawberry.field(
        default=None, description="The same as a code; `OTHER`, which needs words, unless said."
    )
    photo_ids: Annotated[list[strawberry.ID], Items(0, MOST_PHOTOS)] = strawberry.field(
        default_factory=list, description="Uploaded files that show it, which hang on nothing yet: at most 10."
    )


@strawberry.input(description="How a shipment was found at the place.")
class ReceiveShipmentInput:
    """A receipt."""

    shipment_id: strawberry.ID = strawberry.field(description="The shipment.")
    expected_version: int = strawberry.field(description="The shipment's version that was read.")
    lines: Annotated[list[InspectionInput], Items(0, MOST_LINES)] = strawberry.field(
        default_factory=list, description="Lines that are not simply accepted as despatched: at most 5000."
    )
    is_partial: bool = strawberry.field(
        default=False,
        description="Whether lines that are not named wait for another inspection; otherwise they are accepted as despatched.",
    )


@strawberry.input(description="A shipment, as it was read, and why.")
class ShipmentReasonInput:
    """Which shipment takes the step, for which reason."""

    shipment_id: strawberry.ID = strawberry.field(description="The shipment.")
    expected_version: int = strawberry.field(description="The shipment's version that was read.")
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.type(description="The goods are received; the order is completed if nothing of it is open.")
class ReceiveShipmentSuccess:
    """The shipment after its inspection."""

    shipment: Shipment = strawberry.field(description="The shipment with what was found.")


@strawberry.type(description="The receipt is taken back; the shipment is to be inspected anew.")
class ReverseReceiptSuccess:
    """The shipment before its inspection."""

    shipment: Shipment = strawberry.field(description="The shipment as it is now.")


@strawberry.type(description="The shipment is disputed; no silence counts until that is closed.")
class DisputeShipmentSuccess:
    """The shipment, disputed."""

    shipment: Shipment = strawberry.field(description="The shipment as it is now.")


@strawberry.type(description="The dispute is closed; the time within which silence counts begins anew.")
class CloseShipmentDisputeSuccess:
    """The shipment, no longer disputed."""

    shipment: Shipment = strawberry.field(description="The shipment as it is now.")


def _inspection(given: InspectionInput) -> Inspection:
    photos = tuple(known("Attachment", photo) for photo in given.photo_ids)
    return Inspection(given.accepted, given.rejected, given.short, given.reason, given.fault, photos)


@strawberry.type
class ReceivingMutation:
    """The buyer's steps on goods, and the operator's."""

    @strawberry.mutation(
        graphql_type=answers(ReceiveShipmentSuccess, *CHANGING),
        description="Say how a shipment was found; lines that are not named are accepted as despatched, or wait.",
    )
    async def receive_shipment(self, info: Info[Context, None], input: ReceiveShipmentInput) -> ReceiveShipmentSuccess:
        """The shipment, received."""
        check(input)
        shipment_id = known("Shipment", input.shipment_id)
        found = each_once(
            "input.lines", ((known("OrderLine", line.order_line_id), _inspection(line)) for line in input.lines)
        )
        shipment = await receiving.receive_shipment(
            info.context.actor, shipment_id, input.expected_version, found, is_partial=input.is_partial
        )
        return ReceiveShipmentSuccess(shipment=shown(shipment))

    @strawberry.mutation(
        graphql_type=answers(ReverseReceiptSuccess, *CHANGING, *MOVING),
        description="Take back what was said of a shipment, before any of it is invoiced or returned and while the order is not completed.",
    )
    async def reverse_receipt(self, info: Info[Context, None], input: ShipmentReasonInput) -> ReverseReceiptSuccess:
        """The shipment, to be inspected anew."""
        check(input)
        shipment = await receiving.reverse_receipt(info.context.actor, *_named(input))
        return ReverseReceiptSuccess(shipment=shown(shipment))

    @strawberry.mutation(
        graphql_type=answers(DisputeShipmentSuccess, *CHANGING),
        description="Say that something is wrong with goods that arrived: until that is closed no silence counts as acceptance.",
    )
    async def dispute_shipment(self, info: Info[Context, None], input: ShipmentReasonInput) -> DisputeShipmentSuccess:
        """The shipment, disputed."""
        check(input)
        shipment = await objecting.dispute_shipment(info.context.actor, *_named(input))
        return DisputeShipmentSuccess(shipment=shown(shipment))

    @strawberry.mutation(
        graphql_type=answers(CloseShipmentDisputeSuccess, *CHANGING),
        description="Let the time to inspect begin anew: by the buyer, or by the operator where the two cannot agree.",
    )
    async def close_shipment_dispute(
        self, info: Info[Context, None], input: ShipmentReasonInput
    ) -> CloseShipmentDisputeSuccess:
        """The shipment, no longer disputed."""
        check(input)
        shipment = await objecting.close_shipment_dispute(info.context.actor, *_named(input))
        return CloseShipmentDisputeSuccess(shipment=shown(shipment))


def _named(given: ShipmentReasonInput) -> tuple[UUID, int, str]:
    return known("Shipment", given.shipment_id), given.expected_version, given.reason
