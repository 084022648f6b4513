"""Contracts in force ask for their prepayment like all that bind from now on (0157)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# Nobody has asked for it before, so the days that the supplier gives begin today. A weekend is a day off; holidays, which SQL does not
# know, are not. Of an order whose goods are all there nothing is prepaid any more: its invoices ask for everything.
BEGUN = """
    INSERT INTO payment_obligation (id, created_at, order_id, due_on, look_on)
    SELECT gen_random_uuid(), now(), o.id, due.day, CASE WHEN due.day - 3 > today.day THEN due.day - 3 ELSE due.day + 1 END
    FROM purchase_order o
    JOIN contract c ON c.order_id = o.id AND c.status = 'EFFECTIVE'
    JOIN quotation q ON q.id = c.quotation_id
    JOIN company s ON s.id = o.supplier_id
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE s.delivery_zone)::date AS day) today
    CROSS JOIN LATERAL (SELECT today.day + greatest(s.prepayment_days, 1) AS day) earliest
    CROSS JOIN LATERAL (SELECT earliest.day + (array[0, 0, 0, 0, 0, 2, 1])[extract(isodow FROM earliest.day)::int] AS day) due
    WHERE o.status = 'CONTRACTED' AND q.prepaid_share > 0
        AND NOT EXISTS (SELECT FROM payment_obligation p WHERE p.order_id = o.id AND p.invoice_id IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0053_statement_files")]

    initial = False

    operations = [ops.RunSQL(BEGUN, reverse_sql=ops.RunSQL.noop)]
