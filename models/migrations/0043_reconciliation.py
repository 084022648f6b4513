from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.accounts import PostingKind
from rules.billing import PaymentMethod
from rules.errands import ErrandKind
from rules.reconciliation import AlteredFact, DifferenceKind, EntryKind, ReconciliationStatus
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0042_settlement")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('account', fields.ForeignKeyField('models.MerchantAccount', source_field='account_id', db_constraint=True, to_field='id', related_name='reconciliations', on_delete=OnDelete.RESTRICT)),
                ('company', fields.ForeignKeyField('models.Company', source_field='company_id', db_index=True, db_constraint=True, to_field='id', related_name='reconciliations', on_delete=OnDelete.RESTRICT)),
                ('method', fields.CharEnumField(description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY', enum_type=PaymentMethod, max_length=16)),
                ('day', fields.DateField()),
                ('status', fields.CharEnumField(default=ReconciliationStatus.WAITING, description='WAITING: WAITING\nUNREADABLE: UNREADABLE\nRECONCILED: RECONCILED\nDIFFERS: DIFFERS', enum_type=ReconciliationStatus, max_length=12)),
                ('version', fields.IntField(default=0)),
                ('our_paid', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
                ('our_refunded', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
                ('our_count', fields.IntField(default=0)),
                ('their_paid', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
                ('their_refunded', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
                ('their_count', fields.IntField(default=0)),
                ('fees', fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2)),
                ('compared_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'reconciliation', 'app': 'models', 'unique_together': (('account', 'day'),), 'indexes': [Index(fields=['company_id', 'day', 'id']), Index(fields=['day', 'id'])], 'pk_attr': 'id', 'table_description': "A day of a supplier's account with a provider, by our ledger and by the provider's statement."},
            bases=['Stored'],
        ),
        ops.CreateModel(
            name='ReconciliationDifference',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('reconciliation', fields.ForeignKeyField('models.Reconciliation', source_field='reconciliation_id', db_index=True, db_constraint=True, to_field='id', related_name='differences', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='MISSING: MISSING\nUNKNOWN: UNKNOWN\nALTERED: ALTERED\nDOUBLED: DOUBLED', enum_type=DifferenceKind, max_length=8)),
                ('entry', fields.CharEnumField(description='PAYMENT: PAYMENT\nREFUND: REFUND', enum_type=EntryKind, max_length=8)),
                ('fact', fields.CharEnumField(null=True, description='AMOUNT: AMOUNT\nSTATE: STATE\nTRANSACTION: TRANSACTION\nFEE: FEE', enum_type=AlteredFact, max_length=12)),
                ('number', fields.CharField(max_length=64)),
                ('refund_number', fields.CharField(default='', max_length=64)),
                ('transaction_id', fields.CharField(null=True, max_length=64)),
                ('payment', fields.ForeignKeyField('models.Payment', source_field='payment_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='differences', on_delete=OnDelete.RESTRICT)),
                ('our_amount', fields.DecimalField(null=True, max_digits=20, decimal_places=2)),
                ('their_amount', fields.DecimalField(null=True, max_digits=20, decimal_places=2)),
                ('our_fee', fields.DecimalField(null=True, max_digits=20, decimal_places=2)),
                ('their_fee', fields.DecimalField(null=True, max_digits=20, decimal_places=2)),
                ('times', fields.IntField()),
                ('resolved_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('resolved_by', fields.CharField(null=True, max_length=120)),
                ('remark', fields.CharField(null=True, max_length=1000)),
            ],
            options={'table': 'reconciliation_difference', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One disagreement of a day, until somebody resolves it; those that are open are replaced when the day is compared again.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='ReconciliationDifference',
            constraint=UniqueConstraint(fields=('reconciliation_id', 'kind', 'entry', 'number', 'refund_number'), name='reconciliation_difference_once', condition='resolved_at IS NULL'),
        ),
        ops.AlterField(
            model_name='Errand',
            name='kind',
            field=fields.CharEnumField(description='START_PAYMENT: START_PAYMENT\nFOLLOW_PAYMENT: FOLLOW_PAYMENT\nREFUND_PAYMENT: REFUND_PAYMENT\nRECONCILE: RECONCILE', enum_type=ErrandKind, max_length=20),
        ),
        ops.AlterField(
            model_name='LedgerEntry',
            name='kind',
            field=fields.CharEnumField(description='INVOICE: INVOICE\nCREDIT_NOTE: CREDIT_NOTE\nPAYMENT: PAYMENT\nREFUND: REFUND\nSET_OFF: SET_OFF\nREVERSAL: REVERSAL\nFEE: FEE', enum_type=PostingKind, max_length=12),
        ),
        ops.AddConstraint(
            model_name='LedgerEntry',
            constraint=UniqueConstraint(fields=('document_id',), name='ledger_fee_once', condition="kind = 'FEE' AND account = 'FEES'"),
        ),
        ops.AddField(
            model_name='OnlinePayment',
            name='statement_on',
            field=fields.DateField(null=True),
        ),
        ops.AddIndex(
            model_name='OnlinePayment',
            index=Index(fields=['account_id', 'paid_at']),
        ),
        ops.AddIndex(
            model_name='OnlinePayment',
            index=Index(fields=['created_at']),
        ),
        ops.AddField(
            model_name='PaymentRefund',
            name='statement_on',
            field=fields.DateField(null=True),
        ),
        ops.AddIndex(
            model_name='PaymentRefund',
            index=Index(fields=['done_at']),
        ),
    ]
