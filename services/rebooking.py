"""What ledger and stock are told when a contract asks for more or less of its goods."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from models import Order
from rules.people import Actor
from rules.quantity import LineQuantities, Movement
from services import ledger, stock


async def check_stock(order: Order, document: UUID, wanted: Mapping[UUID, Decimal], actor: Actor) -> None:
    """Refuse what there is no stock for, before anybody signs it."""
    booked = await ledger.line_quantities(order)
    fewer, more = _kept(booked, _changes(booked, wanted))
    await stock.check_change(order, document, fewer, more, actor)


async def book(order: Order, document: UUID, wanted: Mapping[UUID, Decimal], actor: Actor) -> None:
    """Let ledger and stock follow what is owed from now on; a line that is not named is owed no more."""
    booked = await ledger.line_quantities(order)
    changes = _changes(booked, wanted)
    await ledger.record(Movement.ORDERED, document, {line: more for line, more in changes.items() if more > 0})
    await ledger.record(Movement.CANCELLED, document, {line: -less for line, less in changes.items() if less < 0})
    fewer, more = _kept(booked, changes)
    if more and fewer:
        await stock.hold_still(order)
    await stock.release(order, document, fewer, actor)
    await stock.reserve_more(order, document, more, actor)


def _changes(booked: Mapping[UUID, LineQuantities], wanted: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    return {line: wanted.get(line, Decimal(0)) - found.agreed for line, found in booked.items()}


def _kept(
    booked: Mapping[UUID, LineQuantities], changes: Mapping[UUID, Decimal]
) -> tuple[dict[UUID, Decimal], dict[UUID, Decimal]]:
    """Down to how much is kept in stock of lines of which less is owed after these changes, and how much more of the others."""
    kept = {line: max(found.agreed - found.despatched, Decimal(0)) for line, found in booked.items()}
    after = {line: max(found.agreed + changes[line] - found.despatched, Decimal(0)) for line, found in booked.items()}
    fewer = {line: after[line] for line in kept if after[line] < kept[line]}
    return fewer, {line: after[line] - kept[line] for line in kept if after[line] > kept[line]}
