from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.accounts import Account, PostingKind
from rules.errands import ErrandKind
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0043_reconciliation')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Errand',
            name='kind',
            field=fields.CharEnumField(description='what is to be done, see rules/errands.py', enum_type=ErrandKind, max_length=20),
        ),
        ops.AlterField(
            model_name='LedgerEntry',
            name='account',
            field=fields.CharEnumField(description='see rules/accounts.py', enum_type=Account, max_length=20),
        ),
        ops.AlterField(
            model_name='LedgerEntry',
            name='kind',
            field=fields.CharEnumField(description='which act, see rules/accounts.py', enum_type=PostingKind, max_length=12),
        ),
    ]
