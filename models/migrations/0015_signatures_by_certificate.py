from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.contract import TrustLevel
from tortoise.fields.base import OnDelete
from tortoise import fields

# Signatures of before had a key of the platform's and no certificate. None was made outside of tries: nothing was released yet.
FORGET = (
    "ALTER TABLE signature DISABLE TRIGGER signature_kept",
    "DELETE FROM signature",
    "ALTER TABLE signature ENABLE TRIGGER signature_kept",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0014_addresses")]

    initial = False

    operations = [
        ops.RunSQL(list(FORGET), reverse_sql=ops.RunSQL.noop),
        ops.CreateModel(
            name="Authenticator",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.OneToOneField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="authenticator",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("secret", fields.BinaryField(null=True)),
                ("pending", fields.BinaryField(null=True)),
                ("last_step", fields.BigIntField(null=True)),
                ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "authenticator",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A member's authenticator app (RFC 6238). Secrets are encrypted; `pending` waits for its first code.",
            },
            bases=["Stored"],
        ),
        ops.AlterModelOptions(
            name="AgreementSignature",
            options={
                "table": "agreement_signature",
                "app": "models",
                "unique_together": (("agreement", "side"),),
                "pk_attr": "id",
                "table_description": "One side's signature over an agreement's SHA-256; `statement` is exactly what was signed.",
            },
        ),
        ops.AlterField(
            model_name="AgreementSignature",
            name="trust_level",
            field=fields.CharEnumField(
                description="PLATFORM_KEY: PLATFORM_KEY\nPLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                enum_type=TrustLevel,
                max_length=24,
            ),
        ),
        ops.AlterModelOptions(
            name="Signature",
            options={
                "table": "signature",
                "app": "models",
                "unique_together": (("contract", "side"),),
                "pk_attr": "id",
                "table_description": "One side's signature: a record of what stands in the contract's file, with the certificate (X.509, DER) it was made with.",
            },
        ),
        ops.AlterField(
            model_name="Signature",
            name="trust_level",
            field=fields.CharEnumField(
                description="PLATFORM_KEY: PLATFORM_KEY\nPLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                enum_type=TrustLevel,
                max_length=24,
            ),
        ),
        ops.AddField(
            model_name="Signature",
            name="certificate",
            field=fields.BinaryField(),
        ),
        ops.AddField(
            model_name="Signature",
            name="certificate_subject",
            field=fields.CharField(max_length=1000),
        ),
        ops.AddField(
            model_name="Signature",
            name="revision",
            field=fields.IntField(),
        ),
        ops.AddField(
            model_name="Signature",
            name="time_stamp_authority",
            field=fields.CharField(max_length=200),
        ),
        ops.AddField(
            model_name="Signature",
            name="time_stamped_at",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.RemoveField(model_name="Signature", name="algorithm"),
        ops.RemoveField(model_name="Signature", name="key_id"),
        ops.RemoveField(model_name="Signature", name="public_key"),
        ops.RemoveField(model_name="Signature", name="statement"),
        ops.RemoveField(model_name="Signature", name="value"),
    ]
