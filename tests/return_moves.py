"""One random try at each step of a return; those of orders are in `moves`."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from models import ReturnRequest
from rules.acceptance import GoodsFault
from rules.returns import Arbitration, Resolution, ReturnedFrom
from services import ledger, returning, taking_back
from tests.makers import make_key
from tests.order_makers import lines_of

REASON = "坏了 · broken"


async def request_return(turn: Any) -> object:
    booked = await ledger.line_quantities(turn.order)
    wishes = []
    for line in await lines_of(turn.order):
        origin = turn.chance.choice([ReturnedFrom.ACCEPTED, ReturnedFrom.ACCEPTED, ReturnedFrom.REJECTED])
        sums = booked[line.id]
        there = sums.kept if origin is ReturnedFrom.ACCEPTED else sums.rejected - sums.returned_rejected
        wishes.append(returning.ReturnWish(line.id, turn.much(there), GoodsFault.DEFECTIVE, origin))
    some = tuple(wishes[: turn.chance.choice([1, 1, 2])])
    return await returning.request_return(
        turn.actor, turn.order.id, turn.named[1], some, REASON, idempotency_key=make_key()
    )


async def take_back_return(turn: Any) -> object:
    request = await turn.one(ReturnRequest)
    found = {}
    if request.created_at and turn.chance.random() < 0.4:
        [line, *_] = await request.lines.all()
        found[line.id] = taking_back.Finding(line.quantity * turn.chance.choice([0, Decimal("0.5")]), REASON)
    return await taking_back.take_back_return(turn.actor, request.id, request.version, found)


def on_return(verb: Callable[..., Awaitable[object]], *more: Callable[[Any], object]) -> Callable[[Any], Any]:
    """The way to try a verb that wants a return, and what else it wants by chance."""

    async def work(turn: Any) -> object:
        request = await turn.one(ReturnRequest)
        return await verb(turn.actor, request.id, request.version, *(one(turn.chance) for one in more))

    return work


RETURN_MOVES = {
    "request_return": request_return,
    "take_back_return": take_back_return,
    "cancel_return": on_return(returning.cancel_return),
    "dispute_return": on_return(returning.dispute_return, lambda _: REASON),
    "ship_back_return": on_return(returning.ship_back_return, lambda _: "SF", lambda _: make_key()),
    "approve_return": on_return(taking_back.approve_return),
    "reject_return": on_return(taking_back.reject_return, lambda _: REASON),
    "arbitrate_return": on_return(
        taking_back.arbitrate_return, lambda chance: chance.choice(list(Arbitration)), lambda _: REASON
    ),
    "resolve_return": on_return(taking_back.resolve_return, lambda chance: chance.choice(list(Resolution))),
}
