from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.rails import PaymentFlow
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [("models", "0050_payment_obligations")]

    initial = False

    operations = [
        ops.AlterField(
            model_name='OnlinePayment',
            name='flow',
            field=fields.CharEnumField(description='QR: QR\nPAGE: PAGE\nAPP: APP\nJSAPI: JSAPI', enum_type=PaymentFlow, max_length=8),
        ),
        ops.AddField(
            model_name='OnlinePayment',
            name='payer_openid',
            field=fields.CharField(null=True, max_length=128),
        ),
    ]
