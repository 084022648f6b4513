from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.units import Unit
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0017_contract_changes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="OrderTemplate",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="order_templates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="templates_for",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=80)),
                ("version", fields.IntField(default=1)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "order_template",
                "app": "models",
                "indexes": [Index(fields=["company_id", "id"])],
                "pk_attr": "id",
                "table_description": "Goods of one supplier that a company orders together; its supplier never hears of it.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="OrderTemplateLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "template",
                    fields.ForeignKeyField(
                        "models.OrderTemplate",
                        source_field="template_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
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
                        related_name="template_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sku", fields.CharField(max_length=64)),
                ("name_zh", fields.CharField(max_length=200)),
                ("name_en", fields.CharField(max_length=200)),
                (
                    "unit",
                    fields.CharEnumField(
                        description="H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR",
                        enum_type=Unit,
                        max_length=3,
                    ),
                ),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("quality_requirement", fields.CharField(null=True, max_length=2000)),
            ],
            options={
                "table": "order_template_line",
                "app": "models",
                "unique_together": (("template", "position"),),
                "pk_attr": "id",
                "table_description": "One article of a template, as it was called when it was added.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="OrderTemplateLine",
            constraint=CheckConstraint(check="quantity > 0", name="order_template_line_quantity"),
        ),
    ]
