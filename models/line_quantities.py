"""What the quantity ledger says of an order's lines, in one statement."""

from decimal import Decimal
from uuid import UUID

from tortoise.functions import Sum

from models.order import OrderLine
from rules.quantity import LineQuantities


async def quantities_of(order_id: UUID) -> dict[UUID, LineQuantities]:
    """What it adds up to for each line of an order that was opened before, by their positions."""
    lines = OrderLine.of(order_id).annotate(total=Sum("entries__quantity"))
    found: dict[UUID, dict[str, Decimal]] = {}
    for line, movement, total in await lines.group_by("id", "position", "entries__movement").values_list(
        "id", "entries__movement", "total"
    ):
        found.setdefault(line, {}).update({} if movement is None else {movement: total})
    return {line: LineQuantities.of(sums) for line, sums in found.items()}
