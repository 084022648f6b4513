"""What a supplier last asked a buyer for the same article: the two parties' own history, nobody else's."""

from collections.abc import Iterable
from uuid import UUID

from models.quotation import QuotationLine
from models.rows import Row, fetch

LAST_QUOTED = """
    SELECT DISTINCT ON (wanted.id, line.product_id)
        wanted.id AS order_id, line.product_id, quoted.unit_price, quoted.tax_rate, quoted.quantity, q.currency, q.tax_inclusion, q.status,
        q.created_at
    FROM purchase_order wanted
    JOIN order_line named ON named.order_id = wanted.id
    JOIN purchase_order o ON o.buyer_id = wanted.buyer_id AND o.supplier_id = wanted.supplier_id AND o.id <> wanted.id
    JOIN quotation q ON q.order_id = o.id
    JOIN order_line line ON line.order_id = o.id AND line.product_id = named.product_id
    JOIN quotation_line quoted ON quoted.quotation_id = q.id AND quoted.order_line_id = line.id
    WHERE wanted.id = ANY($1)
    ORDER BY wanted.id, line.product_id, q.created_at DESC
"""


async def last_quoted(orders: Iterable[UUID]) -> dict[tuple[UUID, UUID], Row]:
    """By order and product, the newest line quoted between the order's two parties on any other of their orders."""
    found = await fetch(QuotationLine, LAST_QUOTED, list(orders))
    return {(row.order_id, row.product_id): row for row in found}
