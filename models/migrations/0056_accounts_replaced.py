"""Another app or payee is another account (0167); a payment knows whether it is play money."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

PLAYED = """
    UPDATE payment SET is_sandbox = true FROM online_payment o WHERE o.payment_id = payment.id AND o.is_sandbox
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0055_statement_failures")]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='MerchantAccount',
            name=None,
            fields=['company', 'method'],
        ),
        ops.AddField(
            model_name='MerchantAccount',
            name='replaced_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddConstraint(
            model_name='MerchantAccount',
            constraint=UniqueConstraint(fields=('company', 'method', 'app_id', 'payee', 'is_sandbox'), name=None),
        ),
        ops.AddConstraint(
            model_name='MerchantAccount',
            constraint=UniqueConstraint(fields=('company_id', 'method'), name='merchant_account_one_current', condition='replaced_at IS NULL'),
        ),
        ops.AddField(
            model_name='Payment',
            name='is_sandbox',
            field=fields.BooleanField(default=False),
        ),
        ops.RunSQL(PLAYED, reverse_sql=ops.RunSQL.noop),
    ]
