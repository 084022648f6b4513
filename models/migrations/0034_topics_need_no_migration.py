from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.events import Topic
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0033_stock_ledger")]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Event',
            name='topic',
            field=fields.CharEnumField(description='whose stream it is in, see rules/events.py', enum_type=Topic, max_length=16),
        ),
    ]
