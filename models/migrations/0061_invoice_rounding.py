"""How an invoice was added up stands in it, as in the quotation that its contract stood on."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.money import RoundingMode, TaxLevel
from tortoise import fields

# Of invoices that there are: the newest contract that bound when they were issued. Nothing but these two columns is written.
KEPT = """
    ALTER TABLE invoice DISABLE TRIGGER invoice_kept;
    UPDATE invoice i SET rounding_mode = q.rounding_mode, tax_level = q.tax_level
    FROM contract c JOIN quotation q ON q.id = c.quotation_id
    WHERE c.id = (
        SELECT v.id FROM contract v WHERE v.order_id = i.order_id AND v.effective_at <= i.created_at ORDER BY v.version DESC LIMIT 1);
    ALTER TABLE invoice ENABLE TRIGGER invoice_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0060_money_lists")]

    initial = False

    operations = [
        ops.AddField(
            model_name='Invoice',
            name='rounding_mode',
            field=fields.CharEnumField(default=RoundingMode.HALF_UP, description='HALF_UP: HALF_UP\nHALF_EVEN: HALF_EVEN\nDOWN: DOWN\nUP: UP', enum_type=RoundingMode, max_length=16),
        ),
        ops.AddField(
            model_name='Invoice',
            name='tax_level',
            field=fields.CharEnumField(default=TaxLevel.LINE, description='LINE: LINE\nDOCUMENT: DOCUMENT', enum_type=TaxLevel, max_length=16),
        ),
        ops.RunSQL(KEPT, reverse_sql=ops.RunSQL.noop),
    ]
