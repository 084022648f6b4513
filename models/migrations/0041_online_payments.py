from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.billing import PaymentMethod, PaymentStatus
from rules.errands import ErrandKind
from rules.rails import NoticeStatus, PaymentFlow, ProviderRefundStatus, RefundReason, Refusal
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0040_credited_in_all')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Errand',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('kind', fields.CharEnumField(description='START_PAYMENT: START_PAYMENT\nFOLLOW_PAYMENT: FOLLOW_PAYMENT\nREFUND_PAYMENT: REFUND_PAYMENT', enum_type=ErrandKind, max_length=20)),
                ('subject_id', fields.UUIDField()),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('trouble', fields.CharField(null=True, max_length=200)),
            ],
            options={'table': 'errand', 'app': 'models', 'unique_together': (('kind', 'subject_id'),), 'indexes': [Index(fields=['done_at', 'due_at'])], 'pk_attr': 'id', 'table_description': 'One thing to do for one subject; whoever works on it holds it for a while, and then somebody else may.'},
            bases=['Stored'],
        ),
        ops.CreateModel(
            name='MerchantAccount',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('company', fields.ForeignKeyField('models.Company', source_field='company_id', db_index=True, db_constraint=True, to_field='id', related_name='merchant_accounts', on_delete=OnDelete.RESTRICT)),
                ('method', fields.CharEnumField(description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY', enum_type=PaymentMethod, max_length=16)),
                ('endpoint', fields.CharField(unique=True, max_length=43)),
                ('app_id', fields.CharField(max_length=32)),
                ('payee', fields.CharField(max_length=32)),
                ('certificate_serial', fields.CharField(default='', max_length=64)),
                ('keys', fields.BinaryField()),
                ('is_sandbox', fields.BooleanField(default=False)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'merchant_account', 'app': 'models', 'unique_together': (('company', 'method'),), 'pk_attr': 'id', 'table_description': "A supplier's account with a provider; its keys are sealed together and open for this row alone."},
            bases=['Stored'],
        ),
        ops.CreateModel(
            name='OnlinePayment',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('payment', fields.OneToOneField('models.Payment', source_field='payment_id', db_constraint=True, to_field='id', related_name='online', on_delete=OnDelete.RESTRICT)),
                ('account', fields.ForeignKeyField('models.MerchantAccount', source_field='account_id', db_index=True, db_constraint=True, to_field='id', related_name='payments', on_delete=OnDelete.RESTRICT)),
                ('method', fields.CharEnumField(description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY', enum_type=PaymentMethod, max_length=16)),
                ('flow', fields.CharEnumField(description='QR: QR\nPAGE: PAGE\nAPP: APP', enum_type=PaymentFlow, max_length=4)),
                ('number', fields.CharField(unique=True, max_length=32)),
                ('transaction_id', fields.CharField(null=True, max_length=64)),
                ('app_id', fields.CharField(max_length=32)),
                ('payee', fields.CharField(max_length=32)),
                ('is_sandbox', fields.BooleanField(default=False)),
                ('payer_address', fields.CharField(default='127.0.0.1', max_length=45)),
                ('content', fields.TextField(null=True, unique=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('close_asked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('paid_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('amount', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('refunded', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
            ],
            options={'table': 'online_payment', 'app': 'models', 'unique_together': (('method', 'transaction_id'),), 'pk_attr': 'id', 'table_description': 'What a provider was asked to collect for a payment, and what it said of that.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='OnlinePayment',
            constraint=CheckConstraint(check='refunded >= 0 AND refunded <= amount', name='online_payment_refunded'),
        ),
        ops.CreateModel(
            name='PaymentNotice',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('account', fields.ForeignKeyField('models.MerchantAccount', source_field='account_id', db_index=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('company', fields.ForeignKeyField('models.Company', source_field='company_id', db_index=True, db_constraint=True, to_field='id', related_name='payment_notices', on_delete=OnDelete.RESTRICT)),
                ('method', fields.CharEnumField(description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY', enum_type=PaymentMethod, max_length=16)),
                ('event_id', fields.CharField(max_length=128)),
                ('number', fields.CharField(max_length=64)),
                ('sha256', fields.CharField(max_length=64)),
                ('status', fields.CharEnumField(description='APPLIED: APPLIED\nREFUSED: REFUSED', enum_type=NoticeStatus, max_length=8)),
                ('reason', fields.CharEnumField(null=True, description='UNSIGNED: UNSIGNED\nBAD_SIGNATURE: BAD_SIGNATURE\nWRONG_ALGORITHM: WRONG_ALGORITHM\nUNKNOWN_KEY: UNKNOWN_KEY\nSTALE: STALE\nPROBE: PROBE\nUNREADABLE: UNREADABLE\nUNKNOWN_PAYMENT: UNKNOWN_PAYMENT\nWRONG_APP: WRONG_APP\nWRONG_PAYEE: WRONG_PAYEE\nWRONG_CURRENCY: WRONG_CURRENCY\nWRONG_AMOUNT: WRONG_AMOUNT\nOTHER_TRANSACTION: OTHER_TRANSACTION', enum_type=Refusal, max_length=20)),
            ],
            options={'table': 'payment_notice', 'app': 'models', 'unique_together': (('account', 'event_id'),), 'indexes': [Index(fields=['status', 'id'])], 'pk_attr': 'id', 'table_description': 'What a provider told, once: proven to be its own, and applied or refused. What it said is not kept, only its hash.'},
            bases=['Stored'],
        ),
        ops.CreateModel(
            name='PaymentRefund',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('payment', fields.ForeignKeyField('models.Payment', source_field='payment_id', db_index=True, db_constraint=True, to_field='id', related_name='refunds', on_delete=OnDelete.RESTRICT)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', db_index=True, db_constraint=True, to_field='id', related_name='payment_refunds', on_delete=OnDelete.RESTRICT)),
                ('number', fields.CharField(max_length=64)),
                ('status', fields.CharEnumField(description='DUE: DUE\nREQUESTED: REQUESTED\nSUCCEEDED: SUCCEEDED\nFAILED: FAILED', enum_type=ProviderRefundStatus, max_length=10)),
                ('why', fields.CharEnumField(description='REQUESTED: REQUESTED\nPAID_TOO_LATE: PAID_TOO_LATE\nMADE_ELSEWHERE: MADE_ELSEWHERE', enum_type=RefundReason, max_length=16)),
                ('amount', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('remark', fields.CharField(null=True, max_length=1000)),
                ('failure_reason', fields.CharField(null=True, max_length=200)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'payment_refund', 'app': 'models', 'unique_together': (('payment', 'number'),), 'pk_attr': 'id', 'table_description': 'Money of an online payment that goes back, or should: a task while it is DUE.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='PaymentRefund',
            constraint=CheckConstraint(check='amount > 0', name='payment_refund_amount'),
        ),
        ops.AlterField(
            model_name='Payment',
            name='method',
            field=fields.CharEnumField(description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY', enum_type=PaymentMethod, max_length=16),
        ),
        ops.AlterField(
            model_name='Payment',
            name='status',
            field=fields.CharEnumField(description='PROOF_SUBMITTED: PROOF_SUBMITTED\nAWAITING_CHANNEL: AWAITING_CHANNEL\nCHANNEL_CONFIRMED: CHANNEL_CONFIRMED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nFAILED: FAILED\nBOUNCED: BOUNCED\nCLOSED: CLOSED\nREFUNDED: REFUNDED', enum_type=PaymentStatus, max_length=20),
        ),
    ]
