"""Terms of quotations: alternatives, allowances and charges, prepayment, and what exactly each line of a contract delivers."""

from decimal import Decimal
from typing import Any

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from models.base import new_id
from rules.allowances import AllowanceKind
from rules.terms import PaymentMoment

KEPT: dict[str, tuple[str, ...]] = {"alternative": (), "quotation_allowance": (), "contract_allowance": ()}

# Before, every contract delivered what was ordered, and nothing was prepaid. Rows are kept as they were written, but for this once.
FILL = (
    "ALTER TABLE quotation DISABLE TRIGGER quotation_kept",
    "UPDATE quotation SET prepaid_share = 0, payment_moment = 'AFTER_INVOICE'",
    "ALTER TABLE quotation ENABLE TRIGGER quotation_kept",
    "ALTER TABLE contract_line DISABLE TRIGGER contract_line_kept",
    "UPDATE contract_line c SET product_id = l.product_id, sku = l.sku, name_zh = l.name_zh, name_en = l.name_en, "
    "specification = l.specification FROM order_line l WHERE l.id = c.order_line_id",
    "ALTER TABLE contract_line ENABLE TRIGGER contract_line_kept",
)
KEEP = [
    f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_as_written()"
    for table in KEPT
]


def _columns(**options: Any) -> dict[tuple[str, str], fields.Field[Any]]:
    """What quotations and contract lines get: empty at first, required as soon as it is filled."""
    moment = PaymentMoment.AFTER_INVOICE
    product = fields.ForeignKeyField(
        "models.Product", source_field="product_id", db_index=True, db_constraint=True, to_field="id",
        related_name="contract_lines", on_delete=OnDelete.RESTRICT, **options,
    )  # fmt: skip
    specification = fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads, **options)
    return {
        ("Quotation", "payment_moment"): fields.CharEnumField(
            enum_type=PaymentMoment, max_length=16, default=moment, **options
        ),
        ("Quotation", "prepaid_share"): fields.DecimalField(
            max_digits=7, decimal_places=6, default=Decimal(0), **options
        ),
        ("ContractLine", "product"): product,
        ("ContractLine", "sku"): fields.CharField(max_length=64, **options),
        ("ContractLine", "name_zh"): fields.CharField(max_length=200, **options),
        ("ContractLine", "name_en"): fields.CharField(max_length=200, **options),
        ("ContractLine", "specification"): specification,
    }


class Migration(migrations.Migration):
    """New columns are filled before they are required."""

    dependencies = [("models", "0011_framework_agreements")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Alternative",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "quotation_line",
                    fields.ForeignKeyField(
                        "models.QuotationLine",
                        source_field="quotation_line_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="alternatives",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="alternatives",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sku", fields.CharField(max_length=64)),
                ("name_zh", fields.CharField(max_length=200)),
                ("name_en", fields.CharField(max_length=200)),
                ("specification", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("unit_price", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("tax_rate", fields.DecimalField(max_digits=7, decimal_places=6)),
                ("net", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("tax", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("promised_on", fields.DateField()),
                ("quality_remark", fields.CharField(null=True, max_length=2000)),
            ],
            options={
                "table": "alternative",
                "app": "models",
                "unique_together": (("quotation_line", "position"),),
                "pk_attr": "id",
                "table_description": "Something else the supplier offers for one line of a quotation: the buyer may take it instead; no total counts it.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Alternative",
            constraint=CheckConstraint(check="quantity > 0 AND unit_price >= 0", name="alternative_amounts"),
        ),
        ops.CreateModel(
            name="ContractAllowance",
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
                        related_name="allowances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ALLOWANCE: ALLOWANCE\nCHARGE: CHARGE", enum_type=AllowanceKind, max_length=16
                    ),
                ),
                ("reason_code", fields.CharField(null=True, max_length=3)),
                ("reason", fields.CharField(max_length=200)),
                ("tax_rate", fields.DecimalField(max_digits=7, decimal_places=6)),
                ("net", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("tax", fields.DecimalField(max_digits=20, decimal_places=2)),
            ],
            options={
                "table": "contract_allowance",
                "app": "models",
                "unique_together": (("contract", "position"),),
                "pk_attr": "id",
                "table_description": "An agreed allowance or charge; `net` and `tax` are below zero where it is an allowance.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="QuotationAllowance",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "quotation",
                    fields.ForeignKeyField(
                        "models.Quotation",
                        source_field="quotation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="allowances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ALLOWANCE: ALLOWANCE\nCHARGE: CHARGE", enum_type=AllowanceKind, max_length=16
                    ),
                ),
                ("reason_code", fields.CharField(null=True, max_length=3)),
                ("reason", fields.CharField(max_length=200)),
                ("share", fields.DecimalField(null=True, max_digits=7, decimal_places=6)),
                ("tax_rate", fields.DecimalField(max_digits=7, decimal_places=6)),
                ("net", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("tax", fields.DecimalField(max_digits=20, decimal_places=2)),
            ],
            options={
                "table": "quotation_allowance",
                "app": "models",
                "unique_together": (("quotation", "position"),),
                "pk_attr": "id",
                "table_description": "An allowance or charge on a whole quotation (UBL AllowanceCharge); `net` and `tax` are below zero where it is an allowance.",
            },
            bases=["Stored"],
        ),
        *(ops.AddField(model, name, field) for (model, name), field in _columns(null=True).items()),
        ops.RunSQL(list(FILL), reverse_sql=ops.RunSQL.noop),
        *(ops.AlterField(model, name, field) for (model, name), field in _columns().items()),
        # A foreign key that is added to a table gets no index of its own (decision 0003).
        ops.RunSQL(
            "CREATE INDEX idx_contract_line_product ON contract_line (product_id)",
            reverse_sql="DROP INDEX idx_contract_line_product",
        ),
        ops.RunSQL(KEEP, reverse_sql=ops.RunSQL.noop),
        ops.AddField(
            model_name="Approval",
            name="instead",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AlterModelOptions(
            name="InvoiceLine",
            options={
                "table": "invoice_line",
                "app": "models",
                "unique_together": (("invoice", "position"),),
                "pk_attr": "id",
                "table_description": "Accepted goods at the contract's price; freight, allowances and charges where there is no order line.",
            },
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="allowance",
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name="Quotation",
            name="incoterm_place",
            field=fields.CharField(null=True, max_length=300),
        ),
        ops.AddConstraint(
            model_name="Quotation",
            constraint=CheckConstraint(check="prepaid_share BETWEEN 0 AND 1", name="quotation_prepaid"),
        ),
    ]
