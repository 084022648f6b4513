"""The three-way match of invoices, and what follows where a buyer lets matched ones be accepted by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models import Errand, Invoice, Order
from models.matching import Facts, facts_of
from rules.billing import InvoiceStatus
from rules.events import EventKind
from rules.fapiao import Sums, tolerance_of
from rules.lifecycle import Side, step_for
from rules.matching import Match, MatchStatus, Tolerance, match, matched_line, official_match
from rules.money import Rounding
from rules.people import CLOCK
from services.desk import lock_order, note
from services.verb import committed


@dataclass(frozen=True)
class Compared:
    """What the comparison of an invoice came to, and on what."""

    match: Match
    facts: Facts


async def compared(invoices: Sequence[Any], viewer: UUID | None = None) -> dict[UUID, Compared]:
    """The comparison of each invoice that was opened before, as it is now, in one statement; they may be rows or instances.

    What the buyer puts up with counts for the buyer alone, or where nobody looks: to others a difference is one.
    """
    facts = await facts_of([invoice.id for invoice in invoices])
    return {invoice.id: _compared(invoice, facts[invoice.id], viewer) for invoice in invoices}


def _compared(invoice: Any, facts: Facts, viewer: UUID | None) -> Compared:
    rounding = Rounding(invoice.currency, facts.rounding_mode)
    tolerance = facts.tolerance if viewer in (None, facts.buyer) else Tolerance()
    claimed = Sums(invoice.net, invoice.tax, invoice.total)
    official = official_match(claimed, facts.recorded, tolerance_of(facts.line_count))
    return Compared(match((matched_line(line, tolerance, rounding) for line in facts.lines), official), facts)


async def look_at_invoice(errand: Errand) -> datetime | None:
    """Accept an invoice that nobody has answered, if its buyer wants that and it matches; done either way, and people see to the rest."""
    await committed(partial(accept_matched, errand.subject_id))
    return None


async def accept_matched(invoice_id: UUID) -> None:
    """Accept an invoice that matches, for a buyer who wants it so; nothing where somebody was faster."""
    invoice = await Invoice.named(invoice_id)
    order: Order = await lock_order(CLOCK, invoice.order_id)
    step_for("accept_matched", order, Side.CLOCK)
    await invoice.refresh_from_db()
    found = (await compared([invoice]))[invoice.id]
    if invoice.status is not InvoiceStatus.ISSUED or not found.facts.accepts_matched:
        return
    if found.match.status is MatchStatus.EXCEPTION:
        return
    invoice.status = InvoiceStatus.ACCEPTED
    invoice.version += 1
    await invoice.save(update_fields=["status", "version"])
    await note(order, EventKind.INVOICE_ACCEPTED, CLOCK, {"invoiceId": str(invoice.id), "match": found.match.status})
