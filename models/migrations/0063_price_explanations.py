"""Alternatives and the lines of contracts say how their prices came about, as the lines of quotations do."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# Of contracts that there are: what the quotation's line says, where the price is still that and no alternative was offered, so that none
# can have been taken. Nothing but this column is written; the rest stays as it was, unexplained.
FILL = (
    "ALTER TABLE contract_line DISABLE TRIGGER contract_line_kept",
    "UPDATE contract_line l SET price_explanation = q.price_explanation "
    "FROM contract c, quotation_line q "
    "WHERE c.id = l.contract_id AND q.quotation_id = c.quotation_id AND q.order_line_id = l.order_line_id "
    "AND q.unit_price = l.unit_price AND NOT EXISTS (SELECT FROM alternative a WHERE a.quotation_line_id = q.id)",
    "ALTER TABLE contract_line ENABLE TRIGGER contract_line_kept",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0062_receiver_names")]

    initial = False

    operations = [
        ops.AddField(model_name="Alternative", name="price_explanation", field=fields.JSONField(null=True)),
        ops.AddField(model_name="ContractLine", name="price_explanation", field=fields.JSONField(null=True)),
        *(ops.RunSQL(statement, reverse_sql=ops.RunSQL.noop) for statement in FILL),
    ]
