from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.account_statements import StatementFailure
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0054_prepayments_in_force')]

    initial = False

    operations = [
        ops.AddField(
            model_name='StatementFile',
            name='failure',
            field=fields.CharEnumField(null=True, description='UNAVAILABLE: UNAVAILABLE\nUNBALANCED: UNBALANCED\nINTERRUPTED: INTERRUPTED\nFAULT: FAULT', enum_type=StatementFailure, max_length=11),
        ),
    ]
