from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0020_cost_centres")]

    initial = False

    operations = [
        ops.AddField(
            model_name="OrderLine",
            name="delivery_address",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="OrderLine",
            name="delivery_entry",
            field=fields.ForeignKeyField(
                "models.Address",
                source_field="delivery_entry_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="OrderLine",
            name="delivery_place",
            field=fields.CharField(null=True, max_length=300),
        ),
        ops.AddField(
            model_name="OrderLine",
            name="delivery_zone",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddIndex(
            model_name="OrderLine",
            index=Index(fields=["delivery_entry_id"]),
        ),
        ops.AddField(
            model_name="OrderTemplateLine",
            name="delivery_entry",
            field=fields.ForeignKeyField(
                "models.Address",
                source_field="delivery_entry_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddIndex(
            model_name="OrderTemplateLine",
            index=Index(fields=["delivery_entry_id"]),
        ),
    ]
