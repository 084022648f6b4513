from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.events import EventKind
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0028_event_kinds_of_delivery')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Event',
            name='kind',
            field=fields.CharEnumField(description='what happened, see rules/events.py', enum_type=EventKind, max_length=32),
        ),
    ]
