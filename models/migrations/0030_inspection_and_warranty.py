from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0029_event_kinds_need_no_migration')]

    initial = False

    operations = [
        ops.AddField(
            model_name='CounterOffer',
            name='inspection_days',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='CounterOffer',
            name='warranty_days',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Quotation',
            name='inspection_days',
            field=fields.IntField(default=7),
        ),
        ops.AddField(
            model_name='Quotation',
            name='warranty_days',
            field=fields.IntField(default=365),
        ),
    ]
