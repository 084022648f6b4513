"""Makes returns by walking the real verbs."""

from decimal import Decimal

from models import Order, ReturnRequest
from rules.acceptance import GoodsFault
from rules.returns import Resolution, ReturnedFrom
from services.returning import ReturnWish, request_return, ship_back_return
from services.taking_back import approve_return, resolve_return, take_back_return
from tests.makers import make_key
from tests.order_makers import Parties, lines_of


async def make_return(
    parties: Parties, order: Order, quantity: str, origin: ReturnedFrom = ReturnedFrom.ACCEPTED
) -> ReturnRequest:
    """A request to give back so much of the order's first line."""
    [line, *_] = await lines_of(order)
    wish = ReturnWish(line.id, Decimal(quantity), GoodsFault.DEFECTIVE, origin)
    return await request_return(parties.buyer, order.id, None, (wish,), "they bend", idempotency_key=make_key())


async def make_shipped_back(parties: Parties, request: ReturnRequest) -> ReturnRequest:
    """The same, allowed and on its way back."""
    request = await approve_return(parties.supplier, request.id, request.version)
    return await ship_back_return(parties.buyer, request.id, request.version, "SF Express", make_key())


async def make_taken_back(parties: Parties, request: ReturnRequest) -> ReturnRequest:
    """The same, allowed, shipped back, and all as claimed."""
    request = await make_shipped_back(parties, request)
    return await take_back_return(parties.supplier, request.id, request.version, {})


async def make_resolved(parties: Parties, request: ReturnRequest, resolution: Resolution) -> ReturnRequest:
    """The same, and what came of it."""
    request = await make_taken_back(parties, request)
    return await resolve_return(parties.supplier, request.id, request.version, resolution)
