from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0013_delegation_and_review")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Address",
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
                        related_name="addresses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(max_length=60)),
                ("recipient", fields.CharField(max_length=80)),
                ("phone", fields.CharField(max_length=32)),
                ("street", fields.CharField(max_length=200)),
                ("country", fields.CharField(max_length=2)),
                ("region_code", fields.CharField(null=True, max_length=6)),
                ("province", fields.CharField(null=True, max_length=40)),
                ("city", fields.CharField(null=True, max_length=40)),
                ("district", fields.CharField(null=True, max_length=40)),
                ("locality", fields.CharField(null=True, max_length=80)),
                ("postal_code", fields.CharField(null=True, max_length=12)),
                ("zone", fields.CharField(max_length=64)),
                ("is_default", fields.BooleanField(default=False)),
                ("version", fields.IntField(default=1)),
                ("removed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "address",
                "app": "models",
                "indexes": [Index(fields=["company_id", "id"])],
                "pk_attr": "id",
                "table_description": "An entry of a company's address book, which no other company reads; orders keep copies of their own.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Address",
            constraint=UniqueConstraint(
                fields=("company_id",), name="address_one_default", condition="is_default AND removed_at IS NULL"
            ),
        ),
        ops.AddField(
            model_name="Enquiry",
            name="delivery_address",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Order",
            name="delivery_address",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
