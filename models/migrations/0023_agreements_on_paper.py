from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.contract import TrustLevel
from tortoise.fields.base import OnDelete
from tortoise import fields

# Beside those of 0004: what both sides hold in their hands stays as it was printed and signed.
KEPT = {"agreement_file": ()}
# Seals of before had no certificate and no file. No server could make one, since none had a key for it.
FORGET = (
    "ALTER TABLE agreement_signature DISABLE TRIGGER agreement_signature_kept",
    "DELETE FROM agreement_signature",
    "ALTER TABLE agreement_signature ENABLE TRIGGER agreement_signature_kept",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0022_signing_elsewhere")]

    initial = False

    operations = [
        ops.RunSQL(list(FORGET), reverse_sql=ops.RunSQL.noop),
        ops.CreateModel(
            name="AgreementFile",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revision", fields.IntField()),
                ("content", fields.BinaryField()),
                ("sha256", fields.CharField(max_length=64)),
                ("size", fields.IntField()),
                (
                    "agreement",
                    fields.ForeignKeyField(
                        "models.FrameworkAgreement",
                        source_field="agreement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "agreement_file",
                "app": "models",
                "unique_together": (("agreement", "revision"),),
                "pk_attr": "id",
                "table_description": "A framework agreement on paper.",
            },
            bases=["PaperFile"],
        ),
        ops.AlterModelOptions(
            name="AgreementSignature",
            options={
                "table": "agreement_signature",
                "app": "models",
                "unique_together": (("agreement", "side"),),
                "pk_attr": "id",
                "table_description": "One side's signature on a framework agreement.",
            },
        ),
        ops.AlterField(
            model_name="AgreementSignature",
            name="trust_level",
            field=fields.CharEnumField(
                description="PLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                enum_type=TrustLevel,
                max_length=24,
            ),
        ),
        ops.AddField(
            model_name="AgreementSignature",
            name="certificate",
            field=fields.BinaryField(),
        ),
        ops.AddField(
            model_name="AgreementSignature",
            name="certificate_subject",
            field=fields.CharField(max_length=1000),
        ),
        ops.AddField(
            model_name="AgreementSignature",
            name="revision",
            field=fields.IntField(),
        ),
        ops.AddField(
            model_name="AgreementSignature",
            name="time_stamp_authority",
            field=fields.CharField(max_length=200),
        ),
        ops.AddField(
            model_name="AgreementSignature",
            name="time_stamped_at",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.RemoveField(model_name="AgreementSignature", name="algorithm"),
        ops.RemoveField(model_name="AgreementSignature", name="key_id"),
        ops.RemoveField(model_name="AgreementSignature", name="public_key"),
        ops.RemoveField(model_name="AgreementSignature", name="statement"),
        ops.RemoveField(model_name="AgreementSignature", name="value"),
        ops.AlterModelOptions(
            name="ContractFile",
            options={
                "table": "contract_file",
                "app": "models",
                "unique_together": (("contract", "revision"),),
                "pk_attr": "id",
                "table_description": "A contract on paper.",
            },
        ),
        ops.AlterModelOptions(
            name="Signature",
            options={
                "table": "signature",
                "app": "models",
                "unique_together": (("contract", "side"),),
                "pk_attr": "id",
                "table_description": "One side's signature on a contract.",
            },
        ),
        ops.AlterField(
            model_name="Signature",
            name="trust_level",
            field=fields.CharEnumField(
                description="PLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                enum_type=TrustLevel,
                max_length=24,
            ),
        ),
        ops.AlterField(
            model_name="SigningCertificate",
            name="trust_level",
            field=fields.CharEnumField(
                description="PLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                enum_type=TrustLevel,
                max_length=24,
            ),
        ),
        ops.RunSQL(
            "CREATE TRIGGER agreement_file_kept BEFORE UPDATE OR DELETE ON agreement_file "
            "FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
            reverse_sql="DROP TRIGGER agreement_file_kept ON agreement_file",
        ),
    ]
