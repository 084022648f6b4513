from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.contract import TrustLevel
from tortoise.fields.base import OnDelete
from tortoise import fields

# Beside those of 0004: what both sides hold in their hands stays as it was printed and signed.
KEPT = {"contract_file": ()}


class Migration(migrations.Migration):
    dependencies = [("models", "0005_contract_lines")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ContractFile",
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
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revision", fields.IntField()),
                ("content", fields.BinaryField()),
                ("sha256", fields.CharField(max_length=64)),
                ("size", fields.IntField()),
            ],
            options={
                "table": "contract_file",
                "app": "models",
                "unique_together": (("contract", "revision"),),
                "pk_attr": "id",
                "table_description": "The contract on paper: revision 0 waits for signatures, and every signature adds a revision; a trigger refuses any change of it.",
            },
            bases=["Stored"],
        ),
        ops.AddField(
            model_name="Company",
            name="brand_colour",
            field=fields.CharField(null=True, max_length=7),
        ),
        ops.AddField(
            model_name="Company",
            name="brand_line",
            field=fields.CharField(null=True, max_length=60),
        ),
        ops.AlterField(
            model_name="Signature",
            name="trust_level",
            field=fields.CharEnumField(
                description="PLATFORM_KEY: PLATFORM_KEY\nPLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                enum_type=TrustLevel,
                max_length=20,
            ),
        ),
        ops.RunSQL(
            "CREATE TRIGGER contract_file_kept BEFORE UPDATE OR DELETE ON contract_file "
            "FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
            reverse_sql="DROP TRIGGER contract_file_kept ON contract_file",
        ),
    ]
