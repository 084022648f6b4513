"""One random try at each step of an order's money; those of orders are in `moves`."""

from collections.abc import Iterator
from typing import Any

from models import Invoice
from models.crediting import left_of
from rules.accounts import Excess
from rules.crediting import CreditWish, Left
from services import crediting
from tests.makers import make_key

REASON = "算错了 · miscounted"


async def issue_credit_note(turn: Any) -> object:
    """All of it, or a part by quantity or by amount, or more than is left."""
    invoice = await turn.one(Invoice)
    lines = (await left_of([invoice.id]))[invoice.id].values() if invoice.created_at else ()
    wishes = tuple(_wishes(turn, list(lines))) if turn.chance.random() < 0.7 else None
    return await crediting.issue_credit_note(
        turn.actor,
        invoice.id,
        invoice.version,
        REASON,
        wishes,
        turn.chance.choice(list(Excess)),
        idempotency_key=make_key(),
    )


def _wishes(turn: Any, lines: list[Left]) -> Iterator[CreditWish]:
    for line in lines[: turn.chance.choice([1, 1, 2])]:
        if turn.chance.random() < 0.5:
            yield CreditWish(line.id, turn.much(line.quantity))
        else:
            yield CreditWish(line.id, net=round(turn.much(line.net), 2))


BILLING_MOVES = {"issue_credit_note": issue_credit_note}
