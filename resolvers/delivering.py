"""Goods leave, and are seen on their way."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from models.base import new_id
from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.packing import Packages, wishes
from resolvers.problems import CHANGING, CREATING, DESPATCHING, answers, known
from resolvers.shipments import Shipment
from resolvers.steps import KEY, Key, Reason, shown
from rules.line_sheets import MOST_LINES
from rules.problems import invalid
from rules.shipping import Place, TrackingCode, TransportMode
from services import despatching

Goods = Annotated[Decimal, Number(above=0, most=10**12, places=6)]


@strawberry.input(description="How much of one order line leaves.")
class DespatchLineInput:
    """A line of a despatch."""

    order_line_id: strawberry.ID = strawberry.field(description="What leaves.")
    quantity: Goods = strawberry.field(description="How much, in the line's unit, with at most 6 decimals.")


@strawberry.input(description="What leaves the supplier, and with whom.")
class DespatchShipmentInput:
    """A despatch."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int | None = strawberry.field(
        default=None,
        description="The order's version that was read; without it the quantities alone decide, whatever else happened.",
    )
    lines: Annotated[list[DespatchLineInput], Items(1, MOST_LINES)] = strawberry.field(
        description="Each line that leaves once: 1 to 5000."
    )
    transport_mode: TransportMode = strawberry.field(description="How it travels.")
    carrier: Annotated[str, Text(1, 120)] = strawberry.field(description="Who carries it: 1 to 120 characters.")
    waybill: Annotated[str, Text(1, 64)] = strawberry.field(
        description="The carrier's number for it: 1 to 64 characters, once for each carrier and order."
    )
    despatched_at: datetime | None = strawberry.field(
        default=None, description="When it left, not in the future; now unless said."
    )
    promised_on: date | None = strawberry.field(
        default=None, description="By which day, as a date at the place; as the contract promises unless said."
    )
    eta: datetime | None = strawberry.field(default=None, description="When it is expected.")
    packages: Packages = strawberry.field(
        default_factory=list,
        description="How it is packed, as far as that is known yet: at most 500; see packShipment.",
    )
    warehouse_id: strawberry.ID | None = strawberry.field(
        default=None, description="The company's warehouse that it leaves; the default one unless said."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="One report on a shipment.")
class RecordTrackingInput:
    """What a carrier reports."""

    shipment_id: strawberry.ID = strawberry.field(description="The shipment.")
    event_id: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None,
        description="The report's own name, 1 to 64 characters: the same counts once. A new one unless said.",
    )
    code: TrackingCode = strawberry.field(description="What is reported.")
    occurred_at: datetime = strawberry.field(
        description="When it happened, not in the future; what comes late never moves a state back."
    )
    place: Annotated[str, Text(1, 200)] | None = strawberry.field(
        default=None, description="Where it happened, at most 200 characters."
    )
    latitude: Annotated[Decimal, Number(least=-90, most=90, places=6)] | None = strawberry.field(
        default=None, description="Degrees north of that place (WGS 84), -90 to 90; with `place` and `longitude`."
    )
    longitude: Annotated[Decimal, Number(least=-180, most=180, places=6)] | None = strawberry.field(
        default=None, description="Degrees east of that place (WGS 84), -180 to 180; with `place` and `latitude`."
    )
    eta: datetime | None = strawberry.field(default=None, description="When arrival is expected now.")
    remark: Annotated[str, Text(1, 1000)] | None = strawberry.field(
        default=None, description="What to add, at most 1000 characters."
    )


@strawberry.type(description="The goods are on their way.")
class DespatchShipmentSuccess:
    """The shipment as it left."""

    shipment: Shipment = strawberry.field(description="The new shipment.")


@strawberry.input(description="A shipment that does not leave after all.")
class CancelShipmentInput:
    """What is taken back, and why."""

    shipment_id: strawberry.ID = strawberry.field(description="The shipment.")
    expected_version: int = strawberry.field(description="The shipment's version that was read.")
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.type(description="The shipment is cancelled; its goods are due again.")
class CancelShipmentSuccess:
    """The shipment, cancelled."""

    shipment: Shipment = strawberry.field(description="The shipment as it is now.")


@strawberry.type(description="The report is on record.")
class RecordTrackingSuccess:
    """The shipment after the report."""

    shipment: Shipment = strawberry.field(description="The shipment as it is known now.")


def _despatch(given: DespatchShipmentInput) -> despatching.Despatch:
    return despatching.Despatch(
        quantities=tuple((known("OrderLine", line.order_line_id), line.quantity) for line in given.lines),
        transport_mode=given.transport_mode,
        carrier=given.carrier,
        waybill=given.waybill,
        despatched_at=given.despatched_at,
        promised_on=given.promised_on,
        eta=given.eta,
        packages=wishes(given.packages),
        warehouse_id=None if given.warehouse_id is None else known("Warehouse", given.warehouse_id),
    )


def _report(given: RecordTrackingInput) -> despatching.Report:
    return despatching.Report(
        event_id=given.event_id or new_id().hex,
        code=given.code,
        occurred_at=given.occurred_at,
        eta=given.eta,
        remark=given.remark,
        place=_place(given),
    )


def _place(given: RecordTrackingInput) -> Place | None:
    known_degrees = (given.latitude is not None) + (given.longitude is not None)
    if known_degrees == 1 or (known_degrees and not given.place):
        raise invalid("input.latitude", "needs a place and a longitude, as these need it")
    return Place(given.place, given.latitude, given.longitude) if given.place else None


@strawberry.type
class DeliveringMutation:
    """Both sides' steps on goods."""

    @strawberry.mutation(
        graphql_type=answers(DespatchShipmentSuccess, *CREATING, *CHANGING, *DESPATCHING),
        description="Say that goods left the supplier: never more than is due, nor more than is on the shelf.",
    )
    async def despatch_shipment(
        self, info: Info[Context, None], input: DespatchShipmentInput
    ) -> DespatchShipmentSuccess:
        """The shipment, under way."""
        check(input)
        order_id = known("Order", input.order_id)
        shipment = await despatching.despatch_shipment(
            info.context.actor,
            order_id,
            input.expected_version,
            _despatch(input),
            idempotency_key=input.idempotency_key,
        )
        return DespatchShipmentSuccess(shipment=shown(shipment))

    @strawberry.mutation(
        graphql_type=answers(RecordTrackingSuccess, *CHANGING),
        description="Put a carrier's report on record; repeated and late ones never move a state back.",
    )
    async def record_tracking(self, info: Info[Context, None], input: RecordTrackingInput) -> RecordTrackingSuccess:
        """The shipment, with one more report."""
        check(input)
        shipment_id = known("Shipment", input.shipment_id)
        shipment = await despatching.record_tracking(info.context.actor, shipment_id, _report(input))
        return RecordTrackingSuccess(shipment=shown(shipment))

    @strawberry.mutation(
        graphql_type=answers(CancelShipmentSuccess, *CHANGING),
        description="Take a despatch back before the carrier has the goods; its quantities are due again.",
    )
    async def cancel_shipment(self, info: Info[Context, None], input: CancelShipmentInput) -> CancelShipmentSuccess:
        """The shipment, cancelled."""
        check(input)
        shipment_id = known("Shipment", input.shipment_id)
        shipment = await despatching.cancel_shipment(
            info.context.actor, shipment_id, input.expected_version, input.reason
        )
        return CancelShipmentSuccess(shipment=shown(shipment))
