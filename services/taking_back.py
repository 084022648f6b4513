"""The supplier's side of returns, and the operator's: allowed or not, taken back and looked at, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Order, ReturnLine, ReturnRequest
from rules.accounts import Excess
from rules.decimals import ZERO
from rules.events import EventKind
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, invalid
from rules.quantity import Movement, plain
from rules.returns import Arbitration, Resolution, ReturnedFrom, ReturnStatus
from services import budgets, clock, ledger, stock
from services.crediting import credit_goods
from services.returning import give_back, open_return, write
from services.shelves import named_warehouse
from services.verb import verb

# What becomes of money that was paid for the goods.
EXCESS = {Resolution.REFUND: Excess.REFUND, Resolution.CREDIT: Excess.CREDIT_BALANCE}


@dataclass(frozen=True)
class Finding:
    """How much of a return line came back and is as claimed; the rest is the buyer's again.

    `restocked`: how much of what is confirmed is as good as new and goes on the shelf. Nothing unless somebody says so: what comes back
    as claimed is faulty, as a rule.
    """

    confirmed: Decimal
    remark: str | None = None
    restocked: Decimal = ZERO


@verb
async def approve_return(actor: Actor, return_id: UUID, expected_version: int) -> ReturnRequest:
    """Let the buyer ship the goods back."""
    order, request = await open_return(actor, "approve_return", return_id, expected_version)
    await write(order, request, ReturnStatus.APPROVED, EventKind.RETURN_APPROVED, actor)
    return request


@verb
async def reject_return(actor: Actor, return_id: UUID, expected_version: int, reason: str) -> ReturnRequest:
    """Do not take the goods back; the buyer may ask the operator."""
    order, request = await open_return(actor, "reject_return", return_id, expected_version)
    request.rejection_reason = reason
    await give_back(request, await ReturnLine.of(request.id))
    await write(order, request, ReturnStatus.REJECTED, EventKind.RETURN_REJECTED, actor, {"reason": reason})
    return request


@verb
async def arbitrate_return(
    actor: Actor, return_id: UUID, expected_version: int, decision: Arbitration, note: str
) -> ReturnRequest:
    """The operator's word on a disputed return; it is the last one."""
    order, request = await open_return(actor, "arbitrate_return", return_id, expected_version)
    request.arbitration_note = note
    if decision is Arbitration.REJECTED:
        await give_back(request, await ReturnLine.of(request.id))
    said = {"decision": decision, "reason": note}
    await write(order, request, ReturnStatus(decision), EventKind.RETURN_ARBITRATED, actor, said)
    return request


@verb
async def take_back_return(
    actor: Actor,
    return_id: UUID,
    expected_version: int,
    found: Mapping[UUID, Finding],
    warehouse_id: UUID | None = None,
) -> ReturnRequest:
    """Record what came back, by return line; lines that are not named are as claimed. What is not confirmed is the buyer's again.

    What is restocked is on the shelf of the warehouse, the default one unless said, once it is settled that the goods are the supplier's.
    """
    order, request = await open_return(actor, "take_back_return", return_id, expected_version)
    lines = list(await ReturnLine.of(request.id))
    places = {named: place for place, named in enumerate(found)}
    for stranger in found.keys() - {line.id for line in lines}:
        raise NotFound("ReturnLine", stranger)
    for line in lines:
        await _look(f"input.lines[{places.get(line.id, 0)}].confirmed", line, found.get(line.id))
    if warehouse_id is not None:
        request.restocked_in_id = await named_warehouse(actor, warehouse_id, "input.warehouseId")
    await give_back(request, lines, {line.id: line.quantity - _confirmed(line) for line in lines})
    request.taken_back_at = clock.now()
    await write(order, request, ReturnStatus.TAKEN_BACK, EventKind.RETURN_TAKEN_BACK, actor)
    return request


@verb
async def resolve_return(actor: Actor, return_id: UUID, expected_version: int, resolution: Resolution) -> ReturnRequest:
    """Say what comes of the goods: money, credit, others in their place, or nothing, since there is no fault.

    What was invoiced of goods that are not replaced is credited at once.
    """
    order, request = await open_return(actor, "resolve_return", return_id, expected_version)
    lines = list(await ReturnLine.of(request.id))
    if resolution is not Resolution.NO_FAULT and not any(_confirmed(line) for line in lines):
        raise invalid("input.resolution", "nothing came back as claimed", Resolution.NO_FAULT)
    await _book(request, lines, resolution)
    if resolution is not Resolution.NO_FAULT:
        await budgets.hold_still(order)
        await stock.restock(order, _by_line(lines, "restocked"), request.restocked_in_id, request.id, actor)
    request.resolution, request.resolved_at = resolution, clock.now()
    said = {"resolution": resolution, **await _credited(order, request, lines)}
    await write(order, request, ReturnStatus.RESOLVED, EventKind.RETURN_RESOLVED, actor, said)
    return request


async def _look(path: str, line: ReturnLine, finding: Finding | None) -> None:
    line.confirmed = line.quantity if finding is None else finding.confirmed
    line.finding = None if finding is None else finding.remark
    if not 0 <= line.confirmed <= line.quantity:
        raise invalid(path, Phrase("must be between 0 and {returned}", returned=plain(line.quantity)))
    if line.confirmed < line.quantity and not line.finding:
        raise invalid(path.replace("confirmed", "remark"), "say why not all is as claimed")
    line.restocked = ZERO if finding is None else finding.restocked
    if not 0 <= line.restocked <= line.confirmed:
        most = Phrase("must be between 0 and the {confirmed} that are confirmed", confirmed=plain(line.confirmed))
        raise invalid(path.replace("confirmed", "restocked"), most)
    await line.save(update_fields=["confirmed", "finding", "restocked"])


async def _book(request: ReturnRequest, lines: Sequence[ReturnLine], resolution: Resolution) -> None:
    if resolution is Resolution.NO_FAULT:
        await give_back(request, lines, {line.id: _confirmed(line) for line in lines})
    elif resolution is Resolution.REPLACE:
        await ledger.record(Movement.REPLACED, request.id, _by_line(lines, "confirmed"))


def _by_line(lines: Sequence[ReturnLine], field: str) -> dict[UUID, Decimal]:
    """A figure of the return lines by order line, of which there may be two, for what was accepted and what was rejected."""
    found: dict[UUID, Decimal] = {}
    for line in lines:
        found[line.order_line_id] = found.get(line.order_line_id, ZERO) + (getattr(line, field) or ZERO)
    return found


async def _credited(order: Order, request: ReturnRequest, lines: Sequence[ReturnLine]) -> dict[str, object]:
    """The credit notes for goods that were accepted, and are gone for good."""
    if request.resolution not in EXCESS:
        return {}
    gone = {line.order_line_id: _confirmed(line) for line in lines if line.origin is ReturnedFrom.ACCEPTED}
    return await credit_goods(order, gone, request.reason, EXCESS[request.resolution], request.id)


def _confirmed(line: ReturnLine) -> Decimal:
    return line.confirmed or ZERO
