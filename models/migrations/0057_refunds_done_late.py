from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0056_accounts_replaced")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='SettlementReturn',
            options={'table': 'settlement_return', 'app': 'models', 'constraints': [CheckConstraint(check='amount >= 0', name='settlement_return_amount')], 'pk_attr': 'id', 'table_description': "A part of the platform's share that goes back, because of one refund; of each refund one at most."},
        ),
        ops.AlterField(
            model_name='SettlementReturn',
            name='refund',
            field=fields.OneToOneField('models.PaymentRefund', source_field='refund_id', null=True, db_constraint=True, to_field='id', related_name='share_return', on_delete=OnDelete.RESTRICT),
        ),
    ]
