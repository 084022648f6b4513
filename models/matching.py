"""What lines of invoices stand on: the contract's price, and what of the goods was accepted, kept and claimed before."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from uuid import UUID

from models.billing import Invoice
from models.rows import Row, fetch
from rules.matching import ClaimedLine

# Amounts are stated as the prices are, with tax where they include it. Goods belong to older invoices first: what goes back is missing
# in the newest, as credit notes take it back (0133).
LINES: Final = """
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
)
SELECT counted.position, counted.invoice_id, counted.order_line_id, counted.unit_price, counted.invoiced, counted.claimed, counted.older,
    coalesce(booked.ordered, 1) AS ordered, coalesce(booked.kept, 1) AS kept,
    coalesce(
        agreed.unit_price,
        CASE WHEN counted.order_line_id IS NULL THEN
            contract.freight + CASE WHEN contract.tax_inclusion = 'INCLUSIVE' THEN contract.freight_tax ELSE 0 END END,
        counted.unit_price) AS price
FROM counted JOIN asked ON asked.id = counted.invoice_id
LEFT JOIN booked ON booked.order_line_id = counted.order_line_id
LEFT JOIN contract ON contract.order_id = counted.order_id AND contract.status IN ('EFFECTIVE', 'FULFILLED')
LEFT JOIN contract_line agreed ON agreed.contract_id = contract.id AND agreed.order_line_id = counted.order_line_id
ORDER BY counted.invoice_id, counted.position
"""
# Whose invoices they are, how that company looks at them, how their contract rounds, and what official invoices come to.
JUDGES: Final = """
SELECT i.id, o.buyer_id, coalesce(b.tolerance_share, 0) AS share,
    CASE WHEN c.currency = i.currency THEN coalesce(b.tolerance_amount, 0) ELSE 0 END AS amount,
    coalesce(b.accepts_matched, false) AS accepts_matched, q.rounding_mode,
    f.net AS official_net, f.tax AS official_tax, f.total AS official_total,
    (SELECT count(*) FROM invoice_line l WHERE l.invoice_id = i.id) AS line_count
FROM invoice i JOIN purchase_order o ON o.id = i.order_id JOIN company c ON c.id = o.buyer_id
LEFT JOIN billing_profile b ON b.company_id = o.buyer_id
LEFT JOIN contract k ON k.order_id = o.id AND k.status IN ('EFFECTIVE', 'FULFILLED') LEFT JOIN quotation q ON q.id = k.quotation_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(net), 0) AS net, coalesce(sum(tax), 0) AS tax, coalesce(sum(total), 0) AS total
    FROM official_invoice f WHERE f.invoice_id = i.id AND f.status = 'RECORDED'
) f
WHERE i.id = ANY($1)
"""


async def claimed_lines(invoices: Iterable[UUID]) -> dict[UUID, list[ClaimedLine]]:
    """The goods and the freight of each invoice that was opened before, in their order; allowances follow the goods."""
    wanted = list(invoices)
    found: dict[UUID, list[ClaimedLine]] = {invoice: [] for invoice in wanted}
    for row in await fetch(Invoice, LINES, wanted):
        found[row.invoice_id].append(_line(row))
    return found


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


async def judges_of(invoices: Iterable[UUID]) -> dict[UUID, Row]:
    """By invoice: its `buyer_id`, that company's tolerance as `share` and `amount`, whether it `accepts_matched`, the contract's
    `rounding_mode`, what `official_net`, `official_tax` and `official_total` come to, and the invoice's `line_count`."""
    return {row["id"]: row for row in await fetch(Invoice, JUDGES, list(invoices))}
