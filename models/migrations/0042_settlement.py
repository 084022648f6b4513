from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from orjson import loads
from rules.accounts import Account, PostingKind
from rules.billing import PaymentMethod
from rules.errands import ErrandKind
from rules.settlement import SettlementStatus, ShareReturnStatus
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0041_online_payments")]

    initial = False

    operations = [
        ops.CreateModel(
            name='CommissionReceiver',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('method', fields.CharEnumField(unique=True, description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY', enum_type=PaymentMethod, max_length=16)),
                ('payee', fields.CharField(max_length=32)),
                ('name', fields.CharField(max_length=200)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'commission_receiver', 'app': 'models', 'pk_attr': 'id', 'table_description': "The platform's own account with a provider, to which its share goes."},
            bases=['Stored'],
        ),
        ops.CreateModel(
            name='CommissionRule',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('supplier', fields.ForeignKeyField('models.Company', source_field='supplier_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='commission_rules', on_delete=OnDelete.RESTRICT)),
                ('category', fields.ForeignKeyField('models.Category', source_field='category_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='commission_rules', on_delete=OnDelete.RESTRICT)),
                ('rate', fields.DecimalField(max_digits=7, decimal_places=6)),
                ('hold_days', fields.IntField()),
                ('valid_from', fields.DateField()),
                ('valid_to', fields.DateField(null=True)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'commission_rule', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What the platform keeps of payments; made once and ended, never changed.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='CommissionRule',
            constraint=CheckConstraint(check='rate >= 0 AND rate <= 0.3 AND hold_days >= 0', name='commission_rule_figures'),
        ),
        ops.AddConstraint(
            model_name='CommissionRule',
            constraint=CheckConstraint(check='valid_to IS NULL OR valid_from <= valid_to', name='commission_rule_period'),
        ),
        ops.CreateModel(
            name='Settlement',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('payment', fields.OneToOneField('models.Payment', source_field='payment_id', db_constraint=True, to_field='id', related_name='settlement', on_delete=OnDelete.RESTRICT)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', db_index=True, db_constraint=True, to_field='id', related_name='settlements', on_delete=OnDelete.RESTRICT)),
                ('supplier', fields.ForeignKeyField('models.Company', source_field='supplier_id', db_constraint=True, to_field='id', related_name='settlements', on_delete=OnDelete.RESTRICT)),
                ('number', fields.CharField(unique=True, max_length=32)),
                ('status', fields.CharEnumField(description='DUE: DUE\nPROCESSING: PROCESSING\nSETTLED: SETTLED\nFAILED: FAILED\nREVERSING: REVERSING\nREVERSED: REVERSED', enum_type=SettlementStatus, max_length=10)),
                ('version', fields.IntField(default=0)),
                ('base', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('commission', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('returned', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('receiver', fields.CharField(null=True, max_length=32)),
                ('attempts', fields.IntField(default=0)),
                ('failure_reason', fields.CharField(null=True, max_length=200)),
                ('settled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'settlement', 'app': 'models', 'indexes': [Index(fields=['supplier_id', 'id'])], 'pk_attr': 'id', 'table_description': 'The split of one online payment: due once the goods are accepted and some days are over.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='Settlement',
            constraint=CheckConstraint(check='0 <= returned AND returned <= commission AND commission <= base', name='settlement_amounts'),
        ),
        ops.CreateModel(
            name='SettlementReturn',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('settlement', fields.ForeignKeyField('models.Settlement', source_field='settlement_id', db_index=True, db_constraint=True, to_field='id', related_name='returns', on_delete=OnDelete.RESTRICT)),
                ('refund', fields.OneToOneField('models.PaymentRefund', source_field='refund_id', db_constraint=True, to_field='id', related_name='share_return', on_delete=OnDelete.RESTRICT)),
                ('number', fields.CharField(unique=True, max_length=32)),
                ('status', fields.CharEnumField(description='REVERSING: REVERSING\nREVERSED: REVERSED\nLAPSED: LAPSED', enum_type=ShareReturnStatus, max_length=9)),
                ('amount', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('failure_reason', fields.CharField(null=True, max_length=200)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'settlement_return', 'app': 'models', 'pk_attr': 'id', 'table_description': "A part of the platform's share that goes back, because of one refund."},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='SettlementReturn',
            constraint=CheckConstraint(check='amount >= 0', name='settlement_return_amount'),
        ),
        ops.AlterField(
            model_name='Errand',
            name='kind',
            field=fields.CharEnumField(description='START_PAYMENT: START_PAYMENT\nFOLLOW_PAYMENT: FOLLOW_PAYMENT\nREFUND_PAYMENT: REFUND_PAYMENT\nSPLIT_PAYMENT: SPLIT_PAYMENT\nTAKE_BACK_SHARE: TAKE_BACK_SHARE', enum_type=ErrandKind, max_length=20),
        ),
        ops.AlterField(
            model_name='LedgerEntry',
            name='account',
            field=fields.CharEnumField(description='RECEIVABLE: RECEIVABLE\nSALES: SALES\nVAT_PAYABLE: VAT_PAYABLE\nCREDIT: CREDIT\nREFUNDS: REFUNDS\nCASH_AT_PROVIDER: CASH_AT_PROVIDER\nFEES: FEES\nCOMMISSION: COMMISSION\nBANK: BANK\nCLEARING: CLEARING\nPAYABLE: PAYABLE\nPURCHASES: PURCHASES\nVAT_RECEIVABLE: VAT_RECEIVABLE\nPREPAID: PREPAID\nREFUNDS_DUE: REFUNDS_DUE\nCOMMISSION_INCOME: COMMISSION_INCOME', enum_type=Account, max_length=20),
        ),
        ops.AlterField(
            model_name='LedgerEntry',
            name='kind',
            field=fields.CharEnumField(description='INVOICE: INVOICE\nCREDIT_NOTE: CREDIT_NOTE\nPAYMENT: PAYMENT\nREFUND: REFUND\nSET_OFF: SET_OFF\nREVERSAL: REVERSAL\nSPLIT: SPLIT', enum_type=PostingKind, max_length=12),
        ),
        ops.AddField(
            model_name='OnlinePayment',
            name='terms',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
