"""Lists of invoices, payments and refunds to be worked on."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index, PartialIndex

# What the ledger says of invoices that there are.
OWED = """
    UPDATE payment_obligation o SET is_owed = true WHERE o.invoice_id IS NOT NULL AND (
        SELECT sum(e.amount) FROM ledger_entry e WHERE e.invoice_id = o.invoice_id AND e.account = 'RECEIVABLE') > 0
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0059_bounced_cheques")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Invoice',
            index=Index(fields=['status', 'id']),
        ),
        ops.AddIndex(
            model_name='Payment',
            index=Index(fields=['status', 'id']),
        ),
        ops.AddField(
            model_name='PaymentObligation',
            name='is_owed',
            field=fields.BooleanField(default=False),
        ),
        ops.AddIndex(
            model_name='PaymentObligation',
            index=PartialIndex(fields=['due_on'], name='payment_obligation_owed', condition={'is_owed': True}),
        ),
        ops.AddIndex(
            model_name='PaymentRefund',
            index=Index(fields=['status', 'id']),
        ),
        ops.AddIndex(
            model_name='Refund',
            index=Index(fields=['status', 'id']),
        ),
        ops.RunSQL(OWED, reverse_sql=ops.RunSQL.noop),
    ]
