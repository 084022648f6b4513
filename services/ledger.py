"""The two ledgers of an order: quantities and money. Both only grow, under the order's row lock."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from models import LedgerEntry, Order, OrderLine, QuantityEntry
from models.base import new_id
from rules.billing import Account, Entry, is_balanced
from rules.quantity import LineQuantities, Movement
from services import clock


async def line_quantities(order: Order) -> dict[UUID, LineQuantities]:
    """What the quantity ledger says of each line of the order."""
    return await QuantityEntry.sums([row["id"] for row in await OrderLine.of(order.id).values("id")])


async def record(movement: Movement, document: UUID, quantities: Mapping[UUID, Decimal]) -> None:
    """Add an entry for each line; nothing is recorded for nothing."""
    moment = clock.now()
    await QuantityEntry.bulk_create(
        QuantityEntry(order_line_id=line, movement=movement, quantity=amount, document_id=document, created_at=moment)
        for line, amount in quantities.items()
        if amount
    )


async def take_back(movement: Movement, document: UUID, quantities: Mapping[UUID, Decimal]) -> None:
    """Undo so much of what the document's entries recorded, by entries below zero: none is ever changed."""
    await record(movement, document, {line: -amount for line, amount in quantities.items()})


async def post(order: Order, document: UUID, entries: Iterable[Entry]) -> None:
    """Add one posting, whose sides add up to zero."""
    sides = tuple(entries)
    if not is_balanced(sides):
        raise ValueError("a posting must add up to zero")
    posting, moment = new_id(), clock.now()
    await LedgerEntry.bulk_create(
        LedgerEntry(
            posting=posting,
            order_id=order.id,
            account=side.account,
            currency=order.currency,
            amount=side.amount,
            document_id=document,
            created_at=moment,
        )
        for side in sides
    )


async def invoiced_and_paid(order: Order) -> tuple[Decimal, Decimal]:
    """What was claimed for the order and what has come in."""
    debits = (await LedgerEntry.debits([order.id]))[order.id]
    return debits.get(Account.RECEIVABLE, Decimal(0)), debits.get(Account.BANK, Decimal(0))
