"""What orders keep of their buyers' credit: raised by the signature that binds, moved by everybody's steps, booked under the line's lock.

The lock comes last of all: after those of the order, its cost centre, promotions, framework agreements and products (decision 0161).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Contract, CreditEntry, CreditLine, Order, Quotation
from models.base import new_id
from models.credit import Pair
from models.rows import Row
from rules.credit import CreditStanding, CreditUse, lent, move_of
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.money import Currency, added_up
from rules.people import Actor
from rules.problems import CreditBlocked, CreditLimitExceeded
from rules.terms import QuotationStatus
from services import clock, ledger
from services.agreeing import Chosen, Instead, agreement
from services.claiming import claims
from services.streams import note_apart


@dataclass(frozen=True)
class CreditLook:
    """How a contract would fit into its buyer's credit as it stands now; nothing is kept."""

    currency: Currency
    needed: Decimal
    """How much more than the order keeps already."""
    use: CreditUse

    @property
    def standing(self) -> CreditStanding:
        """Whether it would fit."""
        return self.use.standing(self.needed)

    def check(self) -> None:
        """Refuse what does not fit."""
        block, available = self.use.block, self.use.available
        if self.standing is CreditStanding.BLOCKED and block is not None:
            raise CreditBlocked(self.currency, block)
        if self.standing is CreditStanding.NOT_ENOUGH and available is not None:
            raise CreditLimitExceeded(self.currency, available, self.needed, self.needed - available)


async def reserve(order: Order, actor: Actor) -> None:
    """Keep what the contract that has just come into force lends; CreditLimitExceeded or CreditBlocked where it does not fit."""
    line = await _locked(order)
    wanted, kept = await _wanted(order)
    if wanted <= kept:
        return
    pair = _pair(order)
    look = CreditLook(order.currency, wanted - kept, (await CreditLine.uses([pair], clock.now()))[pair])
    look.check()
    await _book(line, order, look.needed, None)
    if look.use.is_nearly_exhausted(look.needed) and not look.use.is_nearly_exhausted():
        await note_line(line, EventKind.CREDIT_LINE_EXHAUSTED, actor, {"orderId": str(order.id)})


async def follow(order: Order, kind: EventKind) -> None:
    """Keep no more and no less than what is agreed and may still be invoiced. Whoever acts: it refuses nothing."""
    if order.contracted_at is None:
        return
    wanted, kept = await _wanted(order)
    if wanted != kept:
        await _book(await _locked(order), order, wanted - kept, kind)


async def check_signable(order: Order) -> None:
    """Refuse early what the signature that the order waits for would be refused for; nothing is kept."""
    for look in (await looks([order])).values():
        look.check()


async def looks(orders: Sequence[Any], sealed: Collection[UUID] = ()) -> dict[UUID, CreditLook]:
    """How what each order waits for would fit, a text to be signed or else an open offer, which counts for none of the sealed; in two
    statements however many they are."""
    asked = await CreditEntry.commitments([order.id for order in orders])
    waiting = [
        o for o in orders if asked[o.id].asked_total is not None and not (asked[o.id].is_offer and o.id in sealed)
    ]
    uses = await CreditLine.uses([_pair(order) for order in waiting], clock.now())
    return {o.id: _look(o, asked[o.id], asked[o.id].asked_total, asked[o.id].asked_share, uses) for o in waiting}


async def look_at_part(order: Any, chosen: Chosen, instead: Instead | None) -> CreditLook | None:
    """How it would fit if so much of the open offer were accepted, refused as that would be; None where no offer is open."""
    offer = await Quotation.newest(order.id)
    if offer is None or offer.status is not QuotationStatus.SENT:
        return None
    total = (await agreement(offer, chosen, instead)).total
    kept = (await CreditEntry.commitments([order.id]))[order.id]
    return _look(order, kept, total, offer.prepaid_share, await CreditLine.uses([_pair(order)], clock.now()))


async def note_line(line: CreditLine, kind: EventKind, actor: Actor, body: dict[str, object]) -> None:
    """Save the line, but for what is reserved of it, and its event under the next number, for the two it is between."""
    line.version += 1
    named = ("credit_limit", "blocks_overdue", "blocked_at", "block_reason", "remark", "version")
    await line.save(update_fields=named)
    readers = [line.supplier_id] if line.buyer_id is None else [line.supplier_id, line.buyer_id]
    await note_apart(line, line.version, kind, actor, readers, body)


def _look(order: Any, kept: Row, total: Decimal, prepaid_share: Decimal, uses: Mapping[Pair, CreditUse]) -> CreditLook:
    pair = _pair(order)
    needed = lent(total - kept.invoiced, prepaid_share, pair[2]) - kept.reserved
    return CreditLook(pair[2], max(needed, ZERO), uses[pair])


def _pair(order: Any) -> Pair:
    return order.supplier_id, order.buyer_id, Currency(order.currency)


async def _locked(order: Order) -> CreditLine:
    return await CreditLine.locked(*_pair(order), clock.now())


async def _wanted(order: Order) -> tuple[Decimal, Decimal]:
    """What the order has to keep as it stands, and what it keeps."""
    now = (await CreditEntry.commitments([order.id]))[order.id]
    if now.total is None:
        return ZERO, now.reserved
    left = await _left(order) if order.status is OrderStatus.COMPLETED else now.total - now.invoiced
    return lent(left, now.prepaid_share, order.currency), now.reserved


async def _left(order: Order) -> Decimal:
    """What may still be invoiced of an order whose goods are there: what was accepted, and what replaces others."""
    booked = await ledger.line_quantities(order)
    sums = {line: found.to_invoice + found.under_way + found.to_despatch for line, found in booked.items()}
    wanted = {line: much for line, much in sums.items() if much > 0}
    contract = await Contract.in_force(order.id) if wanted else None
    if contract is None:
        return ZERO
    rounding = (await Quotation.named(contract.quotation_id)).rounding
    return added_up([one.claimed for one in await claims(order, contract, wanted, rounding)], rounding).gross


async def _book(line: CreditLine, order: Order, change: Decimal, kind: EventKind | None) -> None:
    """Write one entry; the database adds it up. `kind`: the event of the step it goes with; None for a signature that binds."""
    await CreditEntry.create(
        id=new_id(),
        line_id=line.id,
        order_id=order.id,
        move=move_of(change, kind),
        currency=line.currency,
        amount=change,
        created_at=clock.now(),
    )
