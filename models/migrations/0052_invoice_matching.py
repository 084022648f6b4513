"""How far invoices may be off for a buyer, and whether matched ones are accepted by themselves (0156)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from rules.errands import ErrandKind
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0051_jsapi")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='BillingProfile',
            options={'table': 'billing_profile', 'app': 'models', 'constraints': [CheckConstraint(check='tolerance_share >= 0 AND tolerance_share <= 1 AND tolerance_amount >= 0', name='billing_tolerance')], 'pk_attr': 'id', 'table_description': "Address and bank as a company's invoices print them, and how it looks at those it gets; no company has to have one."},
        ),
        ops.AddField(
            model_name='BillingProfile',
            name='accepts_matched',
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name='BillingProfile',
            name='tolerance_amount',
            field=fields.DecimalField(default=Decimal('0'), max_digits=20, decimal_places=2),
        ),
        ops.AddField(
            model_name='BillingProfile',
            name='tolerance_share',
            field=fields.DecimalField(default=Decimal('0'), max_digits=7, decimal_places=6),
        ),
        ops.AddConstraint(
            model_name='BillingProfile',
            constraint=CheckConstraint(check='tolerance_share >= 0 AND tolerance_share <= 1 AND tolerance_amount >= 0', name='billing_tolerance'),
        ),
    ]
