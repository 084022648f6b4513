"""The supplier's side of delivery: despatch advice, and what becomes known of a shipment on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models import Contract, ContractLine, Order, OrderLine, Shipment, ShipmentLine
from models.base import new_id
from rules.decimals import ZERO
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import OrderStatus, step_for
from rules.people import Actor
from rules.problems import Conflict, NotFound, StaleVersion, WrongStatus, invalid
from rules.quantity import LineQuantities, Movement, check_despatch, each_once
from rules.shipping import ShipmentStatus, TransportMode
from services import clock, ledger, stock
from services.desk import lock_order, note, number, open_order
from services.obligations import check_prepaid
from services.packages import PackageWish, free_numbers, pack
from services.shelves import named_warehouse
from services.tracking import CLOCKS_APART as CLOCKS_APART
from services.tracking import Report as Report
from services.tracking import add_reports, note_eta
from services.verb import creating, verb


@dataclass(frozen=True)
class Despatch:
    """What leaves the supplier: how much of which lines, with whom, and when it should be there; as the contract promises unless said."""

    quantities: tuple[tuple[UUID, Decimal], ...]
    transport_mode: TransportMode
    carrier: str
    waybill: str
    despatched_at: datetime | None = None
    promised_on: date | None = None
    eta: datetime | None = None
    packages: tuple[PackageWish, ...] = ()
    # The warehouse that the goods leave; the default one unless said.
    warehouse_id: UUID | None = None


@creating(Shipment)
async def despatch_shipment(
    actor: Actor, order_id: UUID, expected_version: int | None, despatch: Despatch, *, idempotency_key: str
) -> Shipment:
    """Goods leave the supplier: never more than is due, never more than is on the shelf.

    Without `expected_version` the quantity ledger alone decides, so that a carrier's reports need not hold up a warehouse.
    """
    order = await open_order(actor, "despatch_shipment", order_id, expected_version)
    booked = await ledger.line_quantities(order)
    quantities = await _check_quantities(order, despatch, booked)
    await check_prepaid(order)
    if await Shipment.has_waybill(order.id, despatch.carrier, despatch.waybill):
        raise Conflict("waybill")
    if despatch.warehouse_id is not None:
        await named_warehouse(actor, despatch.warehouse_id, "input.warehouseId")
    shipment_id = new_id()
    left = await stock.take(order, quantities, despatch.warehouse_id, shipment_id, actor)
    shipment = await _write(order, actor, despatch, quantities, shipment_id, left or despatch.warehouse_id)
    if despatch.packages:
        await pack(order, shipment, despatch.packages)
    await ledger.record(Movement.DESPATCHED, shipment.id, quantities)
    body: dict[str, object] = {"shipmentId": str(shipment.id)}
    await note(order, EventKind.SHIPMENT_DESPATCHED, actor, body, shipment)
    return shipment


@verb
async def record_tracking(actor: Actor, shipment_id: UUID, report: Report) -> Shipment:
    """Add a report to the shipment's history; late and repeated ones never move its state back."""
    order, shipment = await open_shipment(actor, shipment_id)
    step_for("record_tracking", order, order.side_of(actor))
    await add_reports(order, shipment, actor, [report])
    return shipment


@verb
async def cancel_shipment(actor: Actor, shipment_id: UUID, expected_version: int, reason: str) -> Shipment:
    """Take a despatch back before the carrier has the goods: they are due again, and on the shelf again."""
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("cancel_shipment", order, order.side_of(actor))
    if shipment.status is not ShipmentStatus.DESPATCHED:
        raise WrongStatus("cancel_shipment", shipment.status, (ShipmentStatus.DESPATCHED,))
    quantities = {line.order_line_id: line.despatched for line in await ShipmentLine.of(shipment.id)}
    await ledger.take_back(Movement.DESPATCHED, shipment.id, quantities)
    await stock.put_back(order, shipment, quantities, await ledger.line_quantities(order), actor)
    await free_numbers(shipment)
    shipment.status = ShipmentStatus.CANCELLED
    body: dict[str, object] = {"shipmentId": str(shipment.id), "reason": reason}
    await note(order, EventKind.SHIPMENT_CANCELLED, actor, body, shipment)
    return shipment


async def open_shipment(actor: Actor, shipment_id: UUID, expected_version: int | None = None) -> tuple[Order, Shipment]:
    """The shipment and its order, locked by way of the order, as everything on an order is."""
    shipment = await Shipment.visible_to(actor).get_or_none(id=shipment_id)
    if shipment is None:
        raise NotFound("Shipment", shipment_id)
    order = await lock_order(actor, shipment.order_id)
    await shipment.refresh_from_db()
    if expected_version is not None and shipment.version != expected_version:
        raise StaleVersion(shipment.version)
    return order, shipment


async def _check_quantities(
    order: Order, despatch: Despatch, booked: Mapping[UUID, LineQuantities]
) -> dict[UUID, Decimal]:
    lines = {line.id: line for line in await OrderLine.of(order.id)}
    wanted = each_once("input.lines", despatch.quantities)
    if not wanted:
        raise invalid("input.lines", "name what is despatched")
    # Once all was accepted, no more than what replaces returned goods may follow.
    tolerances = {} if order.status is OrderStatus.COMPLETED else await ContractLine.tolerances(order.id)
    for line, quantity in wanted.items():
        if line not in lines:
            raise NotFound("OrderLine", line)
        check_despatch(lines[line].position, booked[line], quantity, tolerances.get(line, ZERO))
    return wanted


async def _write(
    order: Order,
    actor: Actor,
    despatch: Despatch,
    quantities: dict[UUID, Decimal],
    shipment_id: UUID,
    left: UUID | None,
) -> Shipment:
    moment = clock.now()
    if despatch.despatched_at is not None and despatch.despatched_at > moment:
        raise invalid("input.despatchedAt", "must not be in the future")
    shipment = await Shipment.create(
        id=shipment_id,
        number=number(Series.SHIPMENT),
        order_id=order.id,
        transport_mode=despatch.transport_mode,
        carrier=despatch.carrier,
        waybill=despatch.waybill,
        despatched_at=despatch.despatched_at or moment,
        despatched_from_id=left,
        promised_on=despatch.promised_on or await _promised_on(order, quantities),
        eta=despatch.eta,
        created_at=moment,
    )
    if despatch.eta is not None:
        await note_eta(shipment, actor, despatch.eta)
    await ShipmentLine.write_all(
        ShipmentLine(
            shipment_id=shipment.id, order_line_id=line, position=place, despatched=quantity, created_at=moment
        )
        for place, (line, quantity) in enumerate(quantities.items(), 1)
    )
    return shipment


async def _promised_on(order: Order, quantities: Mapping[UUID, Decimal]) -> date | None:
    """The earliest day that the contract promises for any of the goods."""
    contract = await Contract.in_force(order.id)
    agreed = await ContractLine.of(contract.id) if contract else []
    return min((line.promised_on for line in agreed if line.order_line_id in quantities), default=None)
