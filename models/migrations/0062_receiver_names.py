"""Splits that their providers were asked for, and have not answered, keep the name under which their receiver was to be admitted."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

NAMED = """
    UPDATE settlement s SET receiver_name = r.name
    FROM online_payment o JOIN commission_receiver r ON r.method = o.method
    WHERE o.payment_id = s.payment_id AND s.receiver = r.payee AND s.status = 'PROCESSING'
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0061_invoice_rounding")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Settlement",
            name="receiver_name",
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.RunSQL(NAMED, reverse_sql=ops.RunSQL.noop),
    ]
