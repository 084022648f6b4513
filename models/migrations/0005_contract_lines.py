"""A contract holds its own lines and amounts: what both sides sign may be less than what was quoted."""

from typing import Any

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from models.base import new_id
from rules.money import Currency
from rules.terms import PartialAcceptance

KEPT: dict[str, tuple[str, ...]] = {"contract_line": ()}

# Contracts of before were made of their whole quotation. Rows are kept as they were written, but for this once.
FILL = (
    "ALTER TABLE quotation DISABLE TRIGGER quotation_kept",
    "UPDATE quotation SET partial_acceptance = 'ALLOWED'",
    "ALTER TABLE quotation ENABLE TRIGGER quotation_kept",
    "ALTER TABLE contract DISABLE TRIGGER contract_kept",
    "UPDATE contract c SET currency = q.currency, freight = q.freight, freight_tax_rate = q.freight_tax_rate, "
    "freight_tax = q.freight_tax, net = q.net, tax = q.tax, total = q.total FROM quotation q WHERE q.id = c.quotation_id",
    "ALTER TABLE contract ENABLE TRIGGER contract_kept",
    "INSERT INTO contract_line (id, created_at, contract_id, order_line_id, position, quantity, unit_price, tax_rate, net, tax, "
    "promised_on, quality_remark) SELECT gen_random_uuid(), c.created_at, c.id, l.order_line_id, l.position, l.quantity, "
    "l.unit_price, l.tax_rate, l.net, l.tax, l.promised_on, l.quality_remark "
    "FROM contract c JOIN quotation_line l ON l.quotation_id = c.quotation_id",
)
KEEP = [
    f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_as_written()"
    for table in KEPT
]


def _columns(**options: Any) -> dict[tuple[str, str], fields.Field[Any]]:
    """What contracts and quotations get: empty at first, required as soon as it is filled."""
    amounts = ("freight", "freight_tax", "net", "tax", "total")
    partial = fields.CharEnumField(
        enum_type=PartialAcceptance, max_length=16, default=PartialAcceptance.ALLOWED, **options
    )
    return {
        ("Contract", "currency"): fields.CharEnumField(enum_type=Currency, max_length=3, **options),
        ("Contract", "freight_tax_rate"): fields.DecimalField(max_digits=7, decimal_places=6, **options),
        **{("Contract", name): fields.DecimalField(max_digits=20, decimal_places=2, **options) for name in amounts},
        ("Quotation", "partial_acceptance"): partial,
    }


class Migration(migrations.Migration):
    """New columns are filled from the quotations before they are required."""

    dependencies = [("models", "0004_unchangeable")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ContractLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "contract",
                    fields.ForeignKeyField(
                        "models.Contract",
                        source_field="contract_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="order_line_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="contract_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("unit_price", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("tax_rate", fields.DecimalField(max_digits=7, decimal_places=6)),
                ("net", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("tax", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("promised_on", fields.DateField()),
                ("quality_remark", fields.CharField(null=True, max_length=2000)),
            ],
            options={
                "table": "contract_line",
                "app": "models",
                "unique_together": (("contract", "order_line"),),
                "pk_attr": "id",
                "table_description": "What is agreed on one order line; a line of the order that is not in the contract is not ordered.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="ContractLine",
            constraint=CheckConstraint(check="quantity > 0 AND unit_price >= 0", name="contract_line_amounts"),
        ),
        *(ops.AddField(model, name, field) for (model, name), field in _columns(null=True).items()),
        ops.RunSQL(list(FILL), reverse_sql=ops.RunSQL.noop),
        *(ops.AlterField(model, name, field) for (model, name), field in _columns().items()),
        ops.AddConstraint(
            model_name="Contract",
            constraint=CheckConstraint(check="total = net + tax", name="contract_total"),
        ),
        ops.RunSQL(KEEP, reverse_sql=ops.RunSQL.noop),
        ops.AddField(
            model_name="Approval",
            name="chosen",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
