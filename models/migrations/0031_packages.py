"""Packages of shipments, and the numbers on them (0126)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.events import EventKind
from rules.packing import PackageType
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

# Whoever packs the same line waits here, as in 0025: what two transactions read apart from each other proves nothing.
CHECK_PACKAGES = """
CREATE FUNCTION check_packages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken uuid;
BEGIN
    PERFORM 1 FROM shipment_line WHERE id IN (SELECT shipment_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT l.id INTO broken FROM shipment_line l JOIN package_line p ON p.shipment_line_id = l.id
    WHERE l.id IN (SELECT shipment_line_id FROM added) GROUP BY l.id HAVING sum(p.quantity) > l.despatched LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'more of shipment line % is packed than was despatched', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_line_despatched';
    END IF;
    SELECT a.id INTO broken FROM added a JOIN package p ON p.id = a.package_id JOIN shipment_line l ON l.id = a.shipment_line_id
    WHERE p.shipment_id <> l.shipment_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'package line % is of two shipments', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_line_shipment';
    END IF;
    RETURN NULL;
END $$
"""
KEPT = (
    "CREATE TRIGGER package_line_checked AFTER INSERT ON package_line REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION check_packages()",
    "CREATE TRIGGER package_kept BEFORE UPDATE ON package FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
    "CREATE TRIGGER package_line_kept BEFORE UPDATE ON package_line FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
    "CREATE TRIGGER sscc_kept BEFORE UPDATE ON sscc FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
    # What was despatched, which the check compares with, stays; how it was found is added later.
    "CREATE TRIGGER shipment_line_kept BEFORE UPDATE ON shipment_line FOR EACH ROW EXECUTE FUNCTION keep_as_written("
    "'accepted', 'rejected', 'short', 'fault', 'reason')",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0030_inspection_and_warranty")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Package",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "shipment",
                    fields.ForeignKeyField(
                        "models.Shipment",
                        source_field="shipment_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="packages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "package_type",
                    fields.CharEnumField(
                        description="CT: CT\nBX: BX\nCS: CS\nCR: CR\nPX: PX\nPC: PC\nPK: PK\nBG: BG\nSA: SA\nBE: BE\nBL: BL\nRO: RO\nRL: RL\nDR: DR\nBA: BA\nJY: JY\nWA: WA\nCG: CG\nTU: TU\nEN: EN\nNE: NE",
                        enum_type=PackageType,
                        max_length=2,
                    ),
                ),
                ("sscc", fields.CharField(null=True, max_length=18)),
                ("gross_weight", fields.DecimalField(null=True, max_digits=12, decimal_places=3)),
                ("length", fields.DecimalField(null=True, max_digits=8, decimal_places=2)),
                ("width", fields.DecimalField(null=True, max_digits=8, decimal_places=2)),
                ("height", fields.DecimalField(null=True, max_digits=8, decimal_places=2)),
            ],
            options={
                "table": "package",
                "app": "models",
                "unique_together": (("shipment", "position"),),
                "pk_attr": "id",
                "table_description": "A transport handling unit of a shipment (UBL TransportHandlingUnit, GS1 logistic unit).",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Package",
            constraint=CheckConstraint(check="sscc ~ '^[0-9]{18}$'", name="package_sscc"),
        ),
        ops.AddConstraint(
            model_name="Package",
            constraint=CheckConstraint(check="gross_weight > 0", name="package_gross_weight"),
        ),
        ops.AddConstraint(
            model_name="Package",
            constraint=CheckConstraint(check="length > 0 AND width > 0 AND height > 0", name="package_dimensions"),
        ),
        ops.AddConstraint(
            model_name="Package",
            constraint=CheckConstraint(check="num_nulls(length, width, height) IN (0, 3)", name="package_measured"),
        ),
        ops.CreateModel(
            name="PackageLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "package",
                    fields.ForeignKeyField(
                        "models.Package",
                        source_field="package_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "shipment_line",
                    fields.ForeignKeyField(
                        "models.ShipmentLine",
                        source_field="shipment_line_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="package_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
            ],
            options={
                "table": "package_line",
                "app": "models",
                "unique_together": (("package", "shipment_line"),),
                "pk_attr": "id",
                "table_description": "How much of a shipment's line lies in a package; over all packages never more than was despatched, which a trigger keeps.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="PackageLine",
            constraint=CheckConstraint(check="quantity > 0", name="package_line_quantity"),
        ),
        ops.CreateModel(
            name="Sscc",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ssccs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.CharField(max_length=18)),
                (
                    "shipment",
                    fields.ForeignKeyField(
                        "models.Shipment",
                        source_field="shipment_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ssccs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "sscc",
                "app": "models",
                "unique_together": (("supplier", "number"),),
                "pk_attr": "id",
                "table_description": "Which of a supplier's shipments a number belongs to: for good, unless the shipment is cancelled.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="SsccSeries",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sscc_series",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("prefix", fields.CharField(max_length=12)),
                ("ordinal", fields.BigIntField(default=0)),
            ],
            options={
                "table": "sscc_series",
                "app": "models",
                "unique_together": (("supplier", "prefix"),),
                "pk_attr": "id",
                "table_description": "How many numbers were made with a company prefix of a supplier's; its row lock gives none twice.",
            },
            bases=["Stored"],
        ),
        ops.AddField(
            model_name="Company",
            name="gs1_company_prefix",
            field=fields.CharField(null=True, max_length=12),
        ),
        ops.RunSQL(CHECK_PACKAGES, reverse_sql="DROP FUNCTION check_packages() CASCADE"),
        ops.RunSQL(list(KEPT), reverse_sql=ops.RunSQL.noop),
    ]
