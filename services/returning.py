"""The buyer's side of returns: asked for, disputed, shipped back, or called off. Goods count as returned from the request on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from models import Order, OrderLine, Quotation, ReturnLine, ReturnRequest
from models.base import new_id
from rules.acceptance import GoodsFault
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import step_for
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, StaleVersion, WrongStatus, invalid
from rules.quantity import Movement, check_return
from rules.returns import CLOSED, Resolution, ReturnedFrom, ReturnStatus
from rules.returns import check_return as check_step
from services import clock, ledger
from services.desk import lock_order, note, number, open_order
from services.settling import settle_if_done
from services.verb import creating, verb

MOVEMENTS = {ReturnedFrom.ACCEPTED: Movement.RETURNED, ReturnedFrom.REJECTED: Movement.RETURNED_REJECTED}


@dataclass(frozen=True)
class ReturnWish:
    """So much of an order line, of what was accepted or of what was rejected, and what is wrong with it."""

    order_line_id: UUID
    quantity: Decimal
    fault: GoodsFault
    origin: ReturnedFrom = ReturnedFrom.ACCEPTED
    remark: str | None = None


@creating(ReturnRequest)
async def request_return(
    actor: Actor,
    order_id: UUID,
    expected_version: int | None,
    wishes: tuple[ReturnWish, ...],
    reason: str,
    wanted: Resolution | None = None,
    *,
    idempotency_key: str,
) -> ReturnRequest:
    """Ask the supplier to take goods back: never more than came and is still there, within the warranty."""
    order = await open_order(actor, "request_return", order_id, expected_version)
    await _check_warranty(order, wishes)
    lines = await _written(order, wishes)
    request = await ReturnRequest.create(
        id=new_id(),
        number=number(Series.RETURN),
        order_id=order.id,
        version=1,
        wanted=wanted,
        reason=reason,
        created_at=clock.now(),
    )
    for line in lines:
        line.request_id = request.id
    await ReturnLine.write_all(lines)
    await book(request, lines)
    await note(order, EventKind.RETURN_REQUESTED, actor, {"returnId": str(request.id)})
    return request


@verb
async def cancel_return(actor: Actor, return_id: UUID, expected_version: int) -> ReturnRequest:
    """Keep the goods after all, before they are shipped back: their quantity may be returned another time."""
    order, request = await open_return(actor, "cancel_return", return_id, expected_version)
    await give_back(request, await ReturnLine.of(request.id))
    await write(order, request, ReturnStatus.CANCELLED, EventKind.RETURN_CANCELLED, actor)
    return request


@verb
async def dispute_return(actor: Actor, return_id: UUID, expected_version: int, reason: str) -> ReturnRequest:
    """Ask the operator to decide about a rejected return, once."""
    order, request = await open_return(actor, "dispute_return", return_id, expected_version)
    if request.arbitration_note is not None:
        raise WrongStatus("dispute_return", request.status)
    lines = list(await ReturnLine.of(request.id))
    await _check(order, lines)
    await book(request, lines)
    request.dispute_reason = reason
    await write(order, request, ReturnStatus.DISPUTED, EventKind.RETURN_DISPUTED, actor, {"reason": reason})
    return request


@verb
async def ship_back_return(
    actor: Actor, return_id: UUID, expected_version: int, carrier: str, waybill: str
) -> ReturnRequest:
    """The goods are on their way back."""
    order, request = await open_return(actor, "ship_back_return", return_id, expected_version)
    request.carrier, request.waybill, request.shipped_back_at = carrier, waybill, clock.now()
    await write(order, request, ReturnStatus.SHIPPED_BACK, EventKind.RETURN_SHIPPED_BACK, actor)
    return request


async def open_return(actor: Actor, action: str, return_id: UUID, expected_version: int) -> tuple[Order, ReturnRequest]:
    """The request and its order, locked by way of the order: it is as it was read, and has this step now."""
    request = await ReturnRequest.visible_to(actor).get_or_none(id=return_id)
    if request is None:
        raise NotFound("ReturnRequest", return_id)
    order = await lock_order(actor, request.order_id)
    await request.refresh_from_db()
    if request.version != expected_version:
        raise StaleVersion(request.version)
    step_for(action, order, order.side_of(actor))
    check_step(action, request.status)
    return order, request


async def write(
    order: Order,
    request: ReturnRequest,
    status: ReturnStatus,
    kind: EventKind,
    actor: Actor,
    more: Mapping[str, object] | None = None,
) -> None:
    """Save the request where it stands now, with the event in the order's stream."""
    request.status = status
    request.version += 1
    await request.save()
    if status in CLOSED:
        await settle_if_done(order)
    await note(order, kind, actor, {"returnId": str(request.id), **(more or {})})


async def book(request: ReturnRequest, lines: Iterable[ReturnLine]) -> None:
    """Count the goods as returned."""
    for origin, quantities in _by_origin(lines).items():
        await ledger.record(MOVEMENTS[origin], request.id, quantities)


async def give_back(
    request: ReturnRequest, lines: Iterable[ReturnLine], much: Mapping[UUID, Decimal] | None = None
) -> None:
    """Count the goods, or so much of each return line, as the buyer's again."""
    for origin, quantities in _by_origin(lines, much).items():
        await ledger.take_back(MOVEMENTS[origin], request.id, quantities)


def _by_origin(
    lines: Iterable[ReturnLine], much: Mapping[UUID, Decimal] | None = None
) -> dict[ReturnedFrom, dict[UUID, Decimal]]:
    found: dict[ReturnedFrom, dict[UUID, Decimal]] = {}
    for line in lines:
        amount = line.quantity if much is None else much[line.id]
        found.setdefault(line.origin, {})[line.order_line_id] = amount
    return found


async def _check_warranty(order: Order, wishes: tuple[ReturnWish, ...]) -> None:
    """Refuse what was accepted once its warranty has passed; what was rejected never was the buyer's, and may always go back."""
    if order.completed_at is None or all(wish.origin is ReturnedFrom.REJECTED for wish in wishes):
        return
    ended = order.completed_at + timedelta(days=(await Quotation.in_force(order.id)).warranty_days)
    if clock.now() > ended:
        raise invalid("input.orderId", Phrase("the warranty ended on {ended}", ended=ended.date().isoformat()))


async def _written(order: Order, wishes: tuple[ReturnWish, ...]) -> list[ReturnLine]:
    if not wishes:
        raise invalid("input.lines", "name what goes back")
    named = [(wish.order_line_id, wish.origin) for wish in wishes]
    for place, one in enumerate(named):
        if one in named[:place]:
            raise invalid(f"input.lines[{place}].orderLineId", "names a line twice")
    lines = [
        ReturnLine(
            order_line_id=wish.order_line_id,
            position=place,
            origin=wish.origin,
            quantity=wish.quantity,
            fault=wish.fault,
            remark=wish.remark,
            created_at=clock.now(),
        )
        for place, wish in enumerate(wishes, 1)
    ]
    await _check(order, lines)
    return lines


async def _check(order: Order, lines: Iterable[ReturnLine]) -> None:
    positions = {line.id: line.position for line in await OrderLine.of(order.id)}
    booked = await ledger.line_quantities(order)
    for line in lines:
        if line.order_line_id not in positions:
            raise NotFound("OrderLine", line.order_line_id)
        check_return(
            positions[line.order_line_id],
            booked[line.order_line_id],
            line.quantity,
            rejected=line.origin is ReturnedFrom.REJECTED,
        )
