from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0058_splits_that_lapse")]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Payment',
            name='payment_reference_once',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Payment',
            constraint=UniqueConstraint(fields=('order_id', 'bank_reference'), name='payment_reference_once', condition="status <> 'FAILED' AND status <> 'BOUNCED'"),
        ),
    ]
