"""What suppliers lend their buyers, as their administrators, finance and salespeople keep it, one after the other."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import CreditLine
from rules.decimals import ZERO
from rules.events import EventKind
from rules.money import MOST, Currency, check_amount
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, StaleVersion, invalid
from services import clock
from services.credit import note_line
from services.price_lists import check_customer, open_supplier
from services.verb import verb


@dataclass(frozen=True)
class CreditTerms:
    """What is lent; without a limit what holds for all buyers without one, or as much as they ask for where that is not set either."""

    limit: Decimal | None
    blocks_overdue: bool = False
    remark: str | None = None


@verb
async def set_credit_line(
    actor: Actor, buyer_id: UUID | None, currency: Currency, expected_version: int, terms: CreditTerms
) -> CreditLine:
    """What a buyer is lent in one currency, or, where none is named, all those without a limit of their own; 0 for a line nobody has seen.

    Below what is taken already it takes nothing away, and lets no new contract bind.
    """
    await open_supplier(actor, "set_credit_line")
    if buyer_id is not None:
        await check_customer(actor, buyer_id, "input.buyerId")
    if terms.limit is not None:
        if not ZERO <= terms.limit < MOST:
            raise invalid("input.limit", Phrase("must be from 0 to {most}", most=MOST - 1))
        check_amount("input.limit", terms.limit, currency)
    line = await CreditLine.locked(actor.home, buyer_id, currency, clock.now())
    if line.version != expected_version:
        raise StaleVersion(line.version)
    line.credit_limit, line.blocks_overdue, line.remark = terms.limit, terms.blocks_overdue, terms.remark
    return await _changed(line, actor, "set_credit_line")


@verb
async def block_credit_line(actor: Actor, line_id: UUID, expected_version: int, reason: str) -> CreditLine:
    """Let no new contract of the buyer bind on credit, nor a change that makes one dearer; the buyer is not told why."""
    line = await _opened(actor, "block_credit_line", line_id, expected_version)
    if line.buyer_id is None:
        raise invalid("input.creditLineId", "is what holds for all buyers without a limit; block a buyer's own line")
    line.blocked_at, line.block_reason = clock.now(), reason
    return await _changed(line, actor, "block_credit_line")


@verb
async def unblock_credit_line(actor: Actor, line_id: UUID, expected_version: int) -> CreditLine:
    """Lend again, up to the limit."""
    line = await _opened(actor, "unblock_credit_line", line_id, expected_version)
    if line.blocked_at is None:
        raise invalid("input.creditLineId", "is not blocked")
    line.blocked_at = line.block_reason = None
    return await _changed(line, actor, "unblock_credit_line")


async def _opened(actor: Actor, action: str, line_id: UUID, expected_version: int) -> CreditLine:
    """The caller's company's own line, locked."""
    await open_supplier(actor, action)
    if not await CreditLine.visible_to(actor).filter(id=line_id, supplier_id=actor.home).exists():
        raise NotFound("CreditLine", line_id)
    line = await CreditLine.named(line_id)
    if line.version != expected_version:
        raise StaleVersion(line.version)
    return line


async def _changed(line: CreditLine, actor: Actor, action: str) -> CreditLine:
    await note_line(line, EventKind.CREDIT_LINE_CHANGED, actor, {"action": action})
    await line.refresh_from_db(["credit_limit"])  # with as many decimals as are kept
    return line
