"""The three-way match of invoices, and what follows where a buyer lets matched ones be accepted by themselves."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models import Errand, Invoice, Order
from models.matching import claimed_lines, judges_of
from rules.billing import InvoiceStatus
from rules.events import EventKind
from rules.fapiao import Sums, tolerance_of
from rules.lifecycle import Side, step_for
from rules.matching import Match, MatchStatus, Tolerance, match, matched_line, official_match
from rules.money import Rounding, RoundingMode
from rules.people import CLOCK
from services.desk import lock_order, note
from services.verb import committed


async def matches(invoices: Sequence[Any], buyer_id: UUID | None = None) -> dict[UUID, Match | None]:
    """What the comparison of each invoice comes to now, in two statements; None for those of another buyer than the one that asks.

    They were opened before; they may be rows or instances.
    """
    ids = [invoice.id for invoice in invoices]
    judges, lines = await judges_of(ids), await claimed_lines(ids)
    found: dict[UUID, Match | None] = {}
    for invoice in invoices:
        judge = judges[invoice.id]
        if buyer_id not in (None, judge.buyer_id):
            found[invoice.id] = None
            continue
        rounding = Rounding(invoice.currency, RoundingMode(judge.rounding_mode or RoundingMode.HALF_UP))
        tolerance = Tolerance(judge.share, judge.amount)
        claimed = Sums(invoice.net, invoice.tax, invoice.total)
        recorded = Sums(judge.official_net, judge.official_tax, judge.official_total)
        official = official_match(claimed, recorded, tolerance_of(judge.line_count))
        compared = (matched_line(line, tolerance, rounding) for line in lines[invoice.id])
        found[invoice.id] = match(compared, official)
    return found


async def look_at_invoice(errand: Errand) -> datetime | None:
    """Accept an invoice that nobody has answered, if its buyer wants that and it matches; done either way, and people see to the rest."""
    await committed(partial(_accept_matched, errand.subject_id))
    return None


async def _accept_matched(invoice_id: UUID) -> None:
    invoice = await Invoice.named(invoice_id)
    order: Order = await lock_order(CLOCK, invoice.order_id)
    step_for("accept_matched", order, Side.CLOCK)
    await invoice.refresh_from_db()
    judge = (await judges_of([invoice.id]))[invoice.id]
    if invoice.status is not InvoiceStatus.ISSUED or not judge.accepts_matched:
        return
    found = (await matches([invoice]))[invoice.id]
    if found is None or found.status is MatchStatus.EXCEPTION:
        return
    invoice.status = InvoiceStatus.ACCEPTED
    invoice.version += 1
    await invoice.save(update_fields=["status", "version"])
    await note(order, EventKind.INVOICE_ACCEPTED, CLOCK, {"invoiceId": str(invoice.id), "match": found.status})
