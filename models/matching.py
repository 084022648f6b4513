"""What lines of invoices stand on: the contract's price, and what of the goods was accepted, kept and claimed before."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from models.billing import Invoice
from models.rows import Row, fetch
from rules.fapiao import Sums
from rules.matching import ClaimedLine, Tolerance
from rules.money import RoundingMode

# Whose invoices they are, how that company looks at them, how their contract rounds, and the official invoices that count; each with
# its lines, in amounts that are stated as the prices are, with tax where they include it. Goods belong to older invoices first: what
# goes back is missing in the newest, as credit notes take it back (0133).
FACTS: Final = """
WITH asked AS (
    SELECT id, order_id FROM invoice WHERE id = ANY($1)
), credited AS (
    SELECT c.invoice_line_id, sum(c.quantity) AS quantity,
        sum(c.net) + CASE WHEN i.tax_inclusion = 'INCLUSIVE' THEN sum(c.tax) ELSE 0 END AS stated
    FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id JOIN credit_note_line c ON c.invoice_line_id = l.id
    WHERE i.order_id IN (SELECT order_id FROM asked) GROUP BY c.invoice_line_id, i.tax_inclusion
), standing AS (
    SELECT l.id, l.invoice_id, i.order_id, l.order_line_id, l.position, l.unit_price,
        l.quantity - coalesce(c.quantity, 0) AS invoiced,
        l.net + CASE WHEN i.tax_inclusion = 'INCLUSIVE' THEN l.tax ELSE 0 END - coalesce(c.stated, 0) AS claimed
    FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id LEFT JOIN credited c ON c.invoice_line_id = l.id
    WHERE i.order_id IN (SELECT order_id FROM asked) AND l.allowance IS NULL
), counted AS (
    SELECT standing.*, coalesce(sum(invoiced) OVER (
        PARTITION BY order_id, order_line_id ORDER BY invoice_id, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS older FROM standing
), booked AS (
    SELECT order_line_id,
        coalesce(sum(quantity) FILTER (WHERE movement = 'ORDERED'), 0)
            - coalesce(sum(quantity) FILTER (WHERE movement = 'CANCELLED'), 0) AS ordered,
        coalesce(sum(quantity) FILTER (WHERE movement = 'ACCEPTED'), 0)
            - coalesce(sum(quantity) FILTER (WHERE movement = 'RETURNED'), 0) AS kept
    FROM quantity_entry WHERE order_line_id IN (SELECT order_line_id FROM counted) GROUP BY order_line_id
), claimed AS (
    SELECT counted.position, counted.invoice_id, counted.order_line_id, counted.unit_price, counted.invoiced, counted.claimed,
        counted.older, coalesce(booked.ordered, 1) AS ordered, coalesce(booked.kept, 1) AS kept,
        coalesce(agreed.unit_price, CASE WHEN counted.order_line_id IS NULL THEN
            contract.freight + CASE WHEN contract.tax_inclusion = 'INCLUSIVE' THEN contract.freight_tax ELSE 0 END END,
            counted.unit_price) AS price
    FROM counted LEFT JOIN booked ON booked.order_line_id = counted.order_line_id
    LEFT JOIN contract ON contract.order_id = counted.order_id AND contract.status IN ('EFFECTIVE', 'FULFILLED')
    LEFT JOIN contract_line agreed ON agreed.contract_id = contract.id AND agreed.order_line_id = counted.order_line_id
), judged AS (
    SELECT i.id AS judged_id, o.buyer_id, coalesce(b.tolerance_share, 0) AS share,
        CASE WHEN c.currency = i.currency THEN coalesce(b.tolerance_amount, 0) ELSE 0 END AS tolerated,
        coalesce(b.accepts_matched, false) AS accepts_matched, q.rounding_mode,
        f.net AS official_net, f.tax AS official_tax, f.total AS official_total,
        (SELECT count(*) FROM invoice_line l WHERE l.invoice_id = i.id) AS line_count,
        ARRAY(SELECT r.id FROM official_invoice r WHERE r.invoice_id = i.id ORDER BY r.id) AS official_ids
    FROM invoice i JOIN purchase_order o ON o.id = i.order_id JOIN company c ON c.id = o.buyer_id
    LEFT JOIN billing_profile b ON b.company_id = o.buyer_id
    LEFT JOIN contract k ON k.order_id = o.id AND k.status IN ('EFFECTIVE', 'FULFILLED') LEFT JOIN quotation q ON q.id = k.quotation_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(net), 0) AS net, coalesce(sum(tax), 0) AS tax, coalesce(sum(total), 0) AS total
        FROM official_invoice f WHERE f.invoice_id = i.id AND f.status = 'RECORDED'
    ) f
    WHERE i.id IN (SELECT id FROM asked)
)
SELECT judged.*, claimed.* FROM judged LEFT JOIN claimed ON claimed.invoice_id = judged.judged_id
ORDER BY judged.judged_id, claimed.position
"""


@dataclass(frozen=True)
class Facts:
    """What an invoice is compared with."""

    buyer: UUID
    tolerance: Tolerance
    accepts_matched: bool
    rounding_mode: RoundingMode
    recorded: Sums
    """What official invoices come to, void ones aside."""
    official_invoices: tuple[UUID, ...]
    """All of them, the oldest first."""
    line_count: int
    lines: tuple[ClaimedLine, ...]
    """Goods and freight, in their order; allowances follow the goods."""


async def facts_of(invoices: Iterable[UUID]) -> dict[UUID, Facts]:
    """By invoice that was opened before, in one statement."""
    found: dict[UUID, list[Row]] = {}
    for row in await fetch(Invoice, FACTS, list(invoices)):
        found.setdefault(row["judged_id"], []).append(row)
    return {invoice: _facts(rows) for invoice, rows in found.items()}


def _facts(rows: list[Row]) -> Facts:
    first = rows[0]
    return Facts(
        first["buyer_id"],
        Tolerance(first["share"], first["tolerated"]),
        first["accepts_matched"],
        RoundingMode(first["rounding_mode"] or RoundingMode.HALF_UP),
        Sums(first["official_net"], first["official_tax"], first["official_total"]),
        tuple(first["official_ids"]),
        first["line_count"],
        tuple(_line(row) for row in rows if row["position"] is not None),
    )


def _line(row: Row) -> ClaimedLine:
    def much(name: str) -> Decimal:
        return Decimal(row[name])

    return ClaimedLine(
        row["position"],
        row["order_line_id"],
        much("ordered"),
        much("kept"),
        much("invoiced"),
        much("older"),
        much("price"),
        much("unit_price"),
        much("claimed"),
    )
