from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from rules.contract import PreparationStatus, TrustLevel
from rules.lifecycle import Side
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

# Beside those of 0004: what was signed with it stays what was signed with.
KEPT = {"signing_certificate": ("revoked_at", "revoked_by_name")}


class Migration(migrations.Migration):
    dependencies = [("models", "0021_line_delivery")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SigningCertificate",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="certificates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="certificates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("certificate", fields.BinaryField()),
                ("chain", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("sha256", fields.CharField(max_length=64)),
                ("subject", fields.CharField(max_length=1000)),
                ("issuer", fields.CharField(max_length=1000)),
                ("serial_number", fields.CharField(max_length=80)),
                ("valid_from", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("valid_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "trust_level",
                    fields.CharEnumField(
                        description="PLATFORM_KEY: PLATFORM_KEY\nPLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                        enum_type=TrustLevel,
                        max_length=24,
                    ),
                ),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_by_name", fields.CharField(null=True, max_length=120)),
            ],
            options={
                "table": "signing_certificate",
                "app": "models",
                "unique_together": (("member", "sha256"),),
                "pk_attr": "id",
                "table_description": "A member's own X.509 certificate in DER; a trigger refuses any change of it but its revocation.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="SignaturePreparation",
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
                        related_name="preparations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "side",
                    fields.CharEnumField(
                        description="BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK",
                        enum_type=Side,
                        max_length=8,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="preparations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "certificate",
                    fields.ForeignKeyField(
                        "models.SigningCertificate",
                        source_field="certificate_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="preparations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=PreparationStatus.OPEN,
                        description="OPEN: OPEN\nCOMPLETED: COMPLETED\nREPLACED: REPLACED",
                        enum_type=PreparationStatus,
                        max_length=12,
                    ),
                ),
                ("revision", fields.IntField()),
                ("added", fields.BinaryField(null=True)),
                ("start", fields.IntField()),
                ("end", fields.IntField()),
                ("digest", fields.BinaryField()),
                ("to_be_signed", fields.BinaryField()),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "signature_preparation",
                "app": "models",
                "indexes": [Index(fields=["expires_at"])],
                "pk_attr": "id",
                "table_description": "A file with room for one signature, and what has to be signed; good once, and for some minutes.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="SignaturePreparation",
            constraint=UniqueConstraint(
                fields=("contract_id", "side", "member_id"),
                name="signature_preparation_one_open",
                condition="status = 'OPEN'",
            ),
        ),
        ops.RunSQL(
            "CREATE TRIGGER signing_certificate_kept BEFORE UPDATE OR DELETE ON signing_certificate "
            "FOR EACH ROW EXECUTE FUNCTION keep_as_written('revoked_at', 'revoked_by_name')",
            reverse_sql="DROP TRIGGER signing_certificate_kept ON signing_certificate",
        ),
    ]
